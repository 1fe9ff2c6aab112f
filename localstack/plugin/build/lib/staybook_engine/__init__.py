"""Staybook's plugin of LocalStack 4.14.0: what the local engine needs beyond it."""
