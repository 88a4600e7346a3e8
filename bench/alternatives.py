"""Print how far the measures of relations agree on the embedded sample.

Run: python bench/alternatives.py [--store DIR] [--by day] [--least 50]
"""

from __future__ import annotations

import argparse
import time

from comity.api.view import View
from comity.relations.agreement import compare_alternatives
from comity.relations.alternatives import ALTERNATIVES


def main() -> None:
    """Print one table over pairs and one over time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store")
    parser.add_argument("--by", default="day")
    parser.add_argument("--least", type=int, default=50, help="fewest events of a pair")
    said = parser.parse_args()
    with View(store=said.store).open() as (con, snapshot, scale):
        pairs = con.execute(
            "select sender, receiver from events group by all having sum(weight) >= ? order by all", [said.least]
        ).fetchall()
        began = time.perf_counter()
        rows = compare_alternatives(con, pairs, said.by, scale)
    print(
        f"store {snapshot.id}, scale {scale.id}: {len(pairs):,} directed pairs with {said.least} events or more, "
        f"by {said.by}; {time.perf_counter() - began:.1f} s"
    )
    names = ("index", *ALTERNATIVES)
    for over in ("pairs", "time"):
        print(f"over {over}: rank correlation (90 % interval)")
        print("| |" + "|".join(names[1:]) + "|")
        for a in names[:-1]:
            cells = []
            for b in names[1:]:
                row = next((r for r in rows if (r["a"], r["b"], r["over"]) == (a, b, over)), None)
                value = (
                    ""
                    if row is None
                    else "too few"
                    if row["correlation"] is None
                    else (f"{row['correlation']:.2f} ({row['low']:.2f} to {row['high']:.2f})")
                )
                cells.append(value)
            print(f"| {a} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
