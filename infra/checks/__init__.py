"""What holds the sources to their rules, and the lanes in which `make test` runs everything."""
