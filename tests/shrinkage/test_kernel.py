"""Laws of kernel ridge: with products of rows it is ridge, and features need not be formed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from shrinkage import kernel, ridge, ridge_tuning
from shrinkage.conversions import ridge_alpha
from sklearn.kernel_ridge import KernelRidge
from sklearn.metrics.pairwise import linear_kernel, polynomial_kernel, rbf_kernel

from tests.shrinkage.problems import BAD_LAMS, BAD_WEIGHTS, EPS, X6, generic, lams, problems, weighted_problems, y6

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=40, deadline=None)
K6 = X6 @ X6.T
KERNELS = {
    "linear": kernel.linear,
    "polynomial": lambda A, B: kernel.polynomial(A, B, 3, 0.1, 2.0),
    "radial": lambda A, B: kernel.radial(A, B, 0.05),
}


def tolerance(K, y, lam):
    return 1e4 * EPS * (1 + np.abs(K).sum() / (len(y) * lam)) * (1 + np.abs(y).max())


# The linear kernel gives ridge


@examples
@given(weighted_problems(), lams)
def test_the_linear_kernel_gives_weighted_ridge_on_the_data_and_beyond(problem, lam):
    X, y, s = problem
    a, b = kernel.kernel_ridge(kernel.linear(X, X), y, lam, s)
    w, intercept = ridge_tuning.weighted(X, y, lam, s)
    assert_allclose(X.T @ a, w, atol=1e-7)
    assert_allclose(b, intercept, atol=1e-6)
    new = np.vstack([X, X[::-1] * 2 + 1])
    assert_allclose(kernel.kernel_predict(kernel.linear(new, X), a, b), new @ w + intercept, atol=1e-6)


@examples
@given(problems(), lams)
def test_without_an_intercept_the_linear_kernel_gives_the_closed_form(problem, lam):
    X, y = problem
    a = kernel.kernel_dual_coef(kernel.linear(X, X), y, lam)
    assert_allclose(X.T @ a, ridge.closed_form(X, y, lam), atol=1e-7)
    assert_allclose(a, ridge.dual_coef(X, y, lam), rtol=1e-6, atol=1e-7)


@examples
@given(weighted_problems(max_n=5, max_p=2), lams)
def test_the_polynomial_kernel_is_ridge_on_monomials(problem, lam):
    # (x·x' + 2)² for two columns: the products of (x1², √2 x1 x2, x2², 2 x1, 2 x2, 2).
    X, y, s = problem
    x1, x2 = X[:, 0], X[:, -1] if X.shape[1] == 2 else np.zeros(len(y))
    features = np.column_stack([x1**2, 2**0.5 * x1 * x2, x2**2, 2 * x1, 2 * x2, np.full(len(y), 2.0)])
    K = kernel.polynomial(X, X, 2, offset=2)
    assert_allclose(K, features @ features.T, atol=1e-10)
    a, b = kernel.kernel_ridge(K, y, lam, s)
    w, intercept = ridge_tuning.weighted(features, y, lam, s)
    assert_allclose(kernel.kernel_predict(K, a, b), features @ w + intercept, atol=tolerance(K, y, lam))


# Laws


@examples
@given(weighted_problems(), lams, st.sampled_from(list(KERNELS)))
def test_the_gradient_vanishes_and_the_coefficients_sum_to_zero(problem, lam, name):
    # The objective is 1/(2Σs) Σ s (y − Ka − b)² + lam/2 a·Ka; its gradient in a is K times what is below.
    X, y, s = problem
    K = KERNELS[name](X, X)
    a, b = kernel.kernel_ridge(K, y, lam, s)
    residual = s * (y - K @ a - b) / s.sum()
    assert_allclose(lam * a, residual, atol=tolerance(K, y, lam))
    assert_allclose(a.sum(), 0, atol=tolerance(K, y, lam) / lam)
    assert not a[s == 0].any()


@examples
@given(weighted_problems(), lams, st.sampled_from(list(KERNELS)))
def test_whole_weights_repeat_rows(problem, lam, name):
    X, y, s = problem
    again = np.repeat(np.arange(len(y)), s)
    K = KERNELS[name](X, X)
    a, b = kernel.kernel_ridge(K, y, lam, s)
    a_again, b_again = kernel.kernel_ridge(K[np.ix_(again, again)], y[again], lam)
    bound = tolerance(K, y, lam)
    assert_allclose(K @ a + b, K[:, again] @ a_again + b_again, atol=bound * 10)
    assert_allclose(a, np.bincount(again, a_again, len(s)), atol=bound / min(lam, 1))


@examples
@given(problems(), lams, st.integers(-50, 50), st.sampled_from(list(KERNELS)))
def test_a_shift_of_y_moves_the_intercept_alone(problem, lam, shift, name):
    X, y = problem
    K = KERNELS[name](X, X)
    (a, b), (a_moved, b_moved) = kernel.kernel_ridge(K, y, lam), kernel.kernel_ridge(K, y + shift, lam)
    assert_array_equal(a_moved, kernel.kernel_ridge(K, y + shift, lam)[0])
    assert_allclose(a_moved, a, atol=tolerance(K, y, lam) / min(lam, 1))
    assert_allclose(b_moved, b + shift, atol=tolerance(K, y, lam) * 10 / min(lam, 1))


def test_a_constant_added_to_the_kernel_changes_nothing_because_of_the_intercept():
    X, y = generic(n=12, p=3)
    K = kernel.radial(X, X, 0.05)
    (a, b), (a_more, b_more) = kernel.kernel_ridge(K, y, 0.1), kernel.kernel_ridge(K + 7, y, 0.1)
    assert_allclose(a_more, a, rtol=1e-9, atol=1e-11)
    assert_allclose(b_more, b, rtol=1e-9)


def test_an_enormous_lam_predicts_the_mean_and_a_tiny_one_meets_the_data():
    X, y = generic(n=12, p=3)
    K, s = kernel.radial(X, X, 0.05), np.arange(12)
    a, b = kernel.kernel_ridge(K, y, 1e12, s)
    assert_allclose(K @ a + b, np.average(y, weights=s), rtol=1e-9)
    K = kernel.radial(X, X, 30.0)
    a, b = kernel.kernel_ridge(K, y, 1e-12)
    assert_allclose(K @ a + b, y, rtol=1e-7)


# Kernels


@examples
@given(problems(), st.integers(1, 4), st.floats(0.1, 2), st.floats(0, 2))
def test_kernels_agree_with_scikit_learn(problem, degree, scale, offset):
    X, _ = problem
    new = X[::-1][: len(X) // 2 + 1] * 0.5
    assert_allclose(kernel.linear(X, new), linear_kernel(X, new), atol=1e-12)
    ours = kernel.polynomial(X, new, degree, scale, offset)
    assert_allclose(ours, polynomial_kernel(X, new, degree, scale, offset), rtol=1e-9, atol=1e-9)
    assert_allclose(kernel.radial(X, new, scale), rbf_kernel(X, new, scale), rtol=1e-9, atol=1e-12)


@examples
@given(problems(), lams, st.sampled_from(list(KERNELS)))
def test_dual_coefficients_agree_with_scikit_learn(problem, lam, name):
    X, y = problem
    K = KERNELS[name](X, X)
    model = KernelRidge(alpha=ridge_alpha(lam, len(y)), kernel="precomputed").fit(K, y)
    a = kernel.kernel_dual_coef(K, y, lam)
    assert_allclose(a, model.dual_coef_, atol=tolerance(K, y, lam) / min(lam, 1))


def test_prediction_of_new_rows_agrees_with_scikit_learn_on_a_centred_kernel():
    X, y = generic(n=20, p=3)
    new = generic(n=5, p=3, seed=1)[0]
    K, K_new = kernel.radial(X, X, 0.05), kernel.radial(new, X, 0.05)
    H = np.eye(20) - 1 / 20
    model = KernelRidge(alpha=ridge_alpha(0.01, 20), kernel="precomputed").fit(H @ K @ H, y - y.mean())
    expected = model.predict((K_new - K.mean(axis=0)) @ H) + y.mean()
    assert_allclose(kernel.kernel_predict(K_new, *kernel.kernel_ridge(K, y, 0.01)), expected, rtol=1e-9)


def test_radial_is_one_on_the_diagonal_symmetric_and_does_not_see_an_offset():
    X = np.round(generic(n=9, p=3)[0] * 256) / 256
    K = kernel.radial(X, X, 0.7)
    assert_array_equal(np.diag(K), np.ones(9))
    assert_array_equal(K, K.T)
    assert_array_equal(kernel.radial(X + 2.0**30, X + 2.0**30, 0.7), K)
    assert np.linalg.eigvalsh(K).min() > 0


def test_kernels_by_hand():
    A, B = np.array([[1.0, 2.0]]), np.array([[3.0, 1.0], [1.0, 2.0]])
    assert kernel.linear(A, B).tolist() == [[5, 5]]
    assert kernel.kernel_predict(A, B[0]).tolist() == [5]
    assert kernel.polynomial(A, B, 2, 2, 3).tolist() == [[169, 169]]
    assert kernel.polynomial(A, B, 3).tolist() == [[216, 216]]
    assert_allclose(kernel.radial(A, B), [[np.exp(-5), 1]], rtol=1e-15)
    assert_allclose(kernel.radial(A, B, 0.2), [[np.exp(-1), 1]], rtol=1e-15)


def test_two_rows_by_hand():
    # Centred products ±1, y = ±2, n lam = 2: (K + 2I) a = y gives a = ∓1/2, and w = 1, b = 2 - 2.
    a, b = kernel.kernel_ridge([[1.0, 3.0], [3.0, 9.0]], [0.0, 4.0], 1.0)
    assert_allclose(a, [-0.5, 0.5], rtol=1e-14)
    assert_allclose(b, 0, atol=1e-14)


def test_a_single_row_is_its_own_mean():
    for K in ([[0.0]], [[4.0]]):
        assert kernel.kernel_ridge(K, [3.0], 0.5) == (0, 3)
    a, b = kernel.kernel_ridge(K6, y6, 0.5, [0, 0, 5, 0, 0, 0])
    assert (a.tolist(), b) == ([0] * 6, y6[2])


# Arrays as they come


def test_arrays_of_any_kind_and_read_only():
    X = np.random.default_rng(0).integers(-5, 5, (7, 3))
    y = np.arange(7)
    for array in (X, y):
        array.flags.writeable = False
    for call in KERNELS.values():
        expected = call(X.astype(float), X.astype(float))
        assert_allclose(call(X.tolist(), np.asfortranarray(X)), expected, rtol=1e-14)
        K = expected.copy(order="F")
        K.flags.writeable = False
        a, _ = kernel.kernel_ridge(K, y, 0.1, y)
        assert_allclose(a, kernel.kernel_ridge(expected, y.astype(float), 0.1, y.astype(float))[0], rtol=1e-9)
        assert not np.shares_memory(kernel.kernel_dual_coef(K, y, 0.1), y)


def test_single_precision_is_kept():
    X, y = (a.astype(np.float32) for a in generic(n=10, p=3))
    for call in KERNELS.values():
        K = call(X, X)
        assert K.dtype == np.float32
        a, b = kernel.kernel_ridge(K, y, 0.5)
        a64, b64 = kernel.kernel_ridge(K.astype(float), y.astype(float), 0.5)
        assert a.dtype == kernel.kernel_dual_coef(K, y, 0.5).dtype == np.float32
        assert kernel.kernel_predict(K, a, b).dtype == np.float32
        assert_allclose(a, a64, rtol=1e-2, atol=1e-3)
        assert_allclose(b, b64, rtol=1e-2)


# What is refused


@pytest.mark.parametrize(
    ("K", "message"),
    [
        (K6[:5], r"^K must be square.*\(5, 6\)"),
        (K6 + np.triu(np.ones((6, 6)), 1), "^K must be symmetric"),
        (K6[0], "^K must have two dimensions"),
        (np.where(np.eye(6) == 1, np.nan, K6), "^K holds NaN"),
        (K6 * 1j, "^K is complex"),
        (K6[:5, :5], "^y must have one number a row"),
    ],
)
@pytest.mark.parametrize("name", ["kernel_ridge", "kernel_dual_coef"])
def test_kernels_that_cannot_be_used_are_refused_by_name(name, K, message):
    with pytest.raises(ValueError, match=message):
        getattr(kernel, name)(K, y6, 0.1)


@pytest.mark.parametrize("name", ["kernel_ridge", "kernel_dual_coef"])
def test_a_system_that_is_not_positive_is_refused(name):
    call = getattr(kernel, name)
    for K, lam in ((K6, 0.0), (K6, 1e-300), (K6, 1e-18), (K6 - 50 * np.eye(6), 0.1), (np.zeros((6, 6)), 0.0)):
        with pytest.raises(ValueError, match=rf"^lam = {lam:g} leaves K \+ n lam I not positive"):
            call(K, y6, lam)
    assert_allclose(
        K6 @ kernel.kernel_dual_coef(K6 + np.eye(6), y6, 0.0), y6 - kernel.kernel_dual_coef(K6 + np.eye(6), y6, 0.0)
    )


@pytest.mark.parametrize("what", BAD_LAMS)
def test_a_lam_that_cannot_be_used_is_refused_by_name(what):
    for call in (kernel.kernel_ridge, kernel.kernel_dual_coef):
        with pytest.raises(ValueError, match=r"^lam "):
            call(K6, y6, BAD_LAMS[what])


@pytest.mark.parametrize("what", BAD_WEIGHTS)
def test_weights_that_cannot_be_used_are_refused_by_name(what):
    bad, message = BAD_WEIGHTS[what]
    with pytest.raises(ValueError, match=f"^sample_weight {message}"):
        kernel.kernel_ridge(K6, y6, 0.1, bad)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kernel.linear(X6[0], X6), "^A must have two dimensions"),
        (lambda: kernel.linear(X6, X6[0]), "^B must have two dimensions"),
        (lambda: kernel.radial(X6, X6[:, :1]), "^B must have the columns of A; A has 2 and B has 1"),
        (lambda: kernel.radial(X6, X6, 0.0), "^scale must be > 0"),
        (lambda: kernel.radial(X6, X6, -1.0), "^scale must be a finite number"),
        (lambda: kernel.polynomial(X6, X6, 2, 0), "^scale must be > 0"),
        (lambda: kernel.polynomial(X6, X6, 2, 1, -1), "^offset must be a finite number"),
        (lambda: kernel.polynomial(X6, X6, 0), "^degree must be an integer >= 1"),
        (lambda: kernel.polynomial(X6, X6, 1.5), "^degree must be an integer >= 1"),
        (lambda: kernel.kernel_predict(K6[:, :5], y6), r"^K_new must have one column a row of the fit, 6"),
        (lambda: kernel.kernel_predict(K6[0], y6), "^K_new must have two dimensions"),
        (lambda: kernel.kernel_predict(K6, y6, np.nan), "^b must be one finite"),
        (lambda: kernel.kernel_predict(K6, K6), "^a must be one-dimensional"),
    ],
)
def test_bad_arguments_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
