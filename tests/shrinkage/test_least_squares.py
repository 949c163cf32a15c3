"""Laws of centring, scaling and least squares, and their edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from shrinkage import ridge
from shrinkage.least_squares import centre, lstsq, lstsq_qr, standardise, thin_svd, weighted_rows
from sklearn.linear_model import ElasticNet, LinearRegression
from sklearn.preprocessing import StandardScaler

from tests.shrinkage.problems import (
    BAD_DATA,
    BAD_WEIGHTS,
    X6,
    exact,
    generic,
    lams,
    mixes,
    problems,
    weighted_problems,
    y6,
)

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=60, deadline=None)


# Centring


@examples
@given(problems())
def test_centred_columns_have_mean_zero_and_come_back_with_their_means(problem):
    X, y = problem
    Xc, yc, x_mean, y_mean = centre(X, y)
    assert_allclose(Xc.mean(axis=0), 0, atol=1e-14)
    assert_allclose(yc.mean(), 0, atol=1e-14)
    assert_allclose(Xc + x_mean, X, atol=1e-13)
    assert_allclose(yc + y_mean, y, atol=1e-13)
    assert_allclose(x_mean, X.mean(axis=0), atol=1e-14)


@examples
@given(problems(), st.integers(-1000, 1000))
def test_centring_forgets_a_shift_exactly_for_whole_numbers(problem, shift):
    X, y = problem
    assert_array_equal(centre(X + shift, y + shift)[0], centre(X, y)[0])


@given(st.floats(-1e100, 1e100), st.integers(1, 9))
def test_a_constant_column_becomes_exactly_zero(value, n):
    Xc, yc, x_mean, y_mean = centre(np.full((n, 1), value), np.full(n, value))
    assert not Xc.any()
    assert not yc.any()
    assert (x_mean[0], y_mean) == (value, value)


def test_a_large_common_offset_costs_no_digits():
    small = np.random.default_rng(0).integers(-100, 100, size=(50, 3)).astype(float)
    Xc = centre(small + 2.0**50, np.zeros(50))[0]
    assert_allclose(Xc, small - small.mean(axis=0), rtol=1e-13, atol=1e-13)


def test_centring_changes_neither_array_and_shares_no_memory():
    X, y = generic(n=1, p=1)
    X.flags.writeable = y.flags.writeable = False
    Xc, yc, x_mean, _ = centre(X, y)
    for made in (Xc, yc, x_mean):
        assert not np.shares_memory(made, X)
        assert not np.shares_memory(made, y)
    Xc[:], yc[:], x_mean[:] = 1, 1, 1


def test_centring_many_single_precision_rows_keeps_the_mean():
    X = np.random.default_rng(0).uniform(0, 1000, size=(200_000, 2)).astype(np.float32)
    Xc, _, x_mean, _ = centre(X, X[:, 0])
    assert Xc.dtype == x_mean.dtype == np.float32
    assert_allclose(x_mean, X.mean(axis=0, dtype=np.float64), rtol=1e-6)
    assert np.abs(Xc.mean(axis=0, dtype=np.float64)).max() < 1e-4


# Standardising


@examples
@given(problems(min_n=2))
def test_standardising_agrees_with_scikit_learn(problem):
    X, _ = problem
    Xs, x_mean, x_scale = standardise(X)
    scaler = StandardScaler().fit(X)
    assert_allclose(Xs, scaler.transform(X), atol=1e-13)
    assert_allclose(x_scale, scaler.scale_, rtol=1e-13)
    assert_allclose(x_mean + x_scale * Xs, X, atol=1e-13)


def test_variance_divides_by_n_so_two_values_stand_one_scale_from_their_mean():
    Xs, _, x_scale = standardise(np.array([[0.0], [6.0]]))
    assert (Xs[:, 0].tolist(), x_scale[0]) == ([-1.0, 1.0], 3.0)


@examples
@given(problems(), st.integers(-20, 20))
def test_standardised_columns_do_not_depend_on_their_units(problem, power):
    X, _ = problem
    assert_allclose(standardise(X * 10.0**power)[0], standardise(X)[0], atol=1e-12)


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_columns_whose_squares_leave_the_range_are_still_standardised(size):
    Xs, _, x_scale = standardise(np.array([[-size], [size]]))
    assert_allclose(Xs[:, 0], [-1, 1])
    assert_allclose(x_scale, [size])


def test_standardising_keeps_single_precision_and_the_callers_array():
    X = generic()[0].astype(np.float32)
    X.flags.writeable = False
    assert [made.dtype.name for made in standardise(X)] == ["float32"] * 3


# Weights


def tables(X, y, s):
    """What the weighted functions make of the data: each weight is what its name says."""
    return {
        "centred": centre(X, y, s),
        "standardised": standardise(X, s),
        "rows": weighted_rows(X, y, s),
    }


@examples
@given(weighted_problems())
def test_whole_weights_have_the_means_and_scales_of_repeated_rows(problem):
    X, y, s = problem
    again = np.repeat(np.arange(len(y)), s)
    Xc, yc, x_mean, y_mean = centre(X, y, s)
    Xs, _, x_scale = standardise(X, s)
    for weighted, repeated in zip((Xc, yc), centre(X[again], y[again])[:2], strict=True):
        assert_allclose(weighted[again], repeated, atol=1e-13)
    assert_allclose(x_mean, X[again].mean(axis=0), atol=1e-14)
    assert_allclose(y_mean, y[again].mean(), atol=1e-14)
    assert_allclose(Xs[again], standardise(X[again])[0], atol=1e-12)
    assert_allclose(x_scale, standardise(X[again])[2], rtol=1e-13)


@examples
@given(weighted_problems(), st.floats(-1e6, 1e6))
def test_a_row_of_weight_zero_is_left_out_to_the_last_bit(problem, anything):
    X, y, s = problem
    kept = s > 0
    X, y = np.where(kept[:, None], X, anything), np.where(kept, y, anything)
    assert_array_equal(centre(X, y, s)[0][kept], centre(X[kept], y[kept], s[kept])[0])
    assert_array_equal(standardise(X, s)[0][kept], standardise(X[kept], s[kept])[0])
    for whole, without in zip(weighted_rows(X, y, s), weighted_rows(X[kept], y[kept], s[kept]), strict=True):
        assert_array_equal(whole, without)


@examples
@given(problems(), st.sampled_from([1e-300, 0.1, 3.0, 1e300]))
def test_equal_weights_are_no_weights_to_the_last_bit(problem, weight):
    X, y = problem
    expected = tables(X, y, None)
    for name, made in tables(X, y, np.full(len(y), weight)).items():
        for one, other in zip(made, expected[name], strict=True):
            assert_array_equal(one, other, err_msg=name)


def test_no_weights_cost_no_rounding_and_no_copy():
    X, y = generic(n=7, p=3)
    assert_array_equal(centre(X, y)[2], X[0] + (X - X[0]).mean(axis=0))
    for weights in (None, np.full(7, 0.3)):
        rows, target, roots = weighted_rows(X, y, weights)
        assert rows is X
        assert target is y
        assert roots.tolist() == [1] * 7


def test_equal_weights_are_no_weights_to_the_last_bit_in_single_precision_too():
    X, y = (a.astype(np.float32) for a in generic(n=20_000, p=2))
    for name, made in tables(X, y, np.full(len(y), 0.3)).items():
        for one, other in zip(made, tables(X, y, None)[name], strict=True):
            assert_array_equal(one, other, err_msg=name)


@examples
@given(weighted_problems(), st.integers(-900, 900))
def test_a_common_factor_of_the_weights_changes_nothing(problem, power):
    X, y, s = problem
    expected = tables(X, y, s)
    for name, made in tables(X, y, s * 2.0**power).items():
        for one, other in zip(made, expected[name], strict=True):
            assert_array_equal(one, other, err_msg=name)


@examples
@given(weighted_problems(), lams, st.integers(0, 10**6))
def test_the_objective_of_the_scaled_rows_is_the_weighted_objective(problem, lam, seed):
    X, y, s = problem
    w = np.random.default_rng(seed).normal(size=X.shape[1])
    weighted = np.sum(s * (y - X @ w) ** 2) / (2 * s.sum()) + lam / 2 * (w @ w)
    assert_allclose(ridge.objective(*weighted_rows(X, y, s)[:2], w, lam), weighted, rtol=1e-12)


@examples
@given(weighted_problems(), lams, st.data())
def test_whole_weights_are_repetition_for_any_solver_and_penalty(problem, lam, data):
    X, y, s = problem
    penalty = data.draw(mixes(X.shape[1]))
    again = np.repeat(np.arange(len(y)), s)
    rows, target, _ = weighted_rows(X, y, s)
    assert_allclose(exact(rows, target, lam, penalty)[0], exact(X[again], y[again], lam, penalty)[0], atol=1e-9)
    for solve in (ridge.closed_form, ridge.augmented):
        assert_allclose(solve(rows, target, lam), solve(X[again], y[again], lam), atol=1e-9)


def test_scaled_rows_of_centred_data_agree_with_scikit_learn():
    X, y = generic()
    s = np.random.default_rng(0).uniform(0, 3, len(y)) * (np.arange(len(y)) % 4 > 0)
    Xc, yc, x_mean, y_mean = centre(X, y, s)
    rows, target, _ = weighted_rows(Xc, yc, s)
    model = LinearRegression().fit(X, y, sample_weight=s)
    assert_allclose(lstsq(rows, target), model.coef_, rtol=1e-9)
    assert_allclose(y_mean - x_mean @ lstsq(rows, target), model.intercept_, rtol=1e-9)
    one = ElasticNet(alpha=0.3, l1_ratio=0.5, tol=1e-14, max_iter=100_000).fit(X, y, sample_weight=s)
    other = ElasticNet(alpha=0.3, l1_ratio=0.5, tol=1e-14, max_iter=100_000, fit_intercept=False).fit(rows, target)
    assert_allclose(other.coef_, one.coef_, atol=1e-9)


def test_weighted_standardising_agrees_with_scikit_learn():
    X, _ = generic()
    s = np.random.default_rng(0).uniform(0, 3, len(X)) * (np.arange(len(X)) % 4 > 0)
    Xs, x_mean, x_scale = standardise(X, s)
    scaler = StandardScaler().fit(X, sample_weight=s)
    assert_allclose(Xs, scaler.transform(X), atol=1e-12)
    assert_allclose(x_mean, scaler.mean_, rtol=1e-12)
    assert_allclose(x_scale, scaler.scale_, rtol=1e-12)


@pytest.mark.parametrize("value", [0.1, 1e9 + 0.1, 1e-300, -1e300])
def test_a_column_that_is_constant_where_it_counts_is_exactly_zero_there(value):
    X = np.array([[7.0, 1.0], [value, 1.0], [value, 2.0], [5.0, 3.0], [value, 9.0]])
    s = np.array([0, 1e-3, 1, 0, 0.7])
    for Xc in (centre(X, X[:, 0], s)[0], standardise(X, s)[0]):
        assert not Xc[s > 0, 0].any()
        assert Xc[s > 0, 1].all()
    _, x_mean, x_scale = standardise(X, s)
    assert (x_mean[0], x_scale[0]) == (value, 1)


@pytest.mark.parametrize("offset", [0.0, 2.0**30, -(2.0**30)])
@pytest.mark.parametrize("weights", [None, [3, 0, 1, 2, 1, 1]])
def test_units_from_1e_minus_8_to_1e8_and_offsets_of_1e9_cost_no_digits(offset, weights):
    small = np.array([[3.0, -1, 4], [1, 5, -9], [2, -6, 5], [3, 5, 8], [9, -7, 9], [3, 2, 3]])
    units = 2.0 ** np.array([-26, 0, 26])
    Xs, _, x_scale = standardise((small + offset) * units, weights)
    expected, _, scale = standardise(small, weights)
    assert_allclose(Xs, expected, atol=1e-14)
    assert_allclose(x_scale, scale * units, rtol=1e-14)


def test_a_row_of_next_to_no_weight_far_away_costs_no_digits_of_the_others():
    # The differences are taken to a row that counts, not to the first.
    small = np.array([0.0, 0.1, 0.25, 0.3, 0.7])[:, None]
    X = np.vstack([[[2.0**60]], small])
    s = np.array([1e-300, 1, 1, 1, 2, 1])
    assert_allclose(centre(X, X[:, 0], s)[0][1:], centre(small, small[:, 0], s[1:])[0], rtol=1e-14)


def test_weights_from_1e_minus_300_to_1e300_leave_what_the_largest_leave():
    X, y = generic(n=6, p=2)
    s = np.array([1e300, 1e300, 1e300, 1e-300, 1e-300, 0])
    Xc = centre(X, y, s)[0]
    assert_array_equal(Xc[:3], centre(X[:3], y[:3])[0])
    rows, target, roots = weighted_rows(X, y, s)
    assert_array_equal(rows, X[:3])
    assert_array_equal(target, y[:3])
    assert roots.tolist() == [1, 1, 1]
    rows, _, roots = weighted_rows(X, y, [1e-300, 1e-300, 2e-300, 5e-324, 0, 0])
    assert_allclose(roots[:3], np.sqrt([1, 1, 2]), rtol=1e-14)
    assert np.isfinite(rows).all()


def test_a_column_that_differs_in_a_light_row_alone_has_the_scale_of_its_formula():
    # Mean and variance of the indicator of a row of weight t among n of weight 1 are t/n and t/n, nearly.
    X = np.array([[1.0], [0.0], [0.0], [0.0]])
    for t in (1e-20, 1e-200, 5e-324):
        Xs, _, x_scale = standardise(X, [t, 1, 1, 1])
        assert_allclose(x_scale[0], (t / 3) ** 0.5 if t > 1e-300 else 1, rtol=1e-12)
        assert np.isfinite(Xs).all()
    Xs, _, x_scale = standardise(X.astype(np.float32), [1e-200, 1, 1, 1])
    assert x_scale[0] == 1
    assert np.isfinite(Xs).all()


@examples
@given(weighted_problems())
def test_sparse_rows_are_scaled_as_dense_ones_and_stay_sparse(problem):
    X, y, s = problem
    expected, target, roots = weighted_rows(X, y, s)
    for kind in (sparse.csc_matrix, sparse.csc_array):
        given_X = kind(X)
        before = given_X.copy()
        rows, sparse_target, sparse_roots = weighted_rows(given_X, y, s)
        assert sparse.issparse(rows)
        assert rows.format == "csc"
        assert rows.nnz <= given_X.nnz
        assert_array_equal(rows.toarray(), expected)
        assert_array_equal(sparse_target, target)
        assert_array_equal(sparse_roots, roots)
        assert_array_equal(given_X.toarray(), before.toarray())


@examples
@given(weighted_problems())
def test_centred_scaled_rows_are_scaled_rows_less_the_roots_times_the_means(problem):
    X, y, s = problem
    Xc, yc, x_mean, y_mean = centre(X, y, s)
    rows, target, roots = weighted_rows(X, y, s)
    assert_allclose(rows - np.outer(roots, x_mean), weighted_rows(Xc, yc, s)[0], atol=1e-13)
    assert_allclose(target - roots * y_mean, weighted_rows(Xc, yc, s)[1], atol=1e-13)
    assert_allclose(roots @ roots, (s > 0).sum(), rtol=1e-13)
    assert_allclose(rows.T @ roots / len(roots), x_mean, atol=1e-13)


@pytest.mark.parametrize("order", ["C", "F"])
def test_weighted_single_precision_is_kept_and_read_only_arrays_are_enough(order):
    X, y = (np.array(a, np.float32, order=order) for a in generic())
    s = np.arange(len(y))
    for array in (X, y, s):
        array.flags.writeable = False
    double = tables(X.astype(float), y.astype(float), s)
    for name, made in tables(X, y, s).items():
        for one, other in zip(made, double[name], strict=True):
            assert getattr(one, "dtype", np.float32) == np.float32
            assert_allclose(one, other, rtol=1e-4, atol=1e-4, err_msg=name)


def test_weights_by_hand():
    # Weights 1 and 3: mean (0 + 3·4)/4 = 3, variance (9 + 3)/4 = 3; roots √(2/4), √(6/4).
    X, y = np.array([[0.0], [4.0]]), np.array([0.0, 4.0])
    _, x_mean, x_scale = standardise(X, [1, 3])
    assert_allclose([x_mean[0], x_scale[0] ** 2], [3, 3], rtol=1e-15)
    assert_allclose(weighted_rows(X, y, [1, 3])[2] ** 2, [0.5, 1.5], rtol=1e-15)


@pytest.mark.parametrize("what", BAD_WEIGHTS)
def test_weights_that_cannot_be_used_are_refused_by_name(what):
    bad, message = BAD_WEIGHTS[what]
    for call in (lambda: centre(X6, y6, bad), lambda: standardise(X6, bad), lambda: weighted_rows(X6, y6, bad)):
        with pytest.raises(ValueError, match=f"^sample_weight {message}"):
            call()


# Least squares


@examples
@given(problems())
def test_thin_svd_rebuilds_its_matrix_and_its_zeros_are_exact(problem):
    X, _ = problem
    U, d, Vt = thin_svd(X)
    assert_allclose((U * d) @ Vt, X, atol=1e-12)
    assert (d > 0).sum() == np.linalg.matrix_rank(X)
    assert (np.diff(d) <= 0).all()


@examples
@given(problems())
def test_residual_of_least_squares_is_orthogonal_to_every_column(problem):
    X, y = problem
    assert_allclose(X.T @ (y - X @ lstsq(X, y)), 0, atol=1e-10)


@examples
@given(problems())
def test_least_squares_solution_has_no_part_outside_the_row_space(problem):
    X, y = problem
    w = lstsq(X, y)
    assert_allclose(np.linalg.pinv(X) @ (X @ w), w, atol=1e-10)
    assert_allclose(w, np.linalg.lstsq(X, y)[0], atol=1e-9)


@examples
@given(problems())
def test_qr_agrees_with_the_svd_where_the_rank_is_full_and_refuses_elsewhere(problem):
    X, y = problem
    if np.linalg.matrix_rank(X) == X.shape[1]:
        assert_allclose(lstsq_qr(X, y), lstsq(X, y), atol=1e-9)
    else:
        with pytest.raises(ValueError, match=r"^X has rank \d .* use lstsq"):
            lstsq_qr(X, y)


def test_least_squares_with_centred_data_agrees_with_scikit_learn():
    X, y = generic()
    Xc, yc, x_mean, y_mean = centre(X, y)
    model = LinearRegression().fit(X, y)
    assert_allclose(lstsq(Xc, yc), model.coef_, rtol=1e-9)
    assert_allclose(y_mean - x_mean @ lstsq(Xc, yc), model.intercept_, rtol=1e-9)


def test_qr_keeps_the_digits_that_the_normal_equations_lose():
    rng = np.random.default_rng(0)
    U, V = np.linalg.qr(rng.normal(size=(20, 4)))[0], np.linalg.qr(rng.normal(size=(4, 4)))[0]
    X, truth = (U * np.logspace(0, -6, 4)) @ V.T, rng.normal(size=4)
    y = X @ truth
    lost = np.linalg.norm(np.linalg.solve(X.T @ X, X.T @ y) - truth)
    assert np.linalg.norm(lstsq_qr(X, y) - truth) < 1e-3 * lost


def test_line_through_three_points_by_hand():
    # Normal equations (3 3; 3 5) w = (6; 8): w = (1, 1).
    X, y = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]), np.array([1.0, 2.0, 3.0])
    assert_allclose(lstsq_qr(X, y), [1, 1], rtol=1e-14)
    assert_allclose(lstsq(X, y), [1, 1], rtol=1e-14)


# Arrays as they come, and what is refused


def test_integers_and_lists_are_what_their_numbers_are():
    X, y = [[1, 2], [4, 4], [6, 9]], [1, 2, 4]
    for call in (centre, lstsq, lstsq_qr, lambda X, y: weighted_rows(X, y, [1, 2, 3])):
        for found, expected in zip(call(X, y), call(np.array(X, float), np.array(y, float)), strict=True):
            assert_array_equal(found, expected)
    for call in (standardise, thin_svd):
        for found, expected in zip(call(X), call(np.array(X, float)), strict=True):
            assert_array_equal(found, expected)
    assert_allclose(centre(X, y)[2], [11 / 3, 5])


@pytest.mark.parametrize("what", BAD_DATA)
def test_data_that_cannot_be_used_are_refused_by_name(what):
    X, y, message = BAD_DATA[what]
    for call in (centre, lstsq, lstsq_qr, lambda X, y: weighted_rows(X, y, None)):
        with pytest.raises(ValueError, match=message):
            call(X, y)
    if what.startswith("X"):
        for call in (standardise, thin_svd):
            with pytest.raises(ValueError, match=message):
                call(X)
