"""The checks of the lasso chapter's solver, which starts broken: does it know the right pattern when it meets it?

An answer is proved by its optimality conditions, column by column.  Where there are many
minimisers, only what they share is compared with the reference's: fitted values and the L1 norm.
"""

from __future__ import annotations

import numpy as np

from autograder.checks import certificates as cert
from autograder.checks.base import Case, Check, Measure, Task, Trial, call, fact
from autograder.checks.common import (
    LIBRARY,
    Floats,
    Part,
    agrees,
    apart,
    floats,
    gates,
    keeps_input,
    law,
    left,
    needs_value,
    relative,
    tolerance,
)
from autograder.checks.draws import edge_problems, is_sparse, size, sparse, unpenalised

TARGET = "penalties.lasso_by_signs"
W = Part("w", lambda args: (np.shape(args[0])[1],))


def _in_use(trial: Trial) -> Measure:
    X, y, lam = trial.args
    w = floats(trial.value)
    if not w.any():
        return fact(True, "no column is in use")
    error = cert.lasso_distance(X[:, w != 0], y, w[w != 0], lam)
    return left("in the columns in use, the covariance with the residual less lam sign(w)", error)


def _at_rest(trial: Trial) -> Measure:
    X, y, lam = trial.args
    w = floats(trial.value)
    if w.all():
        return fact(True, "every column is in use")
    # The columns in use have done their part in the residual; the others are at zero, and are to stay there.
    rest = X[:, w == 0]
    error = cert.lasso_distance(rest, y - X @ w, np.zeros(rest.shape[1]), lam)
    which = "in the columns not in use" if w.any() else "w is zero in every column:"
    return left(f"{which} what the covariance with the residual exceeds lam by", error)


def _stacked(trial: Trial) -> Measure:
    X, y, lam = trial.args
    twice = trial.ask(np.vstack([X, X]), np.concatenate([y, y]), lam)
    return apart(relative(twice, trial.value), "coefficients of the data and of the data stacked twice")


def _edge(trial: Trial) -> Measure:
    for measure in (gate.test(trial) for gate in gates(W, section="")):
        if measure is not None and not measure.passed:
            return measure
    X, y, lam = trial.args
    w, theirs = floats(trial.value), floats(trial.expected.value)
    distance = cert.lasso_distance(X, y, w, lam)
    rtol = tolerance(trial, 1e-7)
    dependent = w.any() and np.linalg.matrix_rank(X[:, w != 0]) < np.count_nonzero(w)
    measures = (
        left("the largest distance from the optimality conditions", distance, tolerance(trial, 1e-9)),
        apart(relative(X @ w, X @ theirs), "the fitted values and those of all minimisers", rtol),
        apart(relative(np.abs(w).sum(), np.abs(theirs).sum()), "the L1 norm of w and that of all minimisers", rtol),
        fact(not dependent, f"the columns in use are {'dependent' if dependent else 'independent'}"),
    )
    return next((m for m in measures if not m.passed), measures[-1])


def _against_covariance(rng: np.random.Generator) -> tuple[Floats, Floats, float]:
    """Some column in use has a coefficient of the other sign than its covariance with the target."""
    while True:
        X, y, lam = sparse(rng, size(rng, 20), 5, correlation=0.85)
        w, z = cert.lasso_exact(X, y, lam), X.T @ y
        if np.any(w * z < -0.02 * np.abs(w).max() * np.abs(z).max()):
            return X, y, lam


def _against_least_squares(rng: np.random.Generator) -> tuple[Floats, Floats, float]:
    """The first column resembles the sum of the two next, and speaks for both of them until lam is small.

    In least squares its coefficient is small and of the other sign.  The fourth is there to be negative, the
    fifth to be zero.
    """
    while True:
        n = size(rng, 24)
        rows = rng.standard_normal((n, 5))
        U = np.linalg.qr(rows - rows.mean(axis=0))[0] * np.sqrt(n)
        U[:, 0] = 0.65 * (U[:, 1] + U[:, 2]) + np.sqrt(1 - 2 * 0.65**2) * U[:, 0]
        X = U * rng.uniform(0.9, 1.1, 5)
        w = rng.choice([-1.0, 1.0]) * np.array([-0.2, 1.0, 1.0, -1.0, 0.0])
        y = X @ w + 0.1 * rng.standard_normal(n)
        y -= y.mean()
        lam = float(rng.uniform(0.2, 0.4))
        there, turned = np.linalg.lstsq(X, y, rcond=None)[0][0], cert.lasso_exact(X, y, lam)[0]
        if there * turned < -0.01 and is_sparse(X, y, lam):
            return X, y, lam


def _draw(rng: np.random.Generator) -> list[Case]:
    """More rows than columns throughout, so that wrong signs in the system end in an answer and never in an error."""
    problems = {
        "more rows than columns": sparse(rng, size(rng, 24), 5),
        "few rows, few columns": sparse(rng, size(rng, 6), 4),
        "almost as many columns as rows": sparse(rng, size(rng, 8), 6),
        "a coefficient against its column's covariance with y": _against_covariance(rng),
        "a coefficient against its sign in least squares": _against_least_squares(rng),
    }
    return [call(TARGET, *problem, name=name) for name, problem in problems.items()]


def _edges() -> list[Case]:
    rng = np.random.default_rng(1996)
    X, y, lam = sparse(rng, 12, 5, correlation=0.5)
    w = cert.lasso_exact(X, y, lam)
    # Of a column in use, its opposite: together they can be in use with many splits of one coefficient.
    opposite = np.column_stack([-X[:, int(np.argmax(np.abs(w)))], X])
    wide = sparse(rng, 5, 6)
    # In whole numbers nothing is rounded where the first column enters.
    whole, target = np.array([[2, 1], [-2, 1], [2, -1], [-2, -1]]), np.array([3, -1, 1, -3])

    def case(name: str, *args: object) -> Case:
        return call(TARGET, *args, name=name, edge=True)

    return [
        *edge_problems(TARGET, centred=True),
        unpenalised(TARGET, centred=True),
        case("a column and its opposite", opposite, y, lam),
        case("a penalty that leaves nothing", X, y, 2 * float(np.abs(X.T @ y).max()) / 12),
        case("the smallest penalty that leaves nothing", whole, target, 4.0),
        case("more columns than rows", *wide),
        case("two rows and six columns", np.vstack([x := rng.standard_normal(6), -x]), np.array([2.0, -2.0]), 0.3),
        case("a single row and a single column", np.array([[2.0]]), np.array([-3.0]), 1.0),
    ]


SIGNS = (
    Task(
        "lasso.by_signs",
        (
            *gates(W, section="sec-lasso-signs"),
            Check("in_use", "In every column in use the covariance with the residual is lam with the sign of w there.",
                  "There the penalty has a slope, lam sign(w), and it must cancel the slope of the loss.",
                  needs_value(_in_use), gate=True, section="sec-lasso-kkt"),
            Check("at_rest", "In every column not in use the covariance with the residual is at most lam either way.",
                  "At zero the penalty has a corner; a column that pulls harder than lam leaves it.",
                  needs_value(_at_rest), gate=True, section="sec-lasso-kkt"),
            law("stacked", "The same data written twice give the same coefficients.",
                "The loss is a mean over rows, so repeating every row changes nothing; lam is compared with means.",
                _stacked, weight=0.5, section="sec-lasso-signs"),
            agrees(W, section="sec-lasso-signs", weight=1.0),
            keeps_input("X", "y", "lam", section="sec-lasso-wrong"),
            Check("edge", "It also holds at the edges: equal and opposite columns, one column, zeros only, no penalty, "
                  "whole numbers, single precision.",
                  "Fitted values and the L1 norm are the same for all minimisers; of these, one with independent "
                  "columns in use is asked for.",
                  _edge, edge=True, section="sec-lasso-unique", after=("agrees",)),
        ),
        draw=_draw,
        edges=_edges,
        forbids=LIBRARY,
    ),
)  # fmt: skip
