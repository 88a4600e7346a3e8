"""POLECAT: weekly and yearly files of events in the words of PLOVER."""
