"""Delivery: what leaves Comity, written once, sent once to each sink, and only where it was asked to go."""
