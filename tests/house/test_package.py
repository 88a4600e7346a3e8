"""What is built holds every file of the package: code, published parameters, embedded tables, templates."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def built(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Build the wheel and the source archive, and give the names that each holds."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(build, cwd=repository, capture_output=True, text=True, check=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        in_wheel = set(wheel.namelist())
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        in_archive = {name.partition("/src/")[2] for name in archive.getnames() if "/src/" in name}
    return {"wheel": in_wheel, "source archive": in_archive}


@pytest.mark.parametrize("kind", ["wheel", "source archive"])
def test_what_is_built_holds_every_file_of_the_package(kind: str, built: dict[str, set[str]], package: Path):
    files = {str(path.relative_to(package.parent)) for path in package.rglob("*") if path.is_file()}
    files = {name for name in files if "__pycache__" not in name}
    assert files - built[kind] == set()


def test_the_wheel_carries_licence_notice_and_types(built: dict[str, set[str]]):
    names = built["wheel"]
    assert "comity/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/NOTICE") for name in names)


def test_the_embedded_tables_are_compact(package: Path):
    tables = [path for path in package.rglob("*") if path.suffix in {".parquet", ".csv", ".json"}]
    assert sum(path.stat().st_size for path in tables) <= 12_000_000


def test_no_shipped_file_names_a_folder_of_the_machine_that_made_it(package: Path):
    texts = [path for path in package.rglob("*") if path.suffix in {".json", ".csv", ".yml", ".py", ".jinja", ".typ"}]
    naming = [str(path.relative_to(package)) for path in texts if "file:///" in path.read_text("utf-8")]
    assert naming == []
