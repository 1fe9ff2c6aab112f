"""From sources to what is deployed: a service's zip, and the stack that it is deployed as."""
