"""A reader can take in a function or a file at once. An exception is listed here with its reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # looks at text, which is the same on every Python

LINES_OF_A_FILE = 400
LINES_OF_A_BODY = 40
PARAMETERS = 6

# "file.py" or "file.py:function": the reason why it may be larger.
EXCEPTIONS: dict[str, str] = {}


def measure_functions(tree: ast.AST) -> Iterator[tuple[str, int, int]]:
    """Yield name, lines of the body without its docstring, and number of parameters of every function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            given = node.args
            names = [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
            yield node.name, lines, len(set(names) - {"self", "cls"})


def find_larger(module: Path, package: Path, what: int, most: int) -> dict[str, int]:
    """Give the functions of `module` whose measure number `what` is above `most`, without the listed exceptions."""
    name = str(module.relative_to(package))
    measured = measure_functions(ast.parse(module.read_text("utf-8")))
    larger = {f"{name}:{row[0]}": row[what] for row in measured if row[what] > most}
    return {where: size for where, size in larger.items() if where not in EXCEPTIONS}


def test_a_file_can_be_read_in_one_sitting(module: Path, package: Path):
    lines = len(module.read_text("utf-8").splitlines())
    assert lines <= LINES_OF_A_FILE or str(module.relative_to(package)) in EXCEPTIONS


def test_a_function_fits_on_a_screen(module: Path, package: Path):
    assert find_larger(module, package, 1, LINES_OF_A_BODY) == {}


def test_a_function_takes_few_parameters(module: Path, package: Path):
    is_command = module.is_relative_to(package / "cli")  # a command takes one parameter for each of its options
    assert is_command or find_larger(module, package, 2, PARAMETERS) == {}


def test_every_exception_gives_its_reason():
    assert all(len(reason) > 20 for reason in EXCEPTIONS.values())
