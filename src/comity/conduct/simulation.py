"""Two sides day by day: what they do by routine and in answer, and what their written rules make them do.

Four courses run side by side on the same chances, so that they differ only by what is asked: as now, by the rules, and
both again with one unfriendly gesture of the partner on the first day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from comity.conduct.parameters import Noise
from comity.conduct.repertoire import HALF, HIDDEN, Plan, Repertoire, tabulate_noise
from comity.reciprocity.exchange import FADE, MARKS, WAITS, WIDTH, Rates
from comity.reciprocity.var import Numbers

NOW, RULES, NOW_SHOCKED, RULES_SHOCKED = range(4)
WEEK = 7
FIELDS = 5
"""Of a week: points of the first side (friendly, unfriendly), of the second, and gestures of both."""


@dataclass(frozen=True)
class Side:
    """One side of a pair.

    Parameters
    ----------
    rates : Rates
        With one leading axis (parameter draws).
    repertoire : Repertoire
    memory : array (2 WIDTH,)
        What it remembers on the first day: the other's gestures, then its own.
    plans : tuple of Plan
        Its rules toward the other side; as now where empty.
    """

    rates: Rates
    repertoire: Repertoire
    memory: Numbers
    plans: tuple[Plan, ...] = ()


@dataclass(frozen=True)
class Course:
    """What is simulated.

    Parameters
    ----------
    days : int
    shock_days : int
        How long the courses with a shock are followed [days].
    shocker : int
        Which side makes the gesture on the first day.
    shock : int
        Its mark.
    noise : Noise
        Of what a rule sees.
    late : float
        How often an answer is not made [probability].
    copies : int
        Futures for each parameter draw.
    """

    days: int
    shock_days: int
    shocker: int
    shock: int
    noise: Noise
    late: float
    copies: int


class _Rulebook:
    """The rules of one side while they run, for the courses in which they hold."""

    def __init__(self, side: Side, course: Course, draws: int, rng: np.random.Generator) -> None:
        """Begin with nothing seen and nothing due."""
        self.plans, self.course, self.rng = side.plans, course, rng
        self.shape = (draws, 2, course.copies)
        blank = (len(side.plans), *self.shape)
        self.free, self.due, self.back = (np.full(blank, n, dtype=np.int64) for n in (0, -1, -1))
        self.choice, self.count = np.zeros(blank), np.zeros(blank, dtype=np.int64)
        self.recent = [np.zeros((plan.window, *self.shape), dtype=np.int8) for plan in side.plans]
        self.heap, self.seen = tabulate_noise(course.noise)

    def halve(self) -> None:
        """Follow the course with a shock no longer."""
        for name in ("free", "due", "back", "choice", "count"):
            setattr(self, name, getattr(self, name)[:, :, :1])
        self.recent = [held[:, :, :1] for held in self.recent]
        self.shape = (self.shape[0], 1, self.shape[2])

    def settle(self, made: Numbers, items: Any) -> None:
        """Count what the side does anyway as the answer that is due, as the audit does."""
        for n, plan in enumerate(self.plans):
            done = (plan.permits[items] & (made > 0)).any(1)
            self.due[n] = np.where(done, -1, self.due[n])

    def act(self, day: int) -> tuple[Numbers, Numbers]:
        """Return the answers and ways back of a day: how many of each mark, and their scores."""
        made = np.zeros((len(MARKS), *self.shape))
        score = np.zeros_like(made)
        for n, plan in enumerate(self.plans):
            answered = self._send(self.due[n] == day, plan.marks, plan.scores, n, (made, score))
            unfriendly = answered >= HALF
            self.back[n] = np.where(unfriendly, day + plan.back_days, self.back[n])
            self._send(self.back[n] == day, plan.back_marks, plan.back_scores, n, (made, score))
        return np.moveaxis(made, 0, 1), np.moveaxis(score, 0, 1)

    def _send(self, now: Any, marks: Any, scores: Numbers, n: int, out: tuple[Numbers, Numbers]) -> Any:
        """Make one of the measures wherever it is time, and return its mark."""
        sent = np.full(self.shape, HIDDEN)
        if len(marks) and now.any():
            place = np.minimum((self.choice[n][now] * len(marks)).astype(int), len(marks) - 1)
            sent[now] = marks[place]
            where = np.nonzero(sent != HIDDEN)
            value = scores[np.minimum((self.choice[n][where] * len(marks)).astype(int), len(marks) - 1)]
            stronger = np.abs(value) > np.abs(out[1][(sent[where], *where)])
            out[0][(sent[where], *where)] = 1.0
            out[1][(sent[where], *where)] = np.where(stronger, value, out[1][(sent[where], *where)])
        return sent

    def hear(self, day: int, made: Numbers, items: Any, other: Repertoire) -> None:
        """See the partner's gestures of a day as the office sees them, and set an answer where a rule applies."""
        shape = (self.shape[0], len(MARKS), 1, self.shape[2])
        way = np.searchsorted(self.heap, self.rng.random(shape), side="right")
        marks = np.arange(len(MARKS))[None, :, None, None]
        seen = self.seen[marks, way]
        again = other.find_items(np.maximum(seen, 0), self.rng.random(shape))
        read = np.where(seen == marks, items, again)
        for n, plan in enumerate(self.plans):
            chances = self.rng.random((3, self.shape[0], 1, self.shape[2]))
            counted = (plan.covers[read] & (seen != HIDDEN) & (made > 0)).sum(1)
            self._count(n, plan, day, counted)
            applies = (counted > 0) & (self.count[n] >= plan.events) & (day >= self.free[n])
            wait = 1 + np.minimum((chances[0] * plan.deadline).astype(int), plan.deadline - 1)
            kept = chances[1] >= self.course.late
            self.due[n] = np.where(applies, np.where(kept, day + wait, -1), self.due[n])
            self.choice[n] = np.where(applies, chances[2], self.choice[n])
            self.back[n] = np.where(applies, -1, self.back[n])
            self.free[n] = np.where(applies, day + plan.deadline + 1, self.free[n])
            self.count[n] = np.where(applies, 0, self.count[n])
            self.recent[n] = np.where(applies, 0, self.recent[n]).astype(np.int8)

    def _count(self, n: int, plan: Plan, day: int, counted: Any) -> None:
        """Count what was seen within the window, while no answer is due."""
        new = np.where(day >= self.free[n], counted, 0)
        slot = day % plan.window
        self.count[n] += new - self.recent[n][slot]
        self.recent[n][slot] = new


class Simulation:
    """The courses of one pair.

    Parameters
    ----------
    sides : tuple of Side
    course : Course
    seed : sequence of int
        Of the chances; those of the rules are drawn apart, so that the course as now does not hang on them.

    Attributes
    ----------
    added : array (draws, copies)
        Points that the gesture of the first day adds to what is done anyway on that day, once it was run.
    """

    def __init__(self, sides: tuple[Side, Side], course: Course, seed: list[int]) -> None:
        """Lay out memories and rules."""
        self.sides, self.course = sides, course
        self.draws = len(sides[0].rates.background)
        self.world = np.random.default_rng([*seed, 0])
        self.books = [
            _Rulebook(side, course, self.draws, np.random.default_rng([*seed, 1 + n])) if side.plans else None
            for n, side in enumerate(sides)
        ]
        self.courses = 4
        self.added = np.zeros((self.draws, course.copies))
        columns = self.courses * course.copies
        self.memory = [np.repeat(np.tile(s.memory, (self.draws, 1))[:, :, None], columns, axis=2) for s in sides]

    def run(self) -> Numbers:
        """Run all days.

        Returns
        -------
        array (courses, weeks, FIELDS, draws x copies)
            Sums over each week; the courses with a shock are NaN after they are no longer followed.
        """
        days, copies = self.course.days, self.course.copies
        weeks: Any = np.full((4, days // WEEK, FIELDS, self.draws, copies), np.nan, dtype=np.float32)
        held = np.zeros((FIELDS, self.draws, 4, copies))
        for day in range(days // WEEK * WEEK):
            if day == self.course.shock_days:
                self._drop_shocked()
                held = held[:, :, : self.courses]
            held += self._step(day)
            if day % WEEK == WEEK - 1:
                weeks[: self.courses, day // WEEK] = np.moveaxis(held, 2, 0)
                held[:] = 0.0
        return np.asarray(weeks.reshape(4, days // WEEK, FIELDS, -1))

    def _drop_shocked(self) -> None:
        """Go on with the two courses without a shock."""
        copies = self.course.copies
        shape = (self.draws, 2 * WIDTH, 4, copies)
        self.memory = [held.reshape(shape)[:, :, :2].reshape(self.draws, -1, 2 * copies) for held in self.memory]
        self.courses = 2
        for book in self.books:
            if book is not None:
                book.halve()

    def _step(self, day: int) -> Numbers:
        """Live one day, and return its points and gestures."""
        shape = (self.draws, len(MARKS), self.courses, self.course.copies)
        made, items, score = [], [], []
        for n, side in enumerate(self.sides):
            rate = side.rates.background[:, :, None] + side.rates.answers @ self.memory[n]
            wait = self.world.standard_exponential((self.draws, len(MARKS), 1, self.course.copies))
            done = (rate.reshape(shape) > wait).astype(float)
            item = side.repertoire.find_items(np.arange(len(MARKS))[None, :, None, None], self.world.random(wait.shape))
            if day == 0 and n == self.course.shocker:
                item = self._shock(side, done, item)
            made.append(done)
            items.append(item)
            score.append(done * side.repertoire.score[item])
        for n, book in enumerate(self.books):
            if book is not None:
                book.settle(made[n][:, :, RULES::2], _pick_ruled(items[n]))
                self._answer(book, day, made[n], score[n])
        for n, book in enumerate(self.books):
            self._remember(n, book, made, items)
            if book is not None:
                other = self.sides[1 - n].repertoire
                book.hear(day, made[1 - n][:, :, RULES::2], _pick_ruled(items[1 - n]), other)
        return _sum_day(made, score)

    def _shock(self, side: Side, done: Numbers, item: Any) -> Any:
        """Make the gesture of the first day in the courses with a shock, and note the points that it adds."""
        mark, middle = self.course.shock, side.repertoire.find_middle(self.course.shock)
        natural = done[:, mark, NOW] * np.abs(side.repertoire.score[item[:, mark, 0]])
        self.added = np.abs(side.repertoire.score[middle]) - natural
        done[:, mark, NOW_SHOCKED:] = 1.0
        item = np.repeat(item, self.courses, axis=2)
        item[:, mark, NOW_SHOCKED:] = middle
        return item

    @staticmethod
    def _answer(book: _Rulebook, day: int, made: Numbers, score: Numbers) -> None:
        """Add the answers of a side's rules to what it does anyway; a day holds one gesture of a mark."""
        done, value = book.act(day)
        held = score[:, :, RULES::2]
        made[:, :, RULES::2] = np.maximum(made[:, :, RULES::2], done)
        score[:, :, RULES::2] = np.where(np.abs(value) > np.abs(held), value, held)

    def _remember(self, n: int, book: _Rulebook | None, made: list[Numbers], items: list[Any]) -> None:
        """Bring a side's memory up to date; what a rule covers, the rule alone answers."""
        heard = made[1 - n]
        if book is not None:
            covered = np.any([plan.covers[_pick_ruled(items[1 - n])] for plan in book.plans], axis=0)
            heard = heard.copy()
            heard[:, :, RULES::2] *= ~covered
        flat = (self.draws, len(MARKS), -1)
        parts = [heard.reshape(flat)] * len(WAITS) + [made[n].reshape(flat)] * len(WAITS)
        fade = np.concatenate([FADE, FADE])[None, :, None]
        self.memory[n] *= fade
        self.memory[n] += (1.0 - fade) * np.concatenate(parts, axis=1)


def _pick_ruled(items: Any) -> Any:
    """Return the acts of the courses by the rules; one act stands for all courses but on the first day."""
    return items if items.shape[2] == 1 else items[:, :, RULES::2]


def _sum_day(made: list[Numbers], score: list[Numbers]) -> Numbers:
    """Return points of both sides on both sides of the scale, and gestures."""
    points = [np.abs(one[:, part]).sum(1) for one in score for part in (slice(0, HALF), slice(HALF, None))]
    return np.stack([*points, made[0].sum(1) + made[1].sum(1)])
