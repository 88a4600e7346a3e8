"""KEDS event sets in WEIS codes."""
