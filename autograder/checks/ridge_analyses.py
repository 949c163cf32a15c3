"""The analyses of the ridge chapter: real data, judged by laws of the answer and never by a stored one.

The data are public.  Each analysis is asked on the whole table, which a notebook shows, and on random
parts of it, so that an answer is computed and not copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.checks import certificates as cert
from autograder.checks.base import Case, Check, Measure, Task, Trial, answered, fact
from autograder.checks.common import GATE, LIBRARY, Floats, apart, entries, floats, law, left, needs_value, relative
from autograder.checks.draws import Rows, read_table, some_rows, standardised


def _singular_values(X: Floats) -> Floats:
    return np.asarray(np.linalg.svd(standardised(X)[0], compute_uv=False), dtype=np.float64)


def _rms(values: Floats) -> float:
    return float(np.sqrt(np.mean(values**2)))


# --- prostate ------------------------------------------------------------------------------------


def _prostate_cases(rng: np.random.Generator) -> list[Case]:
    table = read_table("prostate.csv")
    lams = np.geomspace(1e-4, 1e2, 61)
    n = len(table)

    def some(size: int) -> Rows:
        while not _clear(table[rows := some_rows(rng, n, size), :8], table[rows, 8], lams):
            pass
        return rows

    def case(name: str, rows: Rows) -> Case:
        return answered(name=name, X=table[rows, :8], y=table[rows, 8], lams=lams)

    return [
        case("all men", np.arange(n)),
        case("two thirds of the men", some(65)),
        case("half of the men", some(48)),
        case("another half of the men", some(49)),
    ]


def _clear(X: Floats, y: Floats, lams: Floats) -> bool:
    """Whether the same lam is best by a scale a few per cent off and by leverages without the intercept's 1/n.

    Otherwise it would be luck whether such a slip shows in the lam that is chosen as well as in its own place.
    """
    curves = (*(_loo_curve(X, y, lams * scale) for scale in (0.95, 0.97, 1.0, 1.03, 1.05)), _loo_curve(X, y, lams, 0.0))
    return len({int(np.argmin(curve)) for curve in curves}) == 1


def _loo_curve(X: Floats, y: Floats, lams: Floats, intercept: float = 1.0) -> Floats:
    """Root mean square leave-one-out error at each of `lams`; `intercept` is n times its leverage."""
    # Written out by one factorisation: sixty times n refits would keep a reader waiting.
    U, d, _ = np.linalg.svd(standardised(X)[0], full_matrices=False)
    centred, n = y - y.mean(), len(y)
    F = d[:, None] ** 2 / (d[:, None] ** 2 + n * lams)
    residuals = centred[:, None] - U @ (F * (U.T @ centred)[:, None])
    return np.asarray(np.sqrt(np.mean((residuals / (1 - intercept / n - U**2 @ F)) ** 2, axis=0)))


def _prostate_shapes(inputs: Mapping[str, Any]) -> Mapping[str, tuple[int, ...]]:
    return {"lam": (), "w": (np.shape(inputs["X"])[1],), "b": (), "loo": (), "df": ()}


def _loo(X: Floats, y: Floats, lam: float) -> float:
    return _rms(cert.deleted_residuals(standardised(X)[0], y, lam))


def _on_grid(trial: Trial) -> Measure:
    lam, lams = float(trial.value["lam"]), trial.inputs["lams"]
    found = bool(np.isclose(lam, lams, rtol=1e-9, atol=0.0).any())
    return fact(found, f"lam is {'one' if found else 'none'} of lams")


def _loo_chosen(trial: Trial) -> Measure:
    X, y, lams = (trial.inputs[name] for name in ("X", "y", "lams"))
    lam = float(trial.value["lam"])
    errors = _loo_curve(X, y, np.append(lam, lams))
    excess = errors[0] / min(errors) - 1
    return Measure(excess, 1e-9, f"the leave-one-out error at this lam is {excess:.1e} above the least of the grid")


def _fit_optimal(trial: Trial) -> Measure:
    X, y = trial.inputs["X"], trial.inputs["y"]
    Z, _, scale = standardised(X)
    # With y centred as well, a large b cannot hide the gradient among its own terms.
    gradient = cert.ridge_gradient(Z, y - y.mean(), scale * floats(trial.value["w"]), float(trial.value["lam"]))
    return left("the gradient, for the standardised columns and the lam given,", gradient)


def _fit_free(trial: Trial) -> Measure:
    X, y = trial.inputs["X"], trial.inputs["y"]
    return left("the mean residual y − X w − b", cert.mean_residual(X, y, trial.value["w"], float(trial.value["b"])))


def _loo_reported(trial: Trial) -> Measure:
    error = relative(trial.value["loo"], _loo(trial.inputs["X"], trial.inputs["y"], float(trial.value["lam"])))
    return apart(error, "loo, and the root mean square of the errors of refitting without each row", 1e-6)


def _df_reported(trial: Trial) -> Measure:
    d, n = _singular_values(trial.inputs["X"]), len(trial.inputs["y"])
    df = float(np.sum(d**2 / (d**2 + n * float(trial.value["lam"]))))
    return apart(relative(trial.value["df"], df), "df, and the trace of the hat matrix less the intercept's 1", 1e-6)


PROSTATE = Task(
    "ridge.prostate",
    (
        *entries(_prostate_shapes, "sec-ridge-loo"),
        Check("grid", "lam is one of lams.",
              "What is said of a fit belongs to a lam: at one that was not offered, the rest answers another question.",
              needs_value(_on_grid), weight=GATE, gate=True, section="sec-ridge-loo"),
        law("chosen", "No lam of the grid has a smaller leave-one-out error.",
            "The training error always asks for the smallest lam; only rows that were not fitted can choose.",
            _loo_chosen, weight=2.0, section="sec-ridge-loo"),
        law("optimal", "w, in the units of each standardised column, minimises the objective at this lam.",
            "A zero gradient proves it; lam has its meaning on the standardised columns.",
            _fit_optimal, weight=2.0, section="sec-ridge-certificate"),
        law("free", "The residuals y − X w − b have mean zero.",
            "w and b are asked for the columns as they come; an intercept in other units shows here.",
            _fit_free, section="sec-ridge-intercept"),
        law("loo", "loo is the root mean square leave-one-out error at this lam.",
            "It is what a new row should be expected to cost, in units of the target.",
            _loo_reported, weight=1.5, section="sec-ridge-loo"),
        law("df", "df is the sum of the filter factors at this lam.",
            "Eight shrunk coefficients are worth fewer than eight free ones.",
            _df_reported, section="sec-ridge-df"),
    ),
    draw=_prostate_cases,
    forbids=LIBRARY,
)  # fmt: skip

# --- longley -------------------------------------------------------------------------------------


def _longley_cases(rng: np.random.Generator) -> list[Case]:
    table = read_table("longley.csv")
    lams = np.append(0.0, np.geomspace(1e-4, 1.0, 33))

    def case(name: str, unit: float, rows: Rows) -> Case:
        X, y = table[rows, 1:], table[rows, 0]
        return answered(name=name, X=X, y=y, unit=unit, rounded=unit * np.round(y / unit), lams=lams)

    n = len(table)
    return [
        case("all years, rounded to half a million", 500.0, np.arange(n)),
        case("all years, another unit", 50.0 * rng.integers(3, 9), np.arange(n)),
        case("all years but one", 50.0 * rng.integers(11, 20), some_rows(rng, n, n - 1)),
        case("all years but two", 50.0 * rng.integers(3, 20), some_rows(rng, n, n - 2)),
    ]


def _longley_shapes(inputs: Mapping[str, Any]) -> Mapping[str, tuple[int, ...]]:
    each = np.shape(inputs["lams"])
    return {"condition": (), "moved": each, "expected": each, "lam": ()}


def _condition(trial: Trial) -> Measure:
    d = _singular_values(trial.inputs["X"])
    return apart(relative(trial.value["condition"], d[0] / d[-1]), "condition, and largest over smallest d", 1e-6)


def _moved(trial: Trial) -> Measure:
    Z, lams = standardised(trial.inputs["X"])[0], trial.inputs["lams"]
    n, p = Z.shape
    change = trial.inputs["rounded"] - trial.inputs["y"]
    change = np.append(change - change.mean(), np.zeros(p))
    # The estimate is linear in y, so what it moves by is the estimate for the change of y.
    moved = [
        np.linalg.norm(np.linalg.lstsq(np.vstack([Z, np.sqrt(n * lam) * np.eye(p)]), change, rcond=None)[0])
        for lam in lams
    ]
    return apart(relative(trial.value["moved"], moved), "moved, and the distances between the two estimates", 1e-6)


def _expected_moves(inputs: Mapping[str, Any]) -> Floats:
    d, n = _singular_values(inputs["X"]), len(inputs["y"])
    per_unit = [np.linalg.norm(d / (d**2 + n * lam)) for lam in inputs["lams"]]
    return np.asarray(inputs["unit"] / np.sqrt(12) * np.array(per_unit))


def _expected(trial: Trial) -> Measure:
    error = relative(trial.value["expected"], _expected_moves(trial.inputs))
    return apart(error, "expected, and the root of the summed variances", 1e-6)


def _calm(trial: Trial) -> Measure:
    lams, moves = trial.inputs["lams"], _expected_moves(trial.inputs)
    smallest = float(lams[np.argmax(moves <= moves[0] / 10)])
    lam = float(trial.value["lam"])
    said = "lam is none of lams"
    if np.isclose(lam, lams, rtol=1e-9, atol=0.0).any():
        said = "lam is the smallest that calms the estimate to a tenth"
        if lam < smallest:
            said = "at this lam more than a tenth of the expected movement is left"
        elif lam > smallest:
            said = "a smaller lam of the grid is enough"
    return fact(bool(np.isclose(lam, smallest, rtol=1e-9)), said)


LONGLEY = Task(
    "ridge.longley",
    (
        *entries(_longley_shapes, "sec-ridge-svd"),
        law("condition", "condition is the largest singular value of the standardised columns over the smallest.",
            "It says how unevenly the data determine the directions, and that of XᵀX is its square.",
            _condition, section="sec-ridge-augmented"),
        law("moved", "moved holds the distance between the two estimates, for each lam in its place.",
            "A coefficient that rounding moves is not known from these data.",
            _moved, weight=2.0, section="sec-ridge-svd"),
        law("expected", "expected holds the root of the summed variances that errors of rounding cause.",
            "Along each direction the estimate is linear in y, so a variance passes through it squared.",
            _expected, weight=2.0, section="sec-ridge-better"),
        law("lam", "lam is the smallest of the grid at which at most a tenth of the movement expected at 0 is left.",
            "The weak directions calm down first, and cost the fit least.", _calm, section="sec-ridge-svd"),
    ),
    draw=_longley_cases,
    forbids=LIBRARY,
)  # fmt: skip

ANALYSES = (PROSTATE, LONGLEY)
