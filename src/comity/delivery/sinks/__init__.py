"""Where messages go: files and feeds that hold each key once, and receivers that are given the key."""
