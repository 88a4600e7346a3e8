"""What the audit gives: columns, types, units, meaning."""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """One column: name, type, unit (or an empty text) and meaning."""

    name: str
    type: str
    unit: str
    meaning: str


CASES = (
    Column("rule", "text", "", "id of the rule that applied"),
    Column("partner", "text", "", "actor id of the one who made the gesture"),
    Column("date", "day", "", "day on which the gesture was complete"),
    Column("deadline", "day", "", "last day of the answer"),
    Column("side", "text", "", "friendly or unfriendly"),
    Column("level", "number", "points", "magnitude of the mildest act of the gesture"),
    Column("outcome", "text", "", "kept, stronger, other, weaker, none or unknown"),
    Column("seen", "text", "", "the outcome as far as days were loaded"),
    Column("answered", "flag", "", "a permitted answer was seen, whatever else was done"),
    Column("exceeded", "flag", "", "an act on the gesture's side above the gesture was seen"),
    Column("days", "whole", "days", "from the gesture to the first permitted answer"),
    Column("gesture", "events", "", "the events that made the gesture"),
    Column("acts", "events", "", "the state's acts toward the partner until the deadline that were judged"),
)
RULES = (
    Column("rule", "text", "", "id of the rule"),
    Column("partner", "text", "", "actor id; null for all partners together"),
    Column("triggers", "whole", "count", "times the rule would have applied"),
    Column("known", "whole", "count", "of these, with all days up to the deadline loaded"),
    Column("kept", "whole", "count", "known cases with this outcome"),
    Column("stronger", "whole", "count", "known cases with this outcome"),
    Column("other", "whole", "count", "known cases with this outcome"),
    Column("weaker", "whole", "count", "known cases with this outcome"),
    Column("none", "whole", "count", "known cases with this outcome"),
    Column("unknown", "whole", "count", "cases that are not known"),
    Column("share", "number", "fraction", "kept over known"),
    Column("low", "number", "fraction", "lower end of its 90 % Wilson interval"),
    Column("high", "number", "fraction", "upper end of its 90 % Wilson interval"),
    Column("answered", "number", "fraction", "known cases with a permitted answer, whatever else was done"),
    Column("answered_low", "number", "fraction", "lower end of its 90 % Wilson interval"),
    Column("answered_high", "number", "fraction", "upper end of its 90 % Wilson interval"),
    Column("median_days", "number", "days", "from the gesture to the first permitted answer"),
    Column("verdict", "text", "", "'too little to say' below five known cases, else empty"),
    Column("routine", "number", "fraction", "windows of the same length, no rule applying, with a permitted answer"),
)
COMPARISONS = (
    Column("rule", "text", "", "id of the rule"),
    Column("partner", "text", "", "first partner"),
    Column("other", "text", "", "second partner"),
    Column("kept", "whole", "count", "kept toward the first"),
    Column("known", "whole", "count", "known cases of the first"),
    Column("other_kept", "whole", "count", "kept toward the second"),
    Column("other_known", "whole", "count", "known cases of the second"),
    Column("difference", "number", "fraction", "first share minus second"),
    Column("low", "number", "fraction", "lower end of its 90 % Newcombe interval"),
    Column("high", "number", "fraction", "upper end of its 90 % Newcombe interval"),
    Column("probability", "number", "fraction", "that the shares differ in that direction"),
    Column("flagged", "flag", "", "the probability stands a Bonferroni correction for all comparisons of the rule"),
    Column("same_answer", "flag", "", "the profile asks the same answer toward both"),
    Column("evidence", "days", "", "days of kept and of other cases, of each"),
)
