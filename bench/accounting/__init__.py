"""Calls, units, invocations, events and queue requests of what people do, counted where the house calls AWS."""
