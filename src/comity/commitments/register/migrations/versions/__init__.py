"""One module for each revision; the number of a revision stands in its module."""
