"""What a document asks of a plan, one requirement at a time, and how each could be eased."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from comity.plan.choice.question import Question, change_project
from comity.plan.choice.tables import Change, Requirement
from comity.plan.project import Lag, Mode, Option, Project, Resource, Task
from comity.plan.schedule.check import LONGEST_HORIZON

Ease = Callable[[Question, int], Question]


@dataclass(frozen=True, slots=True)
class Rule:
    """A requirement with what easing it means.

    Parameters
    ----------
    requirement : Requirement
    ease : callable
        Question and amount to the question in which the requirement asks for that much less.
    most : int
        The amount from which it asks for nothing.
    graded : bool
        Whether amounts between matter; else it is kept or given up.
    wording : str
        What is changed, with the amount in braces where there is one.
    """

    requirement: Requirement
    ease: Ease
    most: int = 1
    graded: bool = False
    wording: str = ""

    def drop(self, asked: Question) -> Question:
        """Return the question without the requirement."""
        return self.ease(asked, self.most)

    def word(self, by: int) -> Change:
        """Return the change that eases the requirement by an amount."""
        singular = self.wording.replace("periods", "period").replace("more units", "more unit")
        text = (singular if by == 1 else self.wording).replace("{}", str(by))
        return Change(self.requirement, by if self.graded else None, text)


def list_rules(asked: Question) -> list[Rule]:
    """Return every requirement of a question, in the document's order.

    Durations, what work takes, and stakes are facts and no requirements.
    """
    project = asked.project
    latest = find_latest(project)
    rules = [rule for option in project.options for rule in list_option(option)]
    rules.extend(rule for task in project.tasks for rule in list_task(task, latest))
    rules.extend(rule for place, lag in enumerate(project.lags) for rule in list_lag(place, lag, latest))
    rules.extend(rule for resource in project.resources for rule in list_resource(resource, project))
    rules.extend(list_calendars(project))
    rules.append(make_horizon(project, latest))
    rules.extend(rule for party in asked.parties for rule in list_party(party, asked))
    return rules


def find_latest(project: Project) -> int:
    """Return a period by which all work could be finished, one task after the other."""
    work = sum(max(mode.duration for mode in task.modes) for task in project.tasks)
    waits = sum(max(0, lag.least) for lag in project.lags)
    rests = sum(last - first for calendar in project.calendars for first, last in calendar.closed)
    begins = [task.earliest for task in project.tasks]
    begins.extend(period for resource in project.resources for period, _ in resource.capacity)
    return min(max(project.horizon, max(begins, default=0) + work + waits + rests), LONGEST_HORIZON // 2)


def list_option(option: Option) -> Iterator[Rule]:
    """Yield what an option asks."""
    name = option.id

    def make(kind: str, other: str, text: str, wording: str) -> Rule:
        subjects = (name, other) if other else (name,)
        asked = Requirement(":".join((kind, *subjects)), kind, subjects, text)
        return Rule(asked, ease_option(name, kind, other), wording=wording)

    if option.required:
        yield make("required", "", f"{name} is required", f"leave {name} out")
    if option.forbidden:
        yield make("forbidden", "", f"{name} is ruled out", f"allow {name}")
    for party in option.withheld:
        text = f"{party} withholds its consent to {name}"
        yield make("consent", party, text, f"{party} consents to {name}")
    for other in option.needs:
        text = f"{name} needs {other}"
        yield make("needs", other, text, f"do {name} without {other}")
    for other in option.excludes:
        text = f"{name} and {other} exclude each other"
        yield make("excludes", other, text, f"allow {name} beside {other}")


def ease_option(name: str, kind: str, other: str) -> Ease:
    """Return how an option asks less: a mark taken off, or one name off a list."""

    def strike(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(given for given in names if given != other)

    changes: dict[str, Callable[[Option], Option]] = {
        "required": lambda option: replace(option, required=False),
        "forbidden": lambda option: replace(option, forbidden=False),
        "consent": lambda option: replace(option, withheld=strike(option.withheld)),
        "needs": lambda option: replace(option, needs=strike(option.needs)),
        "excludes": lambda option: replace(option, excludes=strike(option.excludes)),
    }

    def ease(asked: Question, _: int) -> Question:
        given = asked.project.options
        options = tuple(changes[kind](option) if option.id == name else option for option in given)
        return change_project(asked, replace(asked.project, options=options))

    return ease


def list_task(task: Task, latest: int) -> Iterator[Rule]:
    """Yield what a task asks: to be done, and its window."""
    name = task.id
    if task.initiative is None:
        asked = Requirement(f"task:{name}", "task", (name,), f"{name} is done whatever is chosen")
        yield Rule(asked, lambda question, _: drop_task(question, name), wording=f"leave {name} out")
    if task.earliest:
        text = f"{name} starts in period {task.earliest} at the earliest"
        asked = Requirement(f"earliest:{name}", "earliest", (name,), text, amount=task.earliest)
        yield Rule(
            asked, ease_task(name, "earliest", -1), task.earliest, True, f"let {name} start {{}} periods earlier"
        )
    if task.latest is not None and task.latest < latest:
        text = f"{name} is finished by period {task.latest}"
        asked = Requirement(f"latest:{name}", "latest", (name,), text, amount=task.latest)
        most = latest - task.latest
        yield Rule(asked, ease_task(name, "latest", 1), most, True, f"let {name} finish {{}} periods later")


def ease_task(name: str, field: str, sign: int) -> Ease:
    """Return how one end of a task's window moves."""

    def ease(asked: Question, by: int) -> Question:
        tasks = tuple(
            replace(task, **{field: getattr(task, field) + sign * by}) if task.id == name else task
            for task in asked.project.tasks
        )
        return change_project(asked, replace(asked.project, tasks=tasks))

    return ease


def drop_task(asked: Question, name: str) -> Question:
    """Return a question without a task; the lags that name it stay in their places, on nothing."""
    project = asked.project
    rest = (Mode(0),)
    tasks = tuple(
        replace(task, earliest=0, latest=None, modes=rest) if task.id == name else task for task in project.tasks
    )
    lags = tuple(loosen_lag(lag) if name in (lag.before, lag.after) else lag for lag in project.lags)
    return change_project(asked, replace(project, tasks=tasks, lags=lags))


def loosen_lag(lag: Lag) -> Lag:
    """Return a lag that binds nothing."""
    return replace(lag, least=-LONGEST_HORIZON, most=None)


def list_lag(place: int, lag: Lag, latest: int) -> Iterator[Rule]:
    """Yield what a lag asks: the least and the most that lies between two tasks."""
    first, second = lag.kind.split("-")
    between = f"the {second} of {lag.after} and the {first} of {lag.before}"
    subjects = (lag.before, lag.after)
    text = f"{lag.least} periods at least lie between {between}" if lag.least else f"{lag.after} waits for {lag.before}"
    asked = Requirement(f"lag:{place}:least", "lag", subjects, text, amount=lag.least)
    wording = f"let {{}} periods less lie between {between}"
    yield Rule(asked, ease_lag(place, "least", -1), max(1, lag.least + latest), True, wording)
    if lag.most is not None and lag.most < latest:
        text = f"{lag.most} periods at most lie between {between}"
        asked = Requirement(f"lag:{place}:most", "lag", subjects, text, amount=lag.most)
        wording = f"let {{}} periods more lie between {between}"
        yield Rule(asked, ease_lag(place, "most", 1), latest - lag.most, True, wording)


def ease_lag(place: int, field: str, sign: int) -> Ease:
    """Return how one end of a lag moves."""

    def ease(asked: Question, by: int) -> Question:
        lags = list(asked.project.lags)
        given = getattr(lags[place], field)
        if given is not None:
            lags[place] = replace(lags[place], **{field: max(-LONGEST_HORIZON, given + sign * by)})
        return change_project(asked, replace(asked.project, lags=tuple(lags)))

    return ease


def list_resource(resource: Resource, project: Project) -> Iterator[Rule]:
    """Yield what each amount of a resource asks: that no more is there."""
    kind = "demands" if resource.renewable else "uses"
    most = sum(max(getattr(mode, kind).get(resource.id, 0) for mode in task.modes) for task in project.tasks)
    if not most:
        return
    steps = resource.capacity
    if not steps or steps[0][0] > 0:
        steps = ((0, 0), *steps)
    name, owner = resource.id, f" of {resource.party}" if resource.party else ""
    for period, units in steps:
        if period > project.horizon:
            continue
        what = "has" if resource.renewable else "receives"
        text = f"{name}{owner} {what} {units} units from period {period}"
        if not resource.renewable:
            text = f"{name}{owner} receives {units} units in period {period}"
        label = "capacity" if resource.renewable else "arrival"
        subjects = (name, *([resource.party] if resource.party else []))
        asked = Requirement(f"{label}:{name}:{period}", label, subjects, text, period, units)
        moment = "from" if resource.renewable else "in"
        wording = f"{{}} more units of {name}{owner} {moment} period {period}"
        yield Rule(asked, ease_resource(name, period), most, True, wording)


def ease_resource(name: str, period: int) -> Ease:
    """Return how one amount of a resource grows."""

    def ease(asked: Question, by: int) -> Question:
        resources = tuple(
            raise_amount(resource, period, by) if resource.id == name else resource
            for resource in asked.project.resources
        )
        return change_project(asked, replace(asked.project, resources=resources))

    return ease


def raise_amount(resource: Resource, period: int, by: int) -> Resource:
    """Return a resource with more of it from one period."""
    steps = dict(resource.capacity)
    steps[period] = steps.get(period, 0) + by
    return replace(resource, capacity=tuple(sorted(steps.items())))


def list_calendars(project: Project) -> Iterator[Rule]:
    """Yield what each calendar asks: that work rests."""
    used = {task.calendar for task in project.tasks}
    for calendar in project.calendars:
        if calendar.id in used and calendar.closed:
            name = calendar.id
            asked = Requirement(f"calendar:{name}", "calendar", (name,), f"work rests when {name} is closed")
            yield Rule(asked, open_calendar(name), wording=f"work through the closed periods of {name}")


def open_calendar(name: str) -> Ease:
    """Return how a calendar opens."""

    def ease(asked: Question, _: int) -> Question:
        given = asked.project.calendars
        calendars = tuple(replace(calendar, closed=()) if calendar.id == name else calendar for calendar in given)
        return change_project(asked, replace(asked.project, calendars=calendars))

    return ease


def make_horizon(project: Project, latest: int) -> Rule:
    """Return what the horizon asks. Recurring stakes count to where they did, however long the plan may take."""
    text = f"everything is finished by period {project.horizon}"
    asked = Requirement("horizon", "horizon", (), text, amount=project.horizon)

    def ease(question: Question, by: int) -> Question:
        return change_project(question, replace(question.project, horizon=question.project.horizon + by))

    return Rule(asked, ease, latest - project.horizon, True, "let the plan last {} periods longer")


def list_party(party: str, asked: Question) -> Iterator[Rule]:
    """Yield what a party asks: not to be worse off by the low end of its stakes."""
    floor = asked.find_floor(party)
    losses = sum(max(0, -stake.low) * (asked.span if stake.recurring else 1) for stake in asked.list_stakes(party))
    if floor + losses <= 0:
        return
    text = f"{party} is no worse off than without the plan: at least {floor} by the low end of its stakes"
    needed = Requirement(f"no-loss:{party}", "no-loss", (party,), text, amount=floor)

    def ease(question: Question, by: int) -> Question:
        floors = {**(question.terms.disagreement or {}), party: question.find_floor(party) - by}
        return replace(question, terms=replace(question.terms, disagreement=floors))

    yield Rule(needed, ease, floor + losses, True, f"a side payment of {{}} to {party}")
