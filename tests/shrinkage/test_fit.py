"""Laws of the one entry: a certificate for every penalty, solver and form of the data, and other packages' answers."""

import warnings

import cvxpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from scipy.optimize import nnls
from shrinkage import conversions
from shrinkage.fit import critical_lam, fit
from shrinkage.losses import Quadratic
from shrinkage.penalties import L1, L2, ElasticNet
from sklearn import linear_model

from tests.shrinkage.problems import BAD_DATA, BAD_LAMS, X6, generic, lams, mixes, problems, y6

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=40, deadline=None)
FORMS = {"dense": np.array, "csc": sparse.csc_array, "csr": sparse.csr_matrix}


def run(X, y, penalty, lam, **options):
    return fit(X, y, Quadratic(), penalty, lam, **options)


def violation(X, y, penalty, lam, result, s=None, fit_intercept=True, standardize=False, offset=0.0):
    """How far the optimality conditions are from holding, beside the terms in them; by formulas of its own."""
    n, p = X.shape
    s = np.ones(n) if s is None else np.asarray(s, float)
    share = s / s.sum()
    mean = share @ X
    scale = np.sqrt(share @ (X - mean) ** 2) if standardize else np.ones(p)
    scale = np.where(scale > 1e-12 * (1 + np.abs(mean)), scale, 1)
    residual = y - offset - X @ result.w - result.b
    gradient = -(X / scale).T @ (share * residual)
    w = result.w * scale
    f = lam * (np.ones(p) if penalty.factor is None else penalty.factor)
    smooth = gradient + (1 - penalty.l1_ratio) * f * w
    l1 = penalty.l1_ratio * f
    off = np.where(w == 0, np.maximum(np.abs(smooth) - l1, 0), np.abs(smooth + l1 * np.sign(w)))
    if penalty.positive:
        assert (w >= 0).all()
        off = np.where(w == 0, np.maximum(-smooth - l1, 0), off)
    spread = np.sqrt(share @ (X / scale) ** 2) * np.sqrt(share @ (y - offset - result.b) ** 2)
    largest = (off / (spread + l1 + 1e-300)).max()
    return max(largest, abs(share @ residual) / (1 + np.abs(y).max()) if fit_intercept else 0)


@st.composite
def cases(draw):
    X, y = draw(problems(max_p=3))
    s = draw(st.none() | st.lists(st.sampled_from([0.0, 1.0, 2.0, 0.5]), min_size=len(y), max_size=len(y)))
    if s is not None and not any(s):
        s[0] = 1.0
    options = {"fit_intercept": draw(st.booleans()), "standardize": draw(st.booleans()), "sample_weight": s}
    return X, y, draw(mixes(X.shape[1])), draw(lams), options


# The certificate, for every penalty, solver and form


@pytest.mark.parametrize("form", FORMS)
@examples
@given(case=cases())
def test_conditions_hold_at_the_returned_point_or_the_solver_has_warned(form, case):
    X, y, penalty, lam, options = case
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        result = run(FORMS[form](X), y, penalty, lam, max_iter=2000, **options)
    assert result.converged == (not warned)
    if result.converged:
        s = options.pop("sample_weight")
        assert violation(X, y, penalty, lam, result, s, **options) <= 1e-5


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
    assert violation(X, y, penalty, 0.3, result, s, standardize=standardize, offset=offset) <= 1e-5


def test_two_solvers_agree_and_each_says_that_it_was_asked():
    X, y = generic()
    found = [run(X, y, L2([0.0, 1, 2, 1, 3]), 0.2, solver=name) for name in ("direct", "coordinate_descent", "auto")]
    assert [r.solver for r in found] == ["direct", "coordinate_descent", "direct"]
    assert_allclose(found[1].w, found[0].w, atol=1e-5)


# Laws


@examples
@given(cases())
def test_a_weight_repeats_a_row_and_zero_leaves_it_out(case):
    X, y, penalty, lam, options = case
    options["sample_weight"] = s = np.arange(len(y))[::-1] % 3 + (np.arange(len(y)) == 0)
    rows = np.repeat(np.arange(len(y)), s)
    X_wild, y_wild = X.copy(), y.copy()
    X_wild[s == 0], y_wild[s == 0] = 1e6, -1e6
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        weighted = run(X_wild, y_wild, penalty, lam, max_iter=2000, **options)
        repeated = run(X[rows], y[rows], penalty, lam, max_iter=2000, **options | {"sample_weight": None})
    if weighted.converged and repeated.converged:
        a, b = (X[rows] @ r.w + r.b for r in (weighted, repeated))
        assert_allclose(a, b, atol=1e-4 * (1 + np.abs(y).max()))


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


def test_neighbouring_lams_have_neighbouring_fits():
    X, y = generic()
    values = np.geomspace(1e-3, 3, 40)
    fits = np.array([X @ run(X, y, L1(), lam).w for lam in values])
    steps = np.linalg.norm(np.diff(fits, axis=0), axis=1)
    assert (steps <= 20 * np.linalg.norm(y) * np.diff(np.log(values))).all()


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
        centred = X - X.mean(axis=0)
        moved = type(result)(result.w, y.mean(), result.gap, 1, result.history)
        assert violation(centred, y, ElasticNet(share), lam, moved) <= 1e-5


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
        ({"loss": "squared"}, "loss must be one of shrinkage.losses"),
        ({"positive": 1}, "positive must be True or False"),
        ({"fit_intercept": None}, "fit_intercept must be True or False"),
        ({"standardize": "yes"}, "standardize must be True or False"),
        ({"penalty_factor": [1.0]}, "factor has 1 numbers"),
        ({"penalty": L1([1.0, 2.0]), "penalty_factor": [1.0, 1.0]}, "penalty_factor is given, and the penalty has"),
        ({"sample_weight": np.zeros(6)}, "sample_weight is zero for every row"),
        ({"sample_weight": [1.0]}, "sample_weight must have one number a row"),
        ({"offset": [1.0]}, "offset must have one number a row"),
        ({"solver": "magic"}, "solver must be one of auto, direct, coordinate_descent"),
        ({"solver": "direct"}, "solver cannot take this problem .direct: the penalty is more than a sum of squares"),
        ({"tol": -1.0}, "tol must be a finite number >= 0"),
        ({"w": [0.0]}, "w must have one number a column of X"),
    ],
)
def test_refusals_say_what_is_wrong(options, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        fit(**{"X": X6, "y": y6, "loss": Quadratic(), "penalty": L1(), "lam": 0.1} | options)
