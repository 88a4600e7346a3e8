"""ICEWS: coded event data, one file a year."""
