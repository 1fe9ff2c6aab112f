"""One function a use case; its ports come as keyword arguments."""
