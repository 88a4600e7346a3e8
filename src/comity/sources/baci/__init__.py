"""BACI: bilateral trade by product, one file a year."""
