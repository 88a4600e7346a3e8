"""The sentences of a brief: limits, what is missing, method, sources, citation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.events.scale import Scale
from comity.events.view import describe_level
from comity.foundations import Own
from comity.foundations import list_sources as list_foundation_sources
from comity.relations.gestures import GestureModel
from comity.sources import Source, list_sources, read_source
from comity.store import Snapshot

if TYPE_CHECKING:
    import duckdb

FEW_EVENTS = 30

_REFERENCES = (
    (
        "efron-morris-1973",
        "Efron, B. and Morris, C. (1973). Stein's estimation rule and its competitors: an empirical Bayes approach. "
        "Journal of the American Statistical Association 68(341), 117-130.",
        "10.1080/01621459.1973.10481350",
    ),
    (
        "kitagawa-1987",
        "Kitagawa, G. (1987). Non-Gaussian state-space modeling of nonstationary time series. "
        "Journal of the American Statistical Association 82(400), 1032-1041.",
        "10.1080/01621459.1987.10478534",
    ),
    (
        "adams-mackay-2007",
        "Adams, R. P. and MacKay, D. J. C. (2007). Bayesian online changepoint detection. arXiv:0710.3742.",
        "10.48550/arXiv.0710.3742",
    ),
    (
        "gower-1971",
        "Gower, J. C. (1971). A general coefficient of similarity and some of its properties. "
        "Biometrics 27(4), 857-871.",
        "10.2307/2528823",
    ),
    (
        "efron-2022",
        "Efron, B. (2022). Exponential Families in Theory and Practice. Cambridge University Press.",
        "10.1017/9781108773157",
    ),
)


def list_limits(con: duckdb.DuckDBPyConnection, document: dict[str, Any], snapshot: Snapshot) -> list[str]:
    """Return the limits of the data, as sentences that stand beside the numbers."""
    period, coverage = document["period"], document["coverage"]
    limits = []
    if coverage["share"] is not None and coverage["share"] < 1:
        which = "The embedded sample" if snapshot.embedded else "The store"
        limits.append(
            f"{which} holds {coverage['slots_loaded']:,} of {coverage['slots_expected']:,} files "
            f"({coverage['share']:.0%}) of {period['since']} to {period['until']}; "
            "what the other files report is not counted."
        )
    limits.append(
        "The events are what a program read in English-language news: reports, not verified facts. Some are misread, "
        "and states on which little is written in English have few."
    )
    names = {party["id"]: party["name"] for party in document["parties"]}
    return (
        limits
        + [
            _describe_few(d["events"], names[d["sender"]], names[d["receiver"]])
            for d in document["directions"]
            if d["events"] < FEW_EVENTS
        ]
        + _list_gaps(con, names)
    )


def _describe_few(events: int, sender: str, receiver: str) -> str:
    """Return what few events mean for an index."""
    if events == 0:
        return (
            f"No event from {sender} to {receiver} is loaded: no index is given, and nothing is said of how they stand."
        )
    return (
        f"Only {events} event{'s' if events > 1 else ''} from {sender} to {receiver}: the index leans on what pairs "
        "are like at large, and its interval is wide."
    )


def _list_gaps(con: duckdb.DuckDBPyConnection, parties: dict[str, str]) -> list[str]:
    """Return what is known of the parties whom a used source's coding misses."""
    gaps = (gap for source in _read_used(con) for gap in source.gaps)
    return [
        f"{', '.join(parties[a] for a in actors if a in parties)}: {text}"
        for actors, text in gaps
        if parties.keys() & set(actors)
    ]


def _read_used(con: duckdb.DuckDBPyConnection) -> list[Source]:
    """Return the sources of the loaded rows."""
    used = {row[0] for row in con.execute("select distinct source from rows").fetchall()}
    return [read_source(name) for name in list_sources() if name in used]


def list_missing(document: dict[str, Any]) -> list[str]:
    """Return what a reader might look for and will not find."""
    missing = []
    coverage = document["coverage"]
    if coverage["slots_expected"] and coverage["slots_loaded"] < coverage["slots_expected"]:
        missing.append(
            f"{coverage['slots_expected'] - coverage['slots_loaded']:,} source files of the period are not loaded."
        )
    empty = [day["date"] for day in coverage["days"] if day["slots_loaded"] == 0]
    if empty:
        missing.append(
            f"Nothing is loaded for {len(empty)} days: {', '.join(empty[:10])}{' ...' if len(empty) > 10 else ''}."
        )
    if document.get("few_events"):
        missing.append(f"{document['few_events']} partners with fewer than 10 events are not ranked.")
    unknown = [
        figure["measure"] for theme in document["foundations"] for figure in theme["figures"] if figure["value"] is None
    ]
    if unknown:
        missing.append(f"Not known from the sources used: {'; '.join(unknown)}.")
    if document["conduct"] is None:
        missing.append("Written rules of a party: no profile was given, so nothing is said of how far they were kept.")
    missing.append("Reports in languages other than English, and acts that no news report names.")
    return missing


def describe_method(
    about: dict[str, Any], coverage: dict[str, Any], scale: Scale, model: GestureModel
) -> dict[str, Any]:
    """Return how the numbers were computed."""
    tone = model.tone
    share = "" if coverage["share"] is None else f" Files loaded in the period: {coverage['share']:.1%}."
    return {
        "scale": {
            "id": scale.id,
            "title": scale.title,
            "version": scale.version,
            "reference": scale.describe(),
        },
        "level": about["level"],
        "level_text": describe_level(about["level"]),
        "model_text": [
            "The index is the estimated score of an event from the sender toward the receiver, between "
            f"{scale.low:g} and {scale.high:g}. It does not grow with the amount of news.",
            "Each pair has a level that is pulled toward all pairs, wanders and sometimes jumps; a pair with few "
            "events stays near what pairs are like at large. How steady and how wide its acts are is learned from "
            f"them. One set of parameters serves all pairs: mean {tone.mean:.2f}, spread between pairs "
            f"{tone.spread:.2f} points, {len(model.list_kinds())} kinds of pairs.",
            "The path shows the filtered index: what was known at the end of each period. The interval holds the level "
            "with 90 % probability under the model. Changes and ranks use all periods (smoothed). The clearest step of "
            "a path is chosen among many, and its probability does not allow for that choice.",
            "A break is a jump of a level that is taken to jump rarely; its probability is a sum over all paths of the "
            "level. A share of its past is taken over drawn paths; like pairs are the nearest by Gower's coefficient.",
        ],
        "coverage_text": "A period of which no file was loaded is shown as missing, never as calm." + share,
        "version": about["version"],
        "snapshot": about["snapshot"],
    }


def list_used_sources(con: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return the publishers behind the numbers."""
    events = [
        {
            "id": source.id,
            "title": source.title,
            "publisher": source.publisher,
            "terms": source.terms.strip(),
            "url": source.url,
            "year": None,
            "citation": source.citation.strip(),
        }
        for source in _read_used(con)
    ]
    return [*events, *list_foundation_sources(Own(snapshot.folder, snapshot.as_of))]


def list_references(scale: Scale) -> list[dict[str, Any]]:
    """Return the works that the method and the scale rest on."""
    method = [{"key": key, "text": text, "doi": doi} for key, text, doi in _REFERENCES]
    return [*({"key": r.key, "text": r.text, "doi": r.doi} for r in scale.references), *method]


def cite_brief(document: dict[str, Any]) -> str:
    """Return how the brief is cited."""
    about = document["about"]
    return (
        f"Comity {about['version']}, brief on {document['title']}, data of {document['period']['since']} to "
        f"{document['period']['until']}, store {about['store']}, snapshot {about['snapshot']}, scale {about['scale']}."
    )
