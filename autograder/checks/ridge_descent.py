"""The checks of the ridge chapter's solver, which starts broken: did it converge, or only stop?

Nothing is compared with the reference's numbers: the bound at the returned `w`, the length of
the way that theory promises, and the point that so many steps reach are found from the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.checks import certificates as cert
from autograder.checks.base import Case, Check, Measure, Task, Trial, call, fact
from autograder.checks.common import (
    GATE,
    LIBRARY,
    Floats,
    Part,
    Test,
    apart,
    described,
    failure,
    floats,
    gates,
    keeps_input,
    law,
    needs_value,
    relative,
    tolerance,
)
from autograder.checks.draws import penalty, regression, size, spectrum

W = Part("w", lambda args: (np.shape(args[0])[1],))
ASKED = "a tuple of w, bound, n_iter and converged (array, number, integer, True or False)"


@dataclass(frozen=True)
class Ended:
    """What a descent returns."""

    w: Floats
    bound: float
    n_iter: int
    converged: bool


def _ended(value: Any) -> Ended:
    """What came back, taken apart; raises TypeError where it is something else."""
    if not isinstance(value, tuple | list) or len(value) != 4:
        raise TypeError("not four values")
    w, bound, n_iter, converged = value
    if isinstance(n_iter, bool) or not isinstance(n_iter, int | np.integer):
        raise TypeError("n_iter is no integer")
    if not isinstance(converged, bool | np.bool_) or np.ndim(bound):
        raise TypeError("bound is no number, or converged neither True nor False")
    return Ended(floats(w), float(floats(bound)), int(n_iter), bool(converged))


def _enough(trial: Trial) -> bool:
    """Whether the steps that theory asks for are within the limit, a few times over."""
    X, y, lam, tol, max_iter = trial.args
    return bool(tol > 0 and max_iter >= 2 * cert.ridge_steps(X, y, lam, tol))


def _shape(trial: Trial) -> Measure:
    said = described(trial.value, trial.args)
    try:
        fits = _ended(trial.value).w.shape == W.shape(trial.args) and isinstance(trial.value[0], np.ndarray)
    except (TypeError, ValueError):
        fits = False
    return fact(fits, said if fits else f"{said}, where {ASKED} is asked")


def _finite(trial: Trial) -> Measure:
    ended = _ended(trial.value)
    return fact(bool(np.isfinite([*ended.w, ended.bound]).all()), "w or bound is NaN or infinite: the steps diverge")


def _solves(trial: Trial) -> Measure | None:
    X, y, lam, tol, _ = trial.args
    if not _enough(trial):
        return None
    wanted = cert.ridge_descent(X, y, lam, 10 * cert.ridge_steps(X, y, lam, tol))
    error = relative(_ended(trial.value).w, wanted)
    return Measure(error, 0.2, f"w differs from the minimiser by {error:.1e} of its largest entry, steps were enough")


def _walked(trial: Trial) -> Measure | None:
    X, y, lam = trial.args[:3]
    if not _enough(trial):
        return None
    ended = _ended(trial.value)
    fewest = cert.ridge_fewest(X, y, ended.w, lam)
    said = f"n_iter is {ended.n_iter}; no step size leads from 0 to this w in fewer than {fewest} steps"
    return fact(ended.n_iter + 1 >= fewest, said if ended.n_iter + 1 < fewest else "steps that may lead to this w")


def _certificate(trial: Trial) -> Measure:
    X, y, lam = trial.args[:3]
    ended = _ended(trial.value)
    true, rounding = cert.ridge_bound(X, y, ended.w, lam)
    said = f"the bound that came back is {ended.bound:.3e}; the gradient at the w beside it gives {true:.3e}"
    return Measure(abs(ended.bound - true), tolerance(trial, 1e-6, 1e-2) * true + rounding, said)


def _converged(trial: Trial) -> Measure:
    ended, tol = _ended(trial.value), trial.args[3]
    within = ended.bound <= tol
    said = f"converged is {ended.converged}, with a bound {'at most' if within else 'above'} tol"
    return fact(ended.converged == within, said)


def _reaches(trial: Trial) -> Measure | None:
    X, y, lam, tol, _ = trial.args
    if not _enough(trial):
        return None
    bound, _ = cert.ridge_bound(X, y, _ended(trial.value).w, lam)
    # The last digits of the gradient differ with the order of summation.
    ratio = bound / tol
    said = f"the bound at w is {ratio:.3g} times tol; max_iter allows twice the steps that 1/L promises"
    return Measure(max(ratio - 1.0, 0.0), 0.01, said)


def _rate(trial: Trial) -> Measure | None:
    if not _enough(trial):
        return None
    promised, taken = cert.ridge_steps(*trial.args[:4]), _ended(trial.value).n_iter
    return fact(taken <= promised, f"{taken} steps; the step size 1/L promises at most {promised}")


def _counted(trial: Trial) -> Measure:
    X, y, lam, _, max_iter = trial.args
    ended = _ended(trial.value)
    if not 0 <= ended.n_iter <= max_iter:
        return fact(False, f"n_iter is {ended.n_iter} and max_iter {max_iter}")
    error = relative(ended.w, cert.ridge_descent(X, y, lam, ended.n_iter))
    return apart(error, f"w, and the point that {ended.n_iter} steps of size 1/L reach from 0", 1e-6)


def _problem(rng: np.random.Generator, name: str, n: int, p: int) -> Case:
    X, y = regression(rng, n, p)
    return call("ridge.descent", X, y, penalty(rng), 1e-6, 8000, name=name)


def _slow(rng: np.random.Generator) -> tuple[Floats, Floats, float]:
    """Three directions as strong as the strongest and one that the data hardly know; a weak penalty.

    The weak one needs nearly all the steps that theory promises, so a step that is a few times too
    short shows; `w` has as much of it as of the others, so a wrong penalty shows; and with `lam` far
    below 1 the gradient is far below the bound, so a loop that compares it with `tol` stops early.
    """
    lam = rng.uniform(0.1, 0.25)
    curvatures = lam * np.array([*[rng.uniform(30, 40)] * 3, 0.02])
    w = rng.uniform(0.8, 1.2, 4) * rng.choice([-1.0, 1.0], 4)
    X, y = spectrum(rng, size(rng, 24), curvatures, w * (curvatures + lam) / curvatures)
    return X, y, lam


def _draw(rng: np.random.Generator) -> list[Case]:
    X, y, lam = _slow(rng)
    slow = call("ridge.descent", X, y, lam, 1e-6, 5000, name="strong directions, a weak one and a weak penalty")
    X, y, lam = _slow(rng)
    few = call("ridge.descent", X, y, lam, 1e-6, size(rng, 4), name="too few steps")
    X, y = regression(rng, size(rng, 20), 3)
    curvature = float(np.linalg.norm(X, 2)) ** 2 / len(y)
    # In units in which lam is below 1, where nothing that forgets it stops late; a step without n is too short by far.
    unit, lam = np.sqrt(0.1 / curvature), 0.1 * rng.uniform(4, 6)
    strong = call("ridge.descent", unit * X, unit * y, lam, 1e-6, 25, name="a penalty stronger than the data")
    X, y = regression(rng, size(rng, 20), 4)
    lam, allowed = penalty(rng), size(rng, 6)
    before, there = (cert.ridge_bound(X, y, cert.ridge_descent(X, y, lam, k), lam)[0] for k in (allowed - 1, allowed))
    # Half-way, on the scale of a rate, between the bounds of the last two: no rounding decides which of them meets it.
    tol = float(np.sqrt(before * there))
    last = call("ridge.descent", X, y, lam, tol, allowed, name="met by the last step allowed")
    return [
        _problem(rng, "more rows than columns", size(rng, 24), 4),
        _problem(rng, "more columns than rows", 8, 14),
        slow,
        strong,
        few,
        last,
    ]


def _edges() -> list[Case]:
    rng = np.random.default_rng(1847)
    X, y = regression(rng, 12, 4)
    whole, whole_y = rng.integers(-4, 5, (6, 3)), rng.integers(-9, 10, 6)
    whole, whole_y = np.vstack([whole, -whole]), np.concatenate([whole_y, -whole_y])
    column, target = np.array([[1.0], [-1.0], [2.0], [-2.0]]), np.array([3.0, -3.0, 1.0, -1.0])
    fixed_X, fixed_y = np.asfortranarray(X), y.copy()
    fixed_X.flags.writeable = fixed_y.flags.writeable = False
    single, single_y = X.astype(np.float32), y.astype(np.float32)

    def case(name: str, *args: Any) -> Case:
        return call("ridge.descent", *args, name=name, edge=True)

    return [
        case("no step allowed", X, y, 0.3, 1e-6, 0),
        case("a tolerance that zero meets already", X, y, 0.3, 1e3, 50),
        case("a target of zeros", X, np.zeros(12), 0.3, 1e-6, 50),
        case("no step allowed and none needed", X, np.zeros(12), 0.3, 1e-6, 0),
        case("a tolerance of zero, which a target of zeros meets", X, np.zeros(12), 0.3, 0.0, 5),
        case("a tolerance of zero, which rounding does not let it meet", X, y, 0.3, 0.0, 300),
        case("a single column, and the one step that it needs", column, target, 0.5, 1e-9, 1),
        case("whole numbers", whole, whole_y, 1, 1e-6, 2000),
        case("read-only arrays, columns stored one after the other", fixed_X, fixed_y, 0.25, 1e-6, 2000),
        case("single precision", single, single_y, 0.3, 1e-3, 2000),
    ]


def _edge(trial: Trial) -> Measure:
    if trial.outcome.kind != "value":
        return fact(False, failure(trial.outcome))
    tests: tuple[Test, ...] = (_shape, _finite, _certificate, _converged, _reaches)
    if tolerance(trial, 0.0) == 0.0:  # in single precision the last steps move less than its digits
        tests += (_counted,)
    measures = [m for test in tests if (m := test(trial)) is not None]
    return next((m for m in measures if not m.passed), measures[-1])


def _gates() -> tuple[Check, ...]:
    runs, shape, finite = gates(W, section="sec-ridge-descent")
    return (
        runs,
        Check("shape", f"The function returns {ASKED}.", shape.why, needs_value(_shape),
              weight=GATE, gate=True, section="sec-ridge-descent"),
        Check("finite", finite.law, "A step that is too long multiplies the error at every step, until it overflows.",
              needs_value(_finite), weight=GATE, gate=True, section="sec-ridge-descent"),
        Check("solves", "Given steps enough, w comes near the minimiser.",
              "A solver that goes elsewhere minimises another objective, however well it stops.",
              needs_value(_solves), weight=1.0, gate=True, section="sec-ridge-certificate"),
        Check("walked", "n_iter counts steps enough to have led from 0 to w, whatever their size.",
              "A w from elsewhere, such as a solved system, is no descent, and there is no stop to judge.",
              needs_value(_walked), weight=GATE, gate=True, section="sec-ridge-descent"),
    )  # fmt: skip


DESCENT = Task(
    "ridge.descent",
    (
        *_gates(),
        law("certificate", "The bound is ‖gradient‖₂ / lam at the very w that is returned.",
            "A certificate of another point, such as the one before the last step, certifies nothing about this one.",
            _certificate, section="sec-ridge-certificate"),
        law("converged", "converged is True exactly when the bound is at most tol.",
            "Whoever calls must be able to tell an answer that is proved from a loop that ran out.",
            _converged, weight=1.5, section="sec-ridge-descent"),
        law("reaches", "Where max_iter allows twice the steps that 1/L promises, the bound comes down to tol.",
            "A loop that takes a small change of w for a small error ends too early; short steps do not get there.",
            _reaches, weight=1.5, section="sec-ridge-descent"),
        law("rate", "It needs no more steps than the step size 1/L promises.",
            "L is the steepest curvature of the objective, d₁²/n + lam: a shorter step wastes time, a longer one "
            "may diverge.", _rate, section="sec-ridge-descent"),
        Check("counted", "w is what n_iter steps of step size 1/L reach from 0, and n_iter is at most max_iter.",
              "A limit on steps is a promise about time, and the count is how it is audited.",
              needs_value(_counted), weight=0.5, section="sec-ridge-descent", after=("rate", "reaches")),
        keeps_input("X", "y", "lam", "tol", "max_iter", section="sec-ridge-wrong"),
        Check("edge", "It also holds at the edges: no step allowed, a tolerance met at once, met at the last step, "
              "or never; one column, whole numbers, single precision.",
              "What a loop says of itself goes wrong at its first and at its last turn.",
              _edge, edge=True, section="sec-ridge-descent",
              after=("certificate", "converged", "reaches", "rate", "counted")),
    ),
    draw=_draw,
    edges=_edges,
    forbids=("ridge.augmented", "ridge.closed_form", "ridge.dual_coef", "ridge.svd_path", *LIBRARY),
)  # fmt: skip
