"""Keys and passwords: had from the environment or a file of one's own, and never printed."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from comity.delivery.errors import SecretRefused

LONGEST = 4096
REMEDY = "write env:NAME for a variable of the environment, or file:PATH for a file that only its owner reads"


class Secret:
    """A text that shows itself only when asked to.

    Examples
    --------
    >>> key = Secret("opensesame")
    >>> key, f"{key}", len(key.reveal())
    (Secret(***), '***', 10)
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        """Return a mask."""
        return "Secret(***)"

    def __str__(self) -> str:
        """Return a mask."""
        return "***"

    def __reduce__(self) -> NoReturn:
        """Refuse to be written down."""
        raise TypeError("a secret is not written down")

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text

    def redact(self, text: str) -> str:
        """Return a text in which the secret, should it stand there, is masked."""
        return text.replace(self._text, "***") if self._text else text


def read_secret(where: str, environment: Mapping[str, str] | None = None) -> Secret:
    """Read a key or password from where it is kept.

    Parameters
    ----------
    where : str
        `env:NAME` or `file:PATH`. A value itself is refused, and not printed.
    environment : mapping of str to str, optional
        The process's own where left out.

    Returns
    -------
    Secret

    Raises
    ------
    SecretRefused
        It is neither form, there is nothing there, or the file can be read or written by everybody.
    """
    kind, _, name = where.partition(":")
    if kind == "env" and name.isidentifier():
        text = (os.environ if environment is None else environment).get(name, "")
        return _check(text, f"the variable {name}")
    if kind == "file" and name:
        return _check(_read_file(Path(name).expanduser()), f"the file {name}")
    raise SecretRefused("a key or password is written out, or its place is none", why="others may read it", todo=REMEDY)


def _read_file(path: Path) -> str:
    """Return the text of a file that is not everybody's."""
    try:
        with path.open("rb") as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_mode & stat.S_IRWXO:
                raise SecretRefused(
                    "everybody can read the file of a secret, or it is no file",
                    where=str(path),
                    why="whoever reads it can send messages in your name",
                    todo=f"chmod 600 {path}",
                )
            return stream.read(LONGEST + 1).decode("utf-8")
    except UnicodeDecodeError as error:
        raise SecretRefused("the file of a secret is not UTF-8", where=str(path), todo="save it as text") from error
    except OSError as error:
        what = f"the file of a secret cannot be read: {error.strerror}"
        raise SecretRefused(what, where=str(path), todo="check the path and its rights") from error


def _check(text: str, where: str) -> Secret:
    """Return a secret that holds something usable."""
    text = text.rstrip("\r\n")
    if not text or len(text) > LONGEST or not text.isprintable():
        raise SecretRefused("there is no usable secret", where=where, todo="put one line of text there")
    return Secret(text)
