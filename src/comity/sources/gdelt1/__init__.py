"""GDELT 1.0 event files, daily."""
