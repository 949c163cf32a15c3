"""Laws of the one entry: a certificate for every penalty, solver and form of the data, and other packages' answers."""

import warnings
from fractions import Fraction

import cvxpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from scipy.optimize import nnls
from shrinkage import conversions
from shrinkage.fit import SOLVERS, critical_lam, fit
from shrinkage.losses import Logistic, Multinomial, Poisson, Quadratic
from shrinkage.penalties import L1, L2, ElasticNet
from shrinkage.sparse import Centred
from sklearn import linear_model

from tests.shrinkage.problems import BAD_DATA, BAD_LAMS, X6, certified, fits, generic, least, taken_apart, y6

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=40, deadline=None)
FORMS = {"dense": np.array, "csc": sparse.csc_array, "csr": sparse.csr_matrix}


NOT_CENTRED = {("prox_newton", form) for form in FORMS if form != "dense"}


def run(X, y, penalty, lam, **options):
    return fit(X, y, Quadratic(), penalty, lam, **options)


def quietly(X, y, penalty, lam, **options):
    """(result, whether it has warned): a solver may stop early, and laws hold all the same."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        result = run(X, y, penalty, lam, **options)
    assert all(w.category is RuntimeWarning and str(w.message).startswith("stopped after") for w in warned)
    return result, bool(warned)


def violation(X, y, penalty, lam, result, **settings_):
    return certified(X, y, result.w, result.b, lam, penalty, **settings_)[1]


# The certificate, for every penalty, solver and form


@pytest.mark.parametrize(
    ("solver", "form"),
    # Newton's quadratics take sparse columns as they are and not centred.
    [(solver, form) for solver in ["auto", *SOLVERS] for form in FORMS if (solver, form) not in NOT_CENTRED],
)
@examples
@given(case=fits())
def test_the_gap_bounds_how_far_the_point_is_from_the_least_and_its_conditions_hold(solver, form, case):
    X, y, lam, penalty, given_ = case
    if solver == "direct" and (form != "dense" or penalty.l1_ratio > 0 or penalty.positive):
        with pytest.raises(ValueError, match=r"^solver cannot take .*\(direct: (X is sparse|the penalty is)"):
            run(FORMS[form](X), y, penalty, lam, solver=solver, **given_)
        return
    result, warned = quietly(FORMS[form](X), y, penalty, lam, solver=solver, max_iter=300, **given_)
    value, violated = certified(X, y, result.w, result.b, lam, penalty, **given_)
    null, _ = certified(X, y, 0 * result.w, 0.0, lam, penalty, **given_)
    noise = 1e-11 * (1 + null)
    assert warned != result.converged
    assert result.converged == (result.gap <= 1e-12 * null * (1 + 1e-9))
    assert -noise <= value - least(X, y, lam, penalty, **given_) <= result.gap + noise
    assert violated <= np.sqrt(max(result.gap, 0.0) / (null or 1.0)) + 1e-7


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("standardize", [False, True])
def test_a_generic_problem_converges_with_everything_at_once(form, positive, share, standardize):
    X, y = generic()
    s, offset = np.arange(30) % 4, np.linspace(-2, 2, 30)
    penalty = ElasticNet(share, [0.0, 1.0, 2.0, 1.0, 0.5], positive)
    result = run(FORMS[form](X), y, penalty, 0.3, standardize=standardize, sample_weight=s, offset=offset)
    assert result.converged
    assert violation(X, y, penalty, 0.3, result, sample_weight=s, standardize=standardize, offset=offset) <= 1e-5


def test_all_solvers_agree_and_each_says_that_it_was_asked():
    X, y = generic()
    found = {name: run(X, y, L2([0.0, 1, 2, 1, 3]), 0.2, solver=name) for name in ["auto", *SOLVERS]}
    assert [r.solver for r in found.values()] == ["direct", *SOLVERS]
    for result in found.values():
        assert result.converged
        assert_allclose(result.w, found["direct"].w, atol=1e-5)


@pytest.mark.parametrize(("loss", "most"), [(Logistic(), 1), (Poisson(), np.inf), (Multinomial(3), 2)])
def test_the_solvers_of_a_likelihood_agree_and_others_refuse_it(loss, most):
    X, y = generic()
    y = np.minimum(np.digitize(y, np.quantile(y, [0.3, 0.6, 0.9])), most)[np.random.default_rng(0).permutation(30)]
    X = X - X.mean(axis=0)
    found = [fit(X, y, loss, ElasticNet(0.5), 0.05, solver=name) for name in ("prox_newton", "proximal_gradient")]
    assert [r.solver for r in found] == ["prox_newton", "proximal_gradient"]
    assert found[1].converged
    assert_allclose(found[1].w, found[0].w, atol=1e-5)
    for name in ("direct", "coordinate_descent", "admm"):
        with pytest.raises(ValueError, match=rf"^solver cannot take this problem \({name}: the loss is not quadratic"):
            fit(X, y, loss, L2(), 0.05, solver=name)


def test_a_penalty_that_is_no_sum_over_the_coefficients_goes_to_the_first_that_needs_its_prox_alone():
    class Whole(OwnPenalty):
        def __getattr__(self, name):
            if name == "prox_one":
                raise AttributeError(name)
            return super().__getattr__(name)

    X, y = generic()
    result = fit(X, y, Quadratic(), Whole(np.ones(5)), 0.3)
    assert result.solver == "proximal_gradient"
    assert_allclose(result.w, run(X, y, L1(), 0.3).w, atol=1e-5)


# Laws


@examples
@given(fits())
def test_a_weight_repeats_a_row_and_zero_leaves_it_out_whatever_stands_there(case):
    X, y, lam, penalty, given_ = case
    X, s = X / 8, np.arange(len(y))[::-1] % 3 + (np.arange(len(y)) == 0)
    rows = np.repeat(np.arange(len(y)), s)
    wild_X, wild_y = X.copy(), y.copy()
    wild_X[s == 0], wild_y[s == 0] = 1.7e308, -1.7e308
    offset = given_.pop("offset")
    offset = np.zeros(len(y)) if offset is None else np.array(offset)
    weighted, _ = quietly(wild_X, wild_y, penalty, lam, **given_ | {"sample_weight": s, "offset": offset})
    repeated, _ = quietly(X[rows], y[rows], penalty, lam, **given_ | {"sample_weight": None, "offset": offset[rows]})
    assert abs(weighted.gap - repeated.gap) <= 1e-9 * (1 + y @ y) or not (weighted.converged and repeated.converged)
    if weighted.converged and repeated.converged:
        # Strong convexity in the predictions: two points of gap g are within √(2 g n) each of the only best ones.
        a, b = (X[rows] @ r.w + r.b for r in (weighted, repeated))
        assert_allclose(a, b, atol=1e-5 * np.sqrt(len(rows)) * (1 + np.abs(y - offset).max()))


@pytest.mark.parametrize("penalty", [L1(), L2(), ElasticNet(0.5), L1(positive=True)])
@pytest.mark.parametrize("standardize", [False, True])
def test_shifts_scales_and_orders_move_the_answer_as_they_must(penalty, standardize):
    X, y = generic()
    base = run(X, y, penalty, 0.3, standardize=standardize)
    shifted = run(X + 7.0, y - 5.0, penalty, 0.3, standardize=standardize)
    assert_allclose(shifted.w, base.w, atol=1e-6)
    assert_allclose(shifted.b, base.b - 5.0 - 7.0 * base.w.sum(), atol=1e-5)
    pure_l2 = penalty.l1_ratio == 0
    if pure_l2 or penalty.l1_ratio == 1:
        twice = run(X, 2 * y, penalty, 0.3 if pure_l2 else 0.6, standardize=standardize)
        assert_allclose(twice.w, 2 * base.w, atol=1e-6)
    if standardize:
        c = np.array([1e-4, 1.0, 10.0, 1e4, 0.5])
        assert_allclose(run(X * c, y, penalty, 0.3, standardize=True).w * c, base.w, atol=1e-6)
    order = np.array([4, 2, 0, 1, 3])
    assert_allclose(run(X[::-1, order], y[::-1], penalty, 0.3, standardize=standardize).w, base.w[order], atol=1e-5)
    start = run(X, y, penalty, 0.3, standardize=standardize, w=np.full(5, 3.0))
    assert_allclose(start.w, base.w, atol=1e-5)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("standardize", [False, True])
@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize("factor", [None, [0.0, 1.0, 2.0, 1.0, 0.5]])
def test_the_critical_lam_is_exact_from_both_sides(form, standardize, positive, factor):
    X, y = generic()
    X = FORMS[form](X)
    options = {"standardize": standardize, "sample_weight": np.arange(30) % 3}
    penalty = L1(factor, positive)
    lam = critical_lam(X, y, penalty, **options)
    charged = penalty.factors(5) > 0
    for times in (1 + 1e-9, 1.1):
        assert not run(X, y, penalty, lam * times, **options).w[charged].any()
    assert run(X, y, penalty, lam * (1 - 1e-5), tol=1e-15, max_iter=200, **options).w[charged].any()


@examples
@given(fits(max_p=4), st.sampled_from([1e-3, 1e3]), st.integers(-5, 5), st.integers(0, 10**6))
def test_every_symmetry_of_the_objective_is_one_of_the_fit(case, times, shift, seed):
    """Rows and columns in another order, flipped and scaled, a shift, an offset, and all weights times a number."""
    X, y, lam, penalty, given_ = case
    (n, p), rng = X.shape, np.random.default_rng(seed)
    rows, order, flips = rng.permutation(n), rng.permutation(p), rng.choice([-1.0, 1.0], p)
    if penalty.positive:
        flips = np.ones(p)
    f = penalty.factors(p)
    s = np.ones(n) if given_["sample_weight"] is None else np.array(given_["sample_weight"])
    o = np.zeros(n) if given_["offset"] is None else np.array(given_["offset"])
    c = shift if given_["fit_intercept"] else 0
    columns = times if given_["standardize"] and given_["fit_intercept"] else 1.0
    moved_X = (columns * (X + c) * flips)[rows][:, order]
    # Both shares of the penalty scale with the target only in the units of their own.
    l1, l2 = penalty.l1_ratio * lam * times, (1 - penalty.l1_ratio) * lam
    moved_lam = l1 + l2
    moved_penalty = ElasticNet(min(l1 / moved_lam, 1.0), f[order], penalty.positive)
    moved = given_ | {"sample_weight": s[rows] * 1e-200, "offset": None}
    a, _ = quietly(X, y, penalty, lam, **given_)
    b, _ = quietly(moved_X, times * (y - o + c)[rows], moved_penalty, moved_lam, **moved)
    if a.converged and b.converged:
        counted = s[rows] > 0
        fitted = (X[rows] @ a.w + a.b)[counted]
        again = (moved_X @ b.w + b.b)[counted] / times - c
        assert_allclose(again, fitted, atol=4e-6 * np.sqrt(n * s.sum() / s[s > 0].min()) * (1 + np.abs(y - o).max()))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("penalty", [L1(), L2(), ElasticNet(0.5, [0.0, 1, 1, 0, 2], positive=True)])
@pytest.mark.parametrize("offset", [1e6, 1e9])
def test_an_offset_of_columns_and_target_is_taken_up_by_the_intercept_in_every_form(form, penalty, offset):
    X, y = (np.round(a * 64) / 64 for a in generic())
    for standardize in (False, True):
        base = run(X, y, penalty, 0.3, standardize=standardize)
        moved = run(FORMS[form](X + offset), y + offset, penalty, 0.3, standardize=standardize)
        assert_allclose(moved.w, base.w, atol=2e-6)
        assert_allclose(moved.b, base.b + offset * (1 - moved.w.sum()), rtol=1e-9)


@examples
@given(fits())
def test_sparse_columns_give_what_filled_ones_do(case):
    X, y, lam, penalty, given_ = case
    X = np.where(X > 2, 0, X)
    dense, _ = quietly(X, y, penalty, lam, solver="coordinate_descent", max_iter=50, **given_)
    filled, _ = quietly(sparse.csr_array(X), y, penalty, lam, max_iter=50, **given_)
    if dense.n_iter == filled.n_iter:
        atol = 1e-8 * (1 + np.abs(dense.w).max())
        assert_allclose([*filled.w, filled.b], [*dense.w, dense.b], atol=1e-7 * (1 + np.abs(y).max()) + atol)
        # Which columns without a penalty a positive dual point is freed of may hang on rounding.
        if not (penalty.positive and 0 in penalty.factors(X.shape[1])):
            assert abs(filled.gap - dense.gap) <= 1e-9 * (1 + y @ y)


@pytest.mark.parametrize("method", ["toarray", "todense"])
def test_sparse_columns_are_never_filled_but_for_those_without_a_penalty(monkeypatch, method):
    X, y = sparse.random_array((60, 20), density=0.1, rng=0, format="csc"), np.arange(60.0) % 7
    sizes = []
    of = getattr(sparse.csc_array, method)
    monkeypatch.setattr(
        sparse.csc_array, method, lambda A, *rest, **more: sizes.append(A.shape) or of(A, *rest, **more)
    )
    penalty = ElasticNet(0.7, [0.0, 0.0] + [1.0] * 18)
    for options in ({}, {"standardize": True, "sample_weight": np.arange(60) % 3}):
        run(X, y, L1(), 0.01, **options)
        critical_lam(X, y, L1(), **options)
        assert sizes == []
    run(X, y, penalty, 0.01)
    critical_lam(X, y, penalty)
    assert {shape[1] for shape in sizes} <= {2}


def test_the_callers_sparse_matrix_is_not_changed_and_one_that_is_centred_is_refused():
    X, y = generic()
    full = Centred(sparse.csc_array(X), np.zeros(5))
    with pytest.raises(ValueError, match=r"^X is centred already; give the sparse matrix itself"):
        run(full, y, L1(), 0.1, standardize=True)
    assert_array_equal(full.X.toarray(), X)


@examples
@given(fits(max_p=4))
def test_at_and_above_the_critical_lam_zero_is_certified_and_below_it_is_not(case):
    X, y, _, penalty, given_ = case
    lam = critical_lam(X, y, penalty, **given_)
    f = penalty.factors(X.shape[1])
    if not np.isfinite(lam):
        assert penalty.l1_ratio == 0
        return
    free, noise = ElasticNet(1.0, np.where(f > 0, 0.0, 1.0), penalty.positive), 1e-9 * (1 + y @ y)
    alone = X * (f == 0)
    # With the penalised columns left out: the least there is the least of all from the critical lam on.
    null = least(alone, y, 0.0, free, **given_ | {"standardize": False})
    assert least(X, y, lam * (1 + 1e-9), penalty, **given_) >= null - noise
    if lam > 1e-6:
        assert least(X, y, lam / 2, penalty, **given_) < null - 1e-14 * null
    if (f > 0).all():
        result, warned = quietly(X, y, penalty, lam, **given_)
        # At a critical lam of 0 zero is one minimiser, and least squares finds it up to rounding.
        assert np.abs(result.w).max() <= (0 if lam > 0 else 1e-12)
        assert (result.n_iter <= 1, warned) == (True, False)


@examples
@given(fits(), st.floats(0.5, 2.0))
def test_fitted_values_move_no_faster_with_lam_than_the_objective_allows(case, ratio):
    """Both minima bound both: ``‖Δ‖²/n <= (lam1 − lam2)(pen(w2) − pen(w1))``, from strong convexity twice."""
    X, y, lam, penalty, given_ = case
    a, _ = quietly(X, y, penalty, lam, **given_)
    b, _ = quietly(X, y, penalty, lam * ratio, **given_)
    Xc, yc, sd, _, _, share = taken_apart(X, y, **given_)
    moved = share @ (Xc @ (a.w - b.w)) ** 2
    bound = lam * (1 - ratio) * (penalty.value(b.w * sd) - penalty.value(a.w * sd))
    slack = 2 * np.sqrt(2 * share @ yc**2) * np.sqrt(max(a.gap, 0) + max(b.gap, 0)) + 1e-9 * (1 + y @ y)
    if a.converged and b.converged:
        assert moved <= bound + 4 * slack


@examples
@given(fits(), st.integers(0, 10**6))
def test_a_warm_start_changes_nothing_but_the_number_of_sweeps(case, seed):
    X, y, lam, penalty, given_ = case
    start = np.abs(np.random.default_rng(seed).normal(size=X.shape[1])) * 5
    kept = start.copy()
    cold, _ = quietly(X, y, penalty, lam, **given_)
    warm, _ = quietly(X, y, penalty, lam, w=start, **given_)
    assert_array_equal(start, kept)
    if cold.converged and warm.converged:
        values = [certified(X, y, r.w, r.b, lam, penalty, **given_)[0] for r in (cold, warm)]
        assert abs(values[0] - values[1]) <= max(cold.gap, warm.gap) + 1e-11 * (1 + y @ y)
        again, _ = quietly(X, y, penalty, lam, w=cold.w, **given_)
        assert again.n_iter <= 1


def test_factors_of_L1_are_lengths_of_columns():
    X, y = generic()
    f = np.array([0.5, 1.0, 2.0, 3.0, 0.25])
    assert_allclose(run(X, y, L1(), 0.3, penalty_factor=f).w, run(X / f, y, L1(), 0.3).w / f, atol=1e-6)


# What must be survived

n, p = 40, 6
rng = np.random.default_rng(1)
base = rng.normal(size=(n, p))
target = base @ rng.normal(size=p) + rng.normal(size=n)
HARD = {
    "offset": base + 1e9,
    "constant": np.column_stack([base[:, :5], np.full(n, 3.0)]),
    "zero": np.column_stack([base[:, :5], np.zeros(n)]),
    "duplicated": base[:, [0, 0, 1, 1, 2, 2]],
    "negated": np.column_stack([base[:, :3], -base[:, :3]]),
    "collinear": np.column_stack([base[:, :5], base[:, :5].sum(axis=1)]),
    "one column": base[:, :1],
    "two rows": base[:2],
    "wide": base[:4],
}


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("what", HARD)
def test_hard_designs_are_solved_with_a_certificate(what, share):
    X = HARD[what]
    y = target[: len(X)]
    for lam in (0.05, 0.5):
        result = run(X, y, ElasticNet(share), lam)
        assert result.converged
        assert violation(X, y, ElasticNet(share), lam, result) <= 2e-6


def test_columns_of_any_scale_are_solved_where_they_are_standardised():
    c = 10.0 ** np.array([-8, -4, 0, 2, 4, 8])
    for penalty in (L1(), L2(), ElasticNet(0.5)):
        expected = run(base, target, penalty, 0.1, standardize=True).w
        assert_allclose(run(base * c, target, penalty, 0.1, standardize=True).w * c, expected, atol=1e-6)


def test_hilberts_matrix_is_solved_to_rounding():
    X = 1 / (np.arange(n)[:, None] + np.arange(p) + 1.0)
    result = run(X, target, L2(), 1e-14, tol=1e-9)
    # w is as large as 1e5 here, and the terms that cancel in the gradient are products with it.
    assert violation(X, target, L2(), 1e-14, result) <= 1e-10


@pytest.mark.parametrize("penalty", [L1(), L2(), ElasticNet(0.5)])
def test_at_lam_zero_the_fit_is_that_of_least_squares(penalty):
    X, y = generic()
    A = np.column_stack([X, np.ones(30)])
    result = run(X, y, penalty, 0.0)
    assert_allclose(X @ result.w + result.b, A @ np.linalg.lstsq(A, y)[0], atol=1e-9)
    assert_allclose(
        run(base[:4], target[:4], penalty, 0.0).w @ base[:4].T,
        target[:4] - run(base[:4], target[:4], penalty, 0.0).b,
        atol=1e-9,
    )
    positive = run(X, y, penalty, 0.0, positive=True, fit_intercept=False)
    assert_allclose(positive.w, nnls(X, y)[0], atol=1e-5)


def test_one_row_is_its_own_prediction():
    result = run([[3.0, 4.0]], [7.0], L1(), 0.1)
    assert (result.w.tolist(), result.b, result.gap) == ([0.0, 0.0], 7.0, 0.0)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("penalty", [L1(), L2(), ElasticNet(0.5)])
def test_single_precision_is_kept_and_solved_to_its_own_tolerance(form, penalty):
    X, y = generic()
    single = run(FORMS[form](X.astype("f4")), y.astype("f4"), penalty, 0.3)
    assert single.w.dtype == np.float32
    assert_allclose(single.w, run(X, y, penalty, 0.3).w, atol=2e-2)


@pytest.mark.parametrize("penalty", [L1(), L2()])
def test_callers_arrays_are_read_only_in_any_order(penalty):
    X, y = generic()
    given_ = [np.asfortranarray(X), y, np.ones(30), np.zeros(30), np.ones(5)]
    for array in given_:
        array.flags.writeable = False
    A, t, s, offset, w = given_
    result = run(A, t, penalty, 0.3, sample_weight=s, offset=offset, w=w, standardize=True)
    assert_allclose(result.w, run(X, y, penalty, 0.3, standardize=True).w, atol=1e-5)
    whole = np.round(X * 10).astype(int)
    assert_array_equal(run(whole.tolist(), y, penalty, 0.3).w, run(whole.astype(float), y, penalty, 0.3).w)
    filled = sparse.csr_array(X)
    data = filled.data.copy()
    run(filled, y, penalty, 0.3, standardize=True, sample_weight=np.arange(30))
    assert_array_equal(filled.data, data)


# Agreement


@pytest.mark.parametrize("share", [0.3, 1.0])
@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize("fit_intercept", [False, True])
def test_agrees_with_scikit_learn(share, positive, fit_intercept):
    X, y = generic()
    s = np.arange(30) % 4 + 0.5
    alpha, l1_ratio = conversions.elastic_net_alpha(0.2, share)
    options = {"positive": positive, "fit_intercept": fit_intercept}
    model = linear_model.ElasticNet(alpha=alpha, l1_ratio=l1_ratio, tol=1e-14, max_iter=10**6, **options)
    model.fit(X, y, sample_weight=s)
    result = run(X, y, ElasticNet(share), 0.2, sample_weight=s, tol=1e-14, **options)
    assert_allclose([*result.w, result.b], [*model.coef_, model.intercept_], atol=1e-6)


def test_agrees_with_ridge_of_scikit_learn():
    X, y = generic()
    s = np.arange(30) % 4 + 0.5
    model = linear_model.Ridge(alpha=conversions.ridge_alpha(0.2, s.sum())).fit(X, y, sample_weight=s)
    result = run(X, y, L2(), 0.2, sample_weight=s)
    assert_allclose([*result.w, result.b], [*model.coef_, model.intercept_], atol=1e-10)


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("positive", [False, True])
def test_agrees_with_an_interior_point_method(share, positive):
    X, y = generic()
    s, offset, f = np.arange(30) % 4, np.linspace(-2, 2, 30), np.array([0.0, 1.0, 2.0, 1.0, 0.5])
    w, b = cvxpy.Variable(5, nonneg=positive), cvxpy.Variable()
    loss = cvxpy.sum(cvxpy.multiply(s, cvxpy.square(y - offset - X @ w - b))) / (2 * s.sum())
    charge = share * f @ cvxpy.abs(w) + (1 - share) / 2 * f @ cvxpy.square(w)
    problem = cvxpy.Problem(cvxpy.Minimize(loss + 0.3 * charge))
    problem.solve(solver=cvxpy.CLARABEL, tol_gap_abs=1e-12, tol_gap_rel=1e-12, tol_feas=1e-12)
    result = run(X, y, ElasticNet(share), 0.3, penalty_factor=f, positive=positive, sample_weight=s, offset=offset)
    assert_allclose([*result.w, result.b], [*w.value, b.value], atol=1e-4)


def excess(X, y, w):
    """(P(w) less its least value, P(0)) of least squares with two columns, without any rounding."""
    X, y, w = ([[Fraction(float(v)) for v in np.atleast_1d(row)] for row in a] for a in (X, y, w))
    (a, b), (_, d) = ([sum(x[i] * x[j] for x in X) for j in range(2)] for i in range(2))
    u, v = (sum(x[i] * t for x, (t,) in zip(X, y, strict=True)) for i in range(2))
    det = a * d - b * b
    best = [(d * u - b * v) / det, (a * v - b * u) / det]
    cost = [
        sum((t - x[0] * at[0] - x[1] * at[1]) ** 2 for x, (t,) in zip(X, y, strict=True)) / (2 * len(X))
        for at in ([c for (c,) in w], best, [0, 0])
    ]
    return float(cost[0] - cost[1]), float(cost[2])


@pytest.mark.parametrize("solver", ["direct", "coordinate_descent"])
def test_of_nearly_equal_columns_without_a_penalty_nothing_is_claimed_that_is_not_so(solver):
    # Their coefficients are so large that rounding in a product with the dual point is no rounding in the gap.
    claimed = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        x, y = rng.normal(size=8), rng.normal(size=8)
        X = np.column_stack([x, x + 10.0 ** -rng.uniform(0, 12) * rng.normal(size=8)])
        with warnings.catch_warnings(action="ignore"):
            result = run(X, y, L2(), 0.0, fit_intercept=False, solver=solver, max_iter=500)
        if result.converged:
            beyond, null = excess(X, y, result.w)
            assert beyond <= 2e-12 * null
            claimed += 1
    assert claimed > 10


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("options", [{}, {"standardize": True}, {"sample_weight": np.arange(20) % 3}])
def test_an_offset_costs_the_intercept_no_digits_in_single_precision(form, options):
    k = np.arange(20) % 4
    X, y = np.column_stack([k + 1e7, k**2 + 1.0]).astype("f4"), (2.0 * k + 1e6).astype("f4")
    result = run(FORMS[form](X), y, L1(), 0.01, **options)
    assert result.w.dtype == np.float32
    s = options.get("sample_weight", np.ones(20))
    residual = y.astype(float) - X.astype(float) @ result.w.astype(float) - result.b
    assert abs(s @ residual) / s.sum() < 1e-5


@pytest.mark.parametrize(("dtype", "scale"), [("f4", 1e20), ("f4", 1e-25), ("f8", 1e160), ("f8", 1e-170)])
def test_standardised_sparse_columns_of_any_length_are_those_of_dense_ones(dtype, scale):
    X, y = (a.astype(dtype) for a in generic())
    X[::2, 1] = 0
    X *= np.dtype(dtype).type(scale)
    dense, thin = (run(A, y, L1(), 0.1, standardize=True) for A in (X, sparse.csc_array(X)))
    assert dense.w.any()
    assert_allclose(thin.w, dense.w, rtol=1e-3 if dtype == "f4" else 1e-6)


class OwnPenalty:
    """L1 with a price for each coefficient, by nobody's class: what `fit` asks for and no more."""

    positive = False

    def __init__(self, prices):
        self.like = L1(prices)

    def __getattr__(self, name):
        if name in ("factor", "l1_ratio") or name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.like, name)


def test_a_penalty_of_ones_own_is_taken_and_what_it_has_not_is_not_set():
    X, y = generic()
    prices = [1.0, 2.0, 0.5, 1.0, 3.0]
    own = OwnPenalty(prices)
    assert_array_equal(run(X, y, own, 0.3).w, run(X, y, L1(prices), 0.3).w)
    assert critical_lam(X, y, own) == critical_lam(X, y, L1(prices))
    for options, field in (({"positive": True}, "positive"), ({"penalty_factor": np.ones(5)}, "factor")):
        with pytest.raises(ValueError, match=f"^penalty has no {field} to set; make it with what it needs"):
            run(X, y, own, 0.3, **options)


def test_another_loss_is_not_taken_for_the_squared_one():
    class Twice(Quadratic):
        def value(self, y, eta, share=None):
            return 2 * super().value(y, eta, share)

    with pytest.raises(ValueError, match=r"^loss is neither the squared error nor a likelihood"):
        fit(*generic(), Twice(), L1(), 0.1)


@pytest.mark.parametrize("power", [-450, 450])
@pytest.mark.parametrize(("penalty", "degree"), [(L1(), 1), (L2(), 0)])
def test_a_target_near_the_ends_of_the_range_gives_the_same_digits(power, penalty, degree):
    X, y = generic()
    near, usual = run(X, y * 2.0**power, penalty, 0.1 * 2.0 ** (power * degree)), run(X, y, penalty, 0.1)
    assert_array_equal(near.w, usual.w * 2.0**power)
    assert near.gap == usual.gap * 2.0 ** (2 * power)


# What is refused, and how it is said


@pytest.mark.parametrize("what", [what for what in BAD_DATA if what != "X sparse"])
def test_data_that_cannot_be_used_are_refused_by_name(what):
    X, y, message = BAD_DATA[what]
    with pytest.raises(ValueError, match=message):
        run(X, y, L1(), 0.1)


@pytest.mark.parametrize("what", BAD_LAMS)
def test_a_lam_that_cannot_be_used_is_refused_by_name(what):
    with pytest.raises(ValueError, match=r"^lam "):
        run(X6, y6, L1(), BAD_LAMS[what])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"penalty": 1.0}, "penalty must be one of shrinkage.penalties"),
        ({"penalty": ElasticNet}, "penalty must be one of shrinkage.penalties"),
        ({"w": [1e200, 0.0]}, "w is so large that the squares of the residuals overflow"),
        ({"X": sparse.csc_array(X6 * 1e-170), "lam": 0.0}, "X has a column so small that its squares are lost"),
        ({"loss": "squared"}, "loss must be one of shrinkage.losses"),
        ({"loss": 3}, "loss must be one of shrinkage.losses"),
        ({"loss": Quadratic}, "loss must be one of shrinkage.losses"),
        ({"loss": L1()}, "loss must be one of shrinkage.losses"),
        ({"positive": 1}, "positive must be True or False"),
        ({"fit_intercept": None}, "fit_intercept must be True or False"),
        ({"standardize": "yes"}, "standardize must be True or False"),
        ({"penalty_factor": [1.0]}, "penalty_factor must have one number a column of X"),
        ({"penalty_factor": [1.0, -1.0]}, "penalty_factor must be >= 0"),
        ({"penalty": L1([1.0, 2.0]), "penalty_factor": [1.0, 1.0]}, "penalty_factor is given, and the penalty has"),
        ({"sample_weight": np.zeros(6)}, "sample_weight is zero for every row"),
        ({"sample_weight": [1.0]}, "sample_weight must have one number a row"),
        ({"offset": [1.0]}, "offset must have one number a row of X; X has 6 rows and it has the shape"),
        ({"solver": "magic"}, "solver must be one of auto, direct, coordinate_descent"),
        ({"solver": ["direct"]}, "solver must be one of auto, direct, coordinate_descent"),
        ({"solver": "direct"}, "solver cannot take this problem .direct: the penalty is more than a sum of squares"),
        ({"tol": -1.0}, "tol must be a finite number >= 0"),
        ({"w": [0.0]}, "w must have one number a column of X"),
        ({"X": X6 * [1, 1e-310], "standardize": True}, "X has a column so small that its coefficient overflows"),
        ({"X": X6 * [1, 1e-310], "lam": 0.0}, "X has a column so small that its squares are lost"),
        ({"y": 1e9 + 1e300 * y6}, "y is too large"),
    ],
)
def test_refusals_say_what_is_wrong(options, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        fit(**{"X": X6, "y": y6, "loss": Quadratic(), "penalty": L1(), "lam": 0.1} | options)
