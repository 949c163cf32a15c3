"""Laws of ridge and least squares from products alone: the smallest norm, and all the digits there are."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array
from shrinkage import cgls
from shrinkage.duality import gap
from shrinkage.losses import QUADRATIC
from shrinkage.penalties import L1, L2, ElasticNet
from shrinkage.sparse import Centred

from tests.shrinkage.problems import generic, lams, problems

pytestmark = pytest.mark.filterwarnings("error")


def wide(n=30, p=80, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, p)), rng.normal(size=n)


@settings(max_examples=60, deadline=None)
@given(problems(), st.one_of(st.just(0.0), lams))
def test_the_derivative_is_zero_and_the_solution_is_made_of_rows(problem, lam):
    X, y = problem
    result = cgls.solve(X, y, lam, L2())
    size = np.linalg.norm(X) * np.linalg.norm(y)
    slope = X.T @ (y - X @ result.w) - len(y) * lam * result.w
    assert np.linalg.norm(slope) <= 1e-9 * size
    off = result.w - np.linalg.pinv(X) @ (X @ result.w)
    assert np.linalg.norm(off) <= 1e-7 * max(np.linalg.norm(result.w), 1)


@pytest.mark.parametrize("lam", [1.0, 1e-3, 0.0])
def test_the_gap_is_that_of_the_point_that_is_returned(lam):
    X, y = generic()
    result = cgls.solve(X, y, lam, L2())
    assert result.converged
    assert result.gap == result.history[-1] == gap(X, y, result.w, lam, L2())
    assert len(result.history) == result.n_iter + 1
    assert (result.b, result.solver) == (0, "cgls")


@pytest.mark.parametrize("lam", [0.0, 1e-20, 1e-6, 1.0])
@pytest.mark.parametrize("shape", [(30, 80), (80, 30), (30, 30)])
def test_ridge_agrees_with_the_factorisation_whatever_lam(lam, shape):
    X, y = wide(*shape)
    U, d, Vt = np.linalg.svd(X, full_matrices=False)
    w = Vt.T @ (d / (d**2 + len(y) * lam) * (U.T @ y))
    result = cgls.solve(X, y, lam, L2())
    np.testing.assert_allclose(result.w, w, rtol=1e-8, atol=1e-10)
    # A tiny lam magnifies rounding in the gap, which is no fault of the solver.
    assert result.converged


@pytest.mark.parametrize("scale", [1e-8, 1e8])
@pytest.mark.parametrize("shape", [(30, 80), (80, 30)])
def test_rescaled_columns_rescale_the_coefficients(shape, scale):
    X, y = wide(*shape)
    rescaled, result = cgls.solve(X * scale, y, 0.1 * scale**2, L2()), cgls.solve(X, y, 0.1, L2())
    np.testing.assert_allclose(rescaled.w * scale, result.w, rtol=1e-10, atol=1e-14)
    assert rescaled.converged


@pytest.mark.parametrize("steps", [1, 5])
def test_there_is_another_pass_only_where_the_last_has_come_to_its_end(steps):
    X, y = wide(60, 40)
    result = cgls.solve(X, y, 0.01, L2(), steps=steps)
    assert (result.n_iter, result.converged) == (1, False)
    assert cgls.solve(X, y, 0.01, L2(), steps=steps, tol=20.0).converged


def test_centring_that_is_never_formed_is_no_different():
    X, y = wide(30, 30)
    X, y = X + 3.0, y - y.mean()
    implicit = Centred(csc_array(X), X.mean(axis=0))
    expected = np.linalg.pinv(X - X.mean(axis=0), rcond=1e-12) @ y
    for lam in (0.0, 1e-18):
        np.testing.assert_allclose(cgls.solve(implicit, y, lam, L2()).w, expected, rtol=1e-8, atol=1e-10)


def test_what_a_single_pass_leaves_is_found_by_the_next():
    X, y = wide(60, 40)
    X = X @ np.diag(np.geomspace(1, 1e-3, 40))
    once, often = (cgls.solve(X, y, 1e-12, L2(), max_iter=passes) for passes in (1, 9))
    assert once.n_iter == 1
    exact = np.linalg.lstsq(np.vstack([X, np.eye(40) * np.sqrt(60e-12)]), np.append(y, np.zeros(40)), rcond=0)[0]
    errors = [np.linalg.norm(X @ (result.w - exact)) for result in (once, often)]
    assert errors[1] <= max(errors[0], 1e-13 * np.linalg.norm(y))


def test_columns_of_very_unlike_lengths_are_not_passed_off_as_solved():
    X, y = generic(60, 40)
    X = X @ np.diag(np.geomspace(1, 1e-9, 40))
    result = cgls.solve(X, y, 1e-20, L2(), steps=50)
    assert not result.converged
    assert np.isfinite(result.w).all()


def test_without_a_penalty_it_does_not_matter_which_one_is_left_out():
    X, y = wide()
    for penalty in (L1(), ElasticNet(0.5, [1.0] * 79 + [0.0])):
        np.testing.assert_array_equal(cgls.solve(X, y, 0.0, penalty).w, cgls.solve(X, y, 0.0, L2()).w)


def test_equal_factors_are_a_factor_of_lam():
    X, y = generic()
    doubled = cgls.solve(X, y, 0.1, L2(np.full(X.shape[1], 2.0)))
    np.testing.assert_allclose(doubled.w, cgls.solve(X, y, 0.2, L2()).w, rtol=1e-12)


def test_two_columns_by_hand():
    X, y = np.array([[1.0, 2.0], [-1.0, -2.0]]), np.array([5.0, -5.0])
    np.testing.assert_allclose(cgls.solve(X, y, 0.0, L2()).w, [1.0, 2.0], rtol=1e-14)
    np.testing.assert_allclose(cgls.solve(X, y, 5.0, L2()).w, [0.5, 1.0], rtol=1e-14)
    assert not cgls.solve(X, np.zeros(2), 0.0, L2()).w.any()


@pytest.mark.parametrize("kind", [np.asfortranarray, csc_array, lambda X: X.astype(int), lambda X: X.tolist()])
def test_arrays_as_they_come(kind):
    X, y = np.array([[1.0, 0.0], [0.0, 2.0], [2.0, 0.0]]), np.array([1.0, 2.0, 3.0])
    for a in (X, y):
        a.flags.writeable = False
    np.testing.assert_allclose(cgls.solve(kind(X), y, 0.0, L2()).w, [1.4, 1.0], rtol=1e-14)


def test_single_precision_stays_single():
    X, y = wide(40, 20)
    result = cgls.solve(X.astype(np.float32), y.astype(np.float32), 1e-3, L2())
    assert result.w.dtype == np.float32
    np.testing.assert_allclose(result.w, cgls.solve(X, y, 1e-3, L2()).w, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(
    ("penalty", "loss", "said"),
    [(L2(), None, "not quadratic"), (L1(), QUADRATIC, "not the same square"), (L2(), QUADRATIC, "^$")],
)
def test_it_says_what_it_cannot_take(penalty, loss, said):
    assert re.search(said, cgls.refusal(np.eye(2), loss, penalty, 0.1))


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"X": np.full((2, 1), np.nan)}, "X"),
        ({"y": np.zeros(3)}, "y"),
        ({"lam": -1.0}, "lam"),
        ({"penalty": L1()}, "penalty"),
        ({"penalty": L2(positive=True)}, "penalty"),
        ({"tol": -1.0}, "tol"),
        ({"max_iter": 1.5}, "max_iter"),
        ({"y": np.array([1e200, 1.0])}, "y"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(arguments, name):
    settings = {"X": np.ones((2, 1)), "y": np.array([1.0, 2.0]), "lam": 1.0, "penalty": L2()} | arguments
    with pytest.raises(ValueError, match=rf"^{name}\b"):
        cgls.solve(**settings)
