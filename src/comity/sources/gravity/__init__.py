"""CEPII Gravity: distance, borders and languages of pairs."""
