"""Files that come with a room: its examples."""

from __future__ import annotations

from pathlib import Path

from comity.forms.choices import find_nearest
from comity.lexicon.errors import ComityError


def list_files(folder: Path, suffix: str = ".yml") -> list[str]:
    """Return the names of the examples in a folder, in alphabetical order."""
    return sorted(path.stem for path in folder.glob(f"*{suffix}"))


def read_text(folder: Path, name: str, refused: type[ComityError], suffix: str = ".yml") -> str:
    """Return the text of an example.

    Parameters
    ----------
    folder : Path
        Folder of the examples.
    name : str
        One of `list_files`.
    refused : type of ComityError
        What is raised where there is no such example.
    suffix : str, optional
        Of the files' names.
    """
    names = list_files(folder, suffix)
    if name not in names:
        near = find_nearest(name, names) or names
        raise refused(f"there is no example {name!r}", todo=f"choose one of {', '.join(near)}")
    return (folder / f"{name}{suffix}").read_text("utf-8")
