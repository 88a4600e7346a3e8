"""Tables in Comity's own layout."""
