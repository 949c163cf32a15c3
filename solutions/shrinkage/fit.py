"""One entry for data as they come: intercept, weights, scales and offset around any solver.

The objective is

    P(w, b) = 1/(2 Σs_i) Σ s_i (y_i − o_i − x_i·w − b)² + lam pen(w)

with sample weights `s` and offsets `o`.  Centring takes `b` out of it, and multiplying row i by the root of its
share of the weights takes `s` out, so a solver sees neither.
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from shrinkage import coordinate_descent, direct
from shrinkage.inputs import as_coefficients, as_lam, as_nonnegative, as_problem, as_vector, as_weights
from shrinkage.least_squares import centre, standardise, weighted_rows
from shrinkage.losses import QUADRATIC, as_shares
from shrinkage.sparse import Centred

# In the order in which they are preferred; each says what it cannot take.
SOLVERS = {
    "direct": (direct.solve, direct.refusal),
    "coordinate_descent": (partial(coordinate_descent.minimise, accelerate=True), coordinate_descent.refusal),
}


def fit(
    X,
    y,
    loss,
    penalty,
    lam,
    *,
    fit_intercept=True,
    standardize=False,
    sample_weight=None,
    penalty_factor=None,
    positive=False,
    offset=None,
    tol=None,
    max_iter=10_000,
    solver="auto",
    w=None,
):
    """Fit a penalised linear model to data as they come, with a certificate.

    Parameters
    ----------
    X : ndarray or sparse matrix of shape (n, p), float
        Design matrix, not centred; never changed.  A sparse one is never filled, but for columns without a
        penalty.
    y : ndarray of shape (n,), float
        Target in response units, not centred; never changed.
    loss : shrinkage.losses.Quadratic
    penalty : shrinkage.penalties.ElasticNet
        What is charged for the coefficients; of those of standardised columns where `standardize` is True.
    lam : float
        Penalty weight, >= 0.
    fit_intercept : bool
        Whether the model has an intercept, which is never penalised.
    standardize : bool
        Whether columns are divided by their population standard deviations first.  The coefficients that are
        returned are those of the columns as they came; a constant column has the coefficient 0 then if there is
        an intercept.
    sample_weight : ndarray of shape (n,) or None
        Weight of each row, >= 0 and not all 0: 0 leaves a row out, a whole number repeats it, and only ratios
        matter.
    penalty_factor : array_like of shape (p,) or None
        Factor of the penalty for each column, >= 0, for a `penalty` without any.
    positive : bool
        Whether negative coefficients are forbidden.
    offset : ndarray of shape (n,) or None
        A known part of each prediction, response units.
    tol : float or None
        Gap to reach, relative to the objective at ``w = 0``; None is 1e-12, or 1e-6 in single precision.
    max_iter : int
        Sweeps at most.
    solver : str
        "auto", or the name of one of `SOLVERS`: "direct" or "coordinate_descent".
    w : ndarray of shape (p,) or None
        Where an iterative solver is to start, in the units of the result; never changed.

    Returns
    -------
    shrinkage.result.Result
        Its `solver` says which was chosen; its gap is that of the objective above.

    Raises
    ------
    ValueError
        If an argument cannot be used, or if no solver takes the loss with the penalty; the message names it.

    Warns
    -----
    RuntimeWarning
        If the solver stopped short of `tol`; the result's gap says how far from it.

    Notes
    -----
    Coordinate descent is accelerated here by `shrinkage.acceleration.Anderson`; called by itself it need not be.

    References
    ----------
    Friedman, Hastie & Tibshirani (2010), J. Stat. Softw. 33(1), 1-22.

    Examples
    --------
    >>> from shrinkage.losses import Quadratic
    >>> from shrinkage.penalties import L1, L2
    >>> X, y = np.array([[1.], [3.]]), np.array([0., 4.])
    >>> result = fit(X, y, Quadratic(), L1(), lam=0.5)
    >>> result.w, result.b, result.solver
    (array([1.5]), -1.0, 'coordinate_descent')
    >>> fit(X, y, Quadratic(), L2(), lam=0.5, sample_weight=[1, 0]).b
    0.0
    """
    lam = as_lam(lam)
    plain = _plain(X, y, fit_intercept, standardize, sample_weight, offset)
    penalty = _made(penalty, penalty_factor, positive, plain.X)
    solve = _chosen(solver, plain.X, loss, penalty, lam)
    start = None if w is None else as_coefficients(w, plain.X) * plain.x_scale
    return plain.restored(solve(plain.X, plain.y, lam, penalty, tol=tol, max_iter=max_iter, w=start))


def critical_lam(
    X,
    y,
    penalty,
    *,
    fit_intercept=True,
    standardize=False,
    sample_weight=None,
    penalty_factor=None,
    positive=False,
    offset=None,
):
    """Smallest `lam` at which every coefficient that has a penalty is zero in the minimum that `fit` looks for.

    What `fit` finds there is that minimum up to its `tol`: where some columns have no penalty, the others can be
    left a little off zero at this very `lam`, and a little below it all may be zero still.

    Parameters
    ----------
    X, y, penalty, fit_intercept, standardize, sample_weight, penalty_factor, positive, offset : object
        As for `fit`.

    Returns
    -------
    float
        Response units times column units; infinite for a penalty that never sets a coefficient to zero.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> from shrinkage.penalties import L1
    >>> critical_lam(np.array([[1.], [3.]]), np.array([0., 4.]), L1())
    2.0
    """
    plain = _plain(X, y, fit_intercept, standardize, sample_weight, offset)
    penalty = _made(penalty, penalty_factor, positive, plain.X)
    n, p = plain.X.shape
    free = penalty.factors(p) == 0
    rest = plain.y
    if free.any():
        # The columns without a penalty are in every model: what they leave is what the others see.
        columns = plain.X.dense(free) if isinstance(plain.X, Centred) else plain.X[:, free]
        unpenalised = replace(penalty, factor=np.zeros(int(free.sum())))
        solve = _chosen("auto", columns, QUADRATIC, unpenalised, 0.0)
        rest = rest - columns @ solve(columns, rest, 0.0, unpenalised).w
    return penalty.lam_max(-(plain.X.T @ rest) / n)


@dataclass(frozen=True, eq=False)
class _Plain:
    """A problem without intercept, weights, scales and offset, and the way back."""

    X: object
    y: np.ndarray
    x_mean: np.ndarray
    x_scale: np.ndarray
    y_mean: float

    def restored(self, result):
        with np.errstate(over="ignore"):
            w = result.w / self.x_scale
        if not np.isfinite(w).all():
            raise ValueError(f"X has a column so small that its coefficient overflows {w.dtype}; rescale the columns")
        return replace(result, w=w, b=self.y_mean - float(self.x_mean.astype(np.float64) @ w))


def _plain(X, y, fit_intercept, standardize, sample_weight, offset):
    if isinstance(X, Centred):
        raise ValueError("X is centred already; give the sparse matrix itself")
    X, y, _ = as_problem(X, y, 0.0, sparse=True)
    n, p = X.shape
    for value, name in ((fit_intercept, "fit_intercept"), (standardize, "standardize")):
        if not isinstance(value, bool | np.bool_):
            raise ValueError(f"{name} must be True or False; it is {value!r:.60}")
    if offset is not None:
        offset = as_vector(offset, "offset").astype(y.dtype)
        if len(offset) != n:
            raise ValueError(f"offset must have one number a row of X; X has {n} rows and it has {len(offset)} numbers")
        y = y - offset
    s, X = as_weights(sample_weight, n), X.X if isinstance(X, Centred) else X
    if not s.all():
        # Whatever stands in a row that is left out, it is in no sum.
        X, y, s = X[s > 0], y[s > 0], s[s > 0]
    if not isinstance(X, np.ndarray):
        return _plain_sparse(X, y, s, fit_intercept, standardize)
    x_mean, x_scale, y_mean = np.zeros(p, X.dtype), np.ones(p, X.dtype), 0.0
    if standardize:
        scaled, x_mean, x_scale = standardise(X, s)
        X = scaled if fit_intercept else X / x_scale
    if fit_intercept:
        centred, y, mean, y_mean = centre(X, y, s)
        X, x_mean = (X, x_mean) if standardize else (centred, mean)
    else:
        x_mean = np.zeros(p, X.dtype)
    X, y, _ = weighted_rows(X, y, s)
    return _Plain(X, y, x_mean, x_scale, y_mean)


def _plain_sparse(X, y, s, fit_intercept, standardize):
    """The same for a sparse `X`, which is written to."""
    (n, p), stored, y_mean = X.shape, np.diff(X.indptr), 0.0
    x_mean = (X.T @ as_shares(s, n)).astype(X.dtype)
    # A column without zeros is centred as it stands, so a large common offset costs no digits there either.
    full = stored == n
    within = np.repeat(full, stored)
    # The target stands beside them, as there may be none.
    centred, centred_y, means, mean = centre(np.column_stack([X.data[within].reshape(-1, n).T, y]), y, s)
    x_mean[full] = means[:-1]
    implicit = x_mean
    if fit_intercept:
        X.data[within] = centred[:, :-1].T.ravel()
        implicit, y, y_mean = np.where(full, 0, x_mean).astype(X.dtype), centred_y, mean
    X, y, roots = weighted_rows(X, y, s)
    x_scale = np.ones(p, X.dtype)
    if standardize:
        lengths = Centred(X, implicit, roots).squared_lengths()
        x_scale = np.sqrt(np.where(lengths > 0, lengths / n, 1)).astype(X.dtype)
        X.data /= np.repeat(x_scale, stored)
    if not fit_intercept:
        x_mean = implicit = np.zeros(p, X.dtype)
    return _Plain(Centred(X, implicit / x_scale, roots), y, x_mean, x_scale, y_mean)


def _made(penalty, penalty_factor, positive, X):
    """The penalty with what was given beside it."""
    if not hasattr(penalty, "subdifferential_distance"):
        raise ValueError(f"penalty must be one of shrinkage.penalties; it is {penalty!r:.60}")
    if not isinstance(positive, bool | np.bool_):
        raise ValueError(f"positive must be True or False; it is {positive!r:.60}")
    if penalty_factor is not None and penalty.factor is not None:
        raise ValueError("penalty_factor is given, and the penalty has factors of its own; give one of them")
    factor, p = penalty.factor, X.shape[1]
    if penalty_factor is not None:
        factor = as_nonnegative(penalty_factor, "penalty_factor")
        if len(factor) != p:
            raise ValueError(f"penalty_factor must have one number a column of X; X has {p} and it has {len(factor)}")
    return replace(penalty, factor=factor, positive=bool(positive or penalty.positive))


def _chosen(solver, X, loss, penalty, lam):
    """The solver asked for, or the first that takes the problem."""
    if callable(loss) or not hasattr(loss, "quadratic"):
        raise ValueError(f"loss must be one of shrinkage.losses; it is {loss!r:.60}")
    if not isinstance(solver, str) or solver not in ["auto", *SOLVERS]:
        raise ValueError(f"solver must be one of {', '.join(['auto', *SOLVERS])}; it is {solver!r:.60}")
    names = list(SOLVERS) if solver == "auto" else [solver]
    reasons = {name: SOLVERS[name][1](X, loss, penalty, lam) for name in names}
    for name, reason in reasons.items():
        if not reason:
            return SOLVERS[name][0]
    said = "; ".join(f"{name}: {reason}" for name, reason in reasons.items())
    raise ValueError(f"solver cannot take this problem ({said})")
