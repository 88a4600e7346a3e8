"""Published values: Krippendorff's worked example, and the Rasch estimates of LSAT-6."""

import numpy as np
import pytest

from comity.commitments.agreement import measure_alpha
from comity.commitments.credit import Prior, Response, fit_mode, lay_design

N = np.nan
# Krippendorff (2011), section C: four observers, twelve units.
OBSERVERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
        [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
    ]
)
# Bock and Lieberman (1970): how many of 1,000 gave each pattern of answers, 00000 to 11111.
LSAT = (3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15,
        10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61, 28, 298)  # fmt: skip


@pytest.mark.parametrize(
    ("measure", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_alpha_is_the_published_one(measure: str, alpha: float):
    assert round(measure_alpha(OBSERVERS, measure, draws=0)["alpha"], 3) == alpha


@pytest.mark.parametrize("measure", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_is_that_of_the_library(measure: str):
    krippendorff = pytest.importorskip("krippendorff", reason="needs the extra `peers`")
    random = np.random.default_rng(5)
    for _ in range(10):
        grid = random.integers(1, 5, (3, 20)).astype(float)
        grid[random.random(grid.shape) < 0.3] = np.nan
        expected = krippendorff.alpha(grid, level_of_measurement=measure)
        assert measure_alpha(grid, measure, draws=0)["alpha"] == pytest.approx(expected, abs=1e-10)


def test_the_rasch_model_gives_the_published_estimates_of_lsat_6():
    responses = [
        Response(f"item {item}", "", f"{pattern}-{person}", "right", pattern >> (4 - item) & 1, 2)
        for pattern, count in enumerate(LSAT)
        for person in range(count)
        for item in range(5)
    ]
    fit = fit_mode(lay_design(responses), Prior(1e3, 1e-4, 1e-4))
    assert np.round(fit.mode[:5], 2) == pytest.approx([2.73, 1.00, 0.24, 1.31, 2.10])
    assert abs(fit.mode[-1]) == pytest.approx(0.755, abs=5e-4)
    assert fit.likelihood == pytest.approx(-2466.938, abs=5e-4)
