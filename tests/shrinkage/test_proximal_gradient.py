"""Laws of ISTA and FISTA beside those of every solver: their rates, other losses, and steps by hand."""

from itertools import pairwise
from types import SimpleNamespace

import cvxpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from shrinkage import coordinate_descent, direct, losses, prox_newton, proximal_gradient
from shrinkage.least_squares import centre
from shrinkage.likelihood import Weighted
from shrinkage.losses import QUADRATIC, Logistic, Multinomial, Poisson, Quadratic
from shrinkage.penalties import L1, L2, ElasticNet
from shrinkage.proximal_gradient import largest_eigenvalue, minimise, refusal

from tests.shrinkage.problems import X6, cases, exact, generic, quietly, y6

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


def run(*problem, **options):
    return quietly(minimise, *problem, **options)


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


def test_a_point_that_no_step_moves_ends_it():
    X, y = np.array([[1.0], [-1.0]]), np.array([2.0, -2.0])
    with pytest.warns(RuntimeWarning, match="no step moves it any more"):
        # What the gap at the minimiser lacks is the rounding of a third.
        result = minimise(X, y, 1 / 3, L1(), tol=0.0, step=1.0, w=[0.1])
    assert_allclose(result.w, [5 / 3], rtol=1e-15)
    assert result.n_iter <= 4


# Agreement


@pytest.mark.parametrize("lam", [0.0, 0.2])
@pytest.mark.parametrize("factor", [None, [0.0, 1.0, 2.0, 0.0, 0.5]])
def test_agrees_with_linear_algebra_where_steps_are_searched_for(lam, factor):
    X, y = generic()
    expected = direct.solve(X, y, lam, L2(factor)).w
    assert_allclose(minimise(X, y, lam, L2(factor), loss=Hidden(), tol=1e-14).w, expected, atol=1e-5)


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


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_single_precision_is_kept_where_steps_are_searched_for(share):
    for seed in range(4):
        X, y = generic(seed=seed)
        Xc, yc, _, _ = centre(X, y)
        penalty = ElasticNet(share)
        single = minimise(Xc.astype("f4"), yc.astype("f4"), 0.3, penalty, loss=Hidden())
        assert single.w.dtype == np.float32
        found = losses.objective(Xc, yc, single.w, 0.3, penalty)
        assert found - exact(Xc, yc, 0.3, penalty)[0] <= 2e-6 * (yc @ yc) / 60
        assert minimise(Xc.astype("f4"), yc, 0.3, penalty, w=single.w, loss=Hidden()).w.dtype == np.float64


# What is refused, and how it is said


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"w": [1e200, 1e200]}, "w is so large that the loss there overflows"),
        ({"penalty": None}, "penalty cannot be taken by this solver: the penalty has no prox"),
        ({"loss": None}, "loss cannot be taken by this solver: the loss has no slope"),
        ({"step": 0.0}, "step is 0, which leads nowhere"),
        ({"step": -1.0}, "step must be a finite number >= 0"),
        ({"step": np.nan}, "step must be one finite real number"),
        ({"step": 1e9}, "step = 1e\\+09 is too long"),
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
