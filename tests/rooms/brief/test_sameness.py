"""The same document gives the same bytes, in any place, language, order of keys and process."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from comity.brief import render_html, render_json, render_md, render_pdf

SCRIPT = """
import hashlib, json, os, sys
os.umask(int(sys.argv[2], 8))
from comity.brief import render_html, render_json, render_md, render_pdf
document = json.loads(open(sys.argv[1], encoding="utf-8").read())
for render in (render_html, render_md, render_json):
    print(hashlib.sha256(render(document).encode("utf-8")).hexdigest())
print(hashlib.sha256(render_pdf(document)).hexdigest())
"""
PLACES = (
    {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0", "umask": "022"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "4242", "umask": "077"},
)


def hash_elsewhere(file: Path, place: dict[str, str], folder: Path) -> list[str]:
    """Give the hashes of every format, made by another process in another place."""
    variables = {key: value for key, value in place.items() if key != "umask"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(file), place["umask"]],
        cwd=folder,
        env=os.environ | variables | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_two_processes_in_two_places_write_the_same_bytes(document: dict[str, Any], tmp_path: Path):
    file = tmp_path / "document.json"
    file.write_text(render_json(document), encoding="utf-8")
    other = tmp_path / "other"
    other.mkdir()
    first = hash_elsewhere(file, PLACES[0], tmp_path)
    second = hash_elsewhere(file, PLACES[1], other)
    assert len(first) == 4 and first == second


@pytest.mark.parametrize("render", [render_html, render_md, render_json, render_pdf])
def test_the_order_of_keys_does_not_matter(document: dict[str, Any], render: Any):
    turned = json.loads(render_json(document))
    assert hash_text(render(turned)) == hash_text(render(document))


def hash_text(made: str | bytes) -> str:
    """Give the hash of a text or a file."""
    return hashlib.sha256(made.encode("utf-8") if isinstance(made, str) else made).hexdigest()


def test_json_gives_the_document_back(document: dict[str, Any]):
    assert json.loads(render_json(document)) == document
    assert list(json.loads(render_json(document))) == sorted(document)


@pytest.mark.parametrize("value", [{1, 2}, object(), b"bytes"])
def test_a_value_without_a_form_in_json_is_refused(value: object):
    from comity.brief.errors import DocumentError

    with pytest.raises(DocumentError, match="no form in JSON"):
        render_json({"value": value})
