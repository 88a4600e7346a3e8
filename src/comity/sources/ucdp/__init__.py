"""UCDP candidate events, and the georeferenced event dataset of the same layout."""
