"""A room looks back, never forward; each heavy package stands behind one door (the contract is in `pyproject.toml`)."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

HEAVY = [
    "deltalake",
    "duckdb",
    "httpx",
    "jinja2",
    "numba",
    "numpy",
    "ortools",
    "pyarrow",
    "rich",
    "scipy",
    "sqlalchemy",
    "typst",
    "yaml",
    "icalendar",
    "ibis",
    "google",
]
OF_ROOMS = ["plan", "commitments", "team", "notify", "scale", "bigquery"]
IMPORTED_AS = {"pyyaml": "yaml", "ibis-framework": "ibis", "google-cloud-bigquery": "google"}


def test_the_import_contract_is_kept(repository: Path):
    run = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    done = subprocess.run([sys.executable, "-c", run], cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_a_module_imports_no_package_that_is_not_declared(module: Path, repository: Path):
    project = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["project"]
    declared = [
        *project["dependencies"],
        *(line for name in OF_ROOMS for line in project["optional-dependencies"][name]),
    ]
    named = {re.split(r"[\[>]", line)[0] for line in declared}
    known = {IMPORTED_AS.get(name, name) for name in named} | {"comity", "__future__"}
    tree = ast.parse(module.read_text("utf-8"))
    found = [a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names]
    found += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level]
    roots = {name.partition(".")[0] for name in found}
    assert roots - known - set(sys.stdlib_module_names) == set()


@pytest.mark.parametrize("statement", ["import comity", "import comity.cli.main", "import comity.lexicon"])
def test_importing_loads_nothing_heavy(statement: str):
    report = f"{statement}; import sys; print(*sorted(set(sys.modules) & set({HEAVY!r})))"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
