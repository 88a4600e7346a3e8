"""KEDS and TABARI event sets in CAMEO codes."""
