"""Laws of centring, scaling and least squares, and their edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from shrinkage.least_squares import centre, lstsq, lstsq_qr, standardise, thin_svd
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler

from tests.shrinkage.problems import generic, problems

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
