"""Constructs that open a door to foreign code, hide errors, or hide what a module is for, stay out of the package."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # looks at text, which is the same on every Python

FOREIGN_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
BUILTINS = {"eval", "exec", "compile", "__import__", "breakpoint", "print"}
CALLS = {"os.system", "os.popen", "tempfile.mktemp", "ssl._create_unverified_context"}
METHODS = {"extractall"}
SAFE_LOADERS = {"yaml.SafeLoader", "yaml.CSafeLoader", "SafeLoader", "CSafeLoader"}
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "manager", "impl", "misc"}


def find_forbidden(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and construct for every forbidden construct of `tree`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, f"import {a.name}") for a in node.names if root_of(a.name) in FOREIGN_MODULES)
        elif isinstance(node, ast.ImportFrom) and root_of(node.module or "") in FOREIGN_MODULES:
            yield node.lineno, f"from {node.module} import"
        elif isinstance(node, ast.Call):
            yield from ((node.lineno, construct) for construct in forbidden_in_call(node))


def root_of(module: str) -> str:
    return module.partition(".")[0]


def forbidden_in_call(call: ast.Call) -> Iterator[str]:
    name = ast.unparse(call.func)
    if isinstance(call.func, ast.Name) and name in BUILTINS:
        yield f"{name}()"
    if name in CALLS or (isinstance(call.func, ast.Attribute) and call.func.attr in METHODS):
        yield f"{name}()"
    words = {word.arg: ast.unparse(word.value) for word in call.keywords}
    if name in {"yaml.load", "yaml.load_all"} and words.get("Loader") not in SAFE_LOADERS:
        yield f"{name}() without the safe loader"
    if words.get("shell") == "True":
        yield "shell=True"
    if words.get("verify") == "False":
        yield "verify=False"
    if name.endswith("Environment") and name.startswith("jinja2") and words.get("autoescape") in (None, "False"):
        yield "a template environment that does not escape"


def test_a_module_holds_no_forbidden_construct(module: Path):
    found = list(find_forbidden(ast.parse(module.read_text("utf-8"))))
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "import pickle",
        "from marshal import loads",
        "eval('1')",
        "exec(text)",
        "yaml.load(text)",
        "yaml.load(text, Loader=yaml.Loader)",
        "subprocess.run(words, shell=True)",
        "archive.extractall(folder)",
        "httpx.get(url, verify=False)",
        "jinja2.Environment(loader=loader)",
    ],
)
def test_the_check_sees_a_forbidden_construct(text: str):
    assert list(find_forbidden(ast.parse(text)))


@pytest.mark.parametrize(
    "text", ["re.compile('a')", "yaml.safe_load(text)", "yaml.load(text, Loader=yaml.CSafeLoader)", "model.eval()"]
)
def test_the_check_leaves_ordinary_code_alone(text: str):
    assert list(find_forbidden(ast.parse(text))) == []


def test_the_one_broad_catch_is_in_the_command_line(package: Path):
    broad = [
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler) and is_broad(node)
    ]
    assert [name for name in broad if not name.startswith("cli/")] == []
    assert len(broad) <= 1


def is_broad(handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler catches everything and does not raise again what it caught."""
    caught = "" if handler.type is None else ast.unparse(handler.type)
    raises_again = any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))
    return caught in ("", "Exception", "BaseException") and not raises_again


def test_a_module_is_named_for_what_it_holds(module: Path, package: Path):
    words = set(module.relative_to(package).with_suffix("").parts)
    assert not words & VAGUE_NAMES
