"""The reservation (`reservation`), its life as one table (`life`), the terms it was sold under (`terms`), and what must
be so of it in all services (`drift`).

Pure: (state, command) -> (state, events).
"""
