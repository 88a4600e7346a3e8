"""Whatever the series are, every method answers or says why not, in the words of the house."""

import warnings

import numpy as np
import pytest

from comity.lexicon.errors import ComityError
from comity.reciprocity.bands import bound_responses
from comity.reciprocity.bayes import Prior, draw_responses, fit_bayes
from comity.reciprocity.granger import identify_granger
from comity.reciprocity.many import identify_pairs, shift_granger
from comity.reciprocity.projection import Design, identify_projection
from comity.reciprocity.response import identify_responses
from comity.reciprocity.steadiness import identify_steadiness
from comity.reciprocity.triangle import identify_influence
from comity.reciprocity.var import fit_var, identify_lags

RNG = np.random.default_rng(0)
NOISE = RNG.standard_normal((80, 2))
STEPS = np.arange(80.0)
SERIES = {
    "constant": np.ones((80, 2)),
    "one act": np.where((STEPS == 40)[:, None], 5.0, np.zeros((80, 2))),
    "one act at the end": np.where((STEPS == 79)[:, None], 5.0, np.zeros((80, 2))),
    "twice the same": NOISE[:, [0, 0]],
    "one after the other": np.column_stack([NOISE[1:, 0], NOISE[:-1, 0]]),
    "huge": NOISE * 1e12,
    "tiny": NOISE * 1e-12,
    "of different size": NOISE * [1e8, 1e-8],
    "whole numbers": RNG.integers(-3, 3, (80, 2)),
    "short": NOISE[:9],
    "trend": np.column_stack([STEPS, STEPS**2]),
    "waves": np.column_stack([np.sin(STEPS), np.cos(STEPS)]),
    "exploding": np.column_stack([1.2**STEPS, 1.3**STEPS]),
    "missing": np.full((80, 2), np.nan),
    "rare": (RNG.random((80, 2)) < 0.1) * 1.0,
    "text": [["a", "b"]] * 30,
    "nothing": [[None, 1.0]] * 30,
    "empty": [],
    "late": np.vstack([np.zeros((60, 2)), NOISE[:40]]),
}
METHODS = {
    "lags": lambda y: identify_lags(y, 6),
    "var": lambda y: (fit_var(y, 2).errors, fit_var(y, 2).stable),
    "granger": lambda y: identify_granger(y, 2),
    "toda-yamamoto": lambda y: identify_granger(y, 2, 1),
    "responses": lambda y: identify_responses(y, 2, 4, draws=30),
    "bayes": lambda y: bound_responses(draw_responses(fit_bayes(y, 2), 4, (0, 1), 50)),
    "bayes without prior": lambda y: draw_responses(fit_bayes(y, 2, Prior(kind="flat")), 4, None, 50),
    "projection": lambda y: identify_projection(y, 0, 1, Design(2, 4)),
    "projection of sums": lambda y: identify_projection(y, 0, 1, Design(2, 4, False, False, True)),
    "influence": lambda y: identify_influence(y, list(reversed(y)), 1),
    "shifts": lambda y: shift_granger(y, 2, 49),
    "many": lambda y: identify_pairs({("A", "B"): y}, 2),
    "steadiness": identify_steadiness,
}


@pytest.mark.parametrize("series", SERIES)
@pytest.mark.parametrize("method", METHODS)
def test_every_method_answers_or_says_why_not(method, series):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = METHODS[method](SERIES[series])
        except ComityError as error:
            assert len(error.what) > 5
        else:
            assert found is not None
            assert series not in ("constant", "one act", "missing", "text", "nothing", "empty") or method == "many"
