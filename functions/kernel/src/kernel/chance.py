"""Chance, where it spreads load. The system's own: a generator that was seeded before a snapshot of the process was
taken would have every process made from that snapshot wait for as long as the others.
"""

from random import SystemRandom

DICE = SystemRandom()
