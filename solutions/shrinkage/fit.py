"""One entry for data as they come: intercept, weights, scales and offset around any solver.

The objective is

    P(w, b) = 1/(2 Σs_i) Σ s_i (y_i − o_i − x_i·w − b)² + lam pen(w)

with sample weights `s` and offsets `o`.  `shrinkage.plain` takes all of these out, so a solver sees none of them.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from shrinkage import coordinate_descent, direct
from shrinkage.inputs import as_coefficients, as_lam, as_nonnegative
from shrinkage.losses import QUADRATIC
from shrinkage.plain import plain_problem
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
        What is charged for the coefficients, of standardised columns where `standardize` is True; or one of one's
        own, see below.
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

    Where columns without a penalty, all of them at ``lam = 0``, are dependent up to rounding, they count as dependent,
    for the gap too.

    A `penalty` of one's own needs the methods and the attribute `positive` of `shrinkage.penalties.ElasticNet`, and for
    `penalty_factor` and `positive` to be given here it must be a dataclass with the fields `factor` and `positive`.

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
    plain = plain_problem(X, y, fit_intercept, standardize, sample_weight, offset)
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
    plain = plain_problem(X, y, fit_intercept, standardize, sample_weight, offset)
    penalty = _made(penalty, penalty_factor, positive, plain.X)
    n, p = plain.X.shape
    free = penalty.factors(p) == 0
    rest = plain.y
    if free.any():
        # The columns without a penalty are in every model: what they leave is what the others see.
        columns = plain.X.dense(free) if isinstance(plain.X, Centred) else plain.X[:, free]
        unpenalised = _with(penalty, factor=np.zeros(int(free.sum())))
        solve = _chosen("auto", columns, QUADRATIC, unpenalised, 0.0)
        rest = rest - columns @ solve(columns, rest, 0.0, unpenalised).w
    return penalty.lam_max(-(plain.X.T @ rest) / n)


def _made(penalty, penalty_factor, positive, X):
    """The penalty with what was given beside it."""
    if callable(penalty) or not hasattr(penalty, "subdifferential_distance"):
        raise ValueError(f"penalty must be one of shrinkage.penalties; it is {penalty!r:.60}")
    if not isinstance(positive, bool | np.bool_):
        raise ValueError(f"positive must be True or False; it is {positive!r:.60}")
    fields, p = {"positive": True} if positive else {}, X.shape[1]
    if penalty_factor is not None:
        if getattr(penalty, "factor", None) is not None:
            raise ValueError("penalty_factor is given, and the penalty has factors of its own; give one of them")
        fields["factor"] = factor = as_nonnegative(penalty_factor, "penalty_factor")
        if len(factor) != p:
            raise ValueError(f"penalty_factor must have one number a column of X; X has {p} and it has {len(factor)}")
    return _with(penalty, **fields)


def _with(penalty, **fields):
    try:
        return replace(penalty, **fields) if fields else penalty
    except TypeError:
        raise ValueError(f"penalty has no {' and no '.join(fields)} to set; make it with what it needs") from None


def _chosen(solver, X, loss, penalty, lam):
    """The solver asked for, or the first that takes the problem."""
    if callable(loss) or not hasattr(loss, "gradient"):
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
