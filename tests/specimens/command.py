"""The command line as a user starts it: a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

COMMAND = (sys.executable, "-m", "comity")


def run_comity(*words: str | Path, code: int | None = 0, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command, with more variables in its environment; assert its exit code unless `code` is None."""
    done = subprocess.run(
        [*COMMAND, *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **variables},
    )
    assert code is None or done.returncode == code, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def read_json(*words: str | Path, code: int = 0, **variables: str) -> Any:
    """Run a command with `--json`; assert that it prints JSON and nothing else."""
    done = run_comity(*words, "--json", code=code, **variables)
    return json.loads(done.stdout, parse_constant=refuse_constant)


def refuse_constant(name: str) -> None:
    """JSON has no NaN and no Infinity."""
    raise AssertionError(f"{name} is not JSON")
