"""Cline Center historical Phoenix event data."""
