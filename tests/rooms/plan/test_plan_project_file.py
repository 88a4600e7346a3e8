"""A project file as another program reads it: MPXJ, the reader behind many of them, as the oracle."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.specimens.plans import SMALL

from comity.api.plans import make_plan, store_plan

jpype = pytest.importorskip("jpype", reason="the extra `peers` is not installed (MPXJ needs JPype and Java)")
pytest.importorskip("mpxj", reason="the extra `peers` is not installed")
pytest.importorskip("ortools", reason="the extra `plan` is not installed")

LAGS = "lags: [{after: ferry.run, kind: start-start, least: 1}, {after: ferry.agree, kind: finish-finish, least: 4}]"
KINDS = {"FS": "finish-start", "SS": "start-start", "FF": "finish-finish", "SF": "start-finish"}


@pytest.fixture(scope="module")
def read() -> Callable[[Path], Any]:
    if not jpype.isJVMStarted():
        try:
            jpype.startJVM("-Xmx256m", "-XX:TieredStopAtLevel=1")
        except jpype.JVMNotFoundException:
            pytest.skip("there is no Java on this machine")
    return lambda path: jpype.JClass("org.mpxj.reader.UniversalProjectReader")().read(str(path))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("project") / "small.yml"
    path.write_text(SMALL.replace("after: [ferry.run]", LAGS), encoding="utf-8")
    return make_plan(path, seconds=5, shares=False)


def read_day(moment: Any) -> date:
    return date.fromisoformat(str(moment)[:10])


def test_another_reader_sees_every_task_date_link_and_resource(
    made: dict[str, Any], read: Callable[[Path], Any], tmp_path: Path
):
    project = read(store_plan(made, tmp_path / "plan.xml"))
    seen = {str(task.getOutlineNumber()): task for task in project.getTasks()}
    summaries = [task for task in seen.values() if task.getSummary()]
    assert [str(task.getName()) for task in summaries] == [one["title"] for one in made["initiatives"] if one["chosen"]]
    leaves = [task for task in seen.values() if not task.getSummary()]
    assert len(leaves) == len(made["tasks"])
    for told, task in zip(made["tasks"], leaves, strict=True):
        days = (date.fromisoformat(told["start"]), date.fromisoformat(told["finish"]))
        assert (read_day(task.getStart()), read_day(task.getFinish())) == days
        assert (read_day(task.getBaselineStart()), read_day(task.getBaselineFinish())) == days
        assert task.getDuration().getDuration() == (days[1] - days[0]).days + 1
        assert bool(task.getMilestone()) == (told["kind"] == "consent")
        assert str(task.getConstraintType()) == "MUST_START_ON"
    numbers = {told["id"]: task for told, task in zip(made["tasks"], leaves, strict=True)}
    links = {
        (int(row.getPredecessorTask().getUniqueID()), int(task.getUniqueID()), KINDS[str(row.getType())],
         float(row.getLag().getDuration()))
        for task in leaves for row in task.getPredecessors()
    }  # fmt: skip
    assert links == {
        (int(numbers[link["task"]].getUniqueID()), int(numbers[told["id"]].getUniqueID()), link["kind"], link["days"])
        for told in made["tasks"]
        for link in told["links"]
    }
    assert {"start-start", "finish-finish"} <= {kind for _, _, kind, _ in links}


def test_another_reader_sees_who_works_how_much(made: dict[str, Any], read: Callable[[Path], Any], tmp_path: Path):
    project = read(store_plan(made, tmp_path / "plan.xml"))
    kinds = {str(one.getName()): str(one.getType()) for one in project.getResources()}
    assert kinds == {one["id"]: "WORK" if one["renewable"] else "MATERIAL" for one in made["resources"]}
    rows = {
        (str(row.getTask().getName()), str(row.getResource().getName())): row
        for row in project.getResourceAssignments()
    }
    told = {(task["title"], name): (task, units) for task in made["tasks"] for name, units in task["uses"].items()}
    assert rows and set(rows) == set(told)
    for key, (task, units) in told.items():
        assert float(rows[key].getUnits()) == 100 * units
        assert read_day(rows[key].getStart()) == date.fromisoformat(task["start"])
        if kinds[key[1]] == "WORK":
            days = (date.fromisoformat(task["finish"]) - date.fromisoformat(task["start"])).days + 1
            assert float(rows[key].getWork().getDuration()) == 8 * days * units
