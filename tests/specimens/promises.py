"""A small register of two parties, with every state in it, and hostile words."""

from datetime import UTC, date, datetime
from decimal import Decimal

from comity.commitments.records import Agreement, Article, Assessment, Commitment, Evidence, Standing

START = date(2020, 1, 1)
TODAY = date(2024, 6, 1)
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(1)</script> [a](javascript:alert(1))'


def make_commitment(name: str, party: str, **given: object) -> Commitment:
    values = {"article": "pact/1", "obligation": f"do {name}", "field": "trade", "owner": f"office of {party}", **given}
    return Commitment(name, "office", START, party=party, **values)  # type: ignore[arg-type]


def make_assessment(commitment: str, value: str, **given: object) -> Assessment:
    values = {"scale": "kept", "coder": "one", "day": date(2023, 1, 1), **given}
    name = f"{commitment}-{values['coder']}-{values['day']}-{values['scale']}"
    return Assessment(name, "office", START, commitment=commitment, value=value, **values)  # type: ignore[arg-type]


def make_evidence(commitment: str, value: str | None = None, **given: object) -> Evidence:
    values = {"link": "https://example.org/a", "day": date(2023, 5, 1), "direction": "for", **given}
    number = None if value is None else Decimal(value)
    name = f"{commitment}-seen-{values['day']}"
    return Evidence(name, "office", START, commitment=commitment, value=number, **values)  # type: ignore[arg-type]


def make_standing(commitments=(), evidence=(), assessments=(), parties=("NOR", "SWE")) -> Standing:
    agreement = Agreement("pact", "office", START, title="A pact", parties=tuple(parties), signed=START)
    article = Article("pact/1", "office", START, agreement="pact", place="Article 1")
    return Standing(TODAY, datetime(2024, 6, 1, tzinfo=UTC), (agreement,), (article,), tuple(commitments),
                    tuple(evidence), tuple(assessments))  # fmt: skip


def make_register(first: str = "NOR", second: str = "SWE") -> Standing:
    """Give a register in which the first owes and the second owes, with every state that there is."""
    measured = {"indicator": "posts", "unit": "posts", "baseline": Decimal(0), "target": Decimal(10)}
    commitments = [
        make_commitment("a-done", first),
        make_commitment("b-read", second, **measured),
        make_commitment("c-broken", first, due=date(2022, 1, 1)),
        make_commitment("d-gone", second),
        make_commitment("e-late", first, due=date(2024, 5, 1)),
        make_commitment("f-waits", second, depends_on=("e-late",), due=date(2024, 7, 1)),
        make_commitment("g-soon", first, due=date(2024, 7, 1)),
        make_commitment("h-begun", second, due=date(2026, 1, 1)),
        make_commitment("i-silent", first, due=date(2026, 1, 1)),
    ]
    evidence = [make_evidence("b-read", "10"), make_evidence("h-begun", quotation=HOSTILE)]
    assessments = [
        make_assessment("a-done", "done"),
        make_assessment("c-broken", "broken"),
        make_assessment("d-gone", "withdrawn", scale="ogp"),
    ]
    return make_standing(commitments, evidence, assessments, (first, second))
