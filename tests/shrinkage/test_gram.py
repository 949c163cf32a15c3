"""Laws of ridge from a Gram matrix: certified to rounding, or left to others, and no copy of tall data."""

import re
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array, csr_array
from shrinkage.gram import gather, gram, ridge
from shrinkage.penalties import L2

from tests.shrinkage.problems import BAD_DATA, BAD_WEIGHTS, X6, certified, generic, lams, least, problems, y6

pytestmark = pytest.mark.filterwarnings("error")
KINDS = {"dense": np.asarray, "Fortran": np.asfortranarray, "CSC": csc_array, "CSR": csr_array}


def weights(y, whether):
    return np.arange(len(y)) % 3.0 if whether and len(y) > 2 else None


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


def test_refinement_brings_back_the_digits_that_squares_lose():
    X, y = generic(40)
    U, _, Vt = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    X, y, t = U * np.geomspace(1, 1e-5, 5) @ Vt, y - y.mean(), 4e-10
    (result,) = ridge(gather(X, y[:, None], False), [t / 40])
    U, d, Vt = np.linalg.svd(X, full_matrices=False)
    w = Vt.T @ (d / (d**2 + t) * (U.T @ y))
    coarse = np.linalg.solve(X.T @ X + t * np.eye(5), X.T @ y)
    assert np.linalg.norm(X @ (result.w - w)) < 1e-12 * np.linalg.norm(y)
    assert np.linalg.norm(X @ (coarse - w)) > 1e-11 * np.linalg.norm(y)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(40, 5), (5, 40)])
def test_a_lam_too_small_for_the_squares_is_left_to_others(kind, shape):
    X, y = generic(*shape)
    X[:, -1] = X[:, 0]
    assert ridge(gather(KINDS[kind](X), y[:, None]), [0.0]) == []
    for lam in 10.0 ** np.arange(-20, -12):
        for result in ridge(gather(KINDS[kind](X), y[:, None]), [lam]):
            assert certified(X, y, result.w, result.b, lam, L2())[1] < 1e-9


@pytest.mark.parametrize("scale", [1e-8, 1e-4, 1e4, 1e6])
def test_units_cost_no_digits(scale):
    X, y = generic()
    X = X * [scale, 1, 1, 1, 1]
    (result,) = ridge(gather(X, y[:, None]), [1e-3])
    assert certified(X, y, result.w, result.b, 1e-3, L2())[1] < 1e-12


def test_several_targets_are_each_alone_with_their_own_lam():
    X, _ = generic()
    Y = np.random.default_rng(1).normal(size=(30, 4)) * [1, 1e3, 1, 1e-3] + 2
    lams = [0.1, 2.0, 0.1, 30.0]
    for result, y, lam in zip(ridge(gather(X, Y), lams), Y.T, lams, strict=True):
        (alone,) = ridge(gather(X, y[:, None]), [lam])
        np.testing.assert_allclose(result.w, alone.w, rtol=1e-12)
        assert result.b == pytest.approx(alone.b, rel=1e-12)


def test_the_gram_matrix_is_that_of_the_smaller_side():
    for shape in ((9, 4), (4, 9), (5, 5)):
        X, y = generic(*shape)
        Z = X - X.mean(axis=0)
        expected = Z.T @ Z if shape[1] <= shape[0] else Z @ Z.T
        for kind in KINDS.values():
            np.testing.assert_allclose(gather(kind(X), y[:, None]).G, expected, rtol=1e-12, atol=1e-12)
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


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_numbers_whose_squares_leave_the_range_are_refused_by_name(size):
    X, y = generic()
    said = "so small" if size < 1 else "too large"
    with pytest.raises(ValueError, match=f"^X .*{said}"):
        gather(X * size, y[:, None])
    with pytest.raises(ValueError, match=f"^y .*{said}"):
        gather(X, np.column_stack([y, y * size]))


@pytest.mark.parametrize("what", sorted(BAD_DATA.keys() - {"X sparse", "y a column", "y a number"}))
def test_data_that_cannot_be_used_are_refused_by_name(what):
    X, y, message = BAD_DATA[what]
    # No rows are told of first, as those of the targets.
    message = "Y is empty" if what == "X empty" else message
    with pytest.raises(ValueError, match=re.compile(message, re.IGNORECASE)):
        gather(X, np.asarray(y)[:, None])


@pytest.mark.parametrize("what", sorted(BAD_WEIGHTS))
def test_weights_that_cannot_be_used_are_refused_by_name(what):
    s, message = BAD_WEIGHTS[what]
    with pytest.raises(ValueError, match=f"^sample_weight {message}"):
        gather(X6, y6[:, None], True, s)
