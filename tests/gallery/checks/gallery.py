"""The checks of the gallery: one task for each form in which code is called and answers."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.checks.base import Case, Earlier, Measure, Ref, Step, Task, Trial, call, callback, fact
from autograder.checks.common import Part, agrees, apart, asks, gates, keeps_input, law, left, point, relative

Rng = np.random.Generator

# --- a function that is handed in ------------------------------------------------------------------

P = Part("w", lambda args: np.shape(args[1]))


def quadratic(data: Any, w: Any) -> Any:
    """Gradient ``A w - b`` at a point."""
    A, b = data
    return A @ point(w, b) - b


def _slow(rng: Rng, p: int) -> tuple[Any, Any, float, float]:
    """A quadratic whose gradient lies in one eigenvector all along, so that the count of steps is exact."""
    Q = np.linalg.qr(rng.normal(size=(p, p)))[0]
    values = np.linspace(0.3, 1.0, p) * rng.uniform(1.0, 3.0)
    return Q @ np.diag(values) @ Q.T, Q[:, 0] * rng.uniform(1.0, 2.0), float(values[-1]), float(values[0])


def _descents(rng: Rng) -> list[Case]:
    cases = []
    for p in (2, 3, 5):
        A, b, L, _ = _slow(rng, p)
        handle = callback(quadratic, (A, b), max_calls=1000)
        cases.append(call("gallery.descend", handle, np.zeros(p), L, 1e-8, name=f"a quadratic in {p} variables"))
    return cases


def _stationary(trial: Trial) -> Measure:
    A, b = trial.args[0].data
    norm = float(np.linalg.norm(A @ trial.value - b))
    return Measure(norm, 2 * trial.args[3], f"the gradient has norm {norm:.1e}")


def _steps(trial: Trial) -> int:
    (A, b), L, tol = trial.args[0].data, trial.args[2], trial.args[3]
    m = np.linalg.eigvalsh(A)[0]
    return int(np.ceil(np.log(np.linalg.norm(b) / tol) / -np.log1p(-m / L))) + 2


DESCEND = Task(
    "gallery.descend",
    (
        *gates(P, section="sec-gallery-callback"),
        law("certified", "The gradient at w is as small as was asked.", "A small gradient proves that w is near.",
            _stationary, section="sec-gallery-callback"),
        asks("gallery.quadratic", _steps, section="sec-gallery-callback", what="the gradient"),
        keeps_input("gradient", "w", "L", "tol", section="sec-gallery-callback"),
    ),
    draw=_descents,
)  # fmt: skip

# --- a loss and a penalty by name ------------------------------------------------------------------

W = Part("w", lambda args: (np.shape(args[2])[1],))


def _pairs(rng: Rng) -> list[Case]:
    cases = []
    for l1_ratio in (1.0, 0.5, 0.0):
        X, y = rng.normal(size=(12, 4)), rng.normal(size=12)
        penalty = Ref("gallery_penalties.ElasticNet", {"l1_ratio": l1_ratio})
        args = (Ref("gallery_penalties.Squares"), penalty, X, y, float(rng.uniform(0.1, 0.2)))
        cases.append(call("gallery.minimise", *args, name=f"squares and an elastic net, l1_ratio {l1_ratio}"))
    return cases


def _fixed(trial: Trial) -> Measure:
    _, penalty, X, y, lam = trial.args
    ratio, w = penalty.kwargs["l1_ratio"], trial.value
    z = w - X.T @ (X @ w - y) / len(y)
    proximal = np.sign(z) * np.maximum(np.abs(z) - lam * ratio, 0.0) / (1.0 + lam * (1.0 - ratio))
    return apart(relative(proximal, w), "w and the proximal point of a step of length 1 from it")


MINIMISE = Task(
    "gallery.minimise",
    (
        *gates(W, section="sec-gallery-pair"),
        law("fixed", "A proximal gradient step of any length leaves w where it is.",
            "That is what being a minimiser of loss plus penalty means.", _fixed, section="sec-gallery-pair"),
        agrees(W, section="sec-gallery-pair"),
        keeps_input("loss", "penalty", "X", "y", "lam", section="sec-gallery-pair"),
    ),
    draw=_pairs,
    forbids=("sklearn.linear_model.ElasticNet",),
)  # fmt: skip

# --- an estimator, by its handle -------------------------------------------------------------------

E, CLONE = Earlier(0), Earlier(8)
COEF, PREDICTED, ALPHA, KEPT, VARS, PARAMS, REFIT = 2, 3, 4, 6, 9, 10, 13


def _lives(rng: Rng) -> list[Case]:
    """One life of an estimator: made, fitted, changed, cloned, fitted again."""
    target, cases = "gallery_estimators.Ridge", []
    for n in (6, 8, 9):
        X, y, new = rng.normal(size=(n, 3)), rng.normal(size=n), rng.normal(size=(2, 3))
        a, b = rng.uniform(0.5, 1.0), rng.uniform(5.0, 9.0)
        steps = (
            Step("new", target, (), {"alpha": a}), Step("method", "fit", (E, X, y)),
            Step("get", "coef_", (Earlier(1),)),
            Step("method", "predict", (E, new)), Step("get", "alpha", (E,)),
            Step("set_params", "", (E,), {"alpha": b}), Step("get", "coef_", (E,)),
            Step("get", "alpha", (E,)), Step("clone", "", (E,)), Step("get", "__dict__", (CLONE,)),
            Step("method", "get_params", (CLONE,)), Step("method", "fit", (E, X, y)),
            Step("get", "coef_", (E,)), Step("get", "coef_", (Earlier(1),)),
        )  # fmt: skip
        cases.append(Case(f"a life with {n} rows", steps))
    return cases


def _data(trial: Trial) -> tuple[Any, ...]:
    steps = trial.case.steps
    return (*steps[1].args[1:], steps[3].args[1], steps[0].kwargs["alpha"], steps[5].kwargs["alpha"])


def _normal(X: Any, y: Any, w: Any, alpha: float) -> float:
    return float(np.linalg.norm(X.T @ (X @ w - y) + alpha * w) / np.linalg.norm(X.T @ y))


def _fits(trial: Trial) -> Measure:
    X, y, _, alpha, _ = _data(trial)
    return left("the gradient at coef_", _normal(X, y, trial.outcome.values[COEF], alpha))


def _predicts(trial: Trial) -> Measure:
    _, _, new, _, _ = _data(trial)
    values = trial.outcome.values
    return apart(relative(values[PREDICTED], new @ values[COEF]), "predictions and new rows times coef_")


def _leaves(trial: Trial) -> Measure:
    kept = trial.outcome.values[ALPHA] == trial.case.steps[0].kwargs["alpha"]
    return fact(kept, "alpha as it was given" if kept else "alpha is another after fit")


def _waits(trial: Trial) -> Measure:
    values = trial.outcome.values
    return apart(relative(values[KEPT], values[COEF]), "coef_ before and after set_params")


def _refits(trial: Trial) -> Measure:
    X, y, _, _, alpha = _data(trial)
    # Read from what the first fit returned: that must be the estimator itself.
    return left("the gradient at coef_ after the second fit", _normal(X, y, trial.outcome.values[REFIT], alpha))


def _unfitted(trial: Trial) -> Measure:
    held, params = trial.outcome.values[VARS], trial.outcome.values[PARAMS]
    fitted = [name for name in held if name.endswith("_") and not name.startswith("_")]
    same = params == {"alpha": trial.case.steps[5].kwargs["alpha"]}
    return fact(not fitted and same, "a clone that is fitted, or has other parameters" if fitted or not same else "so")


ESTIMATOR = Task(
    "gallery.estimator",
    (
        *gates(Part("coef_", lambda args: (3,)), section="sec-gallery-estimator"),
        law("fits", "The gradient is zero at coef_ after fit.", "It then minimises the objective.", _fits,
            section="sec-gallery-estimator"),
        law("predicts", "A prediction is the row times coef_.", "The model is linear.", _predicts,
            section="sec-gallery-estimator"),
        law("leaves", "fit changes no parameter.", "A second fit would start elsewhere.", _leaves,
            section="sec-gallery-estimator"),
        law("waits", "set_params fits nothing.", "Only fit sees data.", _waits, section="sec-gallery-estimator"),
        law("refits", "fit returns the estimator, and fits anew after set_params.",
            "A grid search does nothing else.", _refits, section="sec-gallery-estimator"),
        law("clones", "A clone has the parameters and is not fitted.", "Cross-validation relies on it.", _unfitted,
            section="sec-gallery-estimator"),
        keeps_input("estimator", "X", "y", section="sec-gallery-estimator"),
    ),
    draw=_lives,
    forbids=("sklearn.linear_model.Ridge", "sklearn.linear_model.ridge_regression"),
)  # fmt: skip

# --- a generator -----------------------------------------------------------------------------------

FIRST = 4


def _walks(rng: Rng) -> list[Case]:
    cases = []
    for p in (1, 2, 4):
        A, b, L, _ = _slow(rng, p)
        handle = callback(quadratic, (A, b), max_calls=20)
        begin = Step("call", "gallery.iterates", (handle, rng.normal(size=p), 0.5 / L))
        cases.append(Case(f"the first points in {p} variables", (begin, *[Step("next", "", (Earlier(0),))] * FIRST)))
    return cases


def _walk(trial: Trial) -> Measure:
    handle, w, step = trial.case.steps[0].args
    errors = []
    for got in trial.outcome.values[1:]:
        errors.append(relative(got, w))
        w = w - step * quadratic(handle.data, w)
    return apart(float(np.max(errors)), "the points and those of gradient descent")


ITERATES = Task(
    "gallery.iterates",
    (
        *gates(Part("w", lambda args: ()), section="sec-gallery-generator")[:1],
        law("walks", "Each point is the one before, less step times the gradient there.",
            "That is gradient descent; the first point is the given one.", _walk, section="sec-gallery-generator"),
        asks("gallery.quadratic", lambda trial: FIRST - 1, section="sec-gallery-generator", what="the gradient"),
    ),
    draw=_walks,
)  # fmt: skip

# --- a record --------------------------------------------------------------------------------------

M, GAP = Part("m", lambda args: ()), Part("gap", lambda args: ())


def _means(rng: Rng) -> list[Case]:
    return [
        call("gallery.certified_mean", rng.normal(size=n) + 3.0, lam, name=f"{n} numbers, lam {lam}")
        for n, lam in ((5, 0.5), (8, 1.0), (6, 20.0), (7, 10.0))
    ]


def _shrunk(trial: Trial) -> Measure:
    y, lam = trial.args
    m, slope = trial.value["m"], trial.value["m"] - float(np.mean(y))
    error = abs(slope + lam * np.sign(m)) if m else max(abs(slope) - lam, 0.0)
    return left("the distance of 0 from the subdifferential at m", float(error) / (1.0 + lam))


def _closed(trial: Trial) -> Measure:
    gap = trial.value["gap"]
    return Measure(abs(gap) if gap >= -1e-9 else np.inf, 1e-9, f"a gap of {gap:.1e}")


CERTIFIED_MEAN = Task(
    "gallery.certified_mean",
    (
        *gates(M, GAP, section="sec-gallery-record"),
        law("optimal", "0 is in the subdifferential at m.", "So m is a minimiser.", _shrunk,
            section="sec-gallery-record"),
        law("closed", "The gap is zero, up to rounding.", "Primal and dual meet at the optimum.", _closed,
            section="sec-gallery-record"),
        agrees(M, GAP, section="sec-gallery-record"),
        keeps_input("y", "lam", section="sec-gallery-record"),
    ),
    draw=_means,
)  # fmt: skip

TASKS = (DESCEND, MINIMISE, ESTIMATOR, ITERATES, CERTIFIED_MEAN)
