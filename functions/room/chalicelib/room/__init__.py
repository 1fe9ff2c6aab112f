"""The room service: rooms, their calendar of nights, and what guests say of them."""
