"""Laws of coordinate descent, its certificate, agreement with other solvers, and a problem by hand."""

import warnings
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from shrinkage import conversions, losses, penalties, ridge
from shrinkage.coordinate_descent import default_tol, minimise, refusal
from shrinkage.duality import gap
from shrinkage.least_squares import centre
from shrinkage.penalties import L1, L2, ElasticNet
from shrinkage.sparse import Centred
from sklearn import linear_model

from tests.shrinkage.problems import BAD_DATA, BAD_LAMS, BAD_VECTORS, X6, exact, generic, lams, mixes, problems, y6

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=40, deadline=None)


@st.composite
def cases(draw):
    """(X, y, lam, penalty) of few columns; sweeps enough for dependent ones are allowed by `run`."""
    X, y = draw(problems(max_p=3))
    return X, y, draw(lams), draw(mixes(X.shape[1]))


def run(X, y, lam, penalty, **options):
    """Without the warning: a solver may stop early here, and the law holds all the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return minimise(X, y, lam, penalty, **options)


def objective(X, y, lam, penalty, w):
    return losses.objective(X, y, w, lam, penalty)


# Laws


@examples
@given(cases(), st.integers(0, 10**6), st.booleans())
def test_no_sweep_raises_the_objective(case, seed, accelerate):
    X, y, _, _ = case
    start = np.random.default_rng(seed).normal(size=X.shape[1]) * 3
    values = [
        objective(*case, run(*case, w=start, max_iter=k, accelerate=accelerate).w)
        for k in (range(4, 9) if accelerate else range(5))
    ]
    for before, after in pairwise(values):
        assert after <= before + 1e-12 * (1 + y @ y) or before == np.inf


@examples
@given(cases())
def test_a_sweep_leaves_the_last_column_optimal_for_the_others(case):
    X, y, lam, penalty = case
    w = run(*case, max_iter=1).w
    gradient = X.T @ (X @ w - y) / len(y)
    assert penalty.subdifferential_distance(w, gradient, lam)[-1] <= 1e-9 * (1 + np.abs(y).max()) * (1 + lam)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_permuted_and_flipped_columns_permute_and_flip_the_coefficients(share):
    X, y = generic()
    order, signs = np.array([3, 0, 4, 1, 2]), np.array([1.0, -1.0, -1.0, 1.0, -1.0])
    w = minimise(X, y, 0.3, ElasticNet(share), tol=1e-14).w
    moved = minimise((X * signs)[:, order], y, 0.3, ElasticNet(share), tol=1e-14).w
    assert_allclose(moved, (w * signs)[order], atol=1e-6)


def test_factors_of_L1_are_lengths_of_columns_and_those_of_L2_their_squares():
    X, y = generic()
    f = np.array([0.5, 1.0, 2.0, 3.0, 0.25])
    for made, c in ((L1, f), (L2, np.sqrt(f))):
        w = minimise(X, y, 0.3, made(f), tol=1e-14).w
        assert_allclose(w, minimise(X / c, y, 0.3, made(), tol=1e-14).w / c, atol=1e-6)


def test_equal_columns_get_equal_coefficients_from_the_mix_and_a_sum_of_one_sign_from_L1():
    X, y = generic()
    twice = np.column_stack([X, X[:, 0], -X[:, 1]])
    w = minimise(twice, y, 0.3, ElasticNet(0.5), tol=1e-14).w
    assert_allclose([w[-2], w[-1]], [w[0], -w[1]], atol=1e-5)
    w, one = (minimise(A, y, 0.1, L1(), tol=1e-14).w for A in (twice, X))
    assert w[0] * w[-2] >= 0 >= w[1] * w[-1]
    assert_allclose([w[0] + w[-2], w[1] - w[-1]], one[:2], atol=1e-6)


def test_positive_is_the_lasso_where_no_coefficient_is_negative_and_no_other():
    X, y = generic()
    w = minimise(X, y, 0.3, L1()).w
    signs = np.where(w < 0, -1.0, 1.0)
    assert (w < 0).any()
    assert_allclose(minimise(X * signs, y, 0.3, L1(positive=True), tol=1e-14).w, signs * w, atol=1e-6)
    assert (minimise(X, y, 0.3, L1(positive=True)).w >= 0).all()


@examples
@given(cases())
def test_columns_of_zeros_get_zero_exactly_wherever_the_start(case):
    X, y, lam, penalty = case
    X = np.column_stack([np.zeros(len(y)), X])
    penalty = ElasticNet(penalty.l1_ratio, np.append(2.0, penalty.factors(X.shape[1] - 1)), penalty.positive)
    assert run(X, y, lam, penalty, w=np.full(X.shape[1], 3.0), max_iter=2).w[0] == 0


@pytest.mark.parametrize("penalty", [L1(), L2(), ElasticNet(0.5, [0.0, 1.0], positive=True)])
def test_a_target_of_zeros_is_fitted_by_zeros_at_once(penalty):
    result = minimise(X6, np.zeros(6), 0.1, penalty, w=[3.0, 4.0])
    assert (result.w.tolist(), result.gap, result.n_iter) == ([0.0, 0.0], 0.0, 0)


# The certificate


@examples
@given(cases())
def test_the_gap_is_that_of_the_returned_point_and_small_enough_or_the_solver_has_warned(case):
    X, y, lam, penalty = case
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        result = minimise(X, y, lam, penalty, tol=1e-10, max_iter=500)
    assert result.gap == result.history[-1] == gap(X, y, result.w, lam, penalty)
    assert len(result.history) == result.n_iter + 1
    assert bool(warned) == (result.gap > 1e-10 * (y @ y) / (2 * len(y)))
    assert result.n_iter == 500 or not warned
    assert result.b == 0.0


@examples
@given(cases())
def test_the_objective_is_within_the_gap_of_the_least(case):
    X, y, lam, penalty = case
    result = run(*case, max_iter=20)
    least = exact(X, y, lam, penalty)[0]
    assert -1e-10 * (1 + y @ y) <= objective(*case, result.w) - least <= result.gap + 1e-10 * (1 + y @ y)


def test_out_of_sweeps_it_says_how_large_the_gap_is_and_returns_what_it_has():
    X, y = generic()
    message = r"stopped after 2 steps with the gap \d\.\de.\d\d, above \d\.\de-\d\d: raise max_iter"
    with pytest.warns(RuntimeWarning, match=message) as caught:
        result = minimise(X, y, 0.01, L1(), max_iter=2)
    assert f"{result.gap:.1e}" in str(caught[0].message)
    assert (result.n_iter, len(result.history)) == (2, 3)
    assert result.w.any()
    assert result.history[2] < result.history[0]


def test_no_sweeps_at_all_return_the_start():
    X, y = generic()
    start = np.arange(5.0)
    with pytest.warns(RuntimeWarning, match="stopped after 0 steps"):
        result = minimise(X, y, 0.01, L1(), max_iter=0, w=start)
    assert_array_equal(result.w, start)


def test_it_ends_at_the_first_point_that_is_good_enough():
    X, y = generic()
    result = minimise(X, y, 0.3, L1(), tol=1e-6)
    enough = 1e-6 * (y @ y) / (2 * len(y))
    assert result.history[-1] <= enough < result.history[-2]
    assert result.n_iter > 2
    assert minimise(X, y, 0.3, L1(), tol=1e-6, w=result.w).n_iter == 0


def test_from_lam_max_on_zero_is_certified_before_the_first_sweep():
    X, y = generic()
    Xc, yc, _, _ = centre(X, y)
    lam = penalties.lam_max(X, y)
    assert minimise(Xc, yc, lam * (1 + 1e-12), L1()).n_iter == 0
    assert np.count_nonzero(minimise(Xc, yc, lam * (1 - 1e-6), L1(), tol=1e-15).w) == 1


def test_a_point_that_no_sweep_moves_ends_it_and_the_warning_asks_for_less():
    # What rounding leaves of the product with the residual is far above this lam, so no gap is small.
    X, y = generic(p=1)
    message = r"^stopped after \d steps with the gap .*: no step moves it any more, so ask for less: raise tol$"
    with pytest.warns(RuntimeWarning, match=message):
        result = minimise(X, y, 1e-30, L1())
    assert not result.converged
    assert_allclose(result.w, X.T @ y / np.sum(X**2), rtol=1e-14)
    with pytest.warns(RuntimeWarning, match="no step moves it any more"):
        again = minimise(X, y, 1e-30, L1(), w=result.w)
    assert again.n_iter == 1
    assert_array_equal(again.w, result.w)


def test_the_result_says_who_found_it_and_that_it_has_converged():
    result = minimise(*generic(), 0.3, L1())
    assert (result.solver, result.b, result.converged) == ("coordinate_descent", 0.0, True)


def test_the_gap_that_is_asked_for_is_smaller_in_double_precision():
    assert default_tol(np.float32) == default_tol("float32") == default_tol(np.zeros(1, "f4").dtype) == 1e-6
    assert default_tol(np.float64) == default_tol(float) == 1e-12
    X, y = generic()
    for dtype, tol in (("f4", 1e-6), ("f8", 1e-12)):
        data = X.astype(dtype), y.astype(dtype), 0.3, ElasticNet(0.5)
        assert_array_equal(minimise(*data).history, minimise(*data, tol=tol).history)


# Extrapolation


def slow(p=6):
    """A problem of nearly dependent columns, on which plain sweeps creep."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 1)) + 0.1 * rng.normal(size=(40, p))
    return X, X @ np.linspace(-0.5, 1, p) + rng.normal(size=40)


@pytest.mark.parametrize("penalty", [L1(), ElasticNet(0.5, [0.0, 1.0, 2.0, 1.0, 0.5, 1.0]), L1(positive=True)])
def test_extrapolation_needs_far_fewer_sweeps_and_ends_at_the_same_point(penalty):
    X, y = slow()
    plain, fast = (minimise(X, y, 0.01, penalty, tol=1e-10, accelerate=accelerate) for accelerate in (False, True))
    assert_allclose(fast.w, plain.w, atol=1e-4)
    assert fast.gap <= 1e-10 * (y @ y) / (2 * len(y))
    assert fast.n_iter < plain.n_iter / 2
    assert minimise(X, y, 0.01, penalty, tol=1e-10).n_iter == plain.n_iter


def test_extrapolation_keeps_single_precision():
    X, y = (a.astype("f4") for a in slow())
    assert minimise(X, y, 1e-2, L1(), accelerate=True).w.dtype == np.float32


# Sparse columns


def centred_pair(X, weighted=False):
    """(A, D): the same centred matrix twice, with sparse columns and dense."""
    d = (np.arange(len(X)) + 1) % 4 + 0.0 if weighted else np.ones(len(X))
    d *= (len(X) / (d @ d)) ** 0.5
    m = X.T @ d / len(X)
    A = Centred(sparse.csc_array(X), m, d)
    # What rounding leaves of a multiple of d is no column.
    return A, np.where(A.squared_lengths() > 0, X - np.outer(d, m), 0)


@examples
@given(cases(), st.booleans())
def test_sparse_columns_take_the_sweeps_of_dense_ones(case, weighted):
    X, y, lam, penalty = case
    size = np.abs(y).max() * (1 + np.abs(X).max())
    for A, D in (centred_pair(X, weighted), (sparse.csr_matrix(X), X), (sparse.coo_array(X), X)):
        for sweeps in (1, 3):
            found, expected = (run(a, y, lam, penalty, max_iter=sweeps, tol=1e-9).w for a in (A, D))
            assert_allclose(found, expected, rtol=1e-9, atol=1e-11 * (1 + size))


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("lam", [0.0, 0.3])
@pytest.mark.parametrize("penalty", [L1(), L2(), ElasticNet(0.5, [0.0, 1.0, 2.0, 1.0, 1.0]), L1(positive=True)])
def test_sparse_columns_end_where_dense_ones_do_and_are_certified(penalty, lam, weighted):
    X, y = generic()
    X[::2, 1] = X[1::3, 2] = X[3:, 3] = 0
    A, D = centred_pair(X, weighted)
    result = minimise(A, y, lam, penalty, tol=1e-13, w=np.ones(5), accelerate=True)
    assert_allclose(result.w, minimise(D, y, lam, penalty, tol=1e-13).w, atol=1e-5)
    assert_allclose(result.gap, gap(D, y, result.w, lam, penalty), atol=1e-13 * (y @ y))


def test_sparse_columns_far_from_zero_keep_the_digits_that_their_means_leave():
    X, y = generic()
    expected = minimise(centred_pair(X)[1], y, 0.3, L1()).w
    assert_allclose(minimise(centred_pair(X + 1e6)[0], y, 0.3, L1(), tol=1e-10).w, expected, atol=1e-5)


def test_constant_sparse_columns_get_zero_and_empty_ones_too():
    X, y = generic(p=4)
    X[:, 1], X[:, 2] = 0.1, 0
    for A in (centred_pair(X)[0], sparse.csc_array(np.delete(X, 1, axis=1))):
        w = minimise(A, y, 0.1, L1(), w=np.ones(A.shape[1])).w
        assert np.count_nonzero(w) == 2
        assert w[[0, -1]].all()


@pytest.mark.parametrize("lam", [0.0, 0.1])
def test_a_constant_sparse_column_without_a_penalty_does_not_hinder_the_certificate(lam):
    X, y = generic(p=3)
    d = np.random.default_rng(0).uniform(0.3, 1, 30)
    d *= (30 / (d @ d)) ** 0.5
    X[:, 1] = 0.1 * d
    y = y - d * (d @ y) / 30
    result = minimise(Centred(sparse.csc_array(X), X.T @ d / 30, d), y, lam, L1([1.0, 0.0, 1.0]))
    assert result.converged
    assert result.w[1] == 0


def test_single_precision_of_sparse_columns_is_kept():
    X, y = generic()
    A, D = centred_pair(X)
    single = minimise(A.astype("f4"), y.astype("f4"), 0.3, L1())
    assert single.w.dtype == np.float32
    assert_allclose(objective(D, y, 0.3, L1(), single.w), exact(D, y, 0.3, L1())[0], rtol=1e-5)


def test_a_sparse_matrix_is_left_as_it_was():
    X, y = generic()
    A = sparse.csc_array(X)
    for part in (A.data, A.indices, A.indptr, y):
        part.flags.writeable = False
    minimise(A, y, 0.3, L1())
    assert_array_equal(A.toarray(), X)


# Agreement


@pytest.mark.parametrize("start", [None, np.full(5, 1e3), np.array([0, -5.0, 0, 5.0, 0])], ids=["zero", "far", "near"])
@pytest.mark.parametrize("lam", [0.01, 0.3, 2.0])
def test_agrees_with_the_patterns_of_signs_wherever_it_starts(start, lam):
    X, y = generic()
    expected = penalties.lasso_by_signs(X, y, lam)
    found = minimise(X, y, lam, L1(), tol=1e-14, w=start).w
    assert_allclose(found, expected, atol=1e-6)
    assert_array_equal(found == 0, expected == 0)


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (4, 1), (30, 5), (6, 9)])
@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize("share", [0.3, 1.0])
def test_agrees_with_scikit_learn(shape, positive, share):
    X, y = generic(*shape)
    alpha, l1_ratio = conversions.elastic_net_alpha(0.2, share)
    model = linear_model.ElasticNet(
        alpha=alpha, l1_ratio=l1_ratio, positive=positive, fit_intercept=False, tol=1e-14, max_iter=10**6
    ).fit(X, y)
    result = minimise(X, y, 0.2, ElasticNet(share, positive=positive), tol=1e-14)
    assert_allclose(result.w, model.coef_, atol=1e-6)


def test_with_centred_data_agrees_with_the_lasso_of_scikit_learn_with_an_intercept():
    X, y = generic()
    Xc, yc, x_mean, y_mean = centre(X, y)
    model = linear_model.Lasso(alpha=conversions.lasso_alpha(0.3), tol=1e-14, max_iter=10**6).fit(X, y)
    w = minimise(Xc, yc, 0.3, L1(), tol=1e-14).w
    assert_allclose([*w, y_mean - x_mean @ w], [*model.coef_, model.intercept_], atol=1e-6)
    assert penalties.kkt_residual(X, y, w, 0.3, L1(), y_mean - x_mean @ w) < 1e-6


@pytest.mark.parametrize("shape", [(1, 1), (30, 5), (6, 9)])
def test_without_an_L1_part_agrees_with_ridge(shape):
    X, y = generic(*shape)
    w = minimise(X, y, 0.2, L2(), tol=1e-14).w
    assert_allclose(w, ridge.closed_form(X, y, 0.2), atol=1e-6)
    model = linear_model.Ridge(alpha=conversions.ridge_alpha(0.2, len(y)), fit_intercept=False)
    assert_allclose(w, model.fit(X, y).coef_, atol=1e-6)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_columns_without_a_penalty_are_fitted_by_least_squares(share):
    # Taken out of the target and the other columns first, they leave the penalised problem of those.
    X, y = generic(p=3)
    penalty = ElasticNet(share, [0.0, 1.0, 1.0])
    x = X[:, 0]
    rest = X[:, 1:] - np.outer(x, x @ X[:, 1:]) / (x @ x)
    w = minimise(X, y, 0.2, penalty, tol=1e-14).w
    assert_allclose(w[1:], minimise(rest, y - x * (x @ y) / (x @ x), 0.2, ElasticNet(share), tol=1e-14).w, atol=1e-6)
    assert abs(x @ (y - X @ w)) <= 1e-6 * np.linalg.norm(x)


def test_free_columns_that_may_not_be_negative_are_solved_to_the_gap():
    rng = np.random.default_rng(4)
    X, y = rng.normal(size=(20, 4)), rng.normal(size=20)
    for share in (0.0, 0.5, 1.0):
        penalty = ElasticNet(share, [0.0, 0.0, 1.0, 1.0], positive=True)
        result = minimise(X, y, 0.05, penalty)
        assert_allclose(result.w, exact(X, y, 0.05, penalty)[1], atol=1e-5)


# By hand


def test_two_sweeps_by_hand():
    # n = 2, both columns of squared length n, their product ½n; z = (2, 1), lam = ½.
    # First sweep: S(2) = 1.5, then S(1 − ¾) = 0; it stays.
    X = 2.0**0.5 * np.array([[1.0, 0.5], [0.0, 0.75**0.5]])
    y = 2 * np.linalg.solve(X.T, [2.0, 1.0])
    result = minimise(X, y, 0.5, L1())
    assert_allclose(result.w, [1.5, 0.0], rtol=1e-14)
    assert (result.w[1], result.n_iter) == (0.0, 1)


# Arrays as they come


@pytest.mark.parametrize("power", [-8, 8])
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_columns_of_any_scale_are_solved(power, share):
    X, y = generic(p=4)
    units = 10.0 ** np.array([power, 0, -power, power / 2])
    factor = units if share else units**2
    w = minimise(X, y, 0.3, ElasticNet(share), tol=1e-14).w
    assert_allclose(minimise(X * units, y, 0.3, ElasticNet(share, factor), tol=1e-14).w * units, w, atol=1e-6)


def test_memory_order_integers_lists_and_strides_do_not_matter():
    rng = np.random.default_rng(1)
    X, y = rng.integers(-9, 9, size=(7, 3)), rng.integers(-9, 9, size=7)
    expected = minimise(X.astype(float), y.astype(float), 0.3, L1()).w
    wide, long = np.zeros((14, 6)), np.zeros(14)
    wide[::2, ::2], long[::2] = X, y
    for X_other, y_other in ((X, y), (X.tolist(), y.tolist()), (np.asfortranarray(X), y), (wide[::2, ::2], long[::2])):
        assert_allclose(minimise(X_other, y_other, 0.3, L1(), w=[0, 0, 0]).w, expected, rtol=1e-9)


@pytest.mark.parametrize("order", ["C", "F"])
def test_callers_arrays_are_read_only_or_left_as_they_were(order):
    X, y = generic()
    X, start, factor = np.array(X, order=order), np.ones(5), np.ones(5)
    before = [a.copy() for a in (X, y, start, factor)]
    for writeable in (True, False):
        for a in (X, y, start, factor):
            a.flags.writeable = writeable
        result = minimise(X, y, 0.3, L1(factor), w=start)
        assert not np.shares_memory(result.w, start)
    for a, kept in zip((X, y, start, factor), before, strict=True):
        assert_array_equal(a, kept)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_single_precision_is_kept_and_solved_to_its_own_tolerance(share, seed):
    X, y = generic(seed=seed)
    Xc, yc, _, _ = centre(X, y)
    penalty = ElasticNet(share)
    single = minimise(Xc.astype("f4"), yc.astype("f4"), 0.3, penalty)
    assert single.w.dtype == np.float32
    assert type(single.gap) is float
    assert_allclose(objective(Xc, yc, 0.3, penalty, single.w), exact(Xc, yc, 0.3, penalty)[0], rtol=1e-5)
    assert minimise(Xc.astype("f4"), yc, 0.3, penalty, w=single.w).w.dtype == np.float64
    assert minimise(Xc.astype("f4"), yc.astype("f4"), 0.3, penalty, w=np.zeros(Xc.shape[1])).w.dtype == np.float32


# What is refused, and how it is said

TOO_SHORT = "X has a column too short for lam: lam over its squared length, times the factor of the penalty, overflows"


@pytest.mark.parametrize("what", BAD_DATA)
def test_data_that_cannot_be_used_are_refused_by_name(what):
    X, y, message = BAD_DATA[what]
    with pytest.raises(ValueError, match=message):
        minimise(X, y, 0.1, L1())


@pytest.mark.parametrize("what", BAD_LAMS)
def test_a_lam_that_cannot_be_used_is_refused_by_name(what):
    with pytest.raises(ValueError, match=r"^lam "):
        minimise(X6, y6, BAD_LAMS[what], L1())


@pytest.mark.parametrize("what", [what for what in BAD_VECTORS if what != "None"])
def test_a_start_that_cannot_be_used_is_refused_by_name(what):
    bad, message = BAD_VECTORS[what]
    with pytest.raises(ValueError, match=f"^w {message}"):
        minimise(X6, y6, 0.1, L1(), w=bad)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"w": [0.0]}, "w must have one number a column of X; X has 2 columns and w has 1 numbers"),
        ({"penalty": L1([1.0, 1.0, 1.0])}, "factor has 3 numbers"),
        ({"tol": -1e-9}, "tol must be a finite number >= 0"),
        ({"tol": np.nan}, "tol must be one finite real number"),
        ({"tol": "small"}, "tol must be one finite real number"),
        ({"max_iter": -1}, "max_iter must be a number of steps"),
        ({"max_iter": 10.0}, "max_iter must be a number of steps"),
        ({"y": y6 * 1e160}, "y is too large: its squares overflow float64"),
        ({"y": y6 * 1e-160, "lam": 1e-161}, "y is so small that its squares are lost in float64"),
        ({"X": X6 * 1e160}, "X is too large"),
        ({"X": X6 * 1e-160}, "X has a column so small"),
        ({"X": X6 * 1e-150, "lam": 1e10}, TOO_SHORT),
        ({"X": X6 * [1.0, 1e-150], "lam": 1e10}, TOO_SHORT),
        ({"lam": 1e300, "penalty": L2([1.0, 1e10]), "w": [1.0, 1.0]}, TOO_SHORT),
        ({"lam": 1e300, "penalty": L1([1.0, 1e10]), "w": [1.0, 1.0]}, TOO_SHORT),
    ],
)
def test_refusals_say_what_is_wrong(options, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        minimise(**{"X": X6, "y": y6, "lam": 0.1, "penalty": L1()} | options)


def test_a_price_within_the_range_is_taken_however_long_the_other_columns_are():
    # A column of zeros has no price, and a factor of 0 makes none larger.
    X = np.column_stack([X6 * [1e150, 1e-100], np.zeros(6)])
    assert not minimise(X, y6, 1e100, L1([1e100, 0.5, 0.0]), w=[0.0, 1.0, 1.0]).w.any()


def test_it_says_which_problems_it_does_not_take():
    loss = losses.QUADRATIC
    assert refusal(X6, loss, ElasticNet(0.5, [0.0, 1.0], positive=True), 0.0) == ""
    assert refusal(sparse.csc_array(X6), loss, L2(), 0.1) == ""
    assert refusal(X6, SimpleNamespace(), L1(), 0.1) == "the loss is not quadratic"
    assert refusal(X6, loss, SimpleNamespace(), 0.1) == "the penalty is no sum over the coefficients"
