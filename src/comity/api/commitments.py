"""The register of commitments: recording, importing and exporting, how it stood, and whether its chain holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.api.register_place import choose_register, need_packages, open_named, require_agreement
from comity.api.view import read_date, read_time
from comity.commitments.errors import RegisterError
from comity.lexicon import identify_actor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.commitments.records import Record, Standing
    from comity.commitments.register import Receipt, Selection


def record_commitments(
    records: Iterable[Record], register: str | Path | None = None, *, seen: int | None = None
) -> dict[str, Any]:
    """Record agreements, articles, commitments, evidence and assessments: all of them, or none.

    Parameters
    ----------
    records : iterable of Record
        Of `comity.commitments.records`. One under an id that is known is a correction, or a withdrawal.
    register : path-like or str, optional
        See `choose_register`; made where there is none.
    seen : int, optional
        Number of the last entry that the author of a correction had seen.

    Returns
    -------
    dict
        `head`, `recorded_at` (None where nothing was new), `added`, `changed`, `withdrawn`, `unchanged`, `early` (what
        holds before that on which it rests, and is left out of every view until then).

    Raises
    ------
    comity.commitments.errors.RecordsRefused
        Records break a rule; every problem is listed.
    comity.commitments.errors.Conflict
        A correction rests on an entry that is no longer the last one of its id.
    """
    with open_named(register, create=True) as opened:
        from comity.commitments.register import record_entries

        return _tell(record_entries(opened, records, seen=seen))


def load_commitments(
    path: str | Path, register: str | Path | None = None, *, seen: int | None = None
) -> dict[str, Any]:
    """Import a file: CSV (one table, a zip archive or a folder of them), JSON or IATI 2.03; all of it, or nothing.

    Parameters
    ----------
    path : path-like
        The file or folder.
    register : path-like or str, optional
        See `choose_register`; made where there is none.
    seen : int, optional
        Number of the last entry that the author of the file had seen; a document of JSON that was exported from this
        register knows it by itself.

    Returns
    -------
    dict
        As `record_commitments`, and `notes`: what could not be taken.

    Raises
    ------
    comity.commitments.errors.RecordsRefused
        Records break a rule; every problem is listed with its row and field.
    comity.commitments.errors.Conflict
        A correction rests on an entry that is no longer the last one of its id.
    """
    need_packages()
    from comity.commitments.exchange import read_path
    from comity.commitments.register import is_entry, record_batch

    received = read_path(Path(path))
    with open_named(register, create=True) as opened:
        known = received.seen.seq if received.seen is not None and is_entry(opened, received.seen) else None
        receipt = record_batch(opened, received.batch, seen=known if seen is None else seen)
        notes = received.notes if received.records else [*received.notes, "the file holds no record"]
        return {**_tell(receipt), "notes": notes}


def read_commitments(
    register: str | Path | None = None,
    *,
    valid: date | str | None = None,
    known: datetime | str | None = None,
    agreement: str | None = None,
    party: str | None = None,
    partner: str | None = None,
) -> Standing:
    """Read how a register stood on a day, by what was known at a moment.

    Parameters
    ----------
    register : path-like or str, optional
        See `choose_register`.
    valid : date or str, optional
        The day in the world; today where left out.
    known : datetime or str, optional
        The moment of knowledge, a day means its end [UTC]; everything recorded where left out.
    agreement : str, optional
        Only this agreement.
    party, partner : str, optional
        Any code or unambiguous name: what the first owes; with both, what the two owe each other.

    Returns
    -------
    comity.commitments.records.Standing
        Agreements, articles, commitments, evidence, assessments.
    """
    with open_named(register) as opened:
        from comity.commitments.register import read_standing

        require_agreement(opened, agreement)
        return read_standing(
            opened, valid=read_date(valid), known=read_time(known), only=select_records(agreement, party, partner)
        )


def list_agreements(
    register: str | Path | None = None, *, valid: date | str | None = None, known: datetime | str | None = None
) -> list[dict[str, Any]]:
    """List the agreements that stand, or stood, with the number of their commitments.

    Parameters
    ----------
    register, valid, known
        As in `read_commitments`.

    Returns
    -------
    list of dict
        `id`, `parties` (ids with spaces between), `signed`, `in_force`, `commitments` [count], `title`.
    """
    with open_named(register) as opened:
        from comity.commitments.register import Selection, count_commitments, read_standing

        day, moment = read_date(valid), read_time(known)
        standing = read_standing(opened, valid=day, known=moment, only=Selection(kinds=("agreement",)))
        counts = count_commitments(opened, valid=standing.valid, known=standing.known, by="agreement")
    owed = {count.name: count.total for count in counts}
    return [
        {"id": each.id, "parties": " ".join(each.parties), "signed": each.signed and str(each.signed),
         "in_force": each.in_force and str(each.in_force), "commitments": owed.get(each.id, 0), "title": each.title}
        for each in standing.agreements
    ]  # fmt: skip


def write_commitments(
    form: str = "json",
    register: str | Path | None = None,
    *,
    valid: date | str | None = None,
    known: datetime | str | None = None,
    agreement: str | None = None,
    party: str | None = None,
) -> bytes:
    """Return the bytes of a file of what stood: `json`, `csv` (a zip archive of tables) or `iati` (2.03 XML).

    Parameters
    ----------
    form : {"json", "csv", "iati"}
        All three come back without loss.
    register, valid, known, agreement, party
        As in `read_commitments`.

    Returns
    -------
    bytes
        The same standing gives the same bytes.
    """
    with open_named(register) as opened:
        from comity.commitments.exchange import write_standing
        from comity.commitments.register import read_head, read_standing

        require_agreement(opened, agreement)
        head = read_head(opened)
        only = select_records(agreement, party, None)
        standing = read_standing(opened, valid=read_date(valid), known=read_time(known), only=only)
        return write_standing(standing, form, head)


def list_history(kind: str, id: str, register: str | Path | None = None) -> list[dict[str, Any]]:
    """List every entry under an id, in the order of recording.

    Returns
    -------
    list of dict
        `seq`, `hash`, `recorded_at`, and the fields of the record that have not their default.
    """
    with open_named(register) as opened:
        from comity.commitments.register import read_history
        from comity.commitments.register.content import describe_record

        return [
            {"seq": seq, "hash": hash, "recorded_at": record.recorded_at, **describe_record(record)}
            for seq, hash, record in read_history(opened, kind, id)
        ]


def verify_commitments(register: str | Path | None = None, *, kept: str | None = None) -> dict[str, Any]:
    """Check that no entry of a register was changed, removed, reordered or put in between.

    Parameters
    ----------
    register : path-like or str, optional
        See `choose_register`.
    kept : str, optional
        A head `number:hash` that was kept elsewhere; only with it a cut end, or a chain written anew, can be seen.

    Returns
    -------
    dict
        `holds`, `entries`, `head` (to keep), `broken_at` (number of the first entry at which the chain breaks), `what`.
    """
    with open_named(register) as opened:
        from comity.commitments.register import parse_head, verify_register

        head = None if kept is None else parse_head(kept)
        if kept is not None and head is None:
            todo = "give it as `verify` printed it: the number, a colon, 64 hexadecimal digits"
            raise RegisterError(f"{kept[:80]!r} is no head of a register", todo=todo)
        verdict = verify_register(opened, head)
        return {**verdict._asdict(), "head": str(verdict.head)}


def upgrade_register(register: str | Path | None = None) -> dict[str, Any]:
    """Bring the tables of a register to the newest revision; every entry stays as it is.

    Returns
    -------
    dict
        `before` and `after`: revisions.
    """
    need_packages()
    from comity.commitments.register.migration import upgrade_tables
    from comity.commitments.register.place import connect_register, require_tables

    with connect_register(choose_register(register)) as connected:
        require_tables(connected)
        before, after = upgrade_tables(connected)
        return {"before": before, "after": after}


def amend_record(
    kind: str, id: str, given: Mapping[str, Any], register: str | Path | None = None, *, seen: int | None = None
) -> dict[str, Any]:
    """Record one record from texts: a new one, or, under a known id, the last one with the given fields changed.

    Parameters
    ----------
    kind : {"agreement", "article", "commitment", "evidence", "assessment"}
        What it is.
    id : str
        Its name in the register.
    given : mapping of str to object
        Field to text; parties by any code or unambiguous name. `valid_from` is today where left out. An empty text, or
        an empty list, clears a field that may be empty.
    register : path-like or str, optional
        See `choose_register`; made where there is none.
    seen : int, optional
        Number of the last entry that was seen; needed to change what is there.

    Returns
    -------
    dict
        As `record_commitments`.
    """
    with open_named(register, create=True) as opened:
        from comity.commitments.errors import Problem, RecordsRefused
        from comity.commitments.exchange.values import read_record
        from comity.commitments.register import read_history, record_entries
        from comity.commitments.register.content import describe_record
        from comity.commitments.register.rules import Fault

        versions = read_history(opened, kind, id)
        _check_edit(f"{kind} {id[:200]!r}", bool(versions), bool(given.get("withdrawn")), seen)
        versions = versions if seen is not None else ()
        before = describe_record(replace(versions[-1].record, withdrawn=False)) if versions else {}
        day = {"valid_from": datetime.now(UTC).date().isoformat()}
        named = {**before, **day, **_name_actors(given), "id": id}
        faults: list[Fault] = []
        record = read_record(kind, {name: value for name, value in named.items() if name != "kind"}, faults)
        if record is None:
            problems = [Problem(1, f"{kind}.{fault.field}", fault.what, fault.why, fault.todo) for fault in faults]
            raise RecordsRefused(problems, "record")
        return _tell(record_entries(opened, [record], seen=seen))


def _check_edit(name: str, is_known: bool, withdrawn: bool, seen: int | None) -> None:
    """Raise `RegisterError` where there is nothing to correct or withdraw, or it is not said what was seen of it."""
    if not is_known and (withdrawn or seen is not None):
        raise RegisterError(f"there is no {name} to correct or withdraw", todo="enter it without --seen")
    if withdrawn and seen is None:
        todo = "`comity commitments history KIND ID` shows its last entry: give that number as --seen"
        raise RegisterError(f"{name} is to be withdrawn, and nothing of it was seen", todo=todo)


def read_register_example(name: str = "oresund") -> str:
    """Return a worked example, such as `air-quality`: a document of JSON with a real agreement from its public text."""
    from comity.commitments.example import read_example

    return read_example(name)


def _name_actors(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields with the ids of actors for their names."""
    named = dict(given)
    if named.get("party"):
        named["party"] = identify_actor(named["party"]).id
    if named.get("parties"):
        named["parties"] = [identify_actor(name).id for name in named["parties"]]
    return named


def select_records(
    agreement: str | None, party: str | None, partner: str | None, field: str | None = None
) -> Selection:
    """Return the selection that actors by name, an agreement and a field mean.

    Raises
    ------
    RegisterError
        A partner is named and no party, or there is no such field.
    """
    from comity.commitments.register import Selection
    from comity.commitments.register.rules import FIELDS

    if partner is not None and party is None:
        raise RegisterError("a partner is named, and no party", todo="name both")
    if field is not None and field not in FIELDS:
        raise RegisterError(f"there is no field {field!r}", todo=f"choose one of {', '.join(FIELDS)}")
    if party is not None and partner is not None:
        pair = (identify_actor(party).id, identify_actor(partner).id)
        if pair[0] == pair[1]:
            raise RegisterError(f"both parties are {pair[0]}", todo="name two parties, or --party alone")
        return Selection(agreement=agreement, pair=pair, field=field)
    owes = None if party is None else identify_actor(party).id
    return Selection(agreement=agreement, party=owes, field=field)


def _tell(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as plain values."""
    return {**receipt._asdict(), "head": str(receipt.head)}
