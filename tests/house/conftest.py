"""What the checks of the house look at: every module of the package, every page of the documentation."""

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "src" / "comity"
GUIDES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs" / "guide").glob("*.md"))]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each `module` of the package, each `documented` one that gives examples, or each `guide`."""
    if "module" in metafunc.fixturenames:
        modules = sorted(PACKAGE.rglob("*.py"))
        metafunc.parametrize("module", modules, ids=[str(path.relative_to(PACKAGE)) for path in modules])
    if "documented" in metafunc.fixturenames:
        modules = [path for path in sorted(PACKAGE.rglob("*.py")) if ">>>" in path.read_text("utf-8")]
        metafunc.parametrize("documented", modules, ids=[str(path.relative_to(PACKAGE)) for path in modules])
    if "guide" in metafunc.fixturenames:
        metafunc.parametrize("guide", GUIDES, ids=[path.name for path in GUIDES])


@pytest.fixture(scope="session")
def package() -> Path:
    """Give the folder of the package's source."""
    return PACKAGE
