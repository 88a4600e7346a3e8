"""Passport Index dataset: visa requirements."""
