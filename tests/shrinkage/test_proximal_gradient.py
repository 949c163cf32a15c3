"""Laws of ISTA and FISTA, their certificate, agreement with other solvers, and steps by hand."""

import warnings
from itertools import pairwise
from types import SimpleNamespace

import cvxpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from shrinkage import coordinate_descent, direct, losses, penalties, prox_newton, proximal_gradient
from shrinkage.duality import gap
from shrinkage.least_squares import centre
from shrinkage.likelihood import Weighted
from shrinkage.losses import QUADRATIC, Logistic, Multinomial, Poisson, Quadratic
from shrinkage.penalties import L1, L2, ElasticNet
from shrinkage.proximal_gradient import largest_eigenvalue, minimise, refusal
from shrinkage.sparse import Centred

from tests.shrinkage.problems import BAD_DATA, BAD_LAMS, BAD_VECTORS, X6, exact, generic, lams, mixes, problems, y6

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=40, deadline=None)


class Hidden(Quadratic):
    """The squared loss, of which nobody says how curved it is."""

    lipschitz = np.inf


def labelled(loss, n=40, p=5, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p))
    eta = X @ rng.normal(size=p) * 1.5 / p**0.5
    return X, rng.poisson(np.exp(eta)).astype(float) if loss is Poisson else (
        rng.random(n) < 1 / (1 + np.exp(-eta))
    ) * 1.0


@st.composite
def cases(draw):
    """(X, y, lam, penalty) of few columns."""
    X, y = draw(problems(max_p=3))
    return X, y, draw(lams), draw(mixes(X.shape[1]))


def run(X, y, lam, penalty, **options):
    """Without the warning: a solver may stop early here, and the law holds all the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return minimise(X, y, lam, penalty, **options)


def values(case, upto, **options):
    """The objective after 1, 2, ..., `upto` steps."""
    X, y, lam, penalty = case
    loss = options.get("loss", QUADRATIC)
    found = (run(*case, tol=0.0, max_iter=k, **options).w for k in range(1, upto + 1))
    return [losses.objective(X, y, w, lam, penalty, loss=loss) for w in found]


def curvature(X):
    return np.linalg.norm(X, 2) ** 2 / len(X) or 1.0


# Laws


@examples
@given(cases(), st.sampled_from([0.1, 1.0, 1.9, None]), st.integers(0, 10**6))
def test_no_step_of_ista_raises_the_objective(case, length, seed):
    X, y, _, penalty = case
    start = np.random.default_rng(seed).normal(size=X.shape[1]) * 3
    start = np.abs(start) if penalty.positive else start
    step = None if length is None else length / curvature(X)
    for before, after in pairwise(values(case, 6, w=start, accelerate=False, step=step)):
        assert after <= before + 1e-12 * (1 + y @ y)


@pytest.mark.parametrize("loss", [Logistic, Poisson])
def test_no_step_of_ista_raises_another_loss(loss):
    X, y = labelled(loss)
    start = np.full(5, 1.5)
    for penalty in (L1(), L2(), ElasticNet(0.5, positive=True)):
        found = values((X, y, 0.05, penalty), 12, w=start, accelerate=False, loss=loss())
        assert all(after <= before + 1e-14 * abs(before) for before, after in pairwise(found))


@examples
@given(cases(), st.sampled_from(["given", "bounded", "hidden"]))
def test_ista_is_as_near_as_one_over_k_and_fista_as_one_over_its_square_at_every_k(case, how):
    X, y, _, _ = case
    least, best = exact(*case)
    size, slack = float(best @ best), 1e-10 * (1 + y @ y)
    # What power iteration adds is a twentieth, and what halving takes away at most a half.
    step = {"given": 1.0, "bounded": 1 / 1.06, "hidden": 0.5}[how] / curvature(X)
    options = {"given": {"step": step}, "bounded": {}, "hidden": {"loss": Hidden()}}[how]
    for k, value in enumerate(values(case, 12, accelerate=False, **options), 1):
        assert value - least <= size / (2 * step * k) + slack
    for k, value in enumerate(values(case, 12, restart=False, **options), 1):
        assert value - least <= 2 * size / (step * (k + 1) ** 2) + slack


def test_momentum_is_what_brings_the_square():
    # After k steps most is left along an eigenvalue of 1/(2k), where the largest is 1.
    for k in (30, 100, 300):
        X, y = np.diag([1.0, (2 * k) ** -0.5]) * 2**0.5, np.array([0.0, 1.0])
        size = float(np.sum(np.linalg.solve(X, y) ** 2))
        slow, fast = (
            losses.objective(X, y, run(X, y, 0.0, L1(), tol=0.0, max_iter=k, step=1.0, **options).w, 0.0, L1())
            for options in ({"accelerate": False}, {"restart": False})
        )
        assert fast <= 2 * size / (k + 1) ** 2 < slow <= size / (2 * k)


@pytest.mark.parametrize("loss", [Quadratic, Logistic, Poisson])
@pytest.mark.parametrize("penalty", [L1(), ElasticNet(0.5), L1(positive=True)])
def test_restart_is_no_worse_than_momentum_alone_or_none(penalty, loss):
    for seed in range(2):
        X, y = labelled(loss, 40, 15, seed)
        options = {"loss": loss(), "tol": 1e-10, "max_iter": 2000}
        restarted, fista, ista = (
            run(X, y, 0.01, penalty, **options, **how) for how in ({}, {"restart": False}, {"accelerate": False})
        )
        assert restarted.converged
        assert restarted.n_iter <= min(fista.n_iter, ista.n_iter)


@examples
@given(cases(), st.integers(0, 10**6), st.booleans())
def test_a_step_stays_at_minimisers_and_at_no_other_point(case, seed, at_best):
    X, y, lam, penalty = case
    start = exact(*case)[1] if at_best else np.random.default_rng(seed).normal(size=X.shape[1])
    start = np.abs(start) if penalty.positive else start
    step = 1 / curvature(X)
    w = run(*case, w=start, step=step, max_iter=1, tol=0.0).w
    start = np.where(X.any(axis=0) & y.any(), start, 0)

    def violation(w):
        return np.linalg.norm(penalty.subdifferential_distance(w, X.T @ (X @ w - y) / len(y), lam))

    moved, slack = np.linalg.norm(w - start) / step, 1e-9 * (1 + np.abs(X).max() * np.abs(y).max()) * (1 + lam)
    # The way is no longer than the violation where it began, and twice it no less than the one where it ends.
    if moved:
        assert moved <= violation(start) + slack
        assert violation(w) <= 2 * moved + slack
    else:
        assert violation(start) <= slack


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("loss", [Quadratic, Hidden, Logistic, Poisson])
@pytest.mark.parametrize("penalty", [L1(), L2(), ElasticNet(0.3, [1, 2, 0.5, 1, 3]), L1(positive=True)])
def test_the_conditions_of_a_minimum_hold_at_the_returned_point(penalty, loss, restart):
    X, y = labelled(loss)
    w = minimise(X, y, 0.05, penalty, loss=loss(), tol=1e-14, restart=restart, w=np.full(5, 0.5)).w
    distance = penalty.subdifferential_distance(w, X.T @ loss().gradient(y, X @ w), 0.05)
    assert distance.max() <= 1e-6


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_permuted_and_flipped_columns_permute_and_flip_the_coefficients(share):
    X, y = generic()
    order, signs = np.array([3, 0, 4, 1, 2]), np.array([1.0, -1.0, -1.0, 1.0, -1.0])
    w = minimise(X, y, 0.3, ElasticNet(share), tol=1e-14).w
    moved = minimise((X * signs)[:, order], y, 0.3, ElasticNet(share), tol=1e-14).w
    assert_allclose(moved, (w * signs)[order], atol=1e-6)


@pytest.mark.parametrize("loss", [QUADRATIC, Hidden()])
@pytest.mark.parametrize("power", [-20, 1, 20])
def test_other_units_of_target_or_columns_are_other_units_of_the_coefficients_to_the_last_bit(power, loss):
    X, y = generic()
    c, w = 2.0**power, minimise(X, y, 0.3, L1(), loss=loss)
    for scaled, factor in (
        (minimise(X, y * c, 0.3 * c, L1(), loss=loss), c),
        (minimise(X * c, y, 0.3 * c, L1(), loss=loss), 1 / c),
    ):
        assert_array_equal(scaled.w, w.w * factor)
        assert scaled.n_iter == w.n_iter


@pytest.mark.parametrize("power", [-480, 480])
def test_columns_near_the_ends_of_the_range_take_the_same_steps(power):
    X, y = generic()
    c, w = 2.0**power, minimise(X, y, 0.3, L1())
    scaled = minimise(X * c, y, 0.3 * c, L1())
    assert_allclose(scaled.w * c, w.w, rtol=1e-12)
    assert scaled.n_iter == w.n_iter


@examples
@given(cases(), st.booleans())
def test_columns_of_zeros_get_zero_exactly_wherever_the_start(case, accelerate):
    X, y, lam, penalty = case
    X = np.column_stack([np.zeros(len(y)), X])
    penalty = ElasticNet(penalty.l1_ratio, np.append(2.0, penalty.factors(X.shape[1] - 1)), penalty.positive)
    found = run(X, y, lam, penalty, w=np.full(X.shape[1], 3.0), max_iter=2, accelerate=accelerate)
    assert found.w[0] == 0


@pytest.mark.parametrize("penalty", [L1(), L2(), ElasticNet(0.5, [0.0, 1.0], positive=True)])
def test_a_target_of_zeros_or_columns_of_zeros_alone_are_fitted_by_zeros_at_once(penalty):
    for X, y in ((X6, np.zeros(6)), (X6 * 0, y6)):
        result = minimise(X, y, 0.1, penalty, w=[3.0, 4.0])
        assert (result.w.tolist(), result.gap, result.n_iter) == ([0.0, 0.0], 0.0, 0)


# The bound on the curvature


def test_the_bound_is_found_at_the_end_of_the_range():
    X = np.full((4, 4), 9e18, "f4")
    assert 16 * 81e36 / 4 <= largest_eigenvalue(X) <= 1.01 * 16 * 81e36 / 4
    assert_allclose(largest_eigenvalue(X6 * 1e-150) * 1e300, largest_eigenvalue(X6), rtol=1e-10)


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (5, 1), (30, 5), (40, 200), (100, 100)])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_the_bound_is_above_the_largest_eigenvalue_by_a_twentieth_at_most(shape, dtype):
    for seed in range(5):
        X = np.random.default_rng(seed).normal(size=shape)
        true = curvature(X)
        for A in (X.astype(dtype), sparse.csr_array(X.astype(dtype)), np.asfortranarray(X.astype(dtype))):
            assert true <= largest_eigenvalue(A) <= 1.0501 * true


def test_the_bound_of_columns_of_rank_one_is_their_trace():
    X = np.outer(np.arange(1.0, 5), [1.0, -2.0, 3.0])
    assert_allclose(largest_eigenvalue(X), 30 * 14 / 4, rtol=2e-3)
    assert largest_eigenvalue(np.zeros((3, 2))) == 0


def test_a_bound_that_is_too_small_is_seen_through(monkeypatch):
    X, y = generic()
    monkeypatch.setattr(proximal_gradient, "largest_eigenvalue", lambda X: curvature(X) / 1e3)
    assert_allclose(minimise(X, y, 0.3, L1()).w, coordinate_descent.minimise(X, y, 0.3, L1()).w, atol=1e-5)


def test_steps_longer_than_two_over_L_lead_away_and_shorter_ones_do_not():
    X, y = generic()
    expected = coordinate_descent.minimise(X, y, 0.3, L1()).w
    for length in (0.5, 1.9):
        found = minimise(X, y, 0.3, L1(), step=length / curvature(X), accelerate=False, max_iter=10**5).w
        assert_allclose(found, expected, atol=1e-4)
    for penalty in (L1(), L2(), ElasticNet(0.5, [0.0, 1.0, 1.0, 1.0, 1.0])):
        for dtype in ("f4", "f8"):
            with pytest.raises(ValueError, match=r"^step = \S+ is too long: the coefficients grow without end"):
                minimise(X.astype(dtype), y.astype(dtype), 0.0, penalty, step=5 / curvature(X), accelerate=False)


@pytest.mark.parametrize("far", [0.0, 3.0, -3.0])
def test_where_the_curvature_has_no_bound_steps_are_found_that_hold(far):
    X, y = labelled(Poisson)
    ends = [
        minimise(X * c, y, 0.05 * c, L1(), loss=Poisson(), tol=1e-13, w=np.full(5, far / c)) for c in (1e-3, 1.0, 1e3)
    ]
    for end, c in zip(ends, (1e-3, 1.0, 1e3), strict=True):
        assert end.n_iter < 400
        assert_allclose(end.w * c, ends[1].w, atol=1e-6)


class Barrier:
    """The mean of ``y − y eta − log(1 − eta)``, infinite from 1 on."""

    lipschitz = np.inf

    def value(self, y, eta, share=None):
        return float(np.mean(y - y * eta - np.log1p(-eta))) if eta.max() < 1 else np.inf

    def gradient(self, y, eta, share=None):
        return np.where(eta < 1, 1 / (1 - eta) - y, np.inf) / len(y)

    def conjugate(self, y, v, share=None):
        t = len(y) * v + y
        return float(np.mean(t - 1 - np.log(t) - y)) if t.min() > 0 else np.inf


@pytest.mark.parametrize("restart", [False, True])
def test_momentum_that_leaves_the_domain_of_the_loss_is_given_up(restart):
    # The slope grows gently all the way and is a wall at the end.
    X, y = np.ones((2, 1)), np.array([901.0, 1101.0])
    result = minimise(X, y, 1.0, L1(), loss=Barrier(), w=[-100.0], tol=1e-11, restart=restart)
    assert_allclose(1 - result.w, [1e-3], rtol=1e-3)


# The certificate


@examples
@given(cases(), st.booleans())
def test_the_gap_is_that_of_the_returned_point_and_small_enough_or_the_solver_has_warned(case, accelerate):
    X, y, lam, penalty = case
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        result = minimise(X, y, lam, penalty, tol=1e-10, max_iter=100, accelerate=accelerate)
    assert result.gap == result.history[-1] == gap(X, y, result.w, lam, penalty)
    assert len(result.history) == result.n_iter + 1
    assert bool(warned) == (result.gap > 1e-10 * (y @ y) / (2 * len(y))) == (not result.converged)
    least = exact(*case)[0]
    above = losses.objective(X, y, result.w, lam, penalty) - least
    assert -1e-10 * (1 + y @ y) <= above <= result.gap + 1e-10 * (1 + y @ y)


def test_out_of_steps_it_says_how_large_the_gap_is_and_returns_what_it_has():
    X, y = generic()
    message = r"stopped after 2 steps with the gap \d\.\de.\d\d, above \d\.\de-\d\d: raise max_iter"
    with pytest.warns(RuntimeWarning, match=message) as caught:
        result = minimise(X, y, 0.01, L1(), max_iter=2)
    assert f"{result.gap:.1e}" in str(caught[0].message)
    assert (result.n_iter, len(result.history), result.solver) == (2, 3, "proximal_gradient")


def test_no_steps_at_all_return_a_copy_of_the_start():
    X, y = generic()
    start = np.arange(5.0)
    with pytest.warns(RuntimeWarning, match="stopped after 0 steps"):
        result = minimise(X, y, 0.01, L1(), max_iter=0, w=start)
    assert_array_equal(result.w, start)
    assert not np.shares_memory(result.w, start)


def test_it_ends_at_the_first_point_that_is_good_enough():
    X, y = generic()
    result = minimise(X, y, 0.3, L1(), tol=1e-6)
    enough = 1e-6 * (y @ y) / (2 * len(y))
    assert result.history[-1] <= enough < result.history[-2]
    assert minimise(X, y, 0.3, L1(), tol=1e-6, w=result.w).n_iter == 0


def test_from_lam_max_on_zero_is_certified_before_the_first_step():
    X, y = generic()
    Xc, yc, _, _ = centre(X, y)
    lam = penalties.lam_max(X, y)
    assert minimise(Xc, yc, lam * (1 + 1e-12), L1()).n_iter == 0
    assert np.count_nonzero(minimise(Xc, yc, lam * (1 - 1e-6), L1(), tol=1e-15).w) == 1


def test_a_point_that_no_step_moves_ends_it():
    X, y = np.array([[1.0], [-1.0]]), np.array([2.0, -2.0])
    with pytest.warns(RuntimeWarning, match="no step moves it any more"):
        # What the gap at the minimiser lacks is the rounding of a third.
        result = minimise(X, y, 1 / 3, L1(), tol=0.0, step=1.0, w=[0.1])
    assert_allclose(result.w, [5 / 3], rtol=1e-15)
    assert result.n_iter <= 4


# Sparse columns


@pytest.mark.parametrize("lam", [0.0, 0.3])
@pytest.mark.parametrize("penalty", [L1(), L2(), ElasticNet(0.5, [0.0, 1.0, 2.0, 1.0, 1.0]), L1(positive=True)])
def test_sparse_columns_end_where_dense_ones_do_and_are_certified(penalty, lam):
    X, y = generic()
    X[::2, 1] = X[1::3, 2] = X[3:, 3] = 0
    d = (np.arange(30) + 1) % 4 + 0.0
    d *= (30 / (d @ d)) ** 0.5
    m = X.T @ d / 30
    A, D = Centred(sparse.csc_array(X), m, d), X - np.outer(d, m)
    result = minimise(A, y, lam, penalty, tol=1e-13, w=np.ones(5))
    assert_allclose(result.w, minimise(D, y, lam, penalty, tol=1e-13).w, atol=1e-5)
    assert_allclose(result.gap, gap(D, y, result.w, lam, penalty), atol=1e-13 * (y @ y))
    for B in (sparse.csr_matrix(X), sparse.coo_array(X)):
        assert_allclose(minimise(B, y, lam, penalty).w, minimise(X, y, lam, penalty).w, atol=1e-5)


@pytest.mark.parametrize("lam", [0.0, 0.1])
def test_constant_sparse_columns_get_zero_and_empty_ones_too(lam):
    X, y = generic(p=4)
    X[:, 1], X[:, 2] = 0.1, 0
    A = Centred(sparse.csc_array(X), X.mean(axis=0))
    w = minimise(A, y - y.mean(), lam, L1([1.0, 0.0, 0.0, 1.0]), w=np.ones(4)).w
    assert w[1] == w[2] == 0
    assert w[[0, -1]].all()


# Agreement


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (4, 1), (30, 5), (6, 9)])
@pytest.mark.parametrize("lam", [0.01, 0.3, 2.0])
@pytest.mark.parametrize("penalty", [L1(), ElasticNet(0.3), L1(positive=True)])
def test_agrees_with_coordinate_descent(shape, lam, penalty):
    X, y = generic(*shape)
    expected = coordinate_descent.minimise(X, y, lam, penalty, tol=1e-13, accelerate=True).w
    found = minimise(X, y, lam, penalty, tol=1e-13, max_iter=10**4).w
    assert_allclose(X @ found, X @ expected, atol=1e-5)
    assert_allclose(penalty.value(found), penalty.value(expected), rtol=1e-5)


@pytest.mark.parametrize("loss", [QUADRATIC, Hidden()])
@pytest.mark.parametrize("lam", [0.0, 0.2])
@pytest.mark.parametrize("factor", [None, [0.0, 1.0, 2.0, 0.0, 0.5]])
def test_agrees_with_linear_algebra_where_that_is_enough(lam, factor, loss):
    X, y = generic()
    expected = direct.solve(X, y, lam, L2(factor)).w
    assert_allclose(minimise(X, y, lam, L2(factor), loss=loss, tol=1e-14).w, expected, atol=1e-5)


@pytest.mark.parametrize("loss", [Logistic, Poisson])
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("positive", [False, True])
def test_other_losses_agree_with_a_general_solver(loss, share, positive):
    X, y = labelled(loss)
    f, w = np.array([1.0, 2.0, 0.5, 1.0, 3.0]), cvxpy.Variable(5, nonneg=positive)
    shape = cvxpy.exp if loss is Poisson else cvxpy.logistic
    charge = share * f @ cvxpy.abs(w) + (1 - share) / 2 * f @ cvxpy.square(w)
    # Of counts the loss is measured from that of the counts themselves.
    least_of_all = np.sum(y * np.log(np.maximum(y, 1)) - y) if loss is Poisson else 0.0
    mean = (cvxpy.sum(shape(X @ w) - cvxpy.multiply(y, X @ w)) + least_of_all) / 40
    least = cvxpy.Problem(cvxpy.Minimize(mean + 0.05 * charge)).solve(solver=cvxpy.CLARABEL)
    result = minimise(X, y, 0.05, ElasticNet(share, f, positive), loss=loss())
    assert_allclose(result.w, w.value, atol=1e-4)
    found = losses.objective(X, y, result.w, 0.05, ElasticNet(share, f, positive), loss=loss())
    assert abs(found - least) <= result.gap + 1e-6 * abs(least)


@pytest.mark.parametrize("penalty", [L1, L2, lambda f: ElasticNet(0.5, f + 0.5, positive=True)])
def test_other_losses_agree_with_newton_s_method_with_an_intercept_shares_and_offsets(penalty):
    X, y = labelled(Logistic, p=3)
    X, f, rng = np.column_stack([X, np.ones(40)]), np.array([1.0, 2.0, 0.5, 0.0]), np.random.default_rng(1)
    classes = np.eye(3)[rng.integers(3, size=40)].ravel()
    share, offset = losses.as_shares(rng.random(40), 40), rng.normal(size=40)
    for loss, A, target, factor in (
        (Weighted(Logistic(), share, offset), X, y, f),
        (Weighted(Poisson(), share, offset), X, 3 * y, f),
        (Multinomial(3), np.kron(X, np.eye(3)), classes, np.repeat(f, 3)),
    ):
        found, expected = (
            solver.minimise(A, target, 0.05, penalty(factor), loss=loss, tol=1e-11)
            for solver in (proximal_gradient, prox_newton)
        )
        assert found.converged
        assert_allclose(A[:, :3] @ found.w[:3], A[:, :3] @ expected.w[:3], atol=1e-4)
        assert (
            abs(
                losses.objective(A, target, found.w, 0.05, penalty(factor), loss=loss)
                - losses.objective(A, target, expected.w, 0.05, penalty(factor), loss=loss)
            )
            <= 1e-10
        )


# By hand


def test_fista_takes_the_steps_of_the_textbook():
    X, y = generic()
    step, penalty = 1 / curvature(X), ElasticNet(0.5)
    w, v, t = np.zeros(5), np.zeros(5), 1.0
    for k in range(1, 9):
        new = penalty.prox(v - step * X.T @ (X @ v - y) / 30, step * 0.3)
        t_next = (1 + np.sqrt(1 + 4 * t * t)) / 2
        v, w, t = new + (t - 1) / t_next * (new - w), new, t_next
        assert_allclose(run(X, y, 0.3, penalty, step=step, restart=False, max_iter=k).w, w, rtol=1e-10, atol=1e-13)


def test_steps_that_grow_have_the_momentum_that_keeps_the_bound():
    # FISTA's proof needs t_k² step_k >= (t_next² − t_next) step_next, here with equality.
    X, y = generic()
    tried, prox = [], L1().prox
    spy = L1()
    object.__setattr__(spy, "prox", lambda z, t: tried.append(t) or prox(z, t))
    found = run(X, y, 1.0, spy, loss=Hidden(), restart=False, max_iter=12, tol=0.0).w
    # A step that is not taken is halved; one that is, is followed by a longer one.
    taken = [step for step, after in pairwise([*tried, np.inf]) if after > step]
    assert (len(taken), len(tried) > 12) == (12, True)
    w, before, t, last = np.zeros(5), np.zeros(5), 0.0, taken[0]
    for step in taken:
        t_next = (1 + np.sqrt(1 + 4 * t**2 * last / step)) / 2
        v = w + (t - 1) / t_next * (w - before)
        before, w, t, last = w, L1().prox(v - step * X.T @ (X @ v - y) / 30, step), t_next, step
    assert_allclose(found, w, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("loss", [QUADRATIC, Logistic()])
def test_a_step_is_one_over_the_curvature_of_the_loss_times_that_of_the_columns(loss):
    X, y = labelled(Logistic)
    step = 1 / (loss.lipschitz * largest_eigenvalue(X))
    expected = L1().prox(-step * X.T @ loss.gradient(y, np.zeros(40)), 0.05 * step)
    assert_allclose(run(X, y, 0.05, L1(), loss=loss, max_iter=1).w, expected, rtol=1e-12)


def test_two_steps_of_ista_by_hand():
    # n = 1, x = (1, 2), y = 3, lam = 1, step = 0.1: the slopes at 0 are −3 and −6.
    w = run([[1.0, 2.0]], [3.0], 1.0, L1(), step=0.1, max_iter=1, accelerate=False).w
    assert_allclose(w, [0.2, 0.5], rtol=1e-14)
    # The residual is 1.8, the slopes −1.8 and −3.6.
    w = run([[1.0, 2.0]], [3.0], 1.0, L1(), step=0.1, max_iter=2, accelerate=False).w
    assert_allclose(w, [0.28, 0.76], rtol=1e-14)


def test_momentum_is_given_up_where_it_points_uphill():
    # One column of squared length n and a step of a tenth of 1/L: without restart momentum overshoots 2.
    X, y = np.array([[1.0], [-1.0]]), np.array([2.0, -2.0])
    for restart, far in ((True, False), (False, True)):
        path = [run(X, y, 0.0, L1(), step=0.1, restart=restart, max_iter=k).w[0] for k in range(1, 40)]
        assert (max(path) > 2.1) == far


# Arrays as they come


def test_memory_order_integers_and_lists_do_not_matter():
    rng = np.random.default_rng(1)
    X, y = rng.integers(-9, 9, size=(7, 3)), rng.integers(-9, 9, size=7)
    expected = minimise(X.astype(float), y.astype(float), 0.3, L1()).w
    for X_other, y_other in ((X, y), (X.tolist(), y.tolist()), (np.asfortranarray(X), y)):
        assert_allclose(minimise(X_other, y_other, 0.3, L1(), w=[0, 0, 0]).w, expected, rtol=1e-9)


@pytest.mark.parametrize("order", ["C", "F"])
def test_callers_arrays_are_read_only_or_left_as_they_were(order):
    X, y = generic()
    X, start, factor = np.array(X, order=order), np.ones(5), np.ones(5)
    before = [a.copy() for a in (X, y, start, factor)]
    for writeable in (True, False):
        for a in (X, y, start, factor):
            a.flags.writeable = writeable
        minimise(X, y, 0.3, L1(factor), w=start)
    for a, kept in zip((X, y, start, factor), before, strict=True):
        assert_array_equal(a, kept)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("options", [{}, {"accelerate": False}, {"loss": Hidden()}])
def test_single_precision_is_kept_and_solved_to_its_own_tolerance(share, options):
    for seed in range(4):
        X, y = generic(seed=seed)
        Xc, yc, _, _ = centre(X, y)
        penalty = ElasticNet(share)
        single = minimise(Xc.astype("f4"), yc.astype("f4"), 0.3, penalty, **options)
        assert single.w.dtype == np.float32
        found = losses.objective(Xc, yc, single.w, 0.3, penalty)
        assert found - exact(Xc, yc, 0.3, penalty)[0] <= 2e-6 * (yc @ yc) / 60
        assert minimise(Xc.astype("f4"), yc, 0.3, penalty, w=single.w, **options).w.dtype == np.float64


# What is refused, and how it is said


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
        ({"w": [1e200, 1e200]}, "w is so large that the loss there overflows"),
        ({"penalty": L1([1.0, 1.0, 1.0])}, "factor has 3 numbers"),
        ({"penalty": None}, "penalty cannot be taken by this solver: the penalty has no prox"),
        ({"loss": None}, "loss cannot be taken by this solver: the loss has no slope"),
        ({"tol": -1e-9}, "tol must be a finite number >= 0"),
        ({"tol": np.nan}, "tol must be one finite real number"),
        ({"max_iter": -1}, "max_iter must be a number of steps"),
        ({"max_iter": 10.0}, "max_iter must be a number of steps"),
        ({"step": 0.0}, "step is 0, which leads nowhere"),
        ({"step": -1.0}, "step must be a finite number >= 0"),
        ({"step": np.nan}, "step must be one finite real number"),
        ({"step": 1e9}, "step = 1e\\+09 is too long"),
        ({"y": y6 * 1e160}, "y is too large: its squares overflow float64"),
        ({"y": y6 * 1e-160, "lam": 1e-161}, "y is so small that its squares are lost in float64"),
        ({"X": X6 * 1e160}, "X is too large"),
        ({"X": X6 * 1e-160}, "X has a column so small"),
        ({"X": X6 * 1e-150, "lam": 1e12}, "lam = 1e\\+12 is too large beside X"),
        (
            {"X": (X6 * 1e-18).astype("f4"), "y": y6.astype("f4"), "lam": 1e5, "w": [1.0, 1.0]},
            "lam = 100000 is too large beside X",
        ),
        ({"lam": 1e300, "penalty": L1([1.0, 1e10]), "w": [1.0, 1.0]}, "lam = 1e\\+300 is too large beside X"),
    ],
)
def test_refusals_say_what_is_wrong(options, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        minimise(**{"X": X6, "y": y6, "lam": 0.1, "penalty": L1()} | options)


def test_it_says_which_problems_it_does_not_take():
    assert refusal(X6, Logistic(), ElasticNet(0.5, [0.0, 1.0], positive=True), 0.0) == ""
    assert refusal(X6, QUADRATIC, SimpleNamespace(prox=None), 0.1) == ""
    assert refusal(X6, QUADRATIC, SimpleNamespace(), 0.1) == "the penalty has no prox"
    assert refusal(X6, SimpleNamespace(value=None), L1(), 0.1) == "the loss has no slope, or no conjugate for the gap"
