"""Laws of <ridge-lab>: what the figure draws is what the package computes."""

import numpy as np
import pytest
from shrinkage import ridge

FIGURE = "ridge-lab"


@pytest.mark.parametrize("shape", [(20, 2), (12, 5), (4, 6)])
@pytest.mark.parametrize("lam", [1e-2, 1.0, 30.0])
def test_the_drawn_solution_is_the_closed_form(javascript, shape, lam):
    rng = np.random.default_rng(shape[0])
    X, y = rng.standard_normal(shape), rng.standard_normal(shape[0])
    X, y = X - X.mean(axis=0), y - y.mean()
    drawn = javascript(f"RidgeLab.solve({X.tolist()}, {y.tolist()}, {lam})")
    np.testing.assert_allclose(drawn, ridge.closed_form(X, y, lam), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("lam", [1e-3, 0.1, 100.0])
def test_the_drawn_factors_are_the_filter_factors(javascript, lam):
    d = np.array([3.0, 0.5, 0.0])
    drawn = javascript(f"RidgeLab.filterFactors({d.tolist()}, 7, {lam})")
    np.testing.assert_allclose(drawn, ridge.filter_factors(d, 7, lam), rtol=1e-12)


@pytest.mark.parametrize("r", [0.0, 0.5, 0.95])
def test_the_drawn_data_are_centred_and_as_correlated_as_the_slider_says(javascript, r):
    data = javascript(f"RidgeLab.data({r})")
    X, y = np.array(data["X"]), np.array(data["y"])
    np.testing.assert_allclose(X.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(y.mean(), 0, atol=1e-12)
    np.testing.assert_allclose(X.T @ X / len(X), [[1, r], [r, 1]], atol=1e-12)
    np.testing.assert_allclose(np.linalg.svd(X, compute_uv=False), data["d"], rtol=1e-12)


def test_with_ten_times_the_penalty_the_solution_is_shorter(javascript):
    solution = "RidgeLab.solve(RidgeLab.data(0.9).X, RidgeLab.data(0.9).y, lam)"
    lengths = javascript(f"[0.01, 0.1, 1, 10].map((lam) => Math.hypot(...{solution}))")
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] > 0


@pytest.mark.browser
@pytest.mark.parametrize("lam", [-3, -0.4, 2])
@pytest.mark.parametrize("r", [0, 0.95])
def test_the_figure_shows_what_the_package_computes(put, lam, r):
    shown = put(lam=lam, cor=r)
    X, y = np.array(shown["X"]), np.array(shown["y"])
    np.testing.assert_allclose(X.T @ X / len(X), [[1, r], [r, 1]], atol=1e-12)
    np.testing.assert_allclose(shown["solution"], ridge.closed_form(X, y, 10**lam), rtol=1e-9)
    np.testing.assert_allclose(shown["start"], ridge.closed_form(X, y, 0), rtol=1e-9)


@pytest.mark.browser
def test_the_page_below_does_not_move(heights):
    places = [(-3, 0.95), (-1, 0), (2, 0.95), (0.35, 0.5)]
    for found in heights(*(dict(zip(("lam", "cor"), at, strict=True)) for at in places)):
        assert len(found) == 1
