"""What is run on one's own machine: everything from nothing, a service by itself, tokens, a demo and its pictures."""
