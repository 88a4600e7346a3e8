"""The page of registered dates says what the lists of bench/ say."""

import subprocess
import sys
from pathlib import Path


def test_the_page_of_registered_dates_is_what_the_lists_say(repository: Path):
    asked = [sys.executable, str(repository / "scripts" / "build_registered_dates.py"), "--check"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
