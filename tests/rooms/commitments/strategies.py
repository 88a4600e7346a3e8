"""Any register that the rules allow, and texts that readers of files stumble over."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from comity.commitments.records import Agreement, Article, Assessment, Commitment, Evidence, Record
from comity.commitments.register.rules import FIELDS, find_hidden

PARTIES = ("NOR", "SWE", "DNK", "IGO:EU")
HOSTILE = [
    *("=1+1", "'", "''=x", "+1", "-2", "@SUM(A1)", "\uff1dx", " =cmd", "<script>alert(1)</script>", "a;b|c,d", '"'),
    *("]]>", "&amp;", "{{7*7}}", "a\u200db", "e\u0301", "\U0001f54a", "1,5", "NULL", "#ref!", "%s", "\u05d0\u05d1"),
]
texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufffe\uffff"), max_size=12),
)
texts = texts.filter(lambda text: not find_hidden(text) and not {"\t", "\n"} & set(text))
long_texts = st.one_of(texts, st.sampled_from(["a\nb", "\ttab", " end \n", "=1\n+2"]))
given_texts = texts.filter(lambda text: bool(text.strip()))
given_long = long_texts.filter(lambda text: bool(text.strip()))
days = st.dates(date(2000, 1, 1), date(2024, 12, 31))
decimals = (
    st.none() | st.decimals(-1000, 1000, places=2) | st.sampled_from([Decimal("1E+3"), Decimal("-0"), Decimal("7")])
)


@st.composite
def registers(draw: Any) -> list[Record]:
    """Draw an agreement with articles, commitments, evidence and assessments that fit together."""
    start = date(2000, 1, 1)
    parties = tuple(draw(st.lists(st.sampled_from(PARTIES), min_size=1, unique=True)))
    signed = draw(st.none() | st.just(start))
    records: list[Record] = [
        Agreement("a", draw(given_texts), start, title=draw(given_texts), parties=parties, signed=signed,
                  in_force=draw(st.none() | days), reference=draw(st.just("https://example.org/x") | texts))
    ]  # fmt: skip
    ids: list[str] = []
    for number in range(draw(st.integers(0, 2))):
        article = f"a/{number}"
        records.append(
            Article(article, draw(given_texts), start, agreement="a", place=draw(given_texts), heading=draw(texts))
        )
        for place in range(draw(st.integers(0, 2))):
            id = f"{article}/c{place}"
            records += draw(commitments(id, article, parties, tuple(ids)))
            ids.append(id)
    return records


@st.composite
def commitments(draw: Any, id: str, article: str, parties: tuple[str, ...], before: tuple[str, ...]) -> list[Record]:
    """Draw a commitment with its evidence and assessments."""
    start = date(2000, 1, 1)
    indicator = draw(texts)
    measured = bool(indicator)
    depends = draw(st.lists(st.sampled_from(before), unique=True)) if before else []
    records: list[Record] = [
        Commitment(id, draw(given_texts), draw(days), article=article, party=draw(st.sampled_from(parties)),
                   obligation=draw(given_long), field=draw(st.sampled_from(FIELDS)), indicator=indicator,
                   unit=draw(texts | st.just("%")), baseline=draw(decimals) if measured else None,
                   target=draw(decimals) if measured else None, due=draw(st.none() | days),
                   depends_on=tuple(depends), owner=draw(texts))
    ]  # fmt: skip
    begun = records[0].valid_from
    pieces = [f"{id}/e{number}" for number in range(draw(st.integers(0, 2)))]
    for piece in pieces:
        records.append(
            Evidence(piece, draw(given_texts), max(begun, start), commitment=id, link="https://example.org/?a=1&b=%20#c",
                     day=draw(days), quotation=draw(long_texts),
                     direction=draw(st.sampled_from(("for", "against", "neither"))),
                     strength=draw(st.integers(1, 3)), value=draw(decimals))
        )  # fmt: skip
    if draw(st.booleans()):
        scale, value = draw(st.sampled_from((("pam", "2"), ("g7-g20", "+1"), ("iati-result", "12.5"))))
        records.append(
            Assessment(f"{id}/s", draw(given_texts), begun, commitment=id, scale=scale,
                       value=value, coder=draw(given_texts), day=draw(days),
                       period=draw(texts), reason=draw(long_texts),
                       evidence=tuple(pieces))
        )  # fmt: skip
    return records
