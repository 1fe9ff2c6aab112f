"""The payment service: what a reservation costs, taken once or not at all."""
