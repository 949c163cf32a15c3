"""Laws of <lasso-lab>: what is drawn minimises the book's objective, and corners are where they are said to be."""

import numpy as np
import pytest
from shrinkage import coordinate_descent, penalties, ridge
from sklearn.linear_model import ElasticNet

FIGURE = "lasso-lab"


def sample(n, p, seed=0):
    rng = np.random.default_rng(seed)
    X, y = rng.standard_normal((n, p)), rng.standard_normal(n)
    return X - X.mean(axis=0), y - y.mean()


def coefficients(X, y, lam, rho):
    """The minimiser by other people's code."""
    if rho == 0:
        return ridge.closed_form(X, y, lam)
    return ElasticNet(alpha=lam, l1_ratio=rho, fit_intercept=False, tol=1e-14, max_iter=100_000).fit(X, y).coef_


def assert_minimises(X, y, lam, rho, w):
    """The conditions of optimality, which certify a minimiser however it was found."""
    X, y, w = np.array(X), np.array(y), np.array(w)
    gradient = -X.T @ (y - X @ w) / len(y) + lam * (1 - rho) * w
    np.testing.assert_allclose(gradient[w != 0], -lam * rho * np.sign(w[w != 0]), atol=1e-10)
    assert np.all(np.abs(gradient[w == 0]) <= lam * rho + 1e-10)


def assert_shows_truth(shown):
    X, y = np.array(shown["X"]), np.array(shown["y"])
    lam, rho, r = shown["lam"], shown["rho"], shown["r"]
    np.testing.assert_allclose(X.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(X.T @ X / len(X), [[1, r], [r, 1]], atol=1e-12)
    np.testing.assert_allclose(X.T @ (y - X @ shown["target"]), 0, atol=1e-12)
    for w in shown["solutions"]:
        assert_minimises(X, y, lam, rho, w)
    if len(shown["solutions"]) == 1:
        np.testing.assert_allclose(shown["solution"], coefficients(X, y, lam, rho), atol=1e-8)
    pull = np.abs(X.T @ (y - X @ shown["solution"])) / len(y)
    for w, slack, size in zip(shown["solution"], shown["slack"], pull, strict=True):
        assert (slack is None) == (w != 0)
        if slack is not None:
            np.testing.assert_allclose(slack, lam * rho - size, atol=1e-12)


@pytest.mark.parametrize(("n", "p"), [(20, 2), (12, 4), (3, 5), (8, 1)])
@pytest.mark.parametrize("rho", [0, 0.5, 1])
@pytest.mark.parametrize("lam", [0.02, 0.3, 10])
def test_the_solution_minimises_and_is_that_of_others(javascript, n, p, rho, lam):
    X, y = sample(n, p)
    [w] = javascript(f"LassoLab.solutions({X.tolist()}, {y.tolist()}, {lam}, {rho})")
    assert_minimises(X, y, lam, rho, w)
    np.testing.assert_allclose(w, coefficients(X, y, lam, rho), atol=1e-7)


@pytest.mark.parametrize("rho", [0, 0.5, 1])
@pytest.mark.parametrize("lam", [0.05, 0.3, 10])
def test_the_solution_is_the_package_s(javascript, rho, lam):
    X, y = sample(20, 3)
    [w] = javascript(f"LassoLab.solutions({X.tolist()}, {y.tolist()}, {lam}, {rho})")
    found = coordinate_descent.minimise(X, y, lam, penalties.ElasticNet(l1_ratio=rho), tol=1e-14)
    np.testing.assert_allclose(w, found.w, atol=1e-7)


@pytest.mark.parametrize("r", [0, 0.5, 0.95, 1])
@pytest.mark.parametrize("target", [(1.6, 0.5), (-1.5, 2.5), (0.05, -0.4), (0, 0)])
def test_a_solution_is_found_at_every_place_of_the_sliders(javascript, r, target):
    grid = (
        f"[0, 0.05, 0.5, 1].map((rho) => [0.05, 0.1, 0.5, 1, 3].map((lam) => {{ const {{ X, y }} = LassoLab.data({r}, "
    )
    grid += f"{list(target)}); return {{ X, y, lam, rho, all: LassoLab.solutions(X, y, lam, rho) }}; }}))"
    for row in javascript(grid):
        for at in row:
            assert 1 <= len(at["all"]) <= (2 if r == 1 and at["rho"] == 1 else 1)
            for w in at["all"]:
                assert_minimises(at["X"], at["y"], at["lam"], at["rho"], w)


def test_where_columns_are_equal_both_ends_fit_alike_and_weigh_alike(javascript):
    solve = "({ X, y }) => [1, 0.95].map((rho) => ({ X, w: LassoLab.solutions(X, y, 1, rho) }))"
    found = javascript(f"({solve})(LassoLab.data(1, [1.6, 0.5]))")
    first, second = np.array(found[0]["w"])
    assert not np.allclose(first, second)
    np.testing.assert_allclose(np.abs(first).sum(), np.abs(second).sum(), rtol=1e-12)
    np.testing.assert_allclose(np.array(found[0]["X"]) @ first, np.array(found[0]["X"]) @ second, atol=1e-12)
    [only] = np.array(found[1]["w"])
    np.testing.assert_allclose(only[0], only[1], rtol=1e-9)


@pytest.mark.parametrize("rho", [0, 0.05, 0.5, 1])
@pytest.mark.parametrize("height", [0, 1e-6, 0.7, 20])
def test_the_ball_s_border_has_one_penalty_and_reaches_its_corners(javascript, rho, height):
    drawn = np.array(javascript(f"LassoLab.ball({height}, {rho})"))
    values = rho * np.abs(drawn).sum(axis=1) + (1 - rho) / 2 * (drawn**2).sum(axis=1)
    np.testing.assert_allclose(values, height, rtol=1e-9, atol=1e-15)
    on_axes = drawn[(drawn == 0).any(axis=1)]
    corners = np.array([[1, 0], [0, 1], [-1, 0], [0, -1], [1, 0]]) * np.abs(on_axes).max()
    assert height == 0 or on_axes == pytest.approx(corners, rel=1e-12)


@pytest.mark.parametrize("rho", [0.3, 1])
@pytest.mark.parametrize("r", [0, 0.5, 0.95])
@pytest.mark.parametrize("j", [0, 1])
def test_a_coefficient_is_zero_exactly_from_the_shaded_points(javascript, rho, r, j):
    lam = 0.8
    border = np.array(javascript(f"LassoLab.region({j}, {r}, {lam}, {rho})"))
    points = np.random.default_rng(1).uniform(-3, 3, (200, 2))
    solve = f"((t) => (({{ X, y }}) => LassoLab.solutions(X, y, {lam}, {rho})[0])(LassoLab.data({r}, t)))"
    zero = np.array(javascript(f"{points.tolist()}.map({solve})"))[:, j] == 0
    assert 0 < zero.sum() < len(points)
    np.testing.assert_array_equal(zero, [inside(border, point) for point in points])


def inside(border, point):
    """Whether a point is in a polygon: a ray from it crosses the border an odd number of times."""
    crossings = 0
    for (x0, y0), (x1, y1) in zip(border, np.roll(border, -1, axis=0), strict=True):
        if (y0 > point[1]) != (y1 > point[1]):
            crossings += point[0] < x0 + (point[1] - y0) * (x1 - x0) / (y1 - y0)
    return crossings % 2 == 1


def test_the_lasso_drops_a_coefficient_within_the_slider_s_range_and_ridge_never(javascript):
    path = "[0, 1].map((rho) => [0.05, 0.5, 1, 2, 3].map((lam) => LassoLab.solutions(X, y, lam, rho)[0]))"
    ridge_path, lasso_path = javascript(f"(({{ X, y }}) => {path})(LassoLab.data(0.5, [1.6, 0.5]))")
    assert np.all(ridge_path)
    np.testing.assert_array_equal(
        np.array(lasso_path) == 0, [[False] * 2, [False] * 2, [False, True]] + [[True] * 2] * 2
    )


@pytest.mark.browser
@pytest.mark.parametrize("mix", [0, 0.5, 1])
@pytest.mark.parametrize(("lam", "cor"), [(0.05, 0), (1, 0.5), (3, 0.95), (0.5, 1)])
def test_the_figure_shows_the_truth(put, mix, lam, cor):
    shown = put(mix=mix, lam=lam, cor=cor)
    assert [shown[name] for name in ("rho", "lam", "r")] == [mix, lam, cor]
    assert_shows_truth(shown)


@pytest.mark.browser
def test_the_caption_says_what_is_exactly_zero_and_by_how_much(put, figure):
    shown = put(mix=1, lam=1, cor=0.5)
    said = figure.locator("figcaption").inner_text()
    assert shown["solution"][1] == 0
    assert f"(0.85, 0): w₂ is exactly zero, for its column pulls with {shown['pulls'][1]:.2f}" in said
    put(mix=0)
    assert "no coefficient is exactly zero" in figure.locator("figcaption").inner_text()
    put(mix=1, cor=1)
    assert "every point from (1.10, 0) to (0, 1.10) is a lasso solution" in figure.locator("figcaption").inner_text()


@pytest.mark.browser
def test_the_least_squares_point_is_moved_by_the_arrow_keys(page, put, figure):
    before = put()
    figure.locator(".handle").focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowDown", "Shift+ArrowLeft", "Shift+ArrowUp"):
        page.keyboard.press(key)
    after = put()
    assert after["target"] == pytest.approx([before["target"][0] - 0.6, before["target"][1] + 0.45])
    assert after["solution"] != before["solution"]
    assert_shows_truth(after)
    handle = figure.locator(".handle")
    assert handle.evaluate("(handle) => handle === document.activeElement")
    assert handle.get_attribute("aria-valuetext") == "w₁ 1.00, w₂ 0.95"
    page.wait_for_function("document.querySelector('[role=status]').textContent !== ''")
    assert "lasso" in figure.locator("[role=status]").inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
def test_the_least_squares_point_follows_the_mouse_and_stays_in_the_picture(page, put, figure, width):
    page.set_viewport_size({"width": width, "height": 900})
    before = put()
    box = figure.locator(".handle .start").bounding_box()
    scale = figure.locator("svg").first.bounding_box()["width"] / 320 * 70
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - scale, y + scale / 2, steps=5)
    after = put()
    assert after["target"] == pytest.approx([before["target"][0] - 1, before["target"][1] - 0.5], abs=0.03)
    assert_shows_truth(after)
    page.mouse.move(x + 10 * scale, y, steps=5)
    assert put()["target"][0] == 2.5
    page.mouse.up()
    page.mouse.move(x, y)
    assert put()["target"][0] == 2.5


@pytest.mark.browser
def test_the_shading_covers_the_points_on_wish_only(put, figure):
    assert figure.locator(".region").count() == 0
    figure.locator("input[name=regions]").check()
    assert figure.locator(".region").count() == 2


@pytest.mark.browser
def test_the_page_below_does_not_move(heights):
    places = [(0, 0.05, 0), (1, 1, 0.5), (1, 3, 0.5), (1, 1, 1), (0.55, 2.95, 1)]
    for found in heights(*(dict(zip(("mix", "lam", "cor"), at, strict=True)) for at in places)):
        assert len(found) == 1
