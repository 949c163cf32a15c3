"""Laws that every solver of `fit` obeys on what it takes: its certificate, agreement, arrays, and what it refuses."""

import warnings
from functools import cache, partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from shrinkage import conversions, coordinate_descent, fit, losses, penalties, proximal_gradient, ridge
from shrinkage.duality import gap
from shrinkage.least_squares import centre
from shrinkage.losses import QUADRATIC
from shrinkage.penalties import L1, L2, ElasticNet
from shrinkage.sparse import Centred
from sklearn import linear_model

from tests.shrinkage.problems import BAD_DATA, BAD_LAMS, BAD_VECTORS, X6, cases, exact, generic, quietly, y6

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=40, deadline=None)
X30, y30 = generic()
# Those that `fit` calls; and the plain ways of two of them, which are slow.
PLAIN = {
    "plain_sweeps": (coordinate_descent.minimise, coordinate_descent.refusal),
    "plain_steps": (partial(proximal_gradient.minimise, accelerate=False), proximal_gradient.refusal),
}
SOLVERS = fit.SOLVERS
# One that does not iterate has no start and no point on its way.
ITERATIVE = [name for name in SOLVERS if name != "direct"]
# One step of Newton's method solves a quadratic.
STEPPING = [name for name in ITERATIVE if name != "prox_newton"]
PENALTIES = {
    "L1": L1(),
    "L2": L2(),
    "mix": ElasticNet(0.5, [0.0, 1.0, 2.0, 1.0, 0.5]),
    "positive": L1(positive=True),
}


def refused(solver, X, penalty, lam=0.3):
    return (SOLVERS | PLAIN)[solver][1](X, QUADRATIC, penalty, lam)


def minimise(solver, *problem, **options):
    return (SOLVERS | PLAIN)[solver][0](*problem, **options)


def taken(solver, case):
    """A problem that the solver takes: this one, or with the squares alone of its penalty."""
    X, y, lam, penalty = case
    return (X, y, lam, L2(penalty.factor)) if refused(solver, X, penalty, lam) else case


def every_share(names):
    """Names of solvers with the shares of L1 that they take."""
    return [(name, share) for name in names for share in (0.0, 0.3, 1.0) if not refused(name, X30, ElasticNet(share))]


def objective(X, y, lam, penalty, w):
    return losses.objective(X, y, w, lam, penalty)


each = pytest.mark.parametrize("solver", SOLVERS)
each_way = pytest.mark.parametrize("solver", SOLVERS | PLAIN)
each_iterative = pytest.mark.parametrize("solver", ITERATIVE)
each_stepping = pytest.mark.parametrize("solver", [*STEPPING, *PLAIN])
each_descent = pytest.mark.parametrize("solver", [*ITERATIVE, "plain_sweeps"])
each_sparse = pytest.mark.parametrize(
    "solver", [name for name in SOLVERS if not refused(name, Centred(sparse.csc_array(X30), X30.mean(axis=0)), L1())]
)
each_with_every_penalty = pytest.mark.parametrize(
    ("solver", "kind"),
    [(name, kind) for name in SOLVERS for kind, penalty in PENALTIES.items() if not refused(name, X30, penalty)],
)
each_with_every_share = pytest.mark.parametrize(("solver", "share"), every_share(SOLVERS))


# Laws


@each_with_every_penalty
@pytest.mark.parametrize("shape", [(30, 5), (5, 5), (4, 5)])
def test_the_conditions_of_a_minimum_hold_at_the_returned_point(solver, kind, shape):
    (X, y), penalty = generic(*shape), PENALTIES[kind]
    w = minimise(solver, X, y, 0.3, penalty, tol=1e-14).w
    distance = penalty.subdifferential_distance(w, X.T @ (X @ w - y) / len(y), 0.3)
    assert distance.max() <= 1e-5 * np.linalg.norm(X) * np.linalg.norm(y) / len(y)


@each_with_every_share
def test_permuted_and_flipped_columns_permute_and_flip_the_coefficients(solver, share):
    X, y = generic()
    order, signs = np.array([3, 0, 4, 1, 2]), np.array([1.0, -1.0, -1.0, 1.0, -1.0])
    w = minimise(solver, X, y, 0.3, ElasticNet(share), tol=1e-14).w
    moved = minimise(solver, (X * signs)[:, order], y, 0.3, ElasticNet(share), tol=1e-14).w
    assert_allclose(moved, (w * signs)[order], atol=1e-6)


@each
def test_factors_of_L1_are_lengths_of_columns_and_those_of_L2_their_squares(solver):
    X, y = generic()
    f = np.array([0.5, 1.0, 2.0, 3.0, 0.25])
    for made, c in ((L1, f), (L2, np.sqrt(f))):
        if not refused(solver, X, made()):
            w = minimise(solver, X, y, 0.3, made(f), tol=1e-14).w
            assert_allclose(w, minimise(solver, X / c, y, 0.3, made(), tol=1e-14).w / c, atol=5e-6)


@each
def test_equal_columns_get_equal_coefficients_from_squares_and_a_sum_of_one_sign_from_L1(solver):
    X, y = generic()
    twice = np.column_stack([X, X[:, 0], -X[:, 1]])
    for share in (0.0, 0.5):
        if not refused(solver, X, ElasticNet(share)):
            w = minimise(solver, twice, y, 0.3, ElasticNet(share), tol=1e-14).w
            assert_allclose([w[-2], w[-1]], [w[0], -w[1]], atol=1e-5)
    if not refused(solver, X, L1()):
        w, one = (minimise(solver, A, y, 0.1, L1(), tol=1e-14).w for A in (twice, X))
        assert w[0] * w[-2] >= 0 >= w[1] * w[-1]
        assert_allclose([w[0] + w[-2], w[1] - w[-1]], one[:2], atol=1e-6)


@each_iterative
def test_positive_is_the_lasso_where_no_coefficient_is_negative_and_no_other(solver):
    X, y = generic()
    w = minimise(solver, X, y, 0.3, L1()).w
    signs = np.where(w < 0, -1.0, 1.0)
    assert (w < 0).any()
    assert_allclose(minimise(solver, X * signs, y, 0.3, L1(positive=True), tol=1e-14).w, signs * w, atol=1e-6)
    assert (minimise(solver, X, y, 0.3, L1(positive=True)).w >= 0).all()


@each_with_every_share
@pytest.mark.parametrize("c", [2.0**-20, 3.0, 2.0**20])
def test_other_units_of_target_or_columns_take_the_same_steps(solver, share, c):
    X, y = generic()
    unit, lam = ElasticNet(share), 0.3
    base = minimise(solver, X, y, lam, unit)
    # The charge grows with the coefficients or with their squares.
    longer = ElasticNet(share / (share + (1 - share) * c)), lam * (share * c + (1 - share) * c**2)
    larger = ElasticNet(share * c / (share * c + 1 - share)), lam * (share * c + 1 - share)
    for A, b, (penalty, weight), factor in ((X, y * c, larger, c), (X * c, y, longer, 1 / c)):
        scaled = minimise(solver, A, b, weight, penalty)
        assert_allclose(scaled.w / factor, base.w, rtol=1e-9, atol=1e-12)
        assert scaled.n_iter == base.n_iter


@each_iterative
@pytest.mark.parametrize("power", [-480, 480])
def test_columns_near_the_ends_of_the_range_are_solved(solver, power):
    X, y = generic()
    near = minimise(solver, X * 2.0**power, y, 0.3 * 2.0**power, L1())
    assert_allclose(near.w * 2.0**power, minimise(solver, X, y, 0.3, L1()).w, rtol=1e-9)


@each_stepping
@examples
@given(case=cases(), factor=st.sampled_from([0.0, 2.0]))
def test_columns_of_zeros_get_zero_exactly_wherever_the_start(solver, case, factor):
    X, y, lam, penalty = case
    X = np.column_stack([np.zeros(len(y)), X])
    penalty = ElasticNet(penalty.l1_ratio, np.append(factor, penalty.factors(X.shape[1] - 1)), penalty.positive)
    found = quietly(minimise, solver, X, y, lam, penalty, w=np.full(X.shape[1], 3.0), max_iter=2)
    assert found.w[0] == 0


@each
@pytest.mark.parametrize("penalty", [L1(), L2(), ElasticNet(0.5, [0.0, 1.0], positive=True)])
def test_a_target_of_zeros_or_columns_of_zeros_alone_are_fitted_by_zeros_at_once(solver, penalty):
    for X, y in ((X6, np.zeros(6)), (X6 * 0, y6)):
        result = minimise(solver, *taken(solver, (X, y, 0.1, penalty)), w=[3.0, 4.0])
        assert not result.w.any()
        assert abs(result.gap) <= 1e-15 * (y @ y)
        assert result.n_iter == 0 or solver not in STEPPING


# The certificate


@each_way
@examples
@given(case=cases(), steps=st.sampled_from([100, 20, 3, 1, 0]))
def test_the_gap_is_that_of_the_returned_point_and_small_enough_or_the_solver_has_warned(solver, case, steps):
    X, y, lam, penalty = case = taken(solver, case)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        result = minimise(solver, *case, tol=1e-10, max_iter=steps)
    assert result.gap == result.history[-1]
    assert_allclose(result.gap, gap(X, y, result.w, lam, penalty), rtol=0, atol=1e-12 * (1 + y @ y) * (1 + lam))
    assert len(result.history) == result.n_iter + 1
    assert bool(warned) == (result.gap > 1e-10 * (y @ y) / (2 * len(y))) == (not result.converged)
    assert result.b == 0.0
    above = objective(*case, result.w) - exact(*case)[0]
    assert -1e-10 * (1 + y @ y) <= above <= result.gap + 1e-10 * (1 + y @ y)


@each_stepping
def test_out_of_steps_it_says_how_large_the_gap_is_and_returns_what_it_has(solver):
    X, y = generic()
    message = r"stopped after 2 steps with the gap \d\.\de.\d\d, above \d\.\de-\d\d: raise max_iter"
    with pytest.warns(RuntimeWarning, match=message) as caught:
        result = minimise(solver, X, y, 0.01, L1(), max_iter=2)
    assert f"{result.gap:.1e}" in str(caught[0].message)
    assert (result.n_iter, len(result.history), result.converged) == (2, 3, False)
    assert result.w.any()
    assert result.history[2] < result.history[0]


@each_iterative
def test_no_steps_at_all_return_a_copy_of_the_start(solver):
    X, y = generic()
    start = np.arange(5.0)
    with pytest.warns(RuntimeWarning, match="stopped after 0 steps"):
        result = minimise(solver, X, y, 0.01, L1(), max_iter=0, w=start)
    assert_array_equal(result.w, start)
    assert not np.shares_memory(result.w, start)


@each_iterative
def test_it_ends_at_the_first_point_that_is_good_enough(solver):
    X, y = generic()
    result = minimise(solver, X, y, 0.3, L1(), tol=1e-6)
    enough = 1e-6 * (y @ y) / (2 * len(y))
    assert result.history[-1] <= enough < result.history[-2]
    assert minimise(solver, X, y, 0.3, L1(), tol=1e-6, w=result.w).n_iter == 0


@each_iterative
def test_from_lam_max_on_zero_is_certified_before_the_first_step(solver):
    X, y = generic()
    Xc, yc, _, _ = centre(X, y)
    lam = penalties.lam_max(X, y)
    assert minimise(solver, Xc, yc, lam * (1 + 1e-12), L1()).n_iter == 0
    assert np.count_nonzero(minimise(solver, Xc, yc, lam * (1 - 1e-6), L1(), tol=1e-15).w) == 1


@each_iterative
def test_a_point_that_no_step_moves_ends_it_and_the_warning_asks_for_less(solver):
    # What rounding leaves of the product with the residual is far above this lam, so no gap is small.
    X, y = generic(p=1)
    message = r"^stopped after \d+ steps with the gap .*: no step moves it any more, so ask for less: raise tol$"
    with pytest.warns(RuntimeWarning, match=message):
        result = minimise(solver, X, y, 1e-30, L1())
    assert not result.converged
    assert_allclose(result.w, X.T @ y / np.sum(X**2), rtol=1e-14)
    with pytest.warns(RuntimeWarning, match="no step moves it any more"):
        again = minimise(solver, X, y, 1e-30, L1(), w=result.w)
    assert_allclose(again.w, result.w, rtol=1e-15)
    assert again.n_iter <= result.n_iter


@pytest.mark.parametrize("solver", fit.SOLVERS)
def test_the_result_says_who_found_it_and_that_it_has_converged(solver):
    result = minimise(solver, *generic(), 0.3, L2())
    assert (result.solver, result.b, result.converged) == (solver, 0.0, True)


@each
def test_the_gap_that_is_asked_for_is_smaller_in_double_precision(solver):
    for dtype, tol in (("f4", 1e-6), ("f8", 1e-12)):
        data = X30.astype(dtype), y30.astype(dtype), 0.3, L2()
        assert_array_equal(minimise(solver, *data).history, minimise(solver, *data, tol=tol).history)


# Sparse columns


def centred_pair(X, weighted=True):
    """(A, D): the same centred matrix twice, with sparse columns and dense."""
    d = (np.arange(len(X)) + 1) % 4 + 0.0 if weighted else np.ones(len(X))
    d *= (len(X) / (d @ d)) ** 0.5
    m = X.T @ d / len(X)
    return Centred(sparse.csc_array(X), m, d), X - np.outer(d, m)


@each_sparse
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("lam", [0.0, 0.3])
@pytest.mark.parametrize("kind", PENALTIES)
def test_sparse_columns_end_where_dense_ones_do_and_are_certified(solver, kind, lam, weighted):
    (X, y), penalty = generic(), PENALTIES[kind]
    X[::2, 1] = X[1::3, 2] = X[3:, 3] = 0
    A, D = centred_pair(X, weighted)
    result = minimise(solver, A, y, lam, penalty, tol=1e-14, w=np.ones(5))
    assert_allclose(result.w, minimise(solver, D, y, lam, penalty, tol=1e-14).w, atol=1e-5)
    assert_allclose(result.gap, gap(D, y, result.w, lam, penalty), atol=1e-14 * (y @ y))


@each_sparse
@pytest.mark.parametrize("lam", [0.0, 0.3])
@pytest.mark.parametrize("kind", PENALTIES)
def test_fewer_sparse_rows_than_columns_are_predicted_as_dense_ones_are(solver, kind, lam):
    (X, y), penalty = generic(4), PENALTIES[kind]
    X[::2, 1] = X[3:, 3] = 0
    A, D = centred_pair(X)
    result, expected = (minimise(solver, B, y, lam, penalty, w=np.ones(5)) for B in (A, D))
    assert_allclose(D @ result.w, D @ expected.w, atol=1e-4)
    assert_allclose(result.gap, gap(D, y, result.w, lam, penalty), atol=1e-12 * (y @ y))


@each_iterative
@pytest.mark.parametrize("kind", PENALTIES)
def test_sparse_matrices_of_any_format_are_taken_and_left_as_they_were(solver, kind):
    (X, y), penalty = generic(), PENALTIES[kind]
    X[::2, 1] = X[1::3, 2] = X[3:, 3] = 0
    expected = minimise(solver, X, y, 0.3, penalty).w
    for A in (sparse.csr_matrix(X), sparse.coo_array(X), sparse.csc_array(X)):
        parts = (A.data, A.row, A.col) if A.format == "coo" else (A.data, A.indices, A.indptr)
        for part in parts:
            part.flags.writeable = False
        assert_allclose(minimise(solver, A, y, 0.3, penalty).w, expected, atol=1e-5)
        assert_array_equal(A.toarray(), X)


@each_sparse
@pytest.mark.parametrize("lam", [0.0, 0.1])
def test_constant_sparse_columns_get_zero_and_empty_ones_too_with_a_penalty_or_without(solver, lam):
    X, y = generic(p=4)
    d = np.random.default_rng(0).uniform(0.3, 1, 30)
    d *= (30 / (d @ d)) ** 0.5
    X[:, 1], X[:, 2] = 0.1 * d, 0
    A = Centred(sparse.csc_array(X), X.T @ d / 30, d)
    for penalty in (L1([1.0, 0.0, 0.0, 1.0]), L1()):
        result = minimise(solver, A, y - d * (d @ y) / 30, lam, penalty, w=np.ones(4))
        assert result.converged
        assert result.w[1] == result.w[2] == 0
        assert result.w[[0, -1]].all()


@each_sparse
def test_single_precision_of_sparse_columns_is_kept(solver):
    A, D = centred_pair(X30)
    single = minimise(solver, A.astype("f4"), y30.astype("f4"), 0.3, L1())
    assert single.w.dtype == np.float32
    assert_allclose(objective(D, y30, 0.3, L1(), single.w), exact(D, y30, 0.3, L1())[0], rtol=1e-5)


# Agreement


@each_descent
@pytest.mark.parametrize("lam", [0.01, 0.3, 2.0])
def test_agrees_with_the_patterns_of_signs_wherever_it_starts(solver, lam):
    X, y = generic()
    expected = penalties.lasso_by_signs(X, y, lam)
    for start in (None, np.array([0, -5e2, 0, 1e3, 1])):
        found = minimise(solver, X, y, lam, L1(), tol=1e-14, w=start).w
        assert_allclose(found, expected, atol=1e-6)
        assert_array_equal(found == 0, expected == 0)


@cache
def theirs(shape, lam, share, positive):
    X, y = generic(*shape)
    alpha, l1_ratio = conversions.elastic_net_alpha(lam, share)
    options = {"positive": positive, "fit_intercept": False, "tol": 1e-14, "max_iter": 10**6}
    return linear_model.ElasticNet(alpha=alpha, l1_ratio=l1_ratio, **options).fit(X, y).coef_


@each_descent
@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (4, 1), (30, 5), (6, 9)])
@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize("share", [0.3, 1.0])
def test_agrees_with_scikit_learn(solver, shape, positive, share):
    (X, y), penalty = generic(*shape), ElasticNet(share, positive=positive)
    # Plain sweeps would take too many where lam is small.
    for lam in (0.2,) if solver == "plain_sweeps" else (0.2, 2.0) if share < 1 else (0.01, 0.2, 2.0):
        found, expected = minimise(solver, X, y, lam, penalty, tol=1e-13).w, theirs(shape, lam, share, positive)
        assert_allclose(X @ found, X @ expected, atol=1e-5)
        assert_allclose(penalty.value(found), penalty.value(expected), rtol=1e-5)
        if lam > 0.01:
            assert_allclose(found, expected, atol=1e-5)
            if share == 1:
                assert_array_equal(found == 0, np.abs(expected) < 1e-7)


@each
@pytest.mark.parametrize("shape", [(1, 1), (30, 5), (6, 9)])
def test_without_an_L1_part_agrees_with_ridge(solver, shape):
    X, y = generic(*shape)
    w = minimise(solver, X, y, 0.2, L2(), tol=1e-14).w
    assert_allclose(w, ridge.closed_form(X, y, 0.2), atol=5e-6)
    model = linear_model.Ridge(alpha=conversions.ridge_alpha(0.2, len(y)), fit_intercept=False)
    assert_allclose(w, model.fit(X, y).coef_, atol=5e-6)


@each
@pytest.mark.parametrize("lam", [0.0, 0.2])
@pytest.mark.parametrize("factor", [None, [0.0, 1.0, 2.0, 0.0, 0.5]])
def test_agrees_with_linear_algebra_where_that_is_enough(solver, lam, factor):
    X, y = generic()
    charged = np.diag(lam * L2(factor).factors(5))
    expected = np.linalg.solve(X.T @ X / 30 + charged, X.T @ y / 30)
    assert_allclose(minimise(solver, X, y, lam, L2(factor), tol=1e-14).w, expected, atol=1e-5)


@each_with_every_share
def test_columns_without_a_penalty_are_fitted_by_least_squares(solver, share):
    # Taken out of the target and the other columns first, they leave the penalised problem of those.
    X, y = generic(p=3)
    x = X[:, 0]
    rest = X[:, 1:] - np.outer(x, x @ X[:, 1:]) / (x @ x)
    w = minimise(solver, X, y, 0.2, ElasticNet(share, [0.0, 1.0, 1.0]), tol=1e-14).w
    alone = minimise(solver, rest, y - x * (x @ y) / (x @ x), 0.2, ElasticNet(share), tol=1e-14).w
    assert_allclose(w[1:], alone, atol=1e-6)
    assert abs(x @ (y - X @ w)) <= 2e-6 * np.linalg.norm(x)


@each_iterative
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_free_columns_that_may_not_be_negative_are_solved_to_the_gap(solver, share):
    rng = np.random.default_rng(4)
    X, y = rng.normal(size=(20, 4)), rng.normal(size=20)
    penalty = ElasticNet(share, [0.0, 0.0, 1.0, 1.0], positive=True)
    assert_allclose(minimise(solver, X, y, 0.05, penalty).w, exact(X, y, 0.05, penalty)[1], atol=1e-5)


# Arrays as they come


@each
def test_memory_order_integers_lists_and_strides_do_not_matter(solver):
    rng = np.random.default_rng(1)
    X, y = rng.integers(-9, 9, size=(7, 3)), rng.integers(-9, 9, size=7)
    lam, penalty = taken(solver, (X, y, 0.3, L1()))[2:]
    expected = minimise(solver, X.astype(float), y.astype(float), lam, penalty).w
    wide, long = np.zeros((14, 6)), np.zeros(14)
    wide[::2, ::2], long[::2] = X, y
    for A, b in ((X, y), (X.tolist(), y.tolist()), (np.asfortranarray(X), y), (wide[::2, ::2], long[::2])):
        assert_allclose(minimise(solver, A, b, lam, penalty, w=[0, 0, 0]).w, expected, rtol=1e-9)


@each
@pytest.mark.parametrize("order", ["C", "F"])
def test_callers_arrays_are_read_only_or_left_as_they_were(solver, order):
    X, y = generic()
    X, start, factor = np.array(X, order=order), np.ones(5), np.ones(5)
    before = [a.copy() for a in (X, y, start, factor)]
    for writeable in (True, False):
        for a in (X, y, start, factor):
            a.flags.writeable = writeable
        result = minimise(solver, *taken(solver, (X, y, 0.3, L1(factor))), w=start)
        assert not np.shares_memory(result.w, start)
    for a, kept in zip((X, y, start, factor), before, strict=True):
        assert_array_equal(a, kept)


@pytest.mark.parametrize(("solver", "share"), [*every_share(SOLVERS), *every_share(PLAIN)])
def test_single_precision_is_kept_and_solved_to_its_own_tolerance(solver, share):
    for seed in range(2):
        Xc, yc, _, _ = centre(*generic(seed=seed))
        X4, y4, penalty = Xc.astype("f4"), yc.astype("f4"), ElasticNet(share)
        single = minimise(solver, X4, y4, 0.3, penalty)
        assert single.w.dtype == np.float32
        assert type(single.gap) is float
        assert objective(Xc, yc, 0.3, penalty, single.w) - exact(Xc, yc, 0.3, penalty)[0] <= 2e-6 * (yc @ yc) / 60
        # The data say which precision, and no start does.
        assert minimise(solver, X4, yc, 0.3, penalty, w=single.w).w.dtype == np.float64
        assert minimise(solver, X4, y4, 0.3, penalty, w=np.zeros(5)).w.dtype == np.float32


# What is refused, and how it is said


@each
@pytest.mark.parametrize("what", BAD_DATA)
def test_data_that_cannot_be_used_are_refused_by_name(solver, what):
    X, y, message = BAD_DATA[what]
    with pytest.raises(ValueError, match=message):
        minimise(solver, X, y, 0.1, L2())


@each
@pytest.mark.parametrize("what", BAD_LAMS)
def test_a_lam_that_cannot_be_used_is_refused_by_name(solver, what):
    with pytest.raises(ValueError, match=r"^lam "):
        minimise(solver, X6, y6, BAD_LAMS[what], L2())


@each_iterative
@pytest.mark.parametrize("what", [what for what in BAD_VECTORS if what != "None"])
def test_a_start_that_cannot_be_used_is_refused_by_name(solver, what):
    bad, message = BAD_VECTORS[what]
    with pytest.raises(ValueError, match=f"^w {message}"):
        minimise(solver, X6, y6, 0.1, L1(), w=bad)


@each
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"penalty": L2([1.0, 1.0, 1.0])}, "factor has 3 numbers"),
        ({"tol": -1e-9}, "tol must be a finite number >= 0"),
        ({"tol": np.nan}, "tol must be one finite real number"),
        ({"tol": "small"}, "tol must be one finite real number"),
        ({"max_iter": -1}, "max_iter must be a number of steps"),
        ({"max_iter": 10.0}, "max_iter must be a number of steps"),
        ({"y": y6 * 1e160}, "y is too large: its squares overflow float64"),
        ({"y": y6 * 1e-160, "lam": 1e-161}, "y is so small that its squares are lost in float64"),
        ({"X": X6 * 1e160}, "X is too large"),
        ({"X": X6 * 1e-160, "lam": 0.0}, "X has a column so small"),
    ],
)
def test_refusals_say_what_is_wrong(solver, options, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        minimise(solver, **{"X": X6, "y": y6, "lam": 0.1, "penalty": L2()} | options)


@each_iterative
def test_a_start_of_another_length_is_refused(solver):
    message = r"^w must have one number a column of X; X has 2 columns and w has 1 numbers"
    with pytest.raises(ValueError, match=message):
        minimise(solver, X6, y6, 0.1, L1(), w=[0.0])
