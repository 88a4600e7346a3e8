"""The works that the sections beside the index rest on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WORKS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "reciprocity": (
        (
            "clark-west-2007",
            "Clark, T. E. and West, K. D. (2007). Approximately normal tests for equal predictive accuracy in nested "
            "models. Journal of Econometrics 138(1), 291-311.",
            "10.1016/j.jeconom.2006.05.023",
        ),
        (
            "granger-1969",
            "Granger, C. W. J. (1969). Investigating causal relations by econometric models and cross-spectral "
            "methods. Econometrica 37(3), 424-438.",
            "10.2307/1912791",
        ),
        (
            "kaplan-meier-1958",
            "Kaplan, E. L. and Meier, P. (1958). Nonparametric estimation from incomplete observations. Journal of the "
            "American Statistical Association 53(282), 457-481.",
            "10.1080/01621459.1958.10501452",
        ),
        (
            "kilian-1998",
            "Kilian, L. (1998). Small-sample confidence intervals for impulse response functions. Review of Economics "
            "and Statistics 80(2), 218-230.",
            "10.1162/003465398557465",
        ),
        (
            "pesaran-shin-1998",
            "Pesaran, H. H. and Shin, Y. (1998). Generalized impulse response analysis in linear multivariate models. "
            "Economics Letters 58(1), 17-29.",
            "10.1016/S0165-1765(97)00214-0",
        ),
    ),
    "votes": (
        (
            "zou-donner-2008",
            "Zou, G. Y. and Donner, A. (2008). Construction of confidence intervals about effect measures: a general "
            "approach. Statistics in Medicine 27(10), 1693-1702.",
            "10.1002/sim.3095",
        ),
    ),
}


def list_works(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the works behind the sections that a document has, by key.

    Parameters
    ----------
    document : mapping
        With the sections' fields; an empty one has no works.

    Returns
    -------
    list of dict
        `key`, `text`, `doi`.
    """
    works = [work for name, group in _WORKS.items() if document.get(name) for work in group]
    return [{"key": key, "text": text, "doi": doi} for key, text, doi in sorted(works)]
