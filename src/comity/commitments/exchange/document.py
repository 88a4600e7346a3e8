"""JSON: the canonical form of what stands, in one document with a published schema."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from comity.commitments.errors import Problem
from comity.commitments.exchange.sheets import TABLES, list_kinds
from comity.commitments.exchange.syntax import NEAR, describe_break, describe_letters
from comity.commitments.exchange.values import read_record
from comity.commitments.records import Standing
from comity.commitments.register.chain import Head, parse_head
from comity.commitments.register.content import describe_record
from comity.commitments.register.door import Batch
from comity.commitments.register.rules import Fault

FORM = 1
"""Version of the form, in the field `comity_register`."""
LISTS = {table.removesuffix(".csv"): kind for kind, table in TABLES.items()}
"""Name of each list of the document to the kind that it holds."""
ABOUT = ("comity_register", "valid", "known", "head")


def write_document(standing: Standing, head: Head | None = None) -> bytes:
    """Return a document of what stands: fields that have their default are left out, one record on each line.

    Parameters
    ----------
    standing : Standing
        What to write.
    head : Head, optional
        The last entry that it rests on; who edits the document and imports it has seen the register up to there.

    Returns
    -------
    bytes
        UTF-8; the same standing gives the same bytes.
    """
    lines = [f'{{"comity_register":{FORM},"valid":"{standing.valid}","known":"{standing.known.isoformat()}"']
    if head is not None:
        lines[0] += f',"head":"{head}"'
    names = {kind: name for name, kind in LISTS.items()}
    for kind, records in list_kinds(standing).items():
        described = [{k: v for k, v in describe_record(record).items() if k != "kind"} for record in records]
        texts = [json.dumps(each, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for each in described]
        lines.append(f',"{names[kind]}":[' + ("\n" + ",\n".join(texts) + "\n" if texts else "") + "]")
    return ("\n".join(lines) + "\n}\n").encode()


def read_document(data: bytes, name: str, batch: Batch) -> Head | None:
    """Read a document into a batch, and return the head that it names.

    A record's row is its number in its list, counted from 1, and the field of a problem begins with its kind.
    """
    found = _parse(data, name, batch)
    if found is None:
        return None
    for field in found:
        if field not in LISTS and field not in ABOUT:
            _note(
                batch, name, 1, field, Fault(field, "there is no such field", todo=f"the lists are {', '.join(LISTS)}")
            )
    for listed, kind in LISTS.items():
        records = found.get(listed, [])
        if not isinstance(records, list):
            _note(batch, name, 1, kind, Fault("", f"{listed} is no list", todo="write [ ... ]"))
            continue
        for row, given in enumerate(records, 1):
            _take(batch, name, row, kind, given)
    head = found.get("head")
    return parse_head(head) if isinstance(head, str) else None


def read_schema() -> str:
    """Return the JSON Schema of a document."""
    return Path(__file__).with_name("schema.json").read_text("utf-8")


def _take(batch: Batch, name: str, row: int, kind: str, given: Any) -> None:
    """Take one record of a list."""
    faults: list[Fault] = []
    record = None
    if isinstance(given, dict):
        record = read_record(kind, given, faults)
    else:
        faults.append(Fault("", "this is no record", todo="write { ... }"))
    for fault in faults:
        _note(batch, name, row, kind, fault)
    if record is not None and batch.places is not None:
        batch.records.append(record)
        batch.places.append((name, row))


def _parse(data: bytes, name: str, batch: Batch) -> dict[str, Any] | None:
    """Return the document, or note why there is none."""
    try:
        text = data.decode("utf-8-sig")
        found = json.loads(text, parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_pair)
    except UnicodeDecodeError as error:
        batch.problems.append(describe_letters("JSON", data, error, name))
        return None
    except json.JSONDecodeError as error:
        line = error.doc[error.pos - error.colno + 1 :][: error.colno + NEAR].partition("\n")[0]
        batch.problems.append(describe_break("JSON", error.msg, (error.lineno, error.colno), line, name))
        return None
    except (ValueError, RecursionError) as error:
        what = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
        batch.problems.append(Problem(1, "file", f"this JSON cannot be taken: {what}", todo="correct it", file=name))
        return None
    if not isinstance(found, dict) or found.get("comity_register") != FORM:
        what = "this is no document of a register"
        batch.problems.append(
            Problem(1, "comity_register", what, todo=f'begin with {{"comity_register": {FORM}', file=name)
        )
        return None
    return found


def _pair(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; a field that is given twice is refused, since readers would differ."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the field {twice[:60]!r} is given twice in one record")
    return found


def _refuse(constant: str) -> Any:
    """Refuse NaN and Infinity, which JSON has not."""
    raise ValueError(f"{constant} is no value of JSON")


def _note(batch: Batch, name: str, row: int, kind: str, fault: Fault) -> None:
    """Note what is wrong with a record, and stop at too much."""
    field = f"{kind}.{fault.field}" if fault.field else kind
    batch.problems.append(Problem(row, field, fault.what, fault.why, fault.todo, name))
    batch.stop_at_most()
