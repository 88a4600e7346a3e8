"""How long a register of 100,000 commitments and 1,000,000 pieces of evidence takes to import, and a page to ask for.

    python bench/commitments.py                      # SQLite; and PostgreSQL where a server is installed
    python bench/commitments.py --commitments 10000  # smaller

The import is of a zip archive of tables, whole: read, checked, hashed, chained, stored, acknowledged. CPU seconds are
those of this process; on PostgreSQL the server's own come on top and show in the elapsed seconds. Each question is the
median of several, asked of a register that was closed and opened again.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.specimens.registers import find_postgresql, start_postgresql

from comity.api.follow import follow_register, list_due_commitments
from comity.api.register_view import RegisterView
from comity.brief.promises import QUOTED
from comity.commitments.exchange import read_records, write_standing
from comity.commitments.records import Agreement, Article, Assessment, Commitment, Evidence, Standing
from comity.commitments.register import (
    Register,
    Selection,
    count_commitments,
    open_register,
    read_standing,
    record_batch,
    verify_register,
)
from comity.commitments.register.rules import FIELDS
from comity.lexicon import read_actors

START = date(2015, 1, 1)
TODAY = date(2025, 12, 31)
ASKED = 15


def make_standing(commitments: int, evidence: int, seed: int) -> Standing:
    """Make agreements of two parties each with twenty commitments, and ten pieces of evidence for each of these."""
    draw = random.Random(seed)
    actors = [actor.id for actor in read_actors() if actor.status == "member"]
    lists = SimpleNamespace(agreements=[], articles=[], commitments=[], evidence=[], assessments=[])
    for number in range(commitments // 20):
        agreement, parties = f"agreement-{number}", tuple(draw.sample(actors, 2))
        lists.agreements.append(Agreement(agreement, "registrar", START, title=f"Agreement {number}", parties=parties))
        for place in range(4):
            article = f"{agreement}/{place}"
            lists.articles.append(Article(article, "registrar", START, agreement=agreement, place=f"Article {place}"))
            lists.commitments += [make_commitment(draw, article, part, parties) for part in range(5)]
    for commitment in lists.commitments:
        for piece in range(evidence // commitments):
            lists.evidence.append(make_evidence(draw, commitment.id, piece))
        if draw.random() < 0.5:
            value = draw.choice(("-1", "0", "+1"))
            lists.assessments.append(
                Assessment(f"{commitment.id}/a", "registrar", START, commitment=commitment.id, scale="g7-g20",
                           value=value, coder="first", day=TODAY)
            )  # fmt: skip
    return Standing(TODAY, datetime.now(UTC), **{kind: tuple(found) for kind, found in vars(lists).items()})


def make_commitment(draw: random.Random, article: str, part: int, parties: tuple[str, ...]) -> Commitment:
    """Make a commitment that is due within twenty years."""
    due = START + timedelta(days=draw.randrange(20 * 365))
    obligation = f"Carry out part {part} of the works named in the annex, and report on it once a year."
    return Commitment(f"{article}/{part}", "registrar", START, article=article, party=draw.choice(parties),
                      obligation=obligation, field=draw.choice(FIELDS), due=due, owner="ministry of works")  # fmt: skip


def make_evidence(draw: random.Random, commitment: str, piece: int) -> Evidence:
    """Make a piece of evidence with a quotation of a line."""
    link = f"https://example.org/reports/{draw.randrange(10**9)}"
    quotation = f"The parties noted progress on item {piece} and agreed to meet again in the following year."
    return Evidence(f"{commitment}/e{piece}", "registrar", START, commitment=commitment, link=link,
                    day=START + timedelta(days=draw.randrange(4000)), quotation=quotation,
                    direction=draw.choice(("for", "against", "neither")), strength=draw.randint(1, 3))  # fmt: skip


def measure_questions(register: Register, standing: Standing) -> dict[str, tuple[float, float]]:
    """Give the median CPU and elapsed milliseconds of each question of a status page."""
    draw = random.Random(1)
    early = standing.known
    picks = [draw.choice(standing.agreements) for _ in range(ASKED)]
    week = (TODAY, TODAY + timedelta(days=7))
    listed = ("agreement", "article", "commitment", "assessment")
    questions: dict[str, Callable[[Agreement], object]] = {
        "one agreement, whole": lambda a: ask(register, Selection(agreement=a.id)),
        "one agreement, as known before": lambda a: read_standing(register, valid=TODAY, known=early,
                                                                  only=Selection(agreement=a.id)),
        "one pair, whole": lambda a: ask(register, Selection(pair=(a.parties[0], a.parties[1]))),
        "one party, without evidence": lambda a: ask(register, Selection(party=a.parties[0], kinds=listed)),
        "due within a week, without evidence": lambda a: ask(register, Selection(due=week, kinds=listed)),
        "overdue and not assessed, the first 100": lambda a: ask(
            register, Selection(due=(None, TODAY), assessed=False, limit=100, kinds=listed)),
        "counts by party": lambda a: count_commitments(register, valid=TODAY),
        "counts by field, one party": lambda a: count_commitments(
            register, valid=TODAY, by="field", party=a.parties[0]),
    }  # fmt: skip
    found = {}
    for name, question in questions.items():
        times = [clock(question, agreement) for agreement in picks]
        found[name] = tuple(statistics.median(column) for column in zip(*times, strict=True))
    return found


def measure_pages(place: str, agreement: Agreement) -> dict[str, tuple[float, float]]:
    """Give the median CPU and elapsed milliseconds of each status page, the register opened anew each time."""
    one, other = agreement.parties
    asked = {
        "an agreement": RegisterView(place, TODAY, agreement=agreement.id),
        "a pair": RegisterView(place, TODAY, party=one, partner=other),
        "a party": RegisterView(place, TODAY, party=one),
        "a field": RegisterView(place, TODAY, field="water"),
        "all": RegisterView(place, TODAY),
    }
    found = {}
    for name, view in asked.items():
        pages = {
            "questions": view.read_part,
            "with quotations": lambda view=view: view.read_part(quoted=QUOTED),
            "status": lambda view=view: follow_register(view),
        }
        for part, page in pages.items():
            times = [clock(lambda _, page=page: page(), agreement) for _ in range(5)]
            found[f"page of {name}, {part}"] = tuple(statistics.median(column) for column in zip(*times, strict=True))
    times = [clock(lambda _: list_due_commitments(asked["all"], limit=200), agreement) for _ in range(5)]
    return {**found, "due, the first 200": tuple(statistics.median(column) for column in zip(*times, strict=True))}


def ask(register: Register, only: Selection) -> Standing:
    """Ask for a part as it stands."""
    return read_standing(register, valid=TODAY, only=only)


def clock(question: Callable[[Agreement], object], agreement: Agreement) -> tuple[float, float]:
    """Give CPU and elapsed milliseconds of one question."""
    cpu, begin = time.process_time(), time.perf_counter()
    question(agreement)
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - begin) * 1000


def measure_place(name: str, place: str, data: bytes, standing: Standing) -> None:
    """Import into a place, ask, verify, and print."""
    cpu, begin = time.process_time(), time.perf_counter()
    with open_register(place, create=True) as register:
        received = read_records(data, "register.zip")
        read = time.process_time() - cpu
        receipt = record_batch(register, received.batch)
    used, took = time.process_time() - cpu, time.perf_counter() - begin
    del received
    print(f"\n{name}: import of {receipt.added:,} records: {used:.1f} CPU s (of it reading {read:.1f}), {took:.1f} s")
    with open_register(place) as register:
        ask(register, Selection(agreement=standing.agreements[0].id))
        for question, (cpu_ms, ms) in measure_questions(register, standing).items():
            print(f"  {question:42s} {cpu_ms:8.1f} CPU ms {ms:8.1f} ms")
        for page, (cpu_ms, ms) in measure_pages(place, standing.agreements[0]).items():
            print(f"  {page:42s} {cpu_ms:8.1f} CPU ms {ms:8.1f} ms")
        begin = time.process_time()
        print(f"  verify: {'holds' if verify_register(register).holds else 'BROKEN'}, "
              f"{time.process_time() - begin:.1f} CPU s")  # fmt: skip


def main() -> None:
    """Measure each database that is here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commitments", type=int, default=100_000)
    parser.add_argument("--evidence", type=int, default=1_000_000)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    standing = make_standing(given.commitments, given.evidence, given.seed)
    data = write_standing(standing, "csv")
    print(f"{len(standing.commitments):,} commitments, {len(standing.evidence):,} pieces of evidence, "
          f"{len(standing.assessments):,} assessments; archive of {len(data) / 1e6:.0f} MB")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        if given.only != "postgresql":
            measure_place("SQLite", f"{folder}/register.db", data, standing)
        if given.only != "sqlite" and find_postgresql() is None:
            print("\nPostgreSQL: no server here (Debian: apt-get install postgresql)")
        elif given.only != "sqlite":
            with start_postgresql() as place:
                measure_place("PostgreSQL", place, data, standing)


if __name__ == "__main__":
    main()
