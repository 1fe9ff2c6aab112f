"""What the whole does when it runs: on a local engine of its own, on this machine, which is no AWS.

Figures of a machine compare with each other alone. Where there is a floor it stands on the same engine, and is measured
in turn with ours.
"""
