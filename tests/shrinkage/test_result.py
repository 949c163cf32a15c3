"""Laws of what solvers give back, of when they end, and of the extrapolation that shortens their way."""

import warnings
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from shrinkage import losses
from shrinkage.acceleration import Anderson
from shrinkage.coordinate_descent import minimise
from shrinkage.fit import fit
from shrinkage.losses import Quadratic
from shrinkage.penalties import L1, ElasticNet
from shrinkage.result import Progress, Result

from tests.shrinkage.problems import generic, lams, mixes, problems

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=60, deadline=None)
gaps = st.lists(st.floats(-1e-12, 10) | st.just(np.inf) | st.just(np.nan), min_size=1, max_size=8)


# Progress


@examples
@given(gaps, st.floats(0, 5), st.integers(0, 8), st.booleans())
def test_converged_says_the_last_gap_alone_and_over_adds_the_budget_and_standing_still(gaps, enough, max_iter, stuck):
    progress = Progress(enough, max_iter)
    for gap in gaps:
        progress.record(gap)
    assert progress.converged is (gaps[-1] <= enough)
    # One gap is taken down before the first step.
    assert progress.over == (progress.converged or len(gaps) - 1 >= max_iter)
    progress.stuck = stuck
    assert progress.over == (stuck or progress.converged or len(gaps) - 1 >= max_iter)
    assert progress.converged is (gaps[-1] <= enough)


@examples
@given(gaps, st.floats(0, 5), st.booleans())
def test_the_result_warns_exactly_where_it_has_not_converged(gaps, enough, stuck):
    progress, w = Progress(enough, len(gaps)), np.ones(2)
    for gap in gaps:
        progress.record(gap)
    progress.stuck = stuck
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        result = progress.result(w, 0.5, "a name")
    assert_array_equal(result.history, gaps)
    assert_array_equal(result.gap, gaps[-1])
    assert (result.n_iter, result.converged) == (len(gaps) - 1, progress.converged)
    assert (result.b, result.solver, result.w is w) == (0.5, "a name", True)
    assert len(warned) == (not result.converged)
    for warning in warned:
        said = str(warning.message)
        assert warning.category is RuntimeWarning
        assert said.startswith(f"stopped after {result.n_iter} steps with the gap {gaps[-1]:.1e}, above {enough:.1e}: ")
        assert said.endswith("raise tol" if stuck else "raise max_iter")


def test_a_gap_that_is_no_number_is_never_enough():
    progress = Progress(np.inf, 3)
    progress.record(np.nan)
    assert not progress.converged
    assert not progress.over


def test_two_progresses_share_no_history():
    one, other = Progress(1.0, 3), Progress(1.0, 3)
    one.record(2)
    assert (one.history, other.history) == ([2.0], [])
    assert isinstance(one.history[0], float)


def test_the_warning_points_at_the_line_of_whoever_called_the_solver():
    progress = Progress(0.0, 1)
    progress.record(1.0)
    X, y = generic()
    for solver in (
        lambda: progress.result(np.zeros(1), 0.0, "x"),
        lambda: minimise(X, y, 0.01, L1(), max_iter=0),
        lambda: fit(X, y, Quadratic(), L1(), 0.01, max_iter=0),
    ):
        with pytest.warns(RuntimeWarning, match="stopped after 0 steps") as caught:
            solver()
        assert (caught[0].filename, caught[0].lineno) == (__file__, solver.__code__.co_firstlineno)


def test_a_result_is_not_changed():
    result = Result(np.zeros(1), 0.0, 0.0, 1, np.zeros(2))
    with pytest.raises(FrozenInstanceError):
        result.gap = 1.0


# Anderson's extrapolation


@st.composite
def linear_iterations(draw):
    """(T, limit, start) of ``w ← limit + T (w − limit)`` in one to four dimensions, T a contraction."""
    k, seed = draw(st.integers(1, 4)), draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    Q, R = np.linalg.qr(rng.normal(size=(k, k)))[0], np.linalg.qr(rng.normal(size=(k, k)))[0]
    T = Q @ np.diag(np.linspace(0.9, 0.3, k)) @ R.T
    return T, rng.normal(size=k) * 10, rng.normal(size=k) * 10


def guesses(anderson, w, step, times):
    """The guesses after each step, which never looks at them."""
    found = []
    for _ in range(times):
        found.append(anderson.guess(w))
        w = step(w)
    return found


@examples
@given(linear_iterations(), st.integers(0, 2))
def test_the_limit_of_a_linear_iteration_of_fewer_dimensions_than_steps_is_found(case, spare):
    T, limit, start = case
    memory = len(limit) + 1 + spare
    *none, guess = guesses(Anderson(memory), start, lambda w: limit + T @ (w - limit), memory + 1)
    assert none == [None] * memory
    assert_allclose(guess, limit, atol=1e-5 * (1 + np.abs(limit).max()))


@examples
@given(linear_iterations(), st.integers(0, 3))
def test_coefficients_that_are_at_zero_stay_there_exactly(case, since):
    T, limit, start = case
    k, memory = len(limit), 5
    points = [limit + np.linalg.matrix_power(T, i) @ (start - limit) for i in range(memory + 1)]
    anderson, guess = Anderson(memory), None
    for i, point in enumerate(points):
        moving = 1.0 if i < since else 0.0
        guess = anderson.guess(np.append(point, [0.0, moving * 3.0**-i]))
    assert guess[k] == guess[k + 1] == 0


def test_it_begins_anew_after_each_guess_and_keeps_no_array_of_its_caller():
    anderson, w = Anderson(memory=2), np.zeros(1)
    found = []
    for _ in range(9):
        found.append(anderson.guess(w) is not None)
        w += 1.0
        w *= 0.5
    assert found == [False, False, True] * 3
    w = np.zeros(1)
    anderson = Anderson(memory=2)
    for _ in range(3):
        guess = anderson.guess(w)
        w[:] = (w + 1) / 2
    assert_allclose(guess, 1.0)


def test_an_iteration_that_stands_still_is_guessed_to():
    anderson, w = Anderson(memory=3), np.array([2.0, 0.0])
    for _ in range(4):
        guess = anderson.guess(w)
    assert_array_equal(guess, w)


def test_single_precision_is_kept():
    anderson, w = Anderson(memory=2), np.zeros(2, "f4")
    for _ in range(3):
        guess = anderson.guess(w)
        w = (w + np.array([1, 2], "f4")) / 2
    assert guess.dtype == np.float32
    assert_allclose(guess, [1, 2], atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(problems(max_p=4), lams, st.data())
def test_descent_stays_monotone_with_guesses_and_ends_no_higher(case, lam, data):
    X, y = case
    penalty = data.draw(mixes(X.shape[1]))
    values = []
    for sweeps in range(14):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            w = minimise(X, y, lam, penalty, max_iter=sweeps, tol=0.0, accelerate=True).w
        values.append(losses.objective(X, y, w, lam, penalty))
        assert not penalty.positive or w.min() >= 0
    assert (np.diff(values) <= 1e-12 * (1 + y @ y)).all()


def test_a_guess_that_is_worse_is_not_taken(monkeypatch):
    X, y = generic()
    plain = minimise(X, y, 0.3, ElasticNet(0.5), tol=1e-10)
    monkeypatch.setattr(Anderson, "guess", lambda self, w: w + 100.0)
    worse = minimise(X, y, 0.3, ElasticNet(0.5), tol=1e-10, accelerate=True)
    assert_array_equal(worse.w, plain.w)
    assert_array_equal(worse.history, plain.history)


def test_guesses_shorten_the_way_where_columns_are_correlated():
    X, y = generic()
    X, y = X - X.mean(axis=0), y - y.mean()
    slow, fast = (minimise(X, y, 1e-3, ElasticNet(0.5), accelerate=a) for a in (False, True))
    assert slow.converged
    assert fast.converged
    assert fast.n_iter < 0.5 * slow.n_iter


def test_a_guess_by_hand():
    # 0, 1, 3/2 halve their way to 2: steps 1 and 1/2, of which −1 and 2 make 0, so −1·1 + 2·3/2 = 2.
    anderson = Anderson(memory=2)
    assert [anderson.guess(np.array([w])) for w in (0.0, 1.0)] == [None, None]
    assert_allclose(anderson.guess(np.array([1.5])), [2.0], rtol=1e-15)


@pytest.mark.parametrize("memory", [0, -1, 2.0, None])
def test_a_memory_that_is_no_number_of_steps_is_refused(memory):
    with pytest.raises(ValueError, match=r"^memory must be an integer >= 1"):
        Anderson(memory)
