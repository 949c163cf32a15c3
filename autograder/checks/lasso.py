"""The checks of the lasso chapter: what is asked, which laws the answers obey, what they weigh.

The functions to write are here; the solver to repair, the analyses and the questions have modules of their own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

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
from autograder.checks.draws import edge_problems, regression, size, sparse
from autograder.checks.lasso_analyses import ANALYSES
from autograder.checks.lasso_questions import QUESTIONS
from autograder.checks.lasso_signs import SIGNS

Rng = np.random.Generator
Floats = NDArray[np.float64]
MOVED = Part("w", lambda args: np.shape(args[0]))
DISTANCE = Part("distance", lambda args: np.shape(args[0]))
LAM = Part("lam", lambda args: ())
W = Part("w", lambda args: (np.shape(args[0])[1],))


def _shares(rng: Rng, k: int) -> Floats:
    """`k` times two shares of a threshold below it and two beyond it, of both signs, none near it."""
    below, beyond = rng.uniform(0.2, 0.85, (2, k)), rng.uniform(1.2, 3.5, (2, k))
    return np.concatenate([below[0], -below[1], beyond[0], -beyond[1]])


# --- soft_threshold ------------------------------------------------------------------------------


def _soft_optimal(trial: Trial) -> Measure:
    z, t = trial.args
    w = floats(trial.value)
    # The nearest to z − w that t times a slope of the absolute value at w comes.
    nearest = np.where(w == 0, np.clip(z, -t, t), t * np.sign(w))
    return left("the distance of z − w to t ∂|w|", float(np.max(np.abs(z - w - nearest)) / np.max(np.abs(z) + t)))


def _soft_zeros(trial: Trial) -> Measure:
    z, t = trial.args
    wrong = int(np.sum((floats(trial.value) == 0) != (np.abs(z) <= t)))
    said = f"{wrong} of {len(z)} are wrong: not exactly 0 although |z| <= t, or 0 although |z| > t"
    return fact(not wrong, said if wrong else "exactly 0 where |z| <= t, and only there")


def _soft_towards(trial: Trial) -> Measure:
    z, w = trial.args[0], floats(trial.value)
    away, turned = int(np.sum(np.abs(w) > np.abs(z) * (1 + 1e-12))), int(np.sum(w * z < 0))
    return fact(not away and not turned, f"{away} are farther from 0 than before, {turned} have changed sign")


def _soft_odd(trial: Trial) -> Measure:
    z, t = trial.args
    return apart(relative(trial.ask(-z, t), -floats(trial.value)), "the result for −z, and minus the result for z")


def _soft_pairs(trial: Trial) -> Measure:
    z, t = trial.args
    # On either side of the threshold: whatever jumps there is torn apart.
    inner, outer = 0.9 * t * np.sign(z), 1.1 * t * np.sign(z)
    now = np.abs(floats(trial.ask(outer, t)) - floats(trial.ask(inner, t)))
    wider = int(np.sum(now > np.abs(outer - inner) * (1 + 1e-9)))
    return fact(not wider, f"{wider} of {len(z)} pairs on either side of the threshold are farther apart than before")


def _thresholds(rng: Rng) -> list[Case]:
    def case(name: str, t: Any, shares: Floats) -> Case:
        z = rng.permutation(shares) * t
        return call("penalties.soft_threshold", z, t, name=name)

    few, many, more = _shares(rng, 1), _shares(rng, 3), _shares(rng, 2)
    # One threshold is above every number that has another, so none can stand for all.
    unlike = np.append(5.0, rng.uniform(0.3, 1.0, len(more) - 1))
    return [
        case("one threshold below 1", float(rng.uniform(0.2, 0.8)), many),
        case("one threshold above 1", float(rng.uniform(1.5, 6.0)), few),
        case("a threshold for each number", rng.permutation(unlike), more),
        case("a threshold for each, large numbers", rng.uniform(100.0, 900.0, len(few)), few),
    ]


def _edge_thresholds() -> list[Case]:
    z = np.array([2.5, -0.5, 0.0, 1.0, -4.0])

    def case(name: str, z: Any, t: Any) -> Case:
        return call("penalties.soft_threshold", z, t, name=name, edge=True)

    fixed, each = z.copy(), np.array([1.0, 0.25, 2.0, 0.0, 5.0])
    fixed.flags.writeable = each.flags.writeable = False
    return [
        case("a threshold of 0", z, 0.0),
        case("numbers exactly at the threshold", np.array([1.5, -1.5, 3.0, -3.0]), 1.5),
        case("each exactly at its threshold", np.array([1.5, -2.0, 0.0]), np.array([1.5, 2.0, 0.0])),
        case("whole numbers", np.array([3, -2, 1, 0, -5]), 2),
        case("whole numbers, a threshold for each", np.array([3, -2, 1]), np.array([1, 1, 4])),
        case("single precision", z.astype(np.float32), 0.75),
        case("single precision, a threshold for each", z.astype(np.float32), np.full(5, 0.75, dtype=np.float32)),
        case("a single number", np.array([-2.0]), 0.5),
        case("a single number and a list of one threshold", np.array([2.0]), np.array([0.5])),
        case("nothing but zeros", np.zeros(3), 0.4),
        case("zeros and a threshold of 0", np.zeros(2), 0.0),
        case("read-only arrays", fixed, each),
        case("numbers as small as 1e-12", np.array([3e-12, -5e-12, 1e-12]), 2e-12),
    ]


SOFT_THRESHOLD = Task(
    "lasso.soft_threshold",
    (
        *gates(MOVED, section="sec-lasso-threshold"),
        law("optimal", "0 lies in w − z + t ∂|w|, entry by entry.",
            "The function (w − z)²/2 + t |w| is convex, so this proves that w is its minimiser.",
            _soft_optimal, section="sec-lasso-subdifferential"),
        law("zeros", "The result is exactly 0 where |z| <= t, and only there.",
            "The slopes of |w| at 0 fill an interval; all z in it have the same minimiser.",
            _soft_zeros, section="sec-lasso-threshold"),
        law("towards", "No number ends farther from 0 than it was, or on the other side of it.",
            "A penalty on |w| pulls towards 0, and has nothing left to gain once it is reached.",
            _soft_towards, weight=0.5, section="sec-lasso-threshold"),
        law("odd", "Turning the signs of z turns the signs of the result.",
            "|w| is the same for w and −w, so neither side is preferred.",
            _soft_odd, weight=0.5, section="sec-lasso-threshold"),
        law("pairs", "Two numbers with the same threshold never end farther apart than they were.",
            "The minimiser of a convex problem moves no more than its data; a jump would break this.",
            _soft_pairs, weight=0.5, section="sec-lasso-threshold"),
        agrees(MOVED, section="sec-lasso-threshold"),
        keeps_input("z", "t", section="sec-lasso-wrong"),
        edge(MOVED, section="sec-lasso-threshold",
             law="It also holds at the edges: |z| = t, t = 0, a threshold for each, whole numbers, single precision.",
             why="A threshold for each number is what a penalty factor for each column becomes."),
    ),
    draw=_thresholds,
    edges=_edge_thresholds,
    forbids=LIBRARY,
)  # fmt: skip

# --- distance ------------------------------------------------------------------------------------


def _subgradients(w: Any, weight: Any) -> tuple[Floats, Floats]:
    """Ends of the interval weight ∂|w|, for each coefficient."""
    return np.where(np.greater(w, 0), weight, np.negative(weight)), np.where(np.less(w, 0), np.negative(weight), weight)


def _distance_nearest(trial: Trial) -> Measure:
    w, grad, weight = trial.args
    nearest = np.clip(-grad, *_subgradients(w, weight))
    error = np.abs(floats(trial.value) - np.abs(grad + nearest)) / (np.abs(grad) + weight)
    return apart(float(np.max(error)), "the distances, and those to the nearest subgradient", 1e-9)


def _distance_vanishes(trial: Trial) -> Measure:
    w, grad, weight = trial.args
    distance = floats(trial.ask(w, -np.clip(-grad, *_subgradients(w, weight)), weight))
    return left("the distance where −grad is a subgradient", float(np.max(np.abs(distance) / weight)))


def _distance_sign(trial: Trial) -> Measure:
    below = int(np.sum(floats(trial.value) < 0))
    return fact(not below, f"{below} of {len(trial.args[0])} distances are negative")


def _distance_mirror(trial: Trial) -> Measure:
    w, grad, weight = trial.args
    error = np.abs(floats(trial.ask(-w, -grad, weight)) - floats(trial.value)) / (np.abs(grad) + weight)
    return apart(float(np.max(error)), "the distances for −w and −grad, and those for w and grad")


def _distance_steps(trial: Trial) -> Measure:
    w, grad, weight = trial.args
    step = 0.5 * weight * np.where(np.arange(len(w)) % 2, 1.0, -1.0)
    change = np.abs(floats(trial.ask(w, grad + step, weight)) - floats(trial.value))
    more = int(np.sum(change > np.abs(step) + 1e-12 * (np.abs(grad) + weight)))
    return fact(not more, f"{more} of {len(w)} distances change by more than the gradient does")


def _distances(rng: Rng) -> list[Case]:
    target = "penalties.subdifferential_distance"
    X, y, lam = sparse(rng, size(rng, 24), 7)
    w = cert.lasso_exact(X, y, lam)
    slope = X.T @ (X @ w - y) / len(y)
    # Without the rounding, so that every distance is 0 exactly.
    slope = np.where(w == 0, slope, -lam * np.sign(w))

    def case(name: str, k: int, weight: Any) -> Case:
        shares = np.tile(_shares(rng, k), 3)
        signs = np.repeat([-1.0, 0.0, 1.0], 4 * k)
        order = rng.permutation(len(signs))
        w = signs * 10 ** rng.uniform(-2, 1, len(signs))
        return call(target, w[order], weight * shares[order], weight, name=name)

    return [
        call(target, w, slope, lam, name="the minimiser of a lasso"),
        call(target, w, slope, lam * float(rng.uniform(0.4, 0.7)), name="the minimiser of a lasso with a larger lam"),
        case("coefficients of every kind", 1, float(rng.uniform(0.2, 0.8))),
        case("coefficients of every kind, a weight above 1", 2, float(rng.uniform(2.0, 5.0))),
        case("a weight for each column", 1, rng.uniform(0.3, 3.0, 12)),
    ]


def _edge_distances() -> list[Case]:
    target = "penalties.subdifferential_distance"
    w, grad = np.array([2.0, -0.0, 0.0, -1.5, 0.0]), np.array([-0.5, 2.0, -0.25, 3.0, -1.25])

    def case(name: str, w: Any, grad: Any, weight: Any) -> Case:
        return call(target, w, grad, weight, name=name, edge=True)

    fixed, each = w.copy(), np.array([1.0, 0.25, 2.0, 0.0, 5.0])
    fixed.flags.writeable = each.flags.writeable = False
    return [
        case("a weight of 0", w, grad, 0.0),
        case("gradients exactly at the weight", np.array([0.0, 0.0, 3.0, -3.0]), np.array([1.5, -1.5, -1.5, 1.5]), 1.5),
        case("whole numbers", np.array([2, 0, 0, -1]), np.array([-1, 3, -4, 1]), 2),
        case("single precision", w.astype(np.float32), grad.astype(np.float32), 0.75),
        case("a single coefficient", np.array([0.0]), np.array([-2.0]), 0.5),
        case("nothing but zeros", np.zeros(3), np.zeros(3), 0.4),
        case("read-only arrays, a weight for each", fixed, grad, each),
        case("coefficients as small as 1e-12", np.array([1e-12, -1e-12, 0.0, 1e-200]), np.array([0.5] * 4), 1.0),
        case("coefficients as small as 1e-9", np.array([-3e-9, 0.0, 1.0, 2e-9]), np.array([-0.75] * 4), 1.0),
    ]


def _distance_tiny(trial: Trial) -> Measure | None:
    w, grad, weight = trial.args
    tiny = (w != 0) & (np.abs(w) < 1e-6)
    if not tiny.any():
        return None
    missed = np.abs(floats(trial.value) - np.abs(grad + weight * np.sign(w)))[tiny]
    return apart(float(missed.max()), "the distances of tiny coefficients, and those of large ones of their sign")


SUBDIFFERENTIAL_DISTANCE = Task(
    "lasso.distance",
    (
        *gates(DISTANCE, section="sec-lasso-kkt"),
        law("nearest", "The distance of −grad to the nearest subgradient is returned, column by column.",
            "At w = 0 the subgradients fill the interval from −weight to weight; elsewhere there is one.",
            _distance_nearest, section="sec-lasso-subdifferential"),
        law("vanishes", "The distance is 0 where −grad is a subgradient.",
            "So it is 0 in every column of a minimiser, which makes it a certificate.",
            _distance_vanishes, section="sec-lasso-kkt"),
        law("sign", "No distance is negative.",
            "A negative number would be taken for a condition that is met with something to spare.",
            _distance_sign, weight=0.5, section="sec-lasso-kkt"),
        law("mirror", "Turning the signs of w and of grad changes no distance.",
            "|w| is the same for w and −w, so neither side is preferred.",
            _distance_mirror, weight=0.5, section="sec-lasso-subdifferential"),
        law("steps", "No distance changes by more than the gradient of its column does.",
            "It is measured in the units of the gradient, neither squared nor divided.",
            _distance_steps, weight=0.5, section="sec-lasso-kkt"),
        agrees(DISTANCE, section="sec-lasso-kkt"),
        keeps_input("w", "grad", "weight", section="sec-lasso-wrong"),
        edge(DISTANCE, section="sec-lasso-kkt",
             law="It also holds at the edges: a weight of 0, equality, −0, whole numbers, single precision.",
             why="Code that was only tried on ordinary data breaks on the first unusual call."),
        Check("tiny", "A coefficient counts as zero only if it is exactly 0.",
              "A solver that stops too early leaves numbers such as 1e-12; a certificate is there to tell.",
              needs_value(_distance_tiny), weight=0.5, edge=True, section="sec-lasso-wrong", after=("agrees",)),
    ),
    draw=_distances,
    edges=_edge_distances,
    forbids=LIBRARY,
)  # fmt: skip

# --- lam_max -------------------------------------------------------------------------------------


def _at_zero(trial: Trial, share: float) -> float:
    """How far zero, with its best intercept, is from optimal at `share` of the lam that came back."""
    X, y, l1_ratio = trial.args
    lam = max(share * float(trial.value), 0.0)
    return cert.lasso_distance(X - X.mean(axis=0), y - y.mean(), np.zeros(X.shape[1]), lam, l1_ratio)


def _lam_max_above(trial: Trial) -> Measure:
    optimal = _at_zero(trial, 1.0001) == 0
    return fact(optimal, f"zero is {'' if optimal else 'not '}optimal a little above what came back")


def _lam_max_below(trial: Trial) -> Measure:
    optimal = _at_zero(trial, 0.9999) == 0
    return fact(not optimal, f"zero is {'still' if optimal else 'not'} optimal a little below what came back")


def _lam_max_shifts(trial: Trial) -> Measure:
    X, y, l1_ratio = trial.args
    moved = trial.ask(X + np.arange(1.0, X.shape[1] + 1), y + 5.0, l1_ratio)
    return apart(relative(moved, trial.value), "the value, and that of every column and the target moved")


def _lam_max_scales(trial: Trial) -> Measure:
    X, y, l1_ratio = trial.args
    return apart(relative(trial.ask(X, -3.0 * y, l1_ratio), 3.0 * trial.value), "the value for −3 y, and 3 times it")


def _lam_max_stacked(trial: Trial) -> Measure:
    X, y, l1_ratio = trial.args
    twice = trial.ask(np.vstack([X, X]), np.concatenate([y, y]), l1_ratio)
    return apart(relative(twice, trial.value), "the values of the data and of the data stacked twice")


def _lam_max_columns(trial: Trial) -> Measure:
    X, y, l1_ratio = trial.args
    more = trial.ask(np.hstack([X, X[:, ::-1] / 2]), y, l1_ratio)
    return apart(relative(more, trial.value), "the value, and that with half of every column added to the columns")


def _lam_max_mix(trial: Trial) -> Measure:
    X, y, l1_ratio = trial.args
    half = trial.ask(X, y, l1_ratio / 2)
    return apart(relative(half, 2 * trial.value), "the value for half the l1_ratio, and twice the value")


def _uncentred(rng: Rng) -> list[Case]:
    """The largest covariance is a negative one in two cases and a positive one in two."""

    def case(name: str, n: int, p: int, l1_ratio: float, side: int, correlation: float = 0.0) -> Case:
        X, y = regression(rng, n, p, centred=False, correlation=correlation, offset=20.0)
        # Means too large to cancel in any covariance, and a target in units of its own.
        y *= 10
        z = (X - X.mean(axis=0)).T @ (y - y.mean())
        largest = np.abs(z) == np.abs(z).max()
        # All others have the other sign, and are smaller: a maximum that minds the sign finds one of them.
        X *= np.sign(z) * np.where(largest, 1.5 * side, -side)
        if p > n:  # as the last column, beyond any that the rows would number
            X = X[:, np.argsort(largest, kind="stable")]
        return call("penalties.lam_max", X, y, l1_ratio, name=name)

    def mix() -> float:
        return float(rng.uniform(0.3, 0.8))

    return [
        case("more rows than columns", size(rng, 24), 5, 1.0, -1),
        case("few rows, few columns, a mix", size(rng, 6), 3, mix(), -1),
        case("more columns than rows, a mix", 8, 14, mix(), 1),
        case("strongly correlated columns", size(rng, 18), 6, 1.0, 1, correlation=0.9),
    ]


def _edge_uncentred() -> list[Case]:
    target = "penalties.lam_max"
    X, y = regression(np.random.default_rng(1996), 10, 3, centred=False, offset=1e5)

    def case(name: str, *args: Any) -> Case:
        return call(target, *args, name=name, edge=True)

    return [
        # Their third argument, a lam, lies between 0 and 1 and is a share here.
        *edge_problems(target, centred=False),
        case("a single row", np.array([[2.0, -1.0]]), np.array([3.0]), 0.5),
        case("nothing but constant columns", np.full((4, 2), 3.0), np.array([1.0, 2.0, 0.0, 5.0]), 1.0),
        case("columns and a target far from zero", X, y, 1.0),
        case("a target in large units, so of small numbers", X, 1e-9 * y, 0.5),
    ]


LAM_MAX = Task(
    "lasso.lam_max",
    (
        *gates(LAM, section="sec-lasso-lam-max"),
        law("above", "A little above the value, zero with its best intercept is optimal.",
            "There every covariance with the centred target is at most lam times l1_ratio.",
            _lam_max_above, section="sec-lasso-lam-max"),
        law("below", "A little below the value, zero is not optimal.",
            "The smallest such lam is asked: one column is about to enter.",
            _lam_max_below, section="sec-lasso-lam-max"),
        law("shifts", "Moving the columns and the target leaves the value as it is.",
            "The intercept absorbs the move, so the data must be centred first.",
            _lam_max_shifts, section="sec-lasso-lam-max"),
        law("scales", "A target of −3 y has three times the value.",
            "Covariances are linear in y, and the sign of the largest does not matter.",
            _lam_max_scales, weight=0.5, section="sec-lasso-lam-max"),
        law("stacked", "The same data written twice have the same value.",
            "The loss is a mean over rows, so repeating every row changes nothing.",
            _lam_max_stacked, weight=0.5, section="sec-lasso-lam-max"),
        law("columns", "Columns of smaller covariance with the target leave the value as it is.",
            "One column enters first: it alone decides, so neither a sum nor a norm over columns will do.",
            _lam_max_columns, weight=0.5, section="sec-lasso-lam-max"),
        law("mix", "Half the l1_ratio has twice the value.",
            "At zero only the L1 share has a corner; lam times l1_ratio is what holds coefficients there.",
            _lam_max_mix, weight=0.5, section="sec-lasso-mix"),
        agrees(LAM, section="sec-lasso-lam-max"),
        keeps_input("X", "y", "l1_ratio", section="sec-lasso-wrong"),
        edge(LAM, section="sec-lasso-lam-max",
             law="It also holds at the edges: constant columns, one row, whole numbers, single precision, large means, "
                 "tiny targets.",
             why="A constant column has covariance 0 with everything; nothing may divide by it."),
    ),
    draw=_uncentred,
    edges=_edge_uncentred,
    forbids=LIBRARY,
)  # fmt: skip

# --- orthogonal ----------------------------------------------------------------------------------


def _orthogonal_optimal(trial: Trial) -> Measure:
    X, y, lam = trial.args
    return left("the distance of minus the gradient to the subgradients", cert.lasso_distance(X, y, trial.value, lam))


def _orthogonal_signs(trial: Trial) -> Measure:
    X, y, lam = trial.args
    z = X.T @ y / len(y)
    wrong = int(np.sum(np.sign(floats(trial.value)) != np.where(np.abs(z) > lam, np.sign(z), 0.0)))
    said = f"{wrong} of {len(z)} are wrong: not exactly 0 although |z| <= lam, or without the sign of z although beyond"
    return fact(not wrong, said if wrong else "zeros and signs as the covariances z = Xᵀy/n have them")


def _orthogonal_stacked(trial: Trial) -> Measure:
    X, y, lam = trial.args
    twice = trial.ask(np.vstack([X, X]), np.concatenate([y, y]), lam)
    return apart(relative(twice, trial.value), "coefficients of the data and of the data stacked twice")


def _orthogonal_units(trial: Trial) -> Measure:
    X, y, lam = trial.args
    error = relative(trial.ask(1e-6 * X, y, 1e-6 * lam), floats(trial.value) * 1e6)
    return apart(error, "the coefficients for a millionth of X and lam, and a million times those before")


def _orthogonal_all_zero(trial: Trial) -> Measure:
    X, y, _ = trial.args
    # Short columns, whose least-squares coefficients are far larger than their covariances.
    short = X / 100
    w = floats(trial.ask(short, y, 1.01 * float(np.abs(short.T @ y).max()) / len(y)))
    return fact(not w.any(), f"{int(np.sum(w != 0))} of {len(w)} coefficients are not 0 above the largest |z|")


def _orthogonal_problem(rng: Rng, columns: Floats) -> tuple[Floats, Floats, float]:
    """Columns of unlike lengths from orthonormal ones, a target, and a lam that parts every reading of the rule.

    Both signs and zeros occur, no column is near the threshold, and comparing lam with the least-squares
    coefficients in place of the covariances would keep a column and lose another.
    """
    n, p = columns.shape
    while True:
        curvatures: Floats = np.power(10, rng.uniform(-0.8, 0.8, p))
        X = columns * np.sqrt(n * curvatures)
        y = X @ rng.standard_normal(p) + 0.3 * rng.standard_normal(n)
        y = y - y.mean()
        z = X.T @ y / n
        lam = float(np.abs(z).max() * rng.uniform(0.1, 0.6))
        kept, kept_by_coefficient = np.abs(z) > lam, np.abs(z / curvatures) > lam
        clear = np.abs(np.abs([z, z / curvatures, z / np.sqrt(curvatures)]) / lam - 1).min() > 0.05
        # Not kept, and beyond half of lam.
        close = ~kept & kept_by_coefficient & (np.abs(z) > 0.55 * lam)
        if clear and close.any() and np.any(kept & ~kept_by_coefficient) and {-1.0, 0.0, 1.0} == set(np.sign(z) * kept):
            return X, y, lam


def _orthonormal(rng: Rng, n: int, p: int) -> Floats:
    rows = rng.standard_normal((n, p))
    return np.linalg.qr(rows - rows.mean(axis=0))[0]


def _factorial() -> Floats:
    """The seven effect columns of a two-level experiment in three factors, of eight runs."""
    a, b, c = (np.array(f, dtype=float) for f in ([-1, 1] * 4, [-1, -1, 1, 1] * 2, [-1] * 4 + [1] * 4))
    return np.column_stack([a, b, c, a * b, a * c, b * c, a * b * c])


def _orthogonals(rng: Rng) -> list[Case]:
    def case(name: str, columns: Floats) -> Case:
        return call("penalties.lasso_orthogonal", *_orthogonal_problem(rng, columns), name=name)

    return [
        case("more rows than columns", _orthonormal(rng, size(rng, 24), 6)),
        case("few rows, few columns", _orthonormal(rng, size(rng, 6), 4)),
        case("as many columns as centred rows allow", _orthonormal(rng, 9, 8)),
        case("the effects of a two-level experiment, in unlike units", _factorial() / np.sqrt(8)),
    ]


def _edge_orthogonals() -> list[Case]:
    X, y, lam = _orthogonal_problem(np.random.default_rng(1978), _orthonormal(np.random.default_rng(1979), 12, 5))
    effects, runs, zero = _factorial().astype(int), np.array([9, -7, -6, -8, -7, 6, 1, -2]), X.copy()
    zero[:, 2] = 0.0
    fixed_X, fixed_y = X.copy(), y.copy()
    fixed_X.flags.writeable = fixed_y.flags.writeable = False
    # At 1024 bytes an array that was never filled begins with what malloc wrote into the block given back last.
    many = np.hstack([np.zeros((12, 123)), X])
    # Orthogonal, and with means: what a model without an intercept is given.
    blocks = np.kron(np.diag([1.0, 2.0, 0.5]), np.ones((2, 1)))

    def case(name: str, X: Any, y: Any, lam: float) -> Case:
        return call("penalties.lasso_orthogonal", X, y, lam, name=name, edge=True)

    return [
        case("a column of zeros", zero, y, lam),
        case("a column of zeros and no penalty", zero, y, 0.0),
        case("columns and lam a million times smaller", 1e-6 * X, y, 1e-6 * lam),
        case("columns ten million times smaller, no penalty", 1e-7 * X, y, 0.0),
        case("many columns of zeros before the others", many, y, lam),
        case("many columns of zeros and no penalty", many, y, 0.0),
        case("no penalty", X, y, 0.0),
        case("a single column", X[:, :1].copy(), y, lam / 4),
        case("a target of zeros", X, np.zeros(12), 0.3),
        case("whole numbers, a covariance exactly at the penalty", effects, runs, 2),
        case("columns stored one after the other (Fortran order)", np.asfortranarray(X), y, lam),
        case("read-only arrays", fixed_X, fixed_y, lam),
        case("single precision", X.astype(np.float32), y.astype(np.float32), lam),
        case("a single row, no intercept", np.array([[2.0]]), np.array([3.0]), 1.0),
        case("columns that have a mean, no intercept", blocks, np.array([3.0, 1.0, -2.0, -3.0, 4.0, 6.0]), 0.5),
    ]


def _orthogonal_nothing(trial: Trial) -> Measure | None:
    empty = ~np.any(trial.args[0], axis=0)
    if not empty.any():
        return None
    wrong = int(np.sum(floats(trial.value)[empty] != 0))
    return fact(not wrong, f"{wrong} of {int(empty.sum())} columns of zeros have a coefficient that is not exactly 0")


ORTHOGONAL = Task(
    "lasso.orthogonal",
    (
        *gates(W, section="sec-lasso-orthogonal"),
        law("optimal", "Minus the gradient at w is a subgradient of the penalty, column by column.",
            "The objective is convex, so this proves that w is a minimiser.",
            _orthogonal_optimal, section="sec-lasso-kkt"),
        law("signs", "w is exactly 0 where |z| <= lam with z = Xᵀy/n, and has the sign of z elsewhere.",
            "lam is compared with the covariance of a column, whatever the length of the column.",
            _orthogonal_signs, section="sec-lasso-orthogonal"),
        law("stacked", "The same data written twice give the same coefficients.",
            "The loss is a mean over rows, so repeating every row changes nothing; n must meet both X and y.",
            _orthogonal_stacked, weight=0.5, section="sec-lasso-orthogonal"),
        law("units", "Columns and lam a million times smaller have coefficients a million times larger.",
            "X w stays what it is, and so does lam times |w|: in other units a number such as 1e-10 is not small.",
            _orthogonal_units, weight=0.5, section="sec-lasso-orthogonal"),
        law("all_zero", "From the largest |z| on, every coefficient is exactly 0.",
            "No column has covariance enough with the target to pay for itself.",
            _orthogonal_all_zero, weight=0.5, section="sec-lasso-lam-max"),
        agrees(W, section="sec-lasso-orthogonal"),
        keeps_input("X", "y", "lam", section="sec-lasso-wrong"),
        edge(W, section="sec-lasso-wrong",
             law="It also holds at the edges: a column of zeros, tiny columns, no penalty, one column, whole numbers, "
                 "single precision, columns with a mean.",
             why="Code that was only tried on ordinary data breaks on the first unusual table."),
        Check("nothing", "The coefficient of a column of zeros is exactly 0.",
              "It explains nothing and costs; a solver leaves rounding there, and np.divide with where= needs out=.",
              needs_value(_orthogonal_nothing), weight=0.5, edge=True, section="sec-lasso-wrong", after=("agrees",)),
    ),
    draw=_orthogonals,
    edges=_edge_orthogonals,
    forbids=("penalties.lasso_by_signs", *LIBRARY),
)  # fmt: skip

TASKS: tuple[Task | AnswerTask, ...] = (
    SOFT_THRESHOLD,
    SUBDIFFERENTIAL_DISTANCE,
    LAM_MAX,
    ORTHOGONAL,
    *SIGNS,
    *QUESTIONS,
    *ANALYSES,
)
