"""Laws of <threshold-lab>: each rule solves its problem, and the threshold is the mirror image of the graph."""

import numpy as np
import pytest
from shrinkage import penalties

FIGURE = "threshold-lab"
NUMBERS = [-3, -1.0001, -1, -0.3, 0, 1e-9, 0.5, 1, 2.5]


def value(w, z, lam, rho):
    return (w - z) ** 2 / 2 + lam * (rho * abs(w) + (1 - rho) / 2 * w**2)


def assert_solves(w, z, lam, rho):
    """By convexity it is enough to be no worse than close neighbours and zero."""
    for other in (w + 1e-4, w - 1e-4, 0.0):
        assert value(w, z, lam, rho) <= value(other, z, lam, rho) + 1e-15


@pytest.mark.parametrize("rho", [0, 0.4, 1])
@pytest.mark.parametrize("lam", [0, 0.5, 1, 2])
def test_each_rule_solves_its_problem_and_has_z_in_its_graph(javascript, lam, rho):
    found = javascript(f"{NUMBERS}.map((z) => ThresholdLab.rules(z, {lam}, {rho}))")
    graph = javascript(f"{[answers['net'] for answers in found]}.map((w) => ThresholdLab.pulled(w, {lam}, {rho}))")
    for z, answers, (low, high) in zip(NUMBERS, found, graph, strict=True):
        assert_solves(answers["lasso"], z, lam, 1)
        assert_solves(answers["ridge"], z, lam, 0)
        assert_solves(answers["net"], z, lam, rho)
        assert low - 1e-12 <= z <= high + 1e-12
        assert answers["hard"] == (z if abs(z) > lam else 0)


@pytest.mark.parametrize("rho", [0, 0.4, 1])
def test_the_elastic_net_s_answer_is_the_package_s_prox(javascript, rho):
    drawn = javascript(f"{NUMBERS}.map((z) => ThresholdLab.net(z, 0.7, {rho}))")
    prox = penalties.ElasticNet(l1_ratio=rho).prox(np.array(NUMBERS), 0.7)
    np.testing.assert_allclose(drawn, prox, rtol=1e-12, atol=1e-15)


def test_the_elastic_net_is_the_lasso_at_one_end_and_ridge_at_the_other(javascript):
    ends = javascript(f"{NUMBERS}.map((z) => [0, 1].map((rho) => ThresholdLab.rules(z, 0.7, rho)))")
    for as_ridge, as_lasso in ends:
        assert as_ridge["net"] == pytest.approx(as_ridge["ridge"], rel=1e-12)
        assert as_lasso["net"] == pytest.approx(as_lasso["lasso"], rel=1e-12)


def test_the_graph_is_longer_than_a_point_only_at_zero(javascript):
    spans = javascript("[-1, -1e-9, 0, 1e-9, 1].map((w) => ThresholdLab.pulled(w, 0.8, 0.5))")
    assert np.diff(spans).ravel() == pytest.approx([0, 0, 0.8, 0, 0])


@pytest.mark.browser
@pytest.mark.parametrize(("z", "lam", "mix"), [(1.6, 1, 1), (-0.7, 0.5, 0.5), (0.3, 2, 0), (3, 0, 1)])
def test_the_figure_tells_the_answer_of_every_rule(put, figure, z, lam, mix):
    shown = put(z=z, lam=lam, mix=mix)
    assert [shown[name] for name in ("z", "lam", "rho")] == [z, lam, mix]
    soft = np.sign(z) * max(abs(z) - lam * mix, 0)
    assert shown["answers"]["net"] == pytest.approx(soft / (1 + lam * (1 - mix)), abs=1e-12)
    for name, answer in shown["answers"].items():
        said = figure.locator(f"[data-rule={name}]").inner_text().replace("−", "-")
        assert said == (f"{answer:.2f}" if answer else "0")


@pytest.mark.browser
def test_z_is_moved_by_keyboard_and_the_outcome_told_once_the_hand_rests(page, put, figure):
    put()
    assert figure.locator("[role=status]").inner_text() == ""
    figure.locator("input[name=z]").focus()
    page.keyboard.press("ArrowRight")
    assert put()["z"] == pytest.approx(1.65)
    assert figure.locator("input[name=z]").get_attribute("aria-valuetext") == "z = 1.65"
    page.wait_for_function("document.querySelector('[role=status]').textContent.includes('lasso 0.65')")


@pytest.mark.browser
def test_the_page_below_does_not_move(heights):
    places = [(1.6, 1, 1), (-3, 2, 0.55), (-0.3, 1.95, 0.5), (0, 0, 0)]
    for found in heights(*(dict(zip(("z", "lam", "mix"), at, strict=True)) for at in places)):
        assert len(found) == 1
