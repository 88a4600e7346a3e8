"""Intervals hold what other choices give, and the indices say whose doing it is."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rooms.integration.indices.specimens import make_specification, make_table

from comity.integration.errors import SpecificationError
from comity.integration.indices.composite import estimate_index
from comity.integration.indices.imputation import draw_unknowns
from comity.integration.indices.panel import Panel
from comity.integration.indices.sobol import estimate_shares
from comity.integration.indices.uncertainty import estimate_spread


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def test_the_indices_of_ishigamis_function():
    rng = np.random.default_rng(11)
    one, other = rng.uniform(-np.pi, np.pi, (2, 3, 60_000))
    mixed = []
    for factor in range(3):
        sample = one.copy()
        sample[factor] = other[factor]
        mixed.append(ishigami(sample)[None])
    shares = estimate_shares(ishigami(one)[None], ishigami(other)[None], np.array(mixed))
    first, total = (0.31391, 0.44241, 0.0), (0.55759, 0.44241, 0.24368)
    assert (np.abs(shares.first[:, 0] - first) < 4 * shares.first_error[:, 0]).all()
    assert (np.abs(shares.total[:, 0] - total) < 4 * shares.total_error[:, 0]).all()
    assert shares.total_error.max() < 0.01


def spread(holes: int = 0, draws: int = 3000, **vary: object):
    return estimate_spread(estimate_index(make_table(holes=holes), make_specification(vary=vary)), draws, seed=1)


def test_one_choice_alone_carries_all_the_variance():
    found = spread(normalise=["minmax"], aggregate=["arithmetic"], weights=0.5)
    assert found.factors == ("weights",)
    varies = ~np.isnan(found.shares.total[0])
    assert varies.any() and found.shares.total[0][varies] == pytest.approx(np.ones(varies.sum()), abs=0.15)


def test_what_does_not_vary_is_no_factor_and_nothing_at_all_is_refused():
    assert spread(normalise=["minmax", "rank"], weights=0.0).factors == ("normalise", "aggregate")
    assert "impute" in spread(holes=2).factors
    with pytest.raises(SpecificationError, match="nothing varies"):
        spread(normalise=["minmax"], aggregate=["arithmetic"], weights=0.0)
    with pytest.raises(SpecificationError, match="too few"):
        spread(draws=4)
    with pytest.raises(SpecificationError, match="more than fit into memory"):
        spread(draws=10**8)


def test_without_variation_in_weights_two_scales_give_two_scores():
    found = spread(normalise=["minmax", "rank"], aggregate=["arithmetic"], weights=0.0)
    plain = estimate_index(make_table(), make_specification()).scores[:, -1]
    ranked = estimate_index(make_table(), make_specification(normalise={"method": "rank"})).scores[:, -1]
    assert found.scores[:, 0] == pytest.approx(np.minimum(plain, ranked))
    assert found.scores[:, 2] == pytest.approx(np.maximum(plain, ranked))


def test_an_unknown_widens_the_interval_of_its_unit():
    whole, holed = (spread(holes=holes, normalise=["minmax"], aggregate=["arithmetic"]) for holes in (0, 1))
    width = [found.scores[:, 2] - found.scores[:, 0] for found in (whole, holed)]
    assert width[1][0] > 1.3 * width[0][0]


def test_ranks_are_places_and_their_quantiles_in_order():
    found = spread(holes=3)
    assert (np.diff(found.ranks, axis=1) >= 0).all() and (np.diff(found.scores, axis=1) >= 0).all()
    assert found.ranks.min() >= 1 and found.ranks.max() <= 12


def test_an_unknown_with_bounds_is_drawn_evenly_between_them():
    values = np.array([[np.nan, 1.0], [5.0, 2.0], [6.0, 3.0], [7.0, 4.0]])
    low, high = np.full((4, 2), np.nan), np.full((4, 2), np.nan)
    low[0, 0], high[0, 0] = 0.0, 2.0
    panel = Panel(("a", "b", "c", "d"), ("x", "y"), values, low=low, high=high)
    drawn = draw_unknowns(panel, "", 4000, np.random.default_rng(0))
    assert drawn.shape == (4000, 1) and 0 <= drawn.min() and drawn.max() <= 2
    assert drawn.mean() == pytest.approx(1, abs=0.05)


def test_an_unknown_without_bounds_takes_values_of_its_group():
    values = np.array([[np.nan], [5.0], [6.0], [7.0], [50.0], [60.0], [70.0]])
    panel = Panel(tuple("abcdefg"), ("x",), values, groups={"g": ("n", "n", "n", "n", "m", "m", "m")})
    assert set(np.unique(draw_unknowns(panel, "g", 400, np.random.default_rng(0)))) == {5.0, 6.0, 7.0}
    assert draw_unknowns(panel, "", 400, np.random.default_rng(0)).max() == 70.0
