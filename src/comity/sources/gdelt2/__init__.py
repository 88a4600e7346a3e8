"""GDELT 2.0 event files, every 15 minutes."""
