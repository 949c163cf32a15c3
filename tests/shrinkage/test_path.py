"""Laws of paths: at every lam the fit that stands alone, whatever was left out, with a gap of all columns."""

import warnings

import numpy as np
import pytest
import shrinkage.fit
import shrinkage.path
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from shrinkage.duality import gap
from shrinkage.fit import critical_lam, fit, prepare
from shrinkage.lars import lars
from shrinkage.losses import QUADRATIC, Logistic, Multinomial, Poisson
from shrinkage.model_selection import cross_validate, k_fold
from shrinkage.path import path
from shrinkage.penalties import L1, L2, ElasticNet
from sklearn import linear_model

from tests.shrinkage.problems import BAD_DATA, BAD_LAMS, X6, certified, exact, fits, generic, least, taken_apart, y6

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=25, deadline=None)
FORMS = {"dense": np.array, "csc": sparse.csc_array, "csr": sparse.csr_matrix}
LOSSES = {"squares": QUADRATIC, "logistic": Logistic(), "poisson": Poisson(), "multinomial": Multinomial(3)}
PENALTIES = {"L1": L1(), "mix": ElasticNet(0.5), "L2": L2(), "positive": ElasticNet(0.5, positive=True)}
SHARES = np.array([1.5, 0.4, 0.3, 0.05])


def quietly(*args, **options):
    """A path that may stop short of its tol, and then says so once."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        found = path(*args, **options)
    assert len(warned) == (not found.converged.all())
    assert all(str(w.message).startswith("stopped short of tol at") for w in warned)
    return found


def wide(n=40, p=120, seed=0):
    """Many columns, correlated as neighbours are, of which six count."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p))
    for j in range(1, p):
        X[:, j] = 0.6 * X[:, j - 1] + 0.8 * X[:, j]
    counts = X[:, ::20]
    return X + 0.3, counts @ np.array([3.0, -2, 2, -1, 1, 4])[: counts.shape[1]] + rng.normal(size=n)


def targets(name, y, seed=0):
    """A target that the loss takes, from one of real numbers."""
    rng, z = np.random.default_rng(seed), (y - y.mean()) / y.std()
    return {
        "squares": lambda: y,
        "logistic": lambda: (rng.random(len(y)) < 1 / (1 + np.exp(-2 * z))).astype(float),
        "poisson": lambda: rng.poisson(np.exp(0.7 * z)).astype(float),
        "multinomial": lambda: np.digitize(z + 0.5 * rng.normal(size=len(y)), [-0.5, 0.5]).astype(float),
    }[name]()


def rule_leaves_out(X, y, w, lam, last):
    """The strong rule of the lasso on centred data, from its formula."""
    return (np.abs(X.T @ (y - X @ w)) / len(y) < 2 * lam - last) & (w == 0)


# The law: every point is the fit at that lam, with its certificate


@pytest.mark.parametrize("form", FORMS)
@examples
@given(case=fits(), screen=st.booleans())
def test_every_point_is_within_its_gap_of_the_least_and_meets_the_conditions(form, case, screen):
    X, y, lam, penalty, given_ = case
    found = quietly(FORMS[form](X), y, QUADRATIC, penalty, lam * SHARES, max_iter=300, screen=screen, **given_)
    null, _ = certified(X, y, np.zeros(X.shape[1]), 0.0, lam, penalty, **given_)
    noise = 1e-11 * (1 + null)
    assert_array_equal(found.converged, found.gaps <= 1e-12 * null * (1 + 1e-9))
    for at, lam in zip(range(4), found.lams, strict=True):
        value, violated = certified(X, y, found.W[at], found.b[at], lam, penalty, **given_)
        assert -noise <= value - least(X, y, lam, penalty, **given_) <= found.gaps[at] + noise
        assert violated <= np.sqrt(max(found.gaps[at], 0.0) / (null or 1.0)) + 1e-7


@pytest.mark.parametrize("form", ["dense", "csr"])
@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("kind", PENALTIES)
def test_every_point_is_the_fit_at_its_lam(kind, name, form):
    X, y = wide(p=12) if name == "multinomial" else wide(p=61)
    X, y, penalty = X[:, ::3], targets(name, y), PENALTIES[kind]
    options = {"sample_weight": np.arange(40) % 3 + 0.5, "standardize": True}
    if name != "multinomial":
        options["offset"] = 0.3 * np.sin(np.arange(40.0))
    top = critical_lam(X, y, L1(), loss=LOSSES[name], **options)
    found = path(FORMS[form](X), y, LOSSES[name], penalty, top * SHARES, **options)
    assert found.converged.all()
    for at, lam in zip(range(4), found.lams, strict=True):
        alone = fit(FORMS[form](X), y, LOSSES[name], penalty, lam, **options)
        # √(2 gap / m) with the curvature m of the problem: the fits are as near to each other as both are to the best.
        assert_allclose(found.W[at], alone.w, atol=2e-4 * (1 + np.abs(alone.w).max()))
        assert_allclose(X @ (found.W[at] - alone.w) + found.b[at] - alone.b, 0, atol=2e-4)
        assert found.solver[at] == alone.solver


@pytest.mark.parametrize("name", LOSSES)
def test_the_gap_is_that_of_all_columns_of_the_prepared_problem(name):
    X, y = wide(p=30) if name == "multinomial" else wide()
    y, loss = targets(name, y[: len(X)]), LOSSES[name]
    found = path(X, y, loss, L1(), n_lams=6, lam_min_ratio=0.2)
    made = prepare(X, y, loss, L1())
    K, c = loss.K, made.X.shape[1] // loss.K - X.shape[1]
    for at, lam in enumerate(found.lams):
        w, b = found.W[at].reshape(-1, K), np.reshape(found.b[at], (1, K))
        # The column for the intercept stands beside columns that are centred.
        inner = np.append(w, b + X.mean(axis=0) @ w, axis=0) if c else w
        again = gap(made.X, made.y, inner.ravel(), lam, made.penalty, made.loss)
        null = made.loss.value(made.y, np.zeros_like(made.y))
        assert abs(again - found.gaps[at]) <= 1e-11 * null
        assert found.gaps[at] <= 1e-12 * null


@pytest.mark.parametrize("solver", shrinkage.fit.SOLVERS)
def test_every_solver_walks_the_same_path(solver):
    X, y = wide(p=21)
    penalty = L2() if solver == "direct" else ElasticNet(0.5)
    found, best = (path(X, y, QUADRATIC, penalty, [1.0, 0.3, 0.1], solver=name) for name in (solver, "auto"))
    assert found.solver == (solver,) * 3
    assert found.converged.all()
    assert_allclose(found.W, best.W, atol=1e-5)


# Screening


@examples
@given(fits(max_n=6, max_p=5))
def test_screening_changes_no_answer(case):
    X, y, lam, penalty, given_ = case
    screened, whole = (
        quietly(X, y, QUADRATIC, penalty, lam * SHARES, screen=screen, max_iter=500, **given_)
        for screen in (True, False)
    )
    assert not whole.violations.any()
    counted = np.ones(len(y)) if given_["sample_weight"] is None else np.array(given_["sample_weight"])
    offset = np.zeros(len(y)) if given_["offset"] is None else np.array(given_["offset"])
    for at in np.flatnonzero(screened.converged & whole.converged):
        a, b = (X @ found.W[at] + found.b[at] for found in (screened, whole))
        scale = np.sqrt(counted.sum() / counted[counted > 0].min())
        assert_allclose((a - b)[counted > 0], 0, atol=4e-6 * scale * (1 + np.abs(y - offset).max()))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", LOSSES)
def test_columns_left_out_are_never_seen_by_the_solver(monkeypatch, name, form):
    X, y = wide()
    y, K, widths = targets(name, y), LOSSES[name].K, []
    for each, (solve, refusal) in list(shrinkage.fit.SOLVERS.items()):
        watched = lambda X, *rest, solve=solve, **more: widths.append(X.shape[1]) or solve(X, *rest, **more)  # noqa: E731
        monkeypatch.setitem(shrinkage.fit.SOLVERS, each, (watched, refusal))
    top = critical_lam(X, y, L1(), loss=LOSSES[name])
    widths.clear()
    found = path(FORMS[form](X), y, LOSSES[name], L1(), top * np.geomspace(1, 0.3, 5), tol=1e-8)
    assert max(widths) <= 60 * K
    assert found.active[-1] > 3
    widths.clear()
    path(FORMS[form](X), y, LOSSES[name], L1(), top * np.array([0.9]), tol=1e-8, screen=False)
    assert max(widths) >= 120 * K


def test_where_the_strong_rule_is_wrong_the_column_comes_back():
    wrong = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        X, y = rng.integers(-4, 5, (4, 3)).astype(float), rng.integers(-6, 7, 4).astype(float)
        top = np.abs(X.T @ y).max() / 4
        lams = top * np.geomspace(1, 0.05, 8)
        found = quietly(X, y, QUADRATIC, L1(), lams, fit_intercept=False)
        last, w = top, np.zeros(3)
        for at, lam in enumerate(lams):
            best = exact(X, y, lam, L1())[1]
            left_out = rule_leaves_out(X, y, w, lam, last)
            # The best of the fits without these columns is beyond what the path has found.
            lost = exact(np.where(left_out, 0, X), y, lam, L1())[0] - exact(X, y, lam, L1())[0]
            if lost > 1e-6:
                wrong += 1
                assert found.violations[at] > 0
                assert_allclose(found.W[at], best, atol=1e-4)
                assert found.W[at][left_out].any()
            elif lost == 0 and not best[left_out].any():
                assert found.violations[at] == 0
            last, w = lam, best
    assert wrong >= 3


def test_a_violation_by_hand():
    # Over n = 2 the squares are 1 and 10, the product 3, and the covariances with y are 1 and 0.  Below lam = 1 that of
    # x_2 is −3 (1 − lam), which reaches −lam at 3/4; the rule at lam = 0.7 sees 0 < 2 · 0.7 − 1 and leaves x_2 out.
    X, y = np.array([[1.0, 2.0], [1.0, 4.0]]), np.array([4.0, -2.0])
    found = path(X, y, QUADRATIC, L1(), [1.0, 0.7], fit_intercept=False)
    assert_allclose(found.W, [[0.0, 0.0], [0.9, -0.2]], atol=1e-5)
    assert found.violations.tolist() == [0, 1]
    right = path(X, y, QUADRATIC, L1(), [1.0, 0.9, 0.7], fit_intercept=False)
    assert_allclose(right.W[1], [0.1, 0.0], atol=1e-5)
    # From 0.9, where the covariance is −0.3, to 0.7 the rule lets less go than 0.5.
    assert right.violations.tolist() == [0, 0, 1]
    assert path(X, y, QUADRATIC, L1(), [1.0, 0.7], fit_intercept=False, screen=False).violations.tolist() == [0, 0]


def test_where_the_gap_of_all_columns_is_too_large_though_the_conditions_hold_the_solver_sees_all(monkeypatch):
    X, y = wide()
    seen, (solve, refusal) = [], shrinkage.fit.SOLVERS["coordinate_descent"]
    watched = lambda X, *rest, **more: seen.append(X.shape[1]) or solve(X, *rest, **more)  # noqa: E731
    monkeypatch.setitem(shrinkage.fit.SOLVERS, "coordinate_descent", (watched, refusal))
    monkeypatch.setattr(shrinkage.path, "gap", lambda *of: gap(*of) if seen[-1] == 120 else 1e9)
    found = path(X, y, QUADRATIC, L1(), [0.9 * critical_lam(X, y, L1())])
    assert (seen[0] < 60, seen[-1], found.converged[0], found.violations[0]) == (True, 120, True, 0)


# The path as a whole


@pytest.mark.parametrize("kind", PENALTIES)
@pytest.mark.parametrize("intercept", [True, False])
def test_fitted_values_move_no_faster_with_lam_than_the_objective_allows(kind, intercept):
    """Both minima bound both: ``‖Δ‖²/n <= (lam1 − lam2)(pen(w2) − pen(w1))``."""
    X, y = wide()
    penalty = PENALTIES[kind]
    found = path(X, y, QUADRATIC, penalty, np.geomspace(3, 0.1, 12), fit_intercept=intercept)
    Xc, yc, *_ = taken_apart(X, y, fit_intercept=intercept)
    slack = 8 * np.sqrt(2 * np.mean(yc**2)) * np.sqrt(2 * found.gaps.max()) + 1e-9
    for at in range(11):
        moved = np.mean((Xc @ (found.W[at + 1] - found.W[at])) ** 2)
        earned = penalty.value(found.W[at + 1]) - penalty.value(found.W[at])
        assert moved <= (found.lams[at] - found.lams[at + 1]) * earned + slack


def test_a_finer_grid_takes_smaller_steps():
    X, y = generic()
    steps = [
        np.abs(np.diff(path(X, y, QUADRATIC, L1(), np.geomspace(10, 0.01, L)).W, axis=0)).max() for L in (20, 80, 320)
    ]
    assert steps[0] > 2 * steps[1] > 4 * steps[2]


@examples
@given(fits(), st.permutations(range(4)))
def test_lams_are_taken_in_any_order_and_answered_in_that(case, order):
    X, y, lam, penalty, given_ = case
    lams = lam * np.array([1.5, 0.4, 0.4, 0.05])
    a = quietly(X, y, QUADRATIC, penalty, lams, max_iter=100, **given_)
    b = quietly(X, y, QUADRATIC, penalty, lams[order], max_iter=100, **given_)
    assert_array_equal(b.lams, lams[order])
    # Of the two that are equal the first in the list is fitted first.
    of = [order.index(at) for at in (0, 3)] + sorted(order.index(at) for at in (1, 2))
    for field in ("lams", "W", "b", "gaps", "n_iter", "violations", "active"):
        assert_array_equal(getattr(b, field)[of], getattr(a, field)[[0, 3, 1, 2]])
    assert [b.solver[at] for at in of] == [a.solver[at] for at in (0, 3, 1, 2)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("penalty", [L1(), ElasticNet(0.4, positive=True), L1([0.0, 1, 2, 1, 0.5])])
def test_the_grid_begins_at_zero_with_a_certificate(penalty, name, form):
    X, y = generic()
    X, y = X - X.mean(axis=0) + 0.1, targets(name, y)
    options = {"sample_weight": np.arange(30) % 3, "standardize": True}
    found = path(FORMS[form](X), y, LOSSES[name], penalty, n_lams=4, lam_min_ratio=0.1, tol=1e-9, **options)
    lam = critical_lam(FORMS[form](X), y, penalty, loss=LOSSES[name], **options)
    assert_allclose(found.lams, lam * 0.1 ** (np.arange(4) / 3), rtol=1e-12)
    assert found.lams[0] == lam
    assert not found.W[0][penalty.factors(5) > 0].any()
    assert (found.n_iter[0], found.converged[0]) == (0, True)
    assert found.W[-1][penalty.factors(5) > 0].any()
    alone = path(FORMS[form](X), y, LOSSES[name], penalty, n_lams=1, tol=1e-9, **options)
    assert_array_equal(alone.lams, [lam])
    assert_array_equal(alone.W, found.W[:1])


@pytest.mark.parametrize(("n", "ratio"), [(20, 1e-4), (19, 1e-2)])
def test_the_grid_ends_where_glmnets_does_and_rows_without_weight_are_none(n, ratio):
    X, y = wide(n=25, p=101)
    s = (np.arange(25) < n).astype(float)
    found = path(X[:, ::5][:, :20], y, QUADRATIC, L1(), n_lams=3, sample_weight=s, tol=1e-6)
    assert found.lams[-1] == pytest.approx(found.lams[0] * ratio, rel=1e-12)
    assert len(path(X[:, :2], y, QUADRATIC, L1(), tol=1e-3).lams) == 100


@pytest.mark.parametrize("form", FORMS)
def test_lam_zero_in_the_list_is_least_squares(form):
    X, y = generic()
    A = np.column_stack([X, np.ones(30)])
    found = path(FORMS[form](X), y, QUADRATIC, L1(), [0.0, 0.5, 0.0])
    assert_allclose(X @ found.W[0] + found.b[0], A @ np.linalg.lstsq(A, y)[0], atol=1e-5)
    assert_allclose(found.W[2], found.W[0], atol=1e-5)
    assert found.solver[1] == "coordinate_descent"
    assert found.solver[0] == ("direct" if form == "dense" else "coordinate_descent")


def test_lam_zero_in_the_list_is_the_highest_likelihood_and_refused_where_there_is_none():
    X, y = generic()
    counts = targets("poisson", y)
    found = path(X, counts, Poisson(), L1(), [0.0, 0.1])
    model = linear_model.PoissonRegressor(alpha=0, tol=1e-12, max_iter=10**4).fit(X, counts)
    assert_allclose(found.W[0], model.coef_, atol=1e-5)
    classes = (y > np.median(y)).astype(float)
    with pytest.raises(ValueError, match=r"^y is separated by columns without a penalty"):
        path(np.column_stack([X, y]), classes, Logistic(), L1(), [0.1, 0.0])
    assert path(np.column_stack([X, y]), classes, Logistic(), L1(), [0.1]).converged.all()


@pytest.mark.parametrize("name", LOSSES)
def test_a_weight_repeats_a_row_and_zero_leaves_it_out(name):
    X, y = generic()
    y, s = targets(name, y), np.arange(30) % 3
    lams = critical_lam(X, y, L1(), loss=LOSSES[name], sample_weight=s) * np.array([1.0, 0.5, 0.1])
    wild = np.where(s[:, None] == 0, 1e300, X)
    weighted = path(wild, y, LOSSES[name], L1(), lams, sample_weight=s)
    repeated = path(np.repeat(X, s, axis=0), np.repeat(y, s), LOSSES[name], L1(), lams)
    assert_allclose(weighted.W, repeated.W, atol=1e-5)
    assert_allclose(weighted.b, repeated.b, atol=1e-4)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("form", ["csc", "csr"])
def test_sparse_columns_are_dense_ones(form, name):
    X, y = wide(p=101)
    X, y = np.where(np.abs(X[:, ::4]) < 0.7, 0, X[:, ::4]), targets(name, y)
    options = {"n_lams": 5, "lam_min_ratio": 0.1, "standardize": True, "sample_weight": 1.0 + np.arange(40) % 2}
    dense, thin = (path(A, y, LOSSES[name], L1(), **options) for A in (X, FORMS[form](X)))
    # Where the columns without a penalty are fitted by steps, the critical lam is known up to the root of their gap.
    assert_allclose(thin.lams, dense.lams, rtol=1e-12 if name == "squares" else 1e-6)
    assert_allclose(thin.W, dense.W, atol=1e-4)
    if name == "squares":
        assert_array_equal(thin.active, dense.active)


def test_sparse_columns_are_never_filled(monkeypatch):
    X, y = sparse.random_array((60, 20), density=0.1, rng=0, format="csc"), np.arange(60.0) % 7

    def filled(A, *rest):
        raise AssertionError("columns are filled")

    monkeypatch.setattr(sparse.csc_array, "toarray", filled)
    monkeypatch.setattr(sparse.csc_array, "todense", filled)
    for screen in (True, False):
        assert path(X, y, QUADRATIC, L1(), n_lams=5, standardize=True, screen=screen).active[-1] > 10


def test_a_warm_start_saves_sweeps():
    X, y = wide()
    found = path(X, y, QUADRATIC, L1(), n_lams=30, lam_min_ratio=0.05)
    alone = [fit(X, y, QUADRATIC, L1(), lam).n_iter for lam in found.lams]
    assert found.n_iter.sum() < 0.8 * sum(alone)


def test_of_a_path_that_stopped_early_there_is_one_warning_at_the_caller_and_its_gaps_hold():
    X, y = wide()
    lams = [1.0, 0.1, 0.03]
    with pytest.warns(RuntimeWarning, match=r"^stopped short of tol at \d of 3 lams, with gaps up to") as caught:
        found = path(X, y, QUADRATIC, L1(), lams, max_iter=3)
    assert [w.filename for w in caught] == [__file__]
    assert not found.converged[1:].any()
    best = path(X, y, QUADRATIC, L1(), lams)
    for at, lam in enumerate(lams):
        above, _ = (certified(X, y, f.W[at], f.b[at], lam, L1())[0] for f in (found, best))
        assert above - certified(X, y, best.W[at], best.b[at], lam, L1())[0] <= found.gaps[at]
    assert (found.n_iter <= 3 * (1 + found.violations)).all()


@pytest.mark.parametrize("name", LOSSES)
def test_columns_without_a_penalty_are_in_every_fit(name):
    X, y = wide(p=61)
    X, y, f = X[:, ::3], targets(name, y), np.arange(21) % 7 > 0
    found = path(X, y, LOSSES[name], L1(), n_lams=6, lam_min_ratio=0.2, penalty_factor=f)
    assert (found.W[:, ~f] != 0).all()
    for at in (0, 3):
        alone = fit(X, y, LOSSES[name], L1(), found.lams[at], penalty_factor=f)
        assert_allclose(found.W[at], alone.w, atol=1e-4 * (1 + np.abs(alone.w).max()))


# Agreement


@pytest.mark.parametrize("positive", [False, True])
def test_agrees_with_the_knots_of_lars_and_with_the_lines_between(positive):
    X, y = wide(p=101)
    Xc, yc, *_ = taken_apart(X[:, ::4], y)
    knots = lars(Xc, yc, positive=positive, lam_min=0.05)
    lams = np.append(knots.lams, (knots.lams[1:] + knots.lams[:-1]) / 2)
    found = path(X[:, ::4], y, QUADRATIC, L1(), lams, positive=positive, tol=1e-14)
    assert_allclose(found.W, [knots.at(lam) for lam in lams], atol=1e-5)
    # Between two knots the signs of the upper one are those in use.
    assert_array_equal(found.active[len(knots.lams) :], np.count_nonzero(knots.signs[:-1], axis=1))


@pytest.mark.parametrize("l1_ratio", [1.0, 0.5])
@pytest.mark.parametrize("positive", [False, True])
def test_agrees_with_the_paths_of_scikit_learn(l1_ratio, positive):
    X, y = wide()
    Xc, yc, *_ = taken_apart(X, y)
    found = path(X, y, QUADRATIC, ElasticNet(l1_ratio), n_lams=20, lam_min_ratio=0.05, positive=positive)
    options = {"alphas": found.lams, "tol": 1e-12, "max_iter": 10**5, "positive": positive}
    walk = linear_model.lasso_path if l1_ratio == 1 else linear_model.enet_path
    _, W, _ = walk(Xc, yc, **options, **({} if l1_ratio == 1 else {"l1_ratio": l1_ratio}))
    assert_allclose(found.W, W.T, atol=2e-5)
    assert_allclose(found.b, y.mean() - X.mean(axis=0) @ W, atol=1e-4)


def test_cross_validation_takes_it_as_it_is():
    X, y = wide()
    X, folds, lams = X[:, ::3], k_fold(40, 3, seed=0), np.array([0.1, 1.0, 0.3])

    def of_path(X, y, lams, s):
        found = path(X, y, QUADRATIC, L1(), lams, sample_weight=s)
        return found.W, found.b

    def of_fits(X, y, lams, s):
        found = [fit(X, y, QUADRATIC, L1(), lam, sample_weight=s) for lam in lams]
        return np.array([r.w for r in found]), np.array([r.b for r in found])

    s = np.arange(40) % 4
    a, b = (cross_validate(each, X, y, lams, folds, sample_weight=s) for each in (of_path, of_fits))
    assert_allclose(a.errors, b.errors, rtol=1e-4)


def test_by_hand():
    # Orthogonal columns of mean square 1 and covariances 3 and −1 with y, whose mean is 5.
    X = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    found = path(X, 5 + X @ [3.0, -1.0], QUADRATIC, L1(), [0.5, 4.0, 2.0])
    assert_allclose(found.W, [[2.5, -0.5], [0.0, 0.0], [1.0, 0.0]], atol=1e-12)
    assert found.b.tolist() == [5.0, 5.0, 5.0]
    assert found.active.tolist() == [2, 0, 1]
    grid = path(X, 5 + X @ [3.0, -1.0], QUADRATIC, L1(), n_lams=3, lam_min_ratio=0.01)
    assert_allclose(grid.lams, [3.0, 0.3, 0.03])


# Arrays as they come


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", LOSSES)
def test_single_precision_is_kept(name, form):
    X, y = generic()
    y = targets(name, y)
    X, y = X.astype("f4"), y.astype("f4")
    lams = critical_lam(X.astype(float), y.astype(float), L1(), loss=LOSSES[name]) * np.array([1.2, 0.5, 0.1])
    found = path(FORMS[form](X), y, LOSSES[name], L1(), lams)
    assert found.W.dtype == np.float32
    assert found.converged.all()
    assert_allclose(found.W, path(X.astype(float), y.astype(float), LOSSES[name], L1(), lams).W, atol=3e-2)


def test_callers_arrays_are_read_only_in_any_order():
    X, y = wide()
    lams = np.array([0.5, 0.05, 1.0])
    given_ = [np.asfortranarray(X), y, lams, np.ones(40), np.zeros(40), np.ones(120)]
    for array in given_:
        array.flags.writeable = False
    A, t, lams, s, offset, f = given_
    found = path(A, t, QUADRATIC, L1(), lams, sample_weight=s, offset=offset, penalty_factor=f, standardize=True)
    assert_allclose(found.W, path(X, y, QUADRATIC, L1(), lams, standardize=True).W, atol=1e-5)
    whole = np.round(X * 4).astype(int)
    assert_array_equal(
        path(whole.tolist(), y, QUADRATIC, L1(), [1, 2]).W, path(whole + 0.0, y, QUADRATIC, L1(), [1.0, 2.0]).W
    )
    thin = sparse.csr_array(X)
    data = thin.data.copy()
    path(thin, y, QUADRATIC, L1(), lams, standardize=True, sample_weight=np.arange(40))
    assert_array_equal(thin.data, data)


class OwnPenalty:
    """L1 by nobody's class: no field by which it could be told of fewer columns."""

    positive = False

    def __getattr__(self, name):
        if name in ("factor", "l1_ratio") or name.startswith("__"):
            raise AttributeError(name)
        return getattr(L1(), name)


def test_a_penalty_of_ones_own_is_asked_about_all_columns():
    X, y = generic()
    found = path(X, y, QUADRATIC, OwnPenalty(), n_lams=5)
    assert_array_equal(found.W, path(X, y, QUADRATIC, L1(), n_lams=5, screen=False).W)


# What is refused


@pytest.mark.parametrize("what", [what for what in BAD_DATA if what != "X sparse"])
def test_data_that_cannot_be_used_are_refused_by_name(what):
    X, y, message = BAD_DATA[what]
    with pytest.raises(ValueError, match=message):
        path(X, y, QUADRATIC, L1(), [0.1])


@pytest.mark.parametrize("what", [what for what in BAD_LAMS if what not in ("list", "bool", "None")])
def test_lams_that_cannot_be_used_are_refused_by_name(what):
    with pytest.raises(ValueError, match=r"^lam"):
        path(X6, y6, QUADRATIC, L1(), [0.1, BAD_LAMS[what]])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lams": 0.1}, "lams must be one-dimensional"),
        ({"lams": []}, "lams is empty"),
        ({"n_lams": 0}, "n_lams must be an integer >= 1"),
        ({"n_lams": 2.5}, "n_lams must be an integer >= 1"),
        ({"lam_min_ratio": 0}, "lam_min_ratio must be above 0 and below 1"),
        ({"lam_min_ratio": 1.0}, "lam_min_ratio must be above 0 and below 1"),
        ({"lam_min_ratio": "small"}, "lam_min_ratio must be one finite real number"),
        ({"penalty": L2()}, "lams must be given: this penalty sets no coefficient to zero"),
        ({"y": np.ones(6)}, "lams must be given: .* zero at every lam"),
        ({"penalty_factor": [0.0, 0.0]}, "lams must be given: .* zero at every lam"),
        ({"screen": 1}, "screen must be True or False"),
        ({"loss": "squared"}, "loss must be one of shrinkage.losses"),
        ({"penalty": 1.0}, "penalty must be one of shrinkage.penalties"),
        ({"positive": 1}, "positive must be True or False"),
        ({"fit_intercept": None}, "fit_intercept must be True or False"),
        ({"standardize": "yes"}, "standardize must be True or False"),
        ({"penalty_factor": [1.0]}, "penalty_factor must have one number a column of X"),
        ({"sample_weight": np.zeros(6)}, "sample_weight is zero for every row"),
        ({"offset": [1.0]}, "offset must have one number a row of X"),
        ({"solver": "magic"}, "solver must be one of auto, direct, coordinate_descent"),
        ({"solver": "direct"}, "solver cannot take this problem .direct: the penalty is more than a sum of squares"),
        ({"tol": -1.0}, "tol must be a finite number >= 0"),
        ({"max_iter": 1.5}, "max_iter must be a number of steps"),
        ({"X": X6 * [1, 1e-310], "standardize": True, "lams": [0.1]}, "X has a column so small that its coefficient"),
    ],
)
def test_refusals_say_what_is_wrong(options, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        path(**{"X": X6, "y": y6, "loss": QUADRATIC, "penalty": L1()} | options)


def test_what_is_never_needed_is_refused_nowhere():
    # The default grid of L2 has no beginning, but lams that are given need none.
    found = path(X6, y6, QUADRATIC, L2(), [1.0, 0.1], n_lams=0)
    assert found.solver == ("direct", "direct")
