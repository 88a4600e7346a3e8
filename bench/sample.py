"""Print the figures of the embedded sample that the pages state.

Run: python bench/sample.py
"""

from __future__ import annotations

from comity.api import count_events, describe_store
from comity.api.view import View
from comity.events.view import LEVELS


def main() -> None:
    """Print them."""
    store = describe_store()
    rows, slots = store["rows"], store["slots"]["gdelt2"]
    print(f"rows read {rows['read']:,}; kept {rows['kept']:,}; set aside {sum(rows['set_aside'].values()):,}")
    print(f"  dropped {sum(rows['dropped'].values()):,}: {rows['dropped']}")
    print(f"  set aside: {rows['set_aside']}")
    known = rows["kept"] + sum(rows["set_aside"].values())
    print(f"  set aside, of {known:,} rows between two actors: {sum(rows['set_aside'].values()) / known:.2%}")
    print(f"slots: {slots}")
    for level in LEVELS:
        print(f"level {level}: {count_events(view=View(level=level))['events']:,}")


if __name__ == "__main__":
    main()
