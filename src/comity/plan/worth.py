"""Reading what an initiative brings and costs each party."""

from __future__ import annotations

from collections.abc import Collection

from comity.forms.document import Node
from comity.forms.fields import Forms, check_fields, read_number
from comity.plan.document import Worth
from comity.plan.forms import COST, FROM, GAIN, PER
from comity.plan.values import Reader, list_maps

ENDS = ("low", "likely", "high")
DOLLAR = "USD"


def read_worth(node: Node, parties: Collection[str], reader: Reader, currency: str) -> dict[str, tuple[Worth, ...]]:
    """Read gains and costs; every party of the initiative must have at least one of them.

    Parameters
    ----------
    node : Node
        The initiative.
    parties : collection of str
        Its parties.
    reader : Reader
        Takes the problems.
    currency : str
        Of the plan.

    Returns
    -------
    dict of str to tuple of Worth
        `gains` and `costs`.
    """
    found: dict[str, tuple[Worth, ...]] = {}
    for name, forms in (("gains", GAIN), ("costs", COST)):
        items = [_read_one(item, forms, reader, currency) for item in list_maps(node.get(name))]
        found[name] = tuple(item for item in items if item is not None)
    for cost in found["costs"]:
        if cost.low < 0:
            reader.findings.add(node.fields["costs"], f"a cost of {cost.party} is {cost.low:g}", "a cost that pays is "
                                "a gain", "write it under gains")  # fmt: skip
    named = {worth.party for worths in found.values() for worth in worths}
    missing = [party for party in parties if party not in named]
    if missing:
        what = f"neither gain nor cost is given for {', '.join(missing)}"
        reader.findings.add(node, what, "missing is not zero", "add gains: with the party, low, likely, high, source; "
                            "where only some take part, name them under parties: of the initiative")  # fmt: skip
    return found


def _read_one(node: Node, forms: Forms, reader: Reader, currency: str) -> Worth | None:
    """Return one gain or cost."""
    if not check_fields(node, forms, reader.findings):
        return None
    party, per = reader.read_party(node.get("party")), reader.choose(node, "per", PER, PER[0])
    if node.get("from") is not None:
        return _read_simulated(node, party, reader, currency)
    extra = [name for name in ("scenario", "share", "rate") if node.get(name) is not None]
    if extra:
        reader.findings.add(node, f"{', '.join(extra)} without from: {FROM}", "it would be read by nobody", "add it")
    values = [read_number(node.get(name)) for name in ENDS]
    reader.check_text(node.get("source"))
    if not node.read_text("source"):
        todo = "add source: where the figure is from, or who estimated it"
        reader.findings.add(node, "the figure has no source", "nobody could check it", todo)
    if any(value is None for value in values):
        missing = [name for name, value in zip(ENDS, values, strict=True) if value is None and node.get(name) is None]
        if missing:
            todo = "give low, likely and high"
            reader.findings.add(node, f"{', '.join(missing)} is missing", "a figure without interval claims too much",
                                todo)  # fmt: skip
        return None
    low, likely, high = (float(value or 0.0) for value in values)
    if not low <= likely <= high:
        what = f"low {low:g}, likely {likely:g}, high {high:g} are not in order"
        reader.findings.add(node, what, "an interval needs its ends on both sides", "give low <= likely <= high")
        return None
    return Worth(party, low, likely, high, per, node.read_text("source")) if party else None


def _read_simulated(node: Node, party: str, reader: Reader, currency: str) -> Worth | None:
    """Return a gain that the integration room is to give."""
    reader.choose(node, "from", (FROM,), FROM)
    both = [name for name in (*ENDS, "per") if node.get(name) is not None]
    if both:
        what = f"{', '.join(both)} beside from: {FROM}"
        reader.findings.add(node, what, "the simulation gives a figure by year", "take one of the two out")
    share = read_number(node.get("share"))
    if share is not None and not node.read_text("source"):
        reader.findings.add(node, "the share has no source", "nobody could check it", "add source:")
    rate = read_number(node.get("rate"))
    if currency != DOLLAR and rate is None:
        todo = f"add rate: {currency} for one US dollar, or plan in {DOLLAR}"
        reader.findings.add(node, f"the simulation is in US dollars, the plan in {currency}", "amounts would be wrong",
                            todo)  # fmt: skip
    return Worth(
        party,
        0.0,
        0.0,
        0.0,
        "year",
        node.read_text("source"),
        simulated=True,
        scenario=node.read_text("scenario"),
        share=100.0 if share is None else share,
        rate=rate or 1.0,
    )
