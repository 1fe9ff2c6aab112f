"""The one API in front of all services, composed of theirs: what it answers itself, allows and writes down."""
