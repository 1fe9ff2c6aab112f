"""The message service: guest and host are told what became of a booking."""
