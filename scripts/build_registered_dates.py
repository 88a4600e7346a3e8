"""Write docs/methods/registered-dates.md from the two lists of bench/.

Run: python scripts/build_registered_dates.py [--check]
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "methods" / "registered-dates.md"
HEAD = """# Registered dates

Days on which the public record says that relations of two states thawed or ruptured, each with its source. They were
written down before a detector had looked at the data of their set: the first list before any search for
[breaks](breaks.md), the later one before any detector of [alerts](alerts.md) had seen the Gulf or the Balkans. `breaks`
and `alerts` are measured against them. The texts are from knowledge of the public record; names of organisations and
states are those of the time.
"""
LISTS = (("First list", "registered_breaks.csv"), ("Later list", "registered_breaks_later.csv"))


def write_page() -> str:
    """Return the page."""
    parts = [HEAD]
    for title, name in LISTS:
        with (ROOT / "bench" / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        lines = [f"\n## {title}\n", "| set | pair | date | direction | what | source |", "|---|---|---|---|---|---|"]
        for row in rows:
            pair = f"{row['first']} / {row['second']}"
            said = (row["set"], pair, row["date"], row["direction"], row["what"], row["source"])
            lines.append(f"| {' | '.join(said)} |")
        parts.append("\n".join(lines) + "\n")
    return "".join(parts)


def main() -> None:
    """Write the page, or say whether it is up to date."""
    text = write_page()
    if "--check" in sys.argv[1:]:
        sys.exit(0 if PAGE.read_text("utf-8") == text else f"{PAGE.name} is not what the lists say: run this script")
    PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
