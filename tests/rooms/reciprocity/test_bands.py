"""Error bands along the directions in which responses vary."""

import numpy as np
import pytest

from comity.reciprocity.bands import METHODS, bound_responses, split_draws
from comity.reciprocity.errors import ReciprocityError


@pytest.fixture(scope="module")
def draws() -> np.ndarray:
    """Give draws that vary along one known path."""
    rng = np.random.default_rng(0)
    shape = np.array([1.0, 0.8, 0.5, 0.2])[:, None, None] * np.ones((1, 2, 2))
    return 2.0 + rng.standard_normal((5000, 1, 1, 1)) * shape + 0.01 * rng.standard_normal((5000, 4, 2, 2))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_finds_the_band_of_a_course_that_varies_along_one_path(draws, method):
    bands = bound_responses(draws, method)
    expected = 2.0 + np.outer([-0.9945, 0.9945], [1.0, 0.8, 0.5, 0.2])
    np.testing.assert_allclose(bands.lines[:, :, 0, 1], expected, atol=0.06)
    np.testing.assert_allclose(bands.mean, 2.0, atol=0.05)


@pytest.mark.parametrize("method", ["eigen", "eigen-normal"])
def test_the_first_direction_holds_nearly_all_the_variance(draws, method):
    shares = bound_responses(draws, method).shares
    assert shares.shape == (2, 2, 4)
    assert (shares[..., 0] > 0.99).all()
    np.testing.assert_allclose(shares.sum(-1), 1.0)


def test_the_second_direction_moves_little(draws):
    first, second = (bound_responses(draws, "eigen", component).lines for component in (1, 2))
    assert np.ptp(second, axis=0).max() < 0.05 < np.ptp(first, axis=0).max()


def test_directions_are_of_length_one_and_point_the_same_way_each_time(draws):
    variances, directions = split_draws(draws[:, :, 0, 0])
    np.testing.assert_allclose(directions.T @ directions, np.eye(4), atol=1e-10)
    assert (np.diff(variances) <= 0).all()
    assert directions[:, 0].max() == np.abs(directions[:, 0]).max()


@pytest.mark.parametrize(("method", "component"), [("sims", 1), ("eigen", 0), ("eigen", 5), ("eigen-joint", 17)])
def test_a_method_or_component_that_does_not_exist_is_refused(draws, method, component):
    with pytest.raises(ReciprocityError):
        bound_responses(draws, method, component)


def test_one_draw_is_no_band(draws):
    with pytest.raises(ReciprocityError, match="two draws"):
        bound_responses(draws[:1])
