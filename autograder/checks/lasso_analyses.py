"""The analyses of the lasso chapter: data judged by laws of the answer and never by a stored one.

Two are of real data, asked on the whole table, which a notebook shows, and on parts or other forms of it.
The other two ask for something of which there are many: two minimisers, and data that do what was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from autograder.checks import certificates as cert
from autograder.checks.base import Case, Check, Limits, Measure, Task, Trial, answered, fact
from autograder.checks.common import GATE, LIBRARY, Floats, apart, entries, floats, law, left, needs_value, relative
from autograder.checks.draws import Rows, read_table, size, some_rows, sparse, standardised

# --- reactor -------------------------------------------------------------------------------------


def _reactor_cases(rng: np.random.Generator) -> list[Case]:
    runs = read_table("reactor.csv")
    F, y = runs[:, :5], runs[:, 5]

    def shuffled(name: str, rows: Rows, factors: list[int]) -> Case:
        """The runs in another order, the factors in another order and with levels exchanged."""
        chosen = rng.permutation(rows)
        levels = F[np.ix_(chosen, rng.permutation(factors))]
        return answered(name=name, F=levels * rng.choice([-1.0, 1.0], len(factors)), y=y[chosen])

    def half(name: str, held: int) -> Case:
        """The runs at one level of a factor, which then is none."""
        return shuffled(name, np.flatnonzero(F[:, held] == rng.choice([-1.0, 1.0])), [j for j in range(5) if j != held])

    return [
        answered(name="all thirty-two runs", F=F, y=y),
        shuffled("all runs, in another order, factors turned", np.arange(len(y)), list(range(5))),
        half("the runs at one agitation rate", 2),
        half("the runs at one concentration", 4),
    ]


def _effects(F: Floats) -> Floats:
    k = F.shape[1]
    return np.column_stack([F[:, c].prod(axis=1) for size in range(1, k + 1) for c in combinations(range(k), size)])


def _covariances(trial: Trial) -> Floats:
    y = trial.inputs["y"]
    return np.asarray(_effects(trial.inputs["F"]).T @ (y - y.mean()) / len(y))


def _reactor_shapes(inputs: Mapping[str, Any]) -> Mapping[str, tuple[int, ...]]:
    effects = (2 ** np.shape(inputs["F"])[1] - 1,)
    return {"lam": (), "w": effects, "b": (), "refit": effects}


def _selects(trial: Trial) -> Measure:
    lam, w, z = float(trial.value["lam"]), floats(trial.value["w"]), _covariances(trial)
    if lam <= 0:
        return fact(False, "lam is not above 0, so nothing is penalised and nothing selected")
    if lam >= np.abs(z).max() or not w.any():
        return fact(False, "no effect is in use")
    # Some effect may be 0 in least squares as well, up to its rounding; so w is compared, and zeros are not counted.
    if relative(w, z) < 1e-3:
        return fact(False, "w is least squares: every effect is in use, so nothing was selected")
    return fact(True, "some effects are in use")


def _universal(trial: Trial) -> Measure:
    sizes = np.abs(_covariances(trial))
    wanted = np.median(sizes) / 0.6745 * np.sqrt(2 * np.log(len(sizes)))
    return apart(relative(trial.value["lam"], wanted), "lam, and the threshold that the median asks for", 1e-4)


def _effects_optimal(trial: Trial) -> Measure:
    F, y, value = trial.inputs["F"], trial.inputs["y"], trial.value
    distance = cert.lasso_distance(_effects(F), y - y.mean(), floats(value["w"]), float(value["lam"]))
    return left("the distance to the subgradients, at the lam given and in the worst column,", distance)


def _effects_free(trial: Trial) -> Measure:
    F, y, value = trial.inputs["F"], trial.inputs["y"], trial.value
    return left("the mean residual", cert.mean_residual(_effects(F), y, floats(value["w"]), float(value["b"])))


def _refitted(trial: Trial) -> Measure:
    used = floats(trial.value["w"]) != 0
    if not used.any():
        return fact(False, "no effect is in use, so nothing can be fitted again")
    refit = floats(trial.value["refit"])
    if np.any(refit[~used] != 0):
        return fact(False, "refit is not 0 at some effect that is 0 in w")
    # The columns are orthogonal, so least squares on some of them is the covariance of each.
    wanted = np.where(used, _covariances(trial), 0.0)
    return apart(relative(refit, wanted), "refit, and least squares on the effects in use", 1e-7)


REACTOR = Task(
    "lasso.reactor",
    (
        *entries(_reactor_shapes, "sec-lasso-orthogonal"),
        Check("selects", "lam is above 0, some effect is in use, and w is not least squares.",
              "Where all are in use nothing is selected, and where none is nothing can be learnt from w.",
              needs_value(_selects), weight=GATE, gate=True, section="sec-lasso-orthogonal"),
        law("lam", "lam is the threshold of the rule, with the noise taken from the median.",
            "Most effects are noise, so the middle one tells its size, whatever the few large ones are.",
            _universal, weight=1.5, section="sec-lasso-orthogonal"),
        law("optimal", "w minimises the lasso objective at this lam, in every one of the columns.",
            "A subgradient that cancels the gradient proves it, for the columns in the order asked.",
            _effects_optimal, weight=2.0, section="sec-lasso-kkt"),
        law("free", "The residuals have mean zero.", "The intercept is not penalised.",
            _effects_free, weight=0.5, section="sec-lasso-orthogonal"),
        law("refit", "refit is least squares on the effects in use, and 0 elsewhere.",
            "The lasso moves every effect that it keeps by lam; fitting again undoes that, and selects nothing.",
            _refitted, section="sec-lasso-orthogonal"),
    ),
    draw=_reactor_cases,
    forbids=LIBRARY,
)  # fmt: skip

# --- diabetes ------------------------------------------------------------------------------------

PROMISED = 1e-4  # scikit-learn's default tolerance: of the gap of the sum of squares, relative to that of the target
CERTIFIED = 1e-8  # of a violation, relative to lam


def _diabetes_cases(rng: np.random.Generator) -> list[Case]:
    from sklearn.datasets import load_diabetes

    X, y = load_diabetes(return_X_y=True, scaled=False)

    def case(name: str, rows: Rows, lam: float, dropped: bool) -> Case | None:
        """The case, or None where some coefficient is decided by a rounding or none is zero."""
        Z, target = standardised(X[rows])[0], y[rows] - y[rows].mean()
        w = cert.lasso_exact(Z, target, lam)
        slack = lam - np.abs(Z.T @ (target - Z @ w)) / len(rows)
        if np.all(w != 0) or np.any(np.where(w == 0, slack / lam, np.abs(w)) < 5e-3):
            return None
        # What is reported violates most where it lacks a column, or where one in use has too little left.
        reported = w.copy()
        smallest, largest = np.argsort(np.where(w == 0, np.inf, np.abs(w)))[0], np.argmax(np.abs(w))
        if dropped:
            reported[smallest] = 0
        else:
            reported[largest] += np.sign(w[largest]) * lam / 2
        return answered(name=name, X=X[rows], y=y[rows], lam=lam, reported=reported)

    def half(name: str, dropped: bool) -> Case:
        while True:
            rows = some_rows(rng, len(y), len(y) // 2 + int(rng.integers(0, 5)))
            if found := case(name, rows, float(np.round(10 ** rng.uniform(-1, 0), 4)), dropped):
                return found

    # At this lam the default settings leave a coefficient that is no zero where a zero is due.
    whole = case("all patients", np.arange(len(y)), 0.1035, True)
    assert whole is not None
    return [whole, half("half of the patients", False), half("another half", True), half("a third half", False)]


def _diabetes_shapes(inputs: Mapping[str, Any]) -> Mapping[str, tuple[int, ...]]:
    each = (np.shape(inputs["X"])[1],)
    return {"w": each, "b": (), "correlations": each, "violation": (), "w_default": each, "violation_default": (),
            "violation_reported": (), "wrong_column": ()}  # fmt: skip


def _problem(trial: Trial) -> tuple[Floats, Floats, float]:
    X, y, lam = (trial.inputs[name] for name in ("X", "y", "lam"))
    return standardised(X)[0], y - y.mean(), lam


def _violations(X: Floats, y: Floats, w: Floats, lam: float) -> Floats:
    """The distance of minus the gradient to the subgradients for each column, in the units of `lam`."""
    pull = X.T @ (y - X @ w) / len(y)
    return np.where(w == 0, np.maximum(np.abs(pull) - lam, 0), np.abs(pull - lam * np.sign(w)))


def _violation(X: Floats, y: Floats, w: Floats, lam: float) -> float:
    return float(_violations(X, y, w, lam).max())


def _violation_at(trial: Trial, w: Floats) -> float:
    Z, target, lam = _problem(trial)
    return _violation(Z, target, w, lam)


def _certified(trial: Trial) -> Measure:
    share = _violation_at(trial, floats(trial.value["w"])) / trial.inputs["lam"]
    return Measure(share, CERTIFIED, f"the worst column is {share:.1e} lam away, where {CERTIFIED:.0e} lam is allowed")


def _of_the_minimiser(test: Callable[[Trial], Measure]) -> Callable[[Trial], Measure | None]:
    """Where w is no minimiser, what is right of it alone counts for nothing: zeros have an intercept as well."""
    return needs_value(lambda trial: test(trial) if _certified(trial).passed else fact(False, "w is no minimiser"))


def _height(trial: Trial) -> Measure:
    X, y, value = trial.inputs["X"], trial.inputs["y"], trial.value
    Z = standardised(X)[0]
    return left("the mean residual y − Z w − b", cert.mean_residual(Z, y, floats(value["w"]), float(value["b"])))


def _covariances_told(trial: Trial) -> Measure:
    Z, target, _ = _problem(trial)
    wanted = Z.T @ (target - Z @ floats(trial.value["w"])) / len(target)
    return apart(relative(trial.value["correlations"], wanted), "correlations, and the covariances at w", 1e-6)


def _violation_told(trial: Trial) -> Measure:
    lam = trial.inputs["lam"]
    if float(trial.value["violation"]) < 0:
        return fact(False, "violation is negative, and a distance is not")
    error = abs(float(trial.value["violation"]) - _violation_at(trial, floats(trial.value["w"]))) / lam
    return Measure(error, CERTIFIED / 2, f"violation, and what w has, differ by {error:.1e} lam")


def _defaults(trial: Trial) -> Measure:
    Z, target, lam = _problem(trial)

    def value(w: Floats) -> float:
        return float(np.mean((target - Z @ w) ** 2)) / 2 + lam * float(np.abs(w).sum())

    if _violation_at(trial, floats(trial.value["w_default"])) <= CERTIFIED * lam:
        return fact(False, "w_default is as good as the answer asked for w: the default settings do not reach that")
    excess = value(floats(trial.value["w_default"])) - value(cert.lasso_exact(Z, target, lam))
    share = excess / float(np.mean(target**2))
    return Measure(share, PROMISED, f"the objective at w_default is {share:.1e} of the mean square of y above the "
                   f"least; the default settings promise {PROMISED:.0e}")  # fmt: skip


def _default_told(trial: Trial) -> Measure:
    wanted = _violation_at(trial, floats(trial.value["w_default"]))
    return apart(relative(trial.value["violation_default"], wanted), "violation_default, and what w_default has", 1e-6)


def _reported_told(trial: Trial) -> Measure:
    wanted = _violation_at(trial, floats(trial.inputs["reported"]))
    return apart(relative(trial.value["violation_reported"], wanted), "violation_reported, and what reported has", 1e-6)


def _worst_named(trial: Trial) -> Measure:
    Z, target, lam = _problem(trial)
    found = float(trial.value["wrong_column"])
    if found not in range(Z.shape[1]):
        return fact(False, f"wrong_column is no index of a column: these are whole numbers from 0 to {Z.shape[1] - 1}")
    violations = _violations(Z, target, floats(trial.inputs["reported"]), lam)
    # One coefficient was changed, and a column feels that by its correlation with that one: no other as much.
    share = float(violations[int(found)] / violations.max())
    return fact(share > 1 - 1e-9, f"in that column reported breaks the conditions {share:.2g} times as much as in the "
                "worst" if share <= 1 - 1e-9 else "the worst column")  # fmt: skip


DIABETES = Task(
    "lasso.diabetes",
    (
        *entries(_diabetes_shapes, "sec-lasso-certificate"),
        law("optimal", "w minimises the objective on the standardised columns: its violation is at most 1e-8 lam.",
            "The conditions say how near a vector is, whoever computed it.",
            _certified, weight=2.5, section="sec-lasso-kkt"),
        Check("free", "The residuals y − Z w − b have mean zero.",
              "The intercept is not penalised; with centred columns it is the mean of y.",
              _of_the_minimiser(_height), weight=0.5, section="sec-lasso-wrong", after=("optimal",)),
        Check("correlations", "correlations are the covariances of the columns with the residual at w.",
              "For the columns in use they are lam with the sign of the coefficient, and for the others no larger.",
              _of_the_minimiser(_covariances_told), section="sec-lasso-kkt", after=("optimal",)),
        Check("violation", "violation is the largest distance to the subgradients at w.",
              "A certificate counts only if it is that of the answer it comes with.",
              _of_the_minimiser(_violation_told), section="sec-lasso-kkt", after=("optimal",)),
        law("default", "w_default keeps what the default settings promise, and no more.",
            "The tolerance is one of the objective, which is flat around its minimum.",
            _defaults, section="sec-lasso-library"),
        law("violation_default", "violation_default is the largest distance to the subgradients at w_default.",
            "A coefficient that ought to be zero and is not shows here, and hardly in the objective.",
            _default_told, weight=0.5, section="sec-lasso-kkt"),
        law("violation_reported", "violation_reported is the largest distance to the subgradients at reported.",
            "Whether a column is in use decides what is asked of its covariance.",
            _reported_told, section="sec-lasso-kkt"),
        law("wrong_column", "wrong_column is where reported is farthest from the subgradients.",
            "The conditions are one a column, so they say where an answer is wrong, and not only that it is.",
            _worst_named, section="sec-lasso-kkt"),
    ),
    draw=_diabetes_cases,
    limits=Limits(call_seconds=20, task_seconds=60),  # the library alone takes seconds to load
)  # fmt: skip

# --- twins ---------------------------------------------------------------------------------------

MINIMAL = 1e-6  # of a violation, relative to lam
SHARE = 0.01  # of the sum of absolute values, so that what a rounding leaves at a twin is no split
SHARED = 1e-5  # what two vectors of such violations may differ by in what all minimisers share


def _twins_cases(rng: np.random.Generator) -> list[Case]:
    def case(name: str, n: int, equal: bool, opposite: bool) -> Case:
        """Four columns, one of them again and one with its sign turned; those `equal` and `opposite` are in use."""
        while True:
            X, y, lam = sparse(rng, n, 4)
            w = cert.lasso_exact(X, y, lam)
            used = rng.permutation(np.flatnonzero(np.abs(w) > 0.2 * np.abs(w).sum()))
            unused = rng.permutation(np.flatnonzero(w == 0))
            if len(used) >= 2 and len(unused) >= 1:
                break
        again = used[0] if equal else unused[0]
        turned = used[1] if opposite else unused[0]
        six = np.column_stack([X, X[:, again], -X[:, turned]])
        return answered(name=name, X=six[:, rng.permutation(6)], y=y, lam=lam)

    return [
        case("both twins in use", size(rng, 16), True, True),
        case("the equal twins in use", size(rng, 12), True, False),
        case("the opposite twins in use", size(rng, 12), False, True),
        case("fewer rows than columns", 5, True, True),
    ]


def _twins_shapes(inputs: Mapping[str, Any]) -> Mapping[str, tuple[int, ...]]:
    each = (np.shape(inputs["X"])[1],)
    return {"w_one": each, "w_other": each}


def _minimises(trial: Trial, entry: str) -> Measure:
    X, y, lam = (trial.inputs[name] for name in ("X", "y", "lam"))
    share = _violation(X, y, floats(trial.value[entry]), lam) / lam
    return Measure(share, MINIMAL, f"the worst column of {entry} is {share:.1e} lam away from a subgradient, where "
                   f"{MINIMAL:.0e} lam is allowed")  # fmt: skip


def _same_fit(trial: Trial) -> Measure:
    X, one, other = trial.inputs["X"], floats(trial.value["w_one"]), floats(trial.value["w_other"])
    return apart(relative(X @ other, X @ one), "the fitted values of the two", SHARED)


def _same_norm(trial: Trial) -> Measure:
    one, other = (float(np.abs(floats(trial.value[entry])).sum()) for entry in ("w_one", "w_other"))
    return apart(relative(other, one), "the sums of absolute values of the two", SHARED)


def _differ(trial: Trial) -> Measure:
    one, other = floats(trial.value["w_one"]), floats(trial.value["w_other"])
    if not _minimises(trial, "w_other").passed:
        return fact(False, "w_other is no minimiser, so its distance from w_one says nothing")
    share = float(np.abs(one - other).sum() / (np.abs(one).sum() or 1.0))
    return fact(share > 0.1, f"the two differ by {share:.1e} of the sum of absolute values; more than 0.1 is asked")


def _split(trial: Trial) -> Measure:
    X = trial.inputs["X"]
    pairs = [(j, k) for j, k in combinations(range(X.shape[1]), 2)
             if np.array_equal(X[:, j], X[:, k]) or np.array_equal(X[:, j], -X[:, k])]  # fmt: skip
    for entry in ("w_one", "w_other"):
        if not _minimises(trial, entry).passed:
            return fact(False, f"{entry} is no minimiser, so how it splits a coefficient says nothing")
        sizes = np.abs(floats(trial.value[entry]))
        if any(min(sizes[j], sizes[k]) > SHARE * sizes.sum() for j, k in pairs):
            return fact(True, f"both columns of a pair are in use in {entry}")
    return fact(False, "in neither of the two does each column of a pair have more than a hundredth of ‖w‖₁")


TWINS = Task(
    "lasso.twins",
    (
        *entries(_twins_shapes, "sec-lasso-unique"),
        Check("one", "w_one minimises the objective: a subgradient cancels the gradient in every column.",
              "Without one minimiser there is nothing that a second could share.",
              needs_value(lambda trial: _minimises(trial, "w_one")), weight=1.0, gate=True, section="sec-lasso-kkt"),
        law("fit", "Both have the same fitted values.",
            "The loss is strictly convex in the fitted values, so a mean of two fits would beat both.",
            _same_fit, weight=0.5, section="sec-lasso-unique"),
        law("norm", "Both have the same sum of absolute values.",
            "With the fit and the minimum, the penalty is fixed as well.",
            _same_norm, weight=0.5, section="sec-lasso-unique"),
        law("other", "w_other minimises the objective too.",
            "The same fit is not enough: a split of opposite signs pays more and fits no better.",
            lambda trial: _minimises(trial, "w_other"), weight=1.5, section="sec-lasso-unique"),
        Check("differ", "The two differ by more than a tenth of their sum of absolute values.",
              "A rounding apart is not another minimiser.",
              needs_value(_differ), weight=1.0, section="sec-lasso-unique", after=("other",)),
        Check("split", "In one of the two, both columns of a pair are in use.",
              "Between two minimisers lie others, so the coefficient of a pair can be split and not only handed over.",
              needs_value(_split), weight=2.0, section="sec-lasso-unique", after=("other",)),
    ),
    draw=_twins_cases,
    forbids=LIBRARY,
)  # fmt: skip

# --- misleads ------------------------------------------------------------------------------------

PAIRS = (("X_sign", "y_sign"), ("X_largest", "y_largest"))
WORST = 50.0  # condition number, so that nearly dependent columns are no part of the example
ROOM = 1e-6  # of each bound: whoever chose the bound itself meets it up to rounding only


def _misleads_cases(rng: np.random.Generator) -> list[Case]:
    def case(name: str, n: int, lam: float) -> Case:
        return answered(name=name, n=n, lam=lam)

    return [
        case("twelve rows", 12, 0.5),
        case("few rows, weak penalty", size(rng, 6), float(rng.uniform(0.02, 0.2))),
        case("some rows, strong penalty", size(rng, 15), float(rng.uniform(2, 9))),
        case("many rows", size(rng, 40), float(rng.uniform(0.3, 2))),
    ]


def _misleads_shapes(inputs: Mapping[str, Any]) -> Mapping[str, tuple[int, ...]]:
    n = int(inputs["n"])
    return {name: shape for X, y in PAIRS for name, shape in ((X, (n, 3)), (y, (n,)))}


def _columns_standard(trial: Trial) -> Measure:
    for name, _ in PAIRS:
        X = floats(trial.value[name])
        mean, variance = float(np.abs(X.mean(axis=0)).max()), float(np.abs(X.var(axis=0) - 1).max())
        if not mean <= 1e-8:
            return fact(False, f"a column of {name} has a mean that is not 0, but off by {mean:.1e}")
        if not variance <= 1e-8:
            return fact(False, f"a column of {name} has a population variance that is not 1, but off by {variance:.1e}")
    return fact(True, "means of 0 and variances of 1")


def _target_centred(trial: Trial) -> Measure:
    for _, name in PAIRS:
        y = floats(trial.value[name])
        share = abs(float(y.mean())) / (float(np.abs(y).max()) or 1.0)
        if not share <= 1e-8:
            return fact(False, f"the mean of {name} is {share:.1e} of its largest entry; 0 is asked")
    return fact(True, "targets of mean 0")


def _well_conditioned(trial: Trial) -> Measure:
    worst = max(float(np.linalg.cond(floats(trial.value[X]))) for X, _ in PAIRS)
    said = f"the larger condition number is {worst:.1e}; at most {WORST:.0f} is allowed"
    return fact(worst <= WORST * (1 + ROOM), said)


def _both(trial: Trial, pair: tuple[str, str]) -> tuple[Floats, Floats, float] | None:
    """Least squares and the lasso of what was made, and lam; nothing where numbers are too large or small to solve."""
    X, y = (floats(trial.value[name]) for name in pair)
    lam = float(trial.inputs["lam"])
    try:
        return np.asarray(np.linalg.lstsq(X, y, rcond=None)[0]), cert.lasso_exact(X, y, lam), lam
    except (ValueError, np.linalg.LinAlgError):
        return None


UNSOLVED = fact(False, "the lasso of these data could not be solved; use numbers of ordinary size")


def _sign_turns(trial: Trial) -> Measure:
    if (both := _both(trial, PAIRS[0])) is None:
        return UNSOLVED
    free, w, lam = both
    least = lam / 10 * (1 - ROOM)
    if abs(w[0]) < least:
        return fact(False, f"the first lasso coefficient is {abs(w[0]) / lam:.2g} lam in absolute value, not lam / 10")
    if abs(free[0]) < least:
        return fact(False, f"the first coefficient of least squares is {abs(free[0]) / lam:.2g} lam, not lam / 10")
    turned = bool(w[0] * free[0] < 0)
    return fact(turned, f"the first coefficients of both have {'opposite signs' if turned else 'the same sign'}")


def _largest_goes(trial: Trial) -> Measure:
    if (both := _both(trial, PAIRS[1])) is None:
        return UNSOLVED
    free, w, lam = both
    first, second = np.sort(np.abs(free))[:-3:-1]
    j = int(np.argmax(np.abs(free)))
    if first < 1.1 * second * (1 - ROOM):
        zeros = [f"{k + 1}" for k in np.flatnonzero(w == 0)]
        due = f"of column {zeros[0]}, which is 0 at lam," if len(zeros) == 1 else "of a column that is 0 at lam"
        sizes = ", ".join(f"{c / lam:.5g}" for c in free)
        return fact(False, f"least squares is ({sizes}) lam; the coefficient {due} has to be the largest in absolute "
                    f"value, by a factor of 1.1, and the largest is {first / second:.5g} times the next")  # fmt: skip
    if w[j] != 0:
        return fact(False, "the largest coefficient of least squares is still in use at lam")
    X, y = (floats(trial.value[name]) for name in PAIRS[1])
    pull = abs(float(X[:, j] @ (y - X @ w))) / len(y) / lam
    if pull > 0.99 * (1 + ROOM):
        return fact(False, f"it is 0 at lam by a hair: the covariance with the residual is {pull:.4f} lam")
    other = float(np.delete(np.abs(w), j).min()) / lam
    said = f"at lam it is 0; the smaller of the others is {other:.2g} lam, where 0.1 lam is asked"
    return fact(other >= 0.1 * (1 - ROOM), said)


MISLEADS = Task(
    "lasso.misleads",
    (
        *entries(_misleads_shapes, "sec-lasso-misleads"),
        Check("standardised", "Every column has mean zero and population variance one.",
              "With columns of unlike lengths there is nothing to be surprised at.",
              needs_value(_columns_standard), weight=GATE, gate=True, section="sec-lasso-misleads"),
        Check("centred", "Every target has mean zero.", "There is no intercept to take a mean away.",
              needs_value(_target_centred), weight=GATE, gate=True, section="sec-lasso-misleads"),
        Check("condition", "The condition number of the columns is at most 50.",
              "It is no matter of columns that nearly depend on each other.",
              needs_value(_well_conditioned), weight=GATE, gate=True, section="sec-lasso-misleads"),
        law("sign", "The first coefficient of the lasso and that of least squares have opposite signs.",
            "With two columns that cannot be; the third can pull the first through zero.",
            _sign_turns, weight=2.0, section="sec-lasso-misleads"),
        law("largest", "The largest coefficient of least squares is zero at lam, and the others are in use.",
            "A large coefficient may stand for a difference that the others can do without.",
            _largest_goes, weight=2.0, section="sec-lasso-misleads"),
    ),
    draw=_misleads_cases,
    forbids=LIBRARY,
)  # fmt: skip

ANALYSES: tuple[Task, ...] = (REACTOR, DIABETES, TWINS, MISLEADS)
