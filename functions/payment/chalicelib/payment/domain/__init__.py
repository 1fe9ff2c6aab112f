"""The payment and its ledger (`payment`), and its life as one table (`life`).

Pure: (state, command) -> (state, events).
"""
