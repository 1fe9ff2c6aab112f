"""What a request costs, measured against floors, peers and a budget."""
