"""Ideal points from votes of the UN General Assembly."""
