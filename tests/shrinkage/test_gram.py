"""Laws of ridge from a Gram matrix: certified to rounding, or left to others, and no copy of tall data."""

import re
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array, csr_matrix
from shrinkage.gram import gather, gram, ridge
from shrinkage.penalties import L2

from tests.shrinkage.problems import (
    BAD_DATA,
    BAD_LAMS,
    BAD_WEIGHTS,
    X6,
    certified,
    generic,
    lams,
    least,
    problems,
    y6,
)

pytestmark = pytest.mark.filterwarnings("error")
KINDS = {"dense": np.asarray, "Fortran": np.asfortranarray, "CSC": csc_array, "CSR": csr_matrix}


def weights(y, whether):
    return np.arange(len(y)) % 3.0 if whether and len(y) > 2 else None


def ill_conditioned(shape, digits, mean):
    """Singular values over some powers of ten, and means of so many standard deviations."""
    X, y = generic(*shape)
    U, _, Vt = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    X = U * np.geomspace(1, 10.0**-digits, min(shape)) @ Vt
    return X + mean * X.std(axis=0), y


def away(X, y, w, lam):
    """√(2n (P(w) − min P)) beside ‖y‖, from a gradient with more digits: no prediction is further from the best."""
    Z, rest = X.astype(np.longdouble), y.astype(np.longdouble)
    Z, rest, t = Z - Z.mean(axis=0), rest - rest.mean(), len(y) * lam
    g = (Z.T @ (rest - Z @ w) - t * w).astype(float)
    _, d, Vt = np.linalg.svd(Z.astype(float), full_matrices=False)
    square = np.sum((Vt @ g) ** 2 / (d**2 + t)) + np.sum((g - Vt.T @ (Vt @ g)) ** 2) / t
    return np.sqrt(square) / np.linalg.norm(rest.astype(float))


@settings(max_examples=60, deadline=None)
@given(problems(), lams, st.booleans(), st.booleans(), st.sampled_from(sorted(KINDS)))
def test_what_it_finds_is_the_minimiser_and_the_gap_bounds_the_rest(problem, lam, fit_intercept, weighted, kind):
    X, y = problem
    given = {"fit_intercept": fit_intercept, "sample_weight": weights(y, weighted)}
    for result in ridge(gather(KINDS[kind](X), y[:, None], *given.values()), [lam]):
        value, violation = certified(X, y, result.w, result.b, lam, L2(), **given)
        assert violation < 1e-9
        null = certified(X, y, np.zeros(X.shape[1]), np.average(y, weights=given["sample_weight"]), lam, L2(), **given)
        assert value - least(X, y, lam, L2(), **given) <= result.gap + 1e-13 * null[0]
        assert result.gap <= 1e-12 * max(null[0], 1e-300)
        assert result.converged


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(200, 6), (7, 7), (8, 7), (6, 40), (1, 3), (2, 1)])
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("weighted", [True, False])
def test_ordinary_data_are_always_certified(kind, shape, fit_intercept, weighted):
    X, y = generic(*shape)
    s = weights(y, weighted)
    (result,) = ridge(gather(KINDS[kind](X), y[:, None], fit_intercept, s), [0.1])
    assert certified(X, y, result.w, result.b, 0.1, L2(), fit_intercept=fit_intercept, sample_weight=s)[1] < 1e-13
    assert (result.n_iter, result.solver) == (1, "gram")


@pytest.mark.parametrize("mean", [0.0, 9.0])
def test_refinement_brings_back_the_digits_that_squares_lose(mean):
    X, y = ill_conditioned((40, 5), 5, mean)
    for t in (1e-3, 1e-6, 4e-10):
        (result,) = ridge(gather(X, y[:, None]), [t / 40])
        assert away(X, y, result.w, t / 40) < 1e-12
    Z = X - X.mean(axis=0)
    assert away(X, y, np.linalg.solve(Z.T @ Z + t * np.eye(5), Z.T @ (y - y.mean())), t / 40) > 1e-11


@pytest.mark.parametrize("mean", [0.0, 9.0])
@pytest.mark.parametrize("digits", [1, 3, 5, 7])
@pytest.mark.parametrize(("shape", "enough"), [((40, 5), 1e-8), ((8, 20), 1e-5)])
def test_whatever_the_condition_what_is_certified_is_near_and_little_is_left_to_others(shape, enough, digits, mean):
    X, y = ill_conditioned(shape, digits, mean)
    for t in 10.0 ** np.arange(-18, 1):
        found = ridge(gather(X, y[:, None]), [t / len(y)])
        assert found or t < enough
        for result in found:
            assert away(X, y, result.w, t / len(y)) < 1e-9
            assert result.gap <= 1e-12 * np.var(y) / 2


@pytest.mark.parametrize("shape", [(40, 5), (8, 20)])
def test_the_gap_at_zero_is_the_square_of_the_gradient(shape):
    X, y = generic(*shape)
    (result,) = ridge(gather(X, y[:, None]), [0.1])
    gradient = (X - X.mean(axis=0)).T @ (y - y.mean())
    assert result.history[0] == pytest.approx(gradient @ gradient / (0.2 * len(y) ** 2))
    assert (len(result.history), result.history[-1]) == (2, result.gap)


@pytest.mark.parametrize("shape", [(40, 5), (8, 20)])
@pytest.mark.parametrize("scale", [1e-8, 1e8])
def test_rescaled_columns_rescale_the_coefficients(shape, scale):
    X, y = generic(*shape)
    (result,) = ridge(gather(X, y[:, None]), [0.1])
    (rescaled,) = ridge(gather(X * scale, y[:, None]), [0.1 * scale**2])
    np.testing.assert_allclose(rescaled.w * scale, result.w, rtol=1e-11)
    assert rescaled.gap <= 1e-26 * np.var(y)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(40, 5), (5, 40)])
def test_a_lam_too_small_for_the_squares_is_left_to_others(kind, shape):
    X, y = generic(*shape)
    X[:, -1] = X[:, 0]
    for Z in (X, X[:, :-1]):
        assert ridge(gather(KINDS[kind](Z), y[:, None]), [0.0]) == []
    for lam in 10.0 ** np.arange(-20, -12):
        for result in ridge(gather(KINDS[kind](X), y[:, None]), [lam]):
            assert certified(X, y, result.w, result.b, lam, L2())[1] < 1e-9


@pytest.mark.parametrize("scale", [1e-8, 1e-4, 1e4, 1e6])
def test_units_cost_no_digits(scale):
    X, y = generic()
    X = X * [scale, 1, 1, 1, 1]
    (result,) = ridge(gather(X, y[:, None]), [1e-3])
    assert certified(X, y, result.w, result.b, 1e-3, L2())[1] < 1e-12


@pytest.mark.parametrize("shape", [(40, 5), (8, 20)])
def test_several_targets_are_each_alone_with_their_own_lam(shape):
    X, y = ill_conditioned(shape, 4, 1.0)
    # The long one is done at once, and the small one is not.
    first = np.linalg.svd(X - X.mean(axis=0))[0][:, 0]
    Y = np.column_stack([1e3 * first, 1e-9 * y, y, 1e-3 * y + 2])
    lams = np.array([1e-5, 1e-5, 2.0, 30.0]) / len(y)
    for result, y, lam in zip(ridge(gather(X, Y), lams), Y.T, lams, strict=True):
        (alone,) = ridge(gather(X, y[:, None]), [lam])
        np.testing.assert_allclose(X @ result.w, X @ alone.w, rtol=0, atol=3e-12 * np.ptp(y))
        assert result.b == pytest.approx(alone.b, abs=1e-11 * np.abs(y).max())


@pytest.mark.parametrize("kind", KINDS)
def test_the_gram_matrix_is_that_of_the_smaller_side(kind):
    for shape in ((9, 4), (4, 9), (5, 5)):
        X, y = generic(*shape)
        X[np.abs(X) < 1] = 0
        Z = X - X.mean(axis=0)
        expected = Z.T @ Z if shape[1] <= shape[0] else Z @ Z.T
        data = gather(KINDS[kind](X), y[:, None])
        np.testing.assert_allclose(data.G, expected, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(gram(data.X), expected, rtol=1e-12, atol=1e-12)
        np.testing.assert_array_equal(gram(Z), expected)


@pytest.mark.parametrize("order", "CF")
def test_of_tall_data_no_copy_is_made_and_nothing_is_written(order):
    X, y = generic(20_000, 20)
    X = np.asarray(X - X.mean(axis=0) + 1, order=order)
    X.flags.writeable = y.flags.writeable = False
    tracemalloc.start()
    try:
        (result,) = ridge(gather(X, y[:, None]), [0.1])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < X.nbytes / 2
    assert certified(X, y, result.w, result.b, 0.1, L2())[1] < 1e-13


def test_means_far_from_zero_do_ask_for_a_copy_and_lose_no_digits():
    X, y = generic(60, 4)
    X = np.round(X * 256) / 256
    (near,), (far,) = ridge(gather(X, y[:, None]), [0.1]), ridge(gather(X + 2.0**30, y[:, None]), [0.1])
    np.testing.assert_allclose(far.w, near.w, rtol=1e-12)


def test_constant_columns_have_no_coefficient():
    X, y = generic()
    X[:, 2] = 7.0
    (result,) = ridge(gather(X, y[:, None]), [0.1])
    assert result.w[2] == 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_numbers_whose_squares_leave_the_range_are_refused_by_name(size, kind):
    X, y = generic()
    X[np.abs(X) < 1] = 0
    said = "so small" if size < 1 else "too large"
    with pytest.raises(ValueError, match=f"^X .*{said}"):
        gather(KINDS[kind](X * size), y[:, None])
    with pytest.raises(ValueError, match=f"^y .*{said}"):
        gather(KINDS[kind](X), np.column_stack([y, y * size]))


@pytest.mark.parametrize("dtype", [np.float32, np.int64])
def test_targets_of_any_precision_are_taken_in_double(dtype):
    X, y = generic()
    Y = np.round(10 * y[:, None])
    np.testing.assert_array_equal(gather(X, Y.astype(dtype)).Y, gather(X, Y).Y)


@pytest.mark.parametrize("what", sorted(BAD_DATA.keys() - {"X sparse", "y a column", "y a number"}))
def test_data_that_cannot_be_used_are_refused_by_name(what):
    X, y, message = BAD_DATA[what]
    # No rows are told of first, as those of the targets.
    message = "Y is empty" if what == "X empty" else re.sub("^y ", "Y ", message)
    with pytest.raises(ValueError, match=message):
        gather(X, np.asarray(y)[:, None])


@pytest.mark.parametrize("what", sorted(BAD_LAMS.keys() - {"bool", "list"}))
def test_penalty_weights_that_cannot_be_used_are_refused_by_name(what):
    with pytest.raises(ValueError, match=r"^lam"):
        ridge(gather(X6, y6[:, None]), [BAD_LAMS[what]])


@pytest.mark.parametrize("what", sorted(BAD_WEIGHTS))
def test_weights_that_cannot_be_used_are_refused_by_name(what):
    s, message = BAD_WEIGHTS[what]
    with pytest.raises(ValueError, match=f"^sample_weight {message}"):
        gather(X6, y6[:, None], True, s)
