"""How alerts have fared: stated probabilities beside what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import TYPE_CHECKING, Any

from comity.watch.decision import Bench, Decision, judge_decision
from comity.watch.quiet import measure_lasting
from comity.watch.signal import Signal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

BANDS = 10
NORMAL_90 = 1.6448536269514722  # quantile of the normal distribution


def count_fates(found: Sequence[Decision], signal: Signal, bench: Bench) -> list[dict[str, Any]]:
    """Count alerts whose outcome is known by stated probability, in ten bands: a reliability diagram's numbers.

    Parameters
    ----------
    found : sequence of Decision
        From `decide_alerts`.
    signal : Signal
    bench : Bench

    Returns
    -------
    list of dict
        For each band that has alerts: `low`, `high` (its ends), `alerts`, `stated` (mean probability), `borne_out`
        (share), `share_low`, `share_high` (90 % interval of the share after `wilson-1927`).

    References
    ----------
    `wilson-1927` in docs/bibliography.md
    """
    lasting = measure_lasting(signal, bench.rule)
    bands: dict[int, list[tuple[float, bool]]] = {}
    for one in found:
        fate = judge_decision(one, lasting, bench.least)
        if fate is not None:
            bands.setdefault(min(int(one.probability * BANDS), BANDS - 1), []).append((one.probability, fate))
    return [_describe_band(band, bands[band]) for band in sorted(bands)]


def _describe_band(band: int, fates: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    """Return the numbers of one band."""
    number, held = len(fates), sum(fate for _, fate in fates)
    low, high = bound_share(held, number)
    return {
        "low": band / BANDS,
        "high": (band + 1) / BANDS,
        "alerts": number,
        "stated": round(sum(stated for stated, _ in fates) / number, 4),
        "borne_out": round(held / number, 4),
        "share_low": round(low, 4),
        "share_high": round(high, 4),
    }


def bound_share(held: int, number: int) -> tuple[float, float]:
    """Return the 90 % interval of a share after Wilson (1927).

    Examples
    --------
    >>> [round(end, 3) for end in bound_share(5, 10)]
    [0.269, 0.731]
    """
    square = NORMAL_90**2
    middle = (held + square / 2) / (number + square)
    half = NORMAL_90 * sqrt(held * (number - held) / number + square / 4) / (number + square)
    return max(0.0, middle - half), min(1.0, middle + half)
