"""The reservation service: a booking and its life."""
