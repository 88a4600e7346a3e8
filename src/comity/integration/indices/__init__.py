"""Composite indices by the OECD/JRC handbook, for any table, for every pair of states, and for any group of them."""
