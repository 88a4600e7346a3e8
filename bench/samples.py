"""The event series that the relations bench and the estimate of the parameters use: KEDS by week, GDELT by day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from comity.events.scale import Scale, read_scale
from comity.lexicon import read_actors
from comity.relations.series import Tally

# Actor codes of KEDS that are not the actor ids of Comity (data/README.md of the shared material).
KEDS_CODES = dict(
    UAR="EGY", PAL="PSE", LEB="LBN", KUW="KWT", FRN="FRA", GER="DEU", JAP="JPN", UNK="GBR", BOS="BIH", SER="SRB",
    CRO="HRV", TAJ="TJK", AZR="AZE", USR="SUN", TMP="TLS", ROM="ROU",
)  # fmt: skip
KEDS_SETS = {
    "levant": "levant.cameo", "turkey": "turkey.cameo", "gulf": "gulf.cameo", "balkans": "balkans.weis",
    "casia": "casia.weis",
}  # fmt: skip
# Sets in WEIS codes; the file of the Gulf is named after CAMEO. The CAMEO type whose score on the scale a WEIS category
# gets: our own crosswalk by the wording of the categories, for this bench only. These are not the weights that
# Goldstein (1992) gave to WEIS, which were not at hand in a form that could be cited to the letter.
WEIS_SETS = ("gulf", "balkans", "casia")
WEIS_TYPES = {
    "01": "08", "02": "01", "03": "04", "04": "051", "05": "03", "06": "054", "07": "07", "08": "057", "09": "02",
    "10": "036", "11": "12", "12": "11", "13": "114", "14": "015", "15": "10", "16": "130", "17": "13", "18": "14",
    "19": "16", "20": "166", "21": "17", "22": "19",
}  # fmt: skip
LEAST_EVENTS = 200  # of a KEDS dyad, over its whole span


@dataclass
class Sample:
    """Directed pairs by period.

    `count`, `total` (pairs, periods): scored events and the sum of their scores; `spread` (pairs, periods, scores): how
    many of each score; `coverage` (periods,): all events of the source; `train`: periods before which parameters are
    estimated.
    """

    name: str
    pairs: list[tuple[str, str]]
    spread: np.ndarray
    scores: np.ndarray
    days: np.ndarray
    length: float
    coverage: np.ndarray
    train: int

    def __post_init__(self) -> None:
        """Sum the events."""
        self.count = self.spread.sum(2).astype(float)
        self.total = np.round(self.spread @ self.scores, 9)
        self.tally = Tally(self.count, self.total, np.round(self.spread @ self.scores**2, 9))
        seen = self.coverage[: self.train]
        self.usual = float(np.median(seen[seen > 0]))

    @property
    def exposure(self) -> np.ndarray:
        """Weeks of usual coverage of each period."""
        return self.coverage / self.usual * self.length / 7.0

    def expect_exposure(self, later: int) -> np.ndarray:
        """Return the exposure expected of each period from what was known `later` periods before it.

        Weeks: an exponentially weighted mean of the coverage, weight 0.1. Days: that of the same weekday before, as
        news is thinner at week-ends.
        """
        seen, known, kept = self.coverage > 0, np.empty(len(self.coverage)), self.usual
        for t, value in enumerate(self.coverage):
            known[t] = kept
            kept = kept + 0.1 * (value - kept) if seen[t] else kept
        expected = np.array([known[max(t - later + 1, 0)] for t in range(len(known))])
        if self.length == 1.0:
            for t in range(7 + 2, len(known)):  # the first two days are part days
                expected[t] = self.coverage[t - 7 * -(-later // 7)]
        return expected / self.usual * self.length / 7.0


def _score(code: str, table: dict[str, float]) -> float | None:
    """Return the score of a code, or of the code above it."""
    return next((table[part] for part in (code, code[:3], code[:2]) if part in table), None)


def read_keds(shared: Path, name: str, scale: Scale) -> Sample:
    """Read a KEDS set: its state dyads with at least 200 scored events, by week from Monday."""
    import pyarrow.parquet as pq

    file = shared / "data" / "reciprocity" / f"keds_{KEDS_SETS[name]}.parquet"
    rows = pq.read_table(file, columns=["date", "s", "t", "code"]).to_pydict()
    table = {row.code: row.score for row in scale.rows if row.score is not None}
    states = {actor.id for actor in read_actors() if actor.kind == "state"}
    all_events: Counter[int] = Counter()
    found: Counter[tuple[str, str, int, float]] = Counter()
    for day, s, t, code in zip(*rows.values(), strict=True):
        week = (day.date().toordinal() - 1) // 7
        all_events[week] += 1
        sender, receiver = KEDS_CODES.get(s, s), KEDS_CODES.get(t, t)
        score = _score(WEIS_TYPES.get(code[:2], "") if name in WEIS_SETS else code, table)
        if sender in states and receiver in states and sender != receiver and score is not None:
            found[sender, receiver, week, score] += 1
    first, last = min(all_events), max(all_events)
    weeks = range(first, last + 1)
    kept: Counter[tuple[str, str]] = Counter()
    for (sender, receiver, _, _), number in found.items():
        kept[sender, receiver] += number
    pairs = sorted(pair for pair, number in kept.items() if number >= LEAST_EVENTS)
    spread = _spread(found, pairs, {week: n for n, week in enumerate(weeks)}, scale)
    coverage = np.array([all_events[week] for week in weeks], float)
    days = np.array([7.0 * week + 4.5 for week in weeks])
    return Sample(f"KEDS {name}", pairs, spread, list_scores(scale), days, 7.0, coverage, len(weeks) // 2)


def read_gdelt(scale: Scale) -> Sample:
    """Read the embedded sample: the directed pairs with an event in the first 15 days, by day."""
    from comity.api.view import View
    from comity.events.coverage import list_days
    from comity.relations.series import lay_calendar

    with View(scale=scale.id).open() as (con, _, _):
        calendar = lay_calendar(list_days(con), "day")
        rows = con.execute(
            "select sender, receiver, date, score, sum(weight) from events where score is not null "
            "group by all order by all"
        ).fetchall()
        by_day = dict(con.execute("select date, sum(weight) from events group by 1").fetchall())
    train = 2 * len(calendar.starts) // 3
    coverage = np.array([float(by_day.get(day, 0)) for day in calendar.starts])
    place = {day: n for n, day in enumerate(calendar.starts)}
    pairs = sorted({(row[0], row[1]) for row in rows if place.get(row[2], train) < train})
    found = Counter({(row[0], row[1], row[2], row[3]): int(row[4]) for row in rows})
    spread = _spread(found, pairs, place, scale)
    return Sample(
        "GDELT", pairs, spread, list_scores(scale), np.array(calendar.middles), 1.0, coverage,
        train,
    )  # fmt: skip


def gather_weeks(sample: Sample) -> Sample:
    """Return a sample by day as one by blocks of seven days, from its first day on; days that fill none are left."""
    weeks, train = len(sample.days) // 7, sample.train // 7

    def gather(array: np.ndarray, axis: int) -> np.ndarray:
        kept = array.take(range(7 * weeks), axis)
        return kept.reshape(*kept.shape[:axis], weeks, 7, *kept.shape[axis + 1 :]).sum(axis + 1)

    spread, coverage = gather(sample.spread, 1), gather(sample.coverage, 0)
    days = gather(sample.days, 0) / 7.0
    return Sample(f"{sample.name} by week", sample.pairs, spread, sample.scores, days, 7.0, coverage, train)


def list_scores(scale: Scale) -> np.ndarray:
    """Return the different scores of a scale, rising."""
    return np.array(sorted({row.score for row in scale.rows if row.score is not None}))


def _spread(found: Counter, pairs: list[tuple[str, str]], period: dict, scale: Scale) -> np.ndarray:
    """Return how many events of each score each pair has in each period."""
    scores = {score: n for n, score in enumerate(list_scores(scale).tolist())}
    place = {pair: n for n, pair in enumerate(pairs)}
    spread = np.zeros((len(pairs), len(period), len(scores)), np.int32)
    for (sender, receiver, when, score), number in found.items():
        if (sender, receiver) in place and when in period:
            spread[place[sender, receiver], period[when], scores[score]] += number
    return spread


def read_samples(shared: Path, scale: str = "goldstein") -> list[Sample]:
    """Read every sample that is here."""
    read = read_scale(scale)
    here = (shared / "data" / "reciprocity").is_dir()
    return [*(read_keds(shared, name, read) for name in KEDS_SETS if here), read_gdelt(read)]
