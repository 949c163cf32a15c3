"""The checks of the ridge chapter: what is asked, which laws the answers obey, what they weigh.

The functions to write are here; the solver to repair, the analyses and the questions have modules of their own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.checks import certificates as cert
from autograder.checks.answers import AnswerTask
from autograder.checks.base import Case, Check, Measure, Task, Trial, call, fact
from autograder.checks.common import (
    LIBRARY,
    Part,
    agrees,
    apart,
    edge,
    floats,
    gates,
    keeps_input,
    law,
    left,
    needs_value,
    relative,
)
from autograder.checks.draws import edge_problems, penalty, problems, regression, size, unpenalised
from autograder.checks.ridge_analyses import ANALYSES
from autograder.checks.ridge_descent import DESCENT
from autograder.checks.ridge_questions import QUESTIONS

Rng = np.random.Generator
W = Part("w", lambda args: (np.shape(args[0])[1],))
B = Part("b", lambda args: ())
F = Part("f", lambda args: np.shape(args[0]))
PATH = Part("W", lambda args: (len(args[2]), np.shape(args[0])[1]))
A = Part("a", lambda args: (len(args[0]),))
E = Part("e", lambda args: (len(args[0]),))


def _gradient(error: float) -> Measure:
    return left("the gradient at what came back", error)


# --- closed_form ---------------------------------------------------------------------------------


def _closed_form_gradient(trial: Trial) -> Measure:
    X, y, lam = trial.args
    return _gradient(cert.ridge_gradient(X, y, trial.value, lam))


def _closed_form_stacked(trial: Trial) -> Measure:
    X, y, lam = trial.args
    twice = trial.ask(np.vstack([X, X]), np.concatenate([y, y]), lam)
    return apart(relative(twice, trial.value), "coefficients of the data and of the data stacked twice")


CLOSED_FORM = Task(
    "ridge.closed_form",
    (
        *gates(W, section="sec-ridge-closed-form"),
        law("optimal", "The gradient of the objective is zero at w.",
            "The objective is strictly convex, so a zero gradient proves that w is its only minimiser.",
            _closed_form_gradient, section="sec-ridge-certificate"),
        law("stacked", "The same data written twice give the same coefficients.",
            "The loss is a mean over rows, so repeating every row changes nothing; lam must therefore meet n.",
            _closed_form_stacked, weight=0.5, section="sec-ridge-scale"),
        agrees(W, section="sec-ridge-closed-form"),
        keeps_input("X", "y", "lam", section="sec-ridge-wrong"),
        edge(W, section="sec-ridge-wrong"),
    ),
    draw=lambda rng: problems("ridge.closed_form", rng, centred=True),
    edges=lambda: [*edge_problems("ridge.closed_form", centred=True), unpenalised("ridge.closed_form", centred=True)],
    forbids=("ridge.augmented", "ridge.svd_path", "ridge.dual_coef", *LIBRARY),
)  # fmt: skip

# --- with_intercept ------------------------------------------------------------------------------


def _intercept_gradient(trial: Trial) -> Measure:
    (X, y, lam), (w, _) = trial.args, trial.value
    # The best b centres both; with them centred, a large b cannot hide the gradient among its own terms.
    return _gradient(cert.ridge_gradient(X - X.mean(axis=0), y - y.mean(), w, lam))


def _intercept_free(trial: Trial) -> Measure:
    (X, y, _), (w, b) = trial.args, trial.value
    return left("the mean residual", cert.mean_residual(X, y, w, float(b)))


def _intercept_moves(trial: Trial) -> Measure:
    (X, y, lam), (w, b) = trial.args, trial.value
    # Both shifts at once: columns by 1, 2, ..., the target by 5.
    shift = np.arange(1.0, X.shape[1] + 1)
    w2, b2 = trial.ask(X + shift, y + 5.0, lam)
    moved = abs(float(b2) - (float(b) + 5.0 - float(shift @ floats(w)))) / (1 + abs(float(b2)))
    error = float(np.max([relative(w2, w), moved]))  # unlike max, np.max keeps a NaN
    return apart(error, "the fit of shifted data and the shifted fit")


def _raw_problems(rng: Rng) -> list[Case]:
    X, y = regression(rng, size(rng, 20), 3, centred=False, offset=60.0)
    far = call("ridge.with_intercept", X, y, penalty(rng), name="columns far from zero")
    return [*problems("ridge.with_intercept", rng, centred=False), far]


def _edge_raw() -> list[Case]:
    target = "ridge.with_intercept"
    row, value = np.array([[2.0, -1.0]]), np.array([3.0])
    single = call(target, row, value, 0.5, name="a single row", edge=True)
    return [*edge_problems(target, centred=False), unpenalised(target, centred=False), single]


WITH_INTERCEPT = Task(
    "ridge.with_intercept",
    (
        *gates(W, B, section="sec-ridge-intercept"),
        law("optimal", "The gradient of the objective in w is zero at w and the intercept that is best for it.",
            "Together with a mean residual of zero it proves that (w, b) is the only minimiser.",
            _intercept_gradient, section="sec-ridge-certificate"),
        law("free", "The residuals have mean zero.",
            "That is what an intercept without a penalty achieves; a penalised one stops short of it.",
            _intercept_free, section="sec-ridge-intercept"),
        law("shifts", "Moving a column or the target moves the intercept alone.",
            "The origin of a thermometer is a convention; shrinkage must not depend on it.",
            _intercept_moves, section="sec-ridge-intercept"),
        agrees(W, B, section="sec-ridge-intercept"),
        keeps_input("X", "y", "lam", section="sec-ridge-wrong"),
        edge(W, B, section="sec-ridge-wrong"),
    ),
    draw=_raw_problems,
    edges=_edge_raw,
    forbids=("ridge.augmented", "ridge.svd_path", *LIBRARY),
)  # fmt: skip

# --- filter_factors ------------------------------------------------------------------------------


def _filter_balance(trial: Trial) -> Measure:
    d, n, lam = trial.args
    f = floats(trial.value)
    error = float(np.max(np.abs(f * (d**2 + n * lam) - d**2) / (d**2 + n * lam)))
    return apart(error, "the two sides of f (d² + n lam) = d²", 1e-9)


def _filter_half(trial: Trial) -> Measure:
    _, n, lam = trial.args
    half = floats(trial.ask(np.array([np.sqrt(n * lam)]), n, lam))
    return apart(float(np.max(np.abs(half - 0.5))), "the factor at d = √(n lam), and one half")


def _filter_bounds(trial: Trial) -> Measure:
    order = np.argsort(trial.args[0])
    f = floats(trial.value)
    said = "factors between 0 and 1 that grow with d"
    if f.min() < 0 or f.max() > 1:
        said = "some factors lie outside 0 to 1"
    elif np.any(np.diff(f[order]) < 0):
        said = "a larger singular value has a smaller factor"
    return fact(said.startswith("factors"), said)


def _spectra(rng: Rng) -> list[Case]:
    def case(name: str, k: int, about: int) -> Case:
        n = size(rng, about)
        lam = penalty(rng)
        # Around √(n lam), where the factors are neither all near 0 nor all near 1.
        d = np.sort(np.sqrt(n * lam) * 10 ** rng.uniform(-1, 1, k))[::-1]
        return call("ridge.filter_factors", d.copy(), n, lam, name=name)

    unsorted = case("singular values in no order", 6, 12)
    shuffled = rng.permutation(unsorted.args[0])
    return [
        case("many rows", 5, 60),
        case("few rows", 3, 4),
        case("a long spectrum", 12, 20),
        call("ridge.filter_factors", shuffled, *unsorted.args[1:], name=unsorted.name),
    ]


def _edge_spectra() -> list[Case]:
    def case(name: str, d: Any, n: int, lam: float) -> Case:
        return call("ridge.filter_factors", d, n, lam, name=name, edge=True)

    return [
        case("a singular value of zero", np.array([4.0, 1.0, 0.0]), 10, 0.3),
        case("a singular value of zero and no penalty", np.array([4.0, 1.0, 0.0]), 10, 0.0),
        case("nothing but zeros and no penalty", np.zeros(2), 5, 0.0),
        case("no penalty", np.array([5.0, 2.0, 0.25]), 8, 0.0),
        case("whole numbers", np.array([5, 2, 1]), 4, 1),
        case("single precision", np.array([3.0, 2.0, 0.5], dtype=np.float32), 6, 0.5),
        case("a single singular value", np.array([1.5]), 3, 0.7),
        case("tiny singular values and no penalty", np.array([1e-3, 1e-5, 1e-7]), 1, 0.0),
        case("tiny singular values and a penalty as tiny", np.array([2e-7, 1e-7]), 2, 5e-15),
        # Of these lengths an array that was never filled holds what was in memory before, not zeros: at 1024
        # bytes malloc's own mark in the block that it gave back last, and beyond what stood there.
        case("zeros before a hundred others", np.append(np.zeros(4), np.linspace(1.0, 2.0, 124)), 10, 0.3),
        case("the same and no penalty", np.append(np.zeros(4), np.linspace(1.0, 2.0, 124)), 9, 0.0),
        case("zeros before many others", np.append(np.zeros(4), np.linspace(1.0, 2.0, 146)), 10, 0.3),
    ]


def _filter_zeros(trial: Trial) -> Measure | None:
    zero = np.asarray(trial.args[0]) == 0
    if not zero.any():
        return None
    wrong = int(np.sum((floats(trial.value) == 0) != zero))
    said = f"{wrong} of {len(zero)} factors are wrong: not exactly 0 although d is 0, or 0 although d is not"
    return fact(not wrong, said if wrong else "factors of exactly 0 where d is 0, and only there")


FILTER_FACTORS = Task(
    "ridge.filter_factors",
    (
        *gates(F, section="sec-ridge-svd"),
        law("balance", "f (d² + n lam) = d² in every direction.",
            "It is the definition, without a division.", _filter_balance, section="sec-ridge-svd"),
        law("bounds", "Every factor lies between 0 and 1 and grows with its singular value.",
            "Ridge shrinks every direction and reverses none; weak directions are shrunk most.",
            _filter_bounds, weight=0.5, section="sec-ridge-svd"),
        law("half", "A direction with d² = n lam is halved.",
            "There the data and the penalty pull equally; it is where n and the square show.",
            _filter_half, weight=0.5, section="sec-ridge-scale"),
        agrees(F, section="sec-ridge-svd"),
        keeps_input("d", "n", "lam", section="sec-ridge-wrong"),
        edge(F, section="sec-ridge-svd",
             law="It also holds at the edges: singular values of zero, no penalty, whole numbers, single precision.",
             why="Rank-deficient data have singular values of zero, where 0/0 must not appear."),
        Check("zeros", "Where a singular value is 0, and only there, the factor is exactly 0.",
              "The data say nothing in that direction; np.divide with where= leaves it unset unless out= is given.",
              needs_value(_filter_zeros), weight=0.5, edge=True, section="sec-ridge-svd", after=("agrees",)),
    ),
    draw=_spectra,
    edges=_edge_spectra,
    forbids=LIBRARY,
)  # fmt: skip

# --- svd_path ------------------------------------------------------------------------------------

ALMOST = "little or no penalty and two almost equal columns"


def _path_gradient(trial: Trial) -> Measure:
    X, y, lams = trial.args
    errors = [cert.ridge_gradient(X, y, w, lam) for w, lam in zip(floats(trial.value), lams, strict=True)]
    return _gradient(float(np.max(errors)))


def _path_order(trial: Trial) -> Measure:
    X, y, lams = trial.args
    backwards = floats(trial.ask(X, y, lams[::-1].copy()))
    return apart(relative(backwards[::-1], trial.value), "the rows for lams reversed, and the rows reversed")


def _path_shrinks(trial: Trial) -> Measure:
    norms = np.linalg.norm(floats(trial.value), axis=1)[np.argsort(trial.args[2])]
    longer = int(np.sum(np.diff(norms) > 1e-9 * norms[:-1]))
    return fact(not longer, f"w grows at {longer} of {len(norms) - 1} steps to a larger lam")


def _paths(rng: Rng) -> list[Case]:
    cases = []
    for length, case in zip((5, 7, 4, 9), problems("ridge.svd_path", rng, centred=True), strict=True):
        X, y, lam = case.args
        lams = rng.permutation(lam * np.geomspace(3.0, 0.1, length))
        if np.all(np.diff(lams) < 0) or np.all(np.diff(lams) > 0):
            lams[[0, 1]] = lams[[1, 0]]
        cases.append(call("ridge.svd_path", X, y, lams, name=case.name))
    return cases


def _edge_paths() -> list[Case]:
    cases = []
    for case in edge_problems("ridge.svd_path", centred=True):
        X, y, lam = case.args
        cases.append(call("ridge.svd_path", X, y, np.array([lam, 3.0 * lam]), name=case.name, edge=True))
    X, y, lam = unpenalised("ridge.svd_path", centred=True).args
    equal = np.column_stack([X, X[:, 0]])
    almost = np.column_stack([X, X[:, 0] + 1e-6 * y])
    # A target within the columns' span, so that X itself loses no more digits than its condition number.
    within = almost @ np.array([1.0, -0.5, 2.0, 1.5, -1.0])
    return [
        *cases,
        call("ridge.svd_path", X, y, np.array([0.5]), name="a single penalty", edge=True),
        call("ridge.svd_path", X, y, np.array([0.2, lam]), name="no penalty among others", edge=True),
        call("ridge.svd_path", equal, y, np.array([lam, 0.2]), name="no penalty and two equal columns", edge=True),
        # The middle one is as small as the square of the smallest singular value.
        call("ridge.svd_path", almost, within, np.array([0.3, 1e-14, 0.0]), name=ALMOST, edge=True),
    ]


SVD_PATH = Task(
    "ridge.svd_path",
    (
        *gates(PATH, section="sec-ridge-svd"),
        law("optimal", "The gradient of the objective is zero at each row of W, with that row's lam.",
            "A zero gradient proves that the row is the only minimiser for its lam.",
            _path_gradient, section="sec-ridge-certificate"),
        law("order", "Row l belongs to lams[l], in whatever order lams come.",
            "A caller pairs rows with its own lams; sorting them inside breaks the pairs silently.",
            _path_order, weight=0.5, section="sec-ridge-svd"),
        law("shrinks", "A larger lam never gives a longer w.",
            "Each filter factor falls as lam grows, and the length of w is made of them.",
            _path_shrinks, weight=0.5, section="sec-ridge-svd"),
        agrees(PATH, section="sec-ridge-svd"),
        keeps_input("X", "y", "lams", section="sec-ridge-wrong"),
        edge(PATH, without=ALMOST, section="sec-ridge-wrong",
             law="It also holds at the edges: one column, equal columns, whole numbers, single precision, no penalty.",
             why="Directions the data do not span have a singular value of zero; 0/0 must not appear there."),
        edge(PATH, only=ALMOST, section="sec-ridge-wrong", name="digits", weight=0.5, after=("agrees", "edge"),
             law="Almost equal columns cost no more digits than they must: X is factorised, not XᵀX.",
             why="Forming XᵀX squares the condition number, so twice as many digits are gone from the start."),
    ),
    draw=_paths,
    edges=_edge_paths,
    forbids=("ridge.augmented", "ridge.closed_form", "ridge.dual_coef", *LIBRARY),
)  # fmt: skip

# --- dual_coef -----------------------------------------------------------------------------------

WIDE = "far more columns than a square matrix of them could hold"


def _dual_stationary(trial: Trial) -> Measure:
    X, y, lam = trial.args
    return left("what is left of X Xᵀ a + n lam a − y", cert.ridge_dual(X, y, trial.value, lam))


def _dual_primal(trial: Trial) -> Measure:
    X, y, lam = trial.args
    return _gradient(cert.ridge_gradient(X, y, X.T @ floats(trial.value), lam))


def _dual_stacked(trial: Trial) -> Measure:
    X, y, lam = trial.args
    twice = floats(trial.ask(np.vstack([X, X]), np.concatenate([y, y]), lam))
    halves = np.tile(floats(trial.value) / 2, 2)
    return apart(relative(twice, halves), "the coefficients of the data stacked twice, and half of a, twice")


def _duals(rng: Rng) -> list[Case]:
    """Fewer rows than columns and nothing centred: X Xᵀ has an inverse, so that to forget the penalty is no error."""

    def case(name: str, n: int, p: int, correlation: float = 0.0) -> Case:
        X, y = regression(rng, n, p, centred=False, correlation=correlation)
        return call("ridge.dual_coef", X, y, penalty(rng), name=name)

    return [
        case("more columns than rows", 8, 16),
        case("few rows, few columns", 3, size(rng, 6)),
        case("far more columns than rows", size(rng, 10), 50),
        case("strongly correlated columns", 6, size(rng, 18), correlation=0.9),
    ]


def _edge_duals() -> list[Case]:
    rng = np.random.default_rng(1998)
    X, y = regression(rng, 6, 11, centred=False)
    # Few entries that are not zero, so that the case costs little to store.
    wide = np.zeros((4, 150_000))
    wide[rng.integers(0, 4, 300), rng.integers(0, 150_000, 300)] = rng.integers(1, 4, 300)
    return [
        *edge_problems("ridge.dual_coef", centred=True),
        call("ridge.dual_coef", X, y, 0.0, name="no penalty, independent rows", edge=True),
        call("ridge.dual_coef", wide, np.array([1.0, -2.0, 0.5, 3.0]), 2.0, name=WIDE, edge=True),
    ]


DUAL_COEF = Task(
    "ridge.dual_coef",
    (
        *gates(A, section="sec-ridge-dual"),
        law("stationary", "(X Xᵀ + n lam I) a = y.",
            "It is the dual's own optimality condition, one equation a row.",
            _dual_stationary, section="sec-ridge-dual"),
        law("primal", "w = Xᵀ a is the ridge solution: the gradient is zero there.",
            "The push-through identity turns dual coefficients into primal ones.",
            _dual_primal, section="sec-ridge-dual"),
        law("stacked", "The same data written twice halve every dual coefficient.",
            "w stays the same, and two equal rows share what one row carried; it shows whether lam meets n.",
            _dual_stacked, weight=0.5, section="sec-ridge-scale"),
        agrees(A, section="sec-ridge-dual"),
        keeps_input("X", "y", "lam", section="sec-ridge-wrong"),
        edge(A, without=WIDE, section="sec-ridge-wrong"),
        edge(A, only=WIDE, section="sec-ridge-dual", name="wide", weight=2.0, after=("agrees", "edge"),
             law="However many columns there are, it solves an n by n system and never builds a p by p matrix.",
             why="This is what the dual is for: p = 20000 columns would make a square matrix of 3 GB."),
    ),
    draw=_duals,
    edges=_edge_duals,
    forbids=LIBRARY,
)  # fmt: skip

# --- leave_one_out -------------------------------------------------------------------------------


def _loo_deleted(trial: Trial) -> Measure:
    error = relative(trial.value, cert.deleted_residuals(*trial.args))
    return apart(error, "the errors, and those of refitting without each row in turn")


def _loo_moves(trial: Trial) -> Measure:
    X, y, lam = trial.args
    # The last row first as well: what depends on the signs of singular vectors is caught by more than luck.
    moved = floats(trial.ask((X + np.arange(1.0, X.shape[1] + 1))[::-1].copy(), (y + 5.0)[::-1].copy(), lam))
    said = "the errors, and those of the rows in reverse with every column and the target moved"
    return apart(relative(moved[::-1], trial.value), said)


def _loo_limit(trial: Trial) -> Measure:
    X, y, _ = trial.args
    n = len(y)
    error = relative(trial.ask(X, y, 1e12), n / (n - 1) * (y - y.mean()))
    return apart(error, "the errors under an enormous penalty, and those of predicting the mean of the others")


LEAVE_ONE_OUT = Task(
    "ridge.leave_one_out",
    (
        *gates(E, section="sec-ridge-loo"),
        law("deletion", "The errors are those of deleting each row and fitting again.",
            "That is the definition; the short cut is exact, not an approximation.",
            _loo_deleted, weight=2.0, section="sec-ridge-loo"),
        law("shifts", "Each row keeps its error when a column or the target is moved and the rows change places.",
            "The intercept absorbs the move, so the data must be centred first.",
            _loo_moves, section="sec-ridge-intercept"),
        law("limit", "Under an enormous penalty each row is predicted by the mean of the others.",
            "Only the intercept is left then, and its leverage is 1/n.",
            _loo_limit, weight=0.5, section="sec-ridge-loo"),
        agrees(E, section="sec-ridge-loo"),
        keeps_input("X", "y", "lam", section="sec-ridge-wrong"),
        edge(E, section="sec-ridge-wrong"),
    ),
    draw=lambda rng: problems("ridge.leave_one_out", rng, centred=False),
    edges=lambda: [
        *edge_problems("ridge.leave_one_out", centred=False),
        unpenalised("ridge.leave_one_out", centred=False),
    ],
    forbids=LIBRARY,
)  # fmt: skip

TASKS: tuple[Task | AnswerTask, ...] = (
    CLOSED_FORM,
    WITH_INTERCEPT,
    FILTER_FACTORS,
    SVD_PATH,
    DUAL_COEF,
    LEAVE_ONE_OUT,
    DESCENT,
    *ANALYSES,
    *QUESTIONS,
)
