"""What is fitted, by either library, and how far from the least objective an answer is.

A family knows its penalty weights, the settings of scikit-learn's solvers that solve the same problem, and one measure
for the answers of both.  The intercept is never penalised; the logistic families have none, so that scikit-learn may
use liblinear, which would penalise it.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shrinkage
from sklearn import linear_model

from bench.problems import PENALTIES

LIBRARIES = {"shrinkage": shrinkage, "scikit-learn": linear_model}
FOLDS = 5


@dataclass(frozen=True)
class Family:
    """One estimator of both libraries.

    Parameters
    ----------
    name : str
    fit : callable
        ``fit(library, problem, weights, **settings)`` gives what `excess` judges, an array.
    weights : callable
        ``weights(problem)`` gives the penalty weights in scikit-learn's units.
    excess : callable
        ``excess(problem, weights, answers)`` gives, for several answers, how far above the least each one is, the
        least being the best of them, beside the objective without columns.
    solvers : dict
        Settings of scikit-learn that are tried, by name; the fastest that is good enough counts.
    exact : tuple of str
        Solvers among them that heed no tolerance.
    sizes : dict
        Rows and columns where they are not those of `bench.problems.SIZES`.
    """

    name: str
    fit: Callable
    weights: Callable
    excess: Callable
    solvers: dict
    exact: tuple = ()
    sizes: tuple = ()


def quietly(model, *data):
    with warnings.catch_warnings(action="ignore"):
        return model.fit(*data)


def coefficients(model):
    return np.concatenate([np.ravel(model.coef_), np.ravel(model.intercept_)])


# Least squares: a row of an answer is the coefficients and the intercept at one weight


def squares(problem, weights, answers, l1_ratio):
    """Objectives above the best answer's, the worst over the weights, in units of the objective at zero."""
    null = np.mean((problem.y - problem.y.mean()) ** 2) / 2
    values = [
        [_square(problem, row, lam, l1_ratio) for row, lam in zip(rows, weights, strict=True)] for rows in answers
    ]
    return _above_the_best(values, null)


def _square(problem, row, lam, l1_ratio):
    w, b = row[:-1], row[-1]
    rest = problem.y - problem.X @ w - b
    return rest @ rest / (2 * len(rest)) + lam * (l1_ratio * np.abs(w).sum() + (1 - l1_ratio) / 2 * w @ w)


def _above_the_best(values, null):
    values = np.asarray(values)
    return np.max((values - values.min(axis=0)) / null, axis=1)


def _lam_max(problem, l1_ratio):
    return float(np.abs(problem.X.T @ (problem.y - problem.y.mean())).max()) / len(problem.y) / l1_ratio


def _grid(largest, shape, single, smallest=1e-3):
    return np.geomspace(largest, largest * smallest, PENALTIES) if shape == "path" else np.array([largest * single])


def _ridge(library, problem, weights, **settings):
    Ridge = LIBRARIES[library].Ridge
    return np.stack([coefficients(quietly(Ridge(alpha, **settings), problem.X, problem.y)) for alpha in weights])


def _ridge_cv(library, problem, weights, **settings):
    settings.pop("tol", None)
    model = quietly(LIBRARIES[library].RidgeCV(weights, **settings), problem.X, problem.y)
    return np.concatenate([coefficients(model), [model.alpha_]])[None]


def _elastic_net(l1_ratio):
    name = "Lasso" if l1_ratio == 1 else "ElasticNet"
    mixed = {} if l1_ratio == 1 else {"l1_ratio": l1_ratio}

    def fit(library, problem, weights, **settings):
        module, settings = LIBRARIES[library], {"max_iter": 100_000, **mixed, **settings}
        if len(weights) == 1:
            return coefficients(quietly(getattr(module, name)(weights[0], **settings), problem.X, problem.y))[None]
        # The functions fit no intercept, so the target and the columns are centred for both.
        X, mean = problem.X - problem.X.mean(axis=0), problem.y.mean()
        with warnings.catch_warnings(action="ignore"):
            _, coefs, _ = module.enet_path(X, problem.y - mean, alphas=weights, **{"l1_ratio": l1_ratio, **settings})
        return np.column_stack([coefs.T, mean - coefs.T @ problem.X.mean(axis=0)])

    return fit


def _lasso_cv(library, problem, weights, **settings):
    model = LIBRARIES[library].LassoCV(alphas=weights, cv=FOLDS, max_iter=100_000, **settings)
    return np.vstack([quietly(model, problem.X, problem.y).mse_path_.T])


def _logistic(l1_ratio):
    def fit(library, problem, weights, **settings):
        model = LIBRARIES[library].LogisticRegression(
            l1_ratio=l1_ratio, fit_intercept=False, max_iter=100_000, warm_start=len(weights) > 1, **settings
        )
        if library == "shrinkage" and l1_ratio:
            model.set_params(solver="saga")
        return np.stack([coefficients(quietly(model.set_params(C=C), problem.X, problem.labels)) for C in weights])

    return fit


def _deviance(l1_ratio):
    def excess(problem, weights, answers):
        n, signs = len(problem.labels), 2 * problem.labels - 1

        def value(row, C):
            w = row[:-1]
            loss = np.logaddexp(0, -signs * (problem.X @ w)).mean()
            return loss + (l1_ratio * np.abs(w).sum() + (1 - l1_ratio) / 2 * w @ w) / (C * n)

        values = [[value(row, C) for row, C in zip(rows, weights, strict=True)] for rows in answers]
        return _above_the_best(values, np.log(2))

    return excess


def _logistic_weights(l1_ratio):
    def weights(problem):
        if not l1_ratio:
            return _grid(1.0, problem.shape, 0.1)[::-1]
        least = 1 / (np.abs(problem.X.T @ (problem.labels - 0.5)).max())
        return 1 / _grid(1 / least, problem.shape, 0.1, 1e-2)

    return weights


def _curves(problem, weights, answers):
    """How far the errors of the folds are from those of the last answer, in units of the target's variance."""
    return np.array([np.abs(answer - answers[-1]).max() for answer in answers]) / np.var(problem.y)


def _chosen(problem, weights, answers):
    """Objectives at the weight that the last answer has chosen; infinite where another was."""
    alpha = answers[-1][0, -1]
    found = squares(problem, [alpha / len(problem.y)], [answer[:, :-1] for answer in answers], 0.0)
    return np.where([answer[0, -1] == alpha for answer in answers], found, np.inf)


def _mean_squares(l1_ratio):
    return lambda problem, weights, answers: squares(problem, weights, answers, l1_ratio)


DESCENT = {"cyclic": {"precompute": False}, "Gram": {"precompute": True}}
FAMILIES = [
    Family(
        "Ridge",
        _ridge,
        lambda problem: _grid(len(problem.y), problem.shape, 0.01, 1e-6),
        lambda problem, weights, answers: squares(problem, weights / len(problem.y), answers, 0.0),
        {name: {"solver": name} for name in ("auto", "cholesky", "svd", "lsqr", "sparse_cg")},
        ("cholesky", "svd"),
        (("tall", (1_000_000, 50)), ("square", (2_000, 2_000))),
    ),
    Family(
        "RidgeCV",
        _ridge_cv,
        lambda problem: np.geomspace(1e-3, 1e2, PENALTIES) * len(problem.y),
        _chosen,
        {name: {"gcv_mode": name} for name in ("auto", "eigen")},
        ("auto", "eigen"),
        (("tall", (100_000, 50)), ("wide", (200, 20_000)), ("path", (1_000, 500)), ("sparse", (2_000, 1_000))),
    ),
    Family("Lasso", _elastic_net(1.0), lambda p: _grid(_lam_max(p, 1.0), p.shape, 0.1), _mean_squares(1.0), DESCENT),
    Family(
        "ElasticNet", _elastic_net(0.5), lambda p: _grid(_lam_max(p, 0.5), p.shape, 0.1), _mean_squares(0.5), DESCENT
    ),
    Family(
        "LassoCV",
        _lasso_cv,
        lambda p: (
            np.geomspace(1, 1e-3 if p.shape == "path" else 1e-2, 100 if p.shape == "path" else 20) * _lam_max(p, 1.0)
        ),
        _curves,
        DESCENT,
        sizes=(("tall", (10_000, 50)), ("wide", (100, 2_000)), ("square", (300, 300))),
    ),
    Family(
        "LogisticRegression, L1",
        _logistic(1.0),
        _logistic_weights(1.0),
        _deviance(1.0),
        {name: {"solver": name} for name in ("liblinear", "saga")},
    ),
    Family(
        "LogisticRegression, L2",
        _logistic(0.0),
        _logistic_weights(0.0),
        _deviance(0.0),
        {name: {"solver": name} for name in ("lbfgs", "newton-cg", "newton-cholesky", "liblinear")},
        sizes=(("wide", (200, 2_000)),),
    ),
]
