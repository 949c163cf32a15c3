"""A fit at every `lam` of a grid: each begins where the last one ended, and sees the columns that it may need alone.

The data are centred, scaled and weighted once.  Along a path from large `lam` to small most coefficients are zero, and
the strong rule guesses from the last fit which: a column is left out of the next one where the slope of the loss is
less than ``2 lam − last``, in units of what `lam` charges there, for the slope seldom moves faster than `lam` does.
That is no law, so the conditions of optimality are checked for every column afterwards, and those that a fit lacks come
back; and the gap that is told is that of all columns.
"""

import warnings
from dataclasses import dataclass

import numpy as np

from shrinkage.coordinate_descent import default_tol
from shrinkage.duality import gap
from shrinkage.fit import prepare, with_fields
from shrinkage.inputs import as_budget, as_count, as_lams, as_number
from shrinkage.result import Result, warn_outside
from shrinkage.sparse import Centred


@dataclass(frozen=True, eq=False)
class Path:
    """Fits at every `lam` of a list, in its order, and a certificate of each.

    Parameters
    ----------
    lams : ndarray of shape (L,), float64
        The penalty weights.
    W : ndarray of shape (L, p), or (L, p, K) for K classes
        Coefficients, response units per unit of each column.
    b : ndarray of shape (L,), or (L, K)
        Intercepts in response units.
    gaps : ndarray of shape (L,), float64
        Bounds on the objective of `shrinkage.fit.fit` minus its least, over all columns.
    n_iter : ndarray of shape (L,), int
        Sweeps or steps; 0 where the last fit was good enough.
    violations : ndarray of shape (L,), int
        Columns that the strong rule left out and the conditions of optimality brought back.
    converged : ndarray of shape (L,), bool
        Whether the gap is as small as was asked for.
    solver : tuple of str
        Name of the solver at each `lam`: 0 in the list may have one of its own.

    Examples
    --------
    >>> W, ones = np.array([[0., 0.], [1., 0.]]), np.ones(2, int)
    >>> found = Path(np.array([2., 1.]), W, np.zeros(2), np.zeros(2), ones, 0 * ones, ones > 0, ("", ""))
    >>> found.active
    array([0, 1])
    """

    lams: np.ndarray
    W: np.ndarray
    b: np.ndarray
    gaps: np.ndarray
    n_iter: np.ndarray
    violations: np.ndarray
    converged: np.ndarray
    solver: tuple

    @property
    def active(self):
        """Number of columns in use at each `lam`, of shape (L,), int.

        For the lasso of data with Gaussian noise, where these columns are independent, an estimate of the degrees of
        freedom without bias.
        """
        used = self.W != 0
        return np.count_nonzero(used if used.ndim == 2 else used.any(axis=2), axis=1)


def path(
    X,
    y,
    loss,
    penalty,
    lams=None,
    *,
    n_lams=100,
    lam_min_ratio=None,
    fit_intercept=True,
    standardize=False,
    sample_weight=None,
    penalty_factor=None,
    positive=False,
    offset=None,
    tol=None,
    max_iter=10_000,
    solver="auto",
    screen=True,
):
    """Fit a penalised linear model at every `lam` of a list, or of a grid from the critical one down.

    Parameters
    ----------
    X, y, loss, penalty, fit_intercept, standardize, sample_weight, penalty_factor, positive, offset : object
        As for `shrinkage.fit.fit`.
    lams : array_like of shape (L,) or None
        Penalty weights, each >= 0, in any order; None for a grid.
    n_lams : int
        Points of the grid, >= 1: the first is `shrinkage.fit.critical_lam`, and each is the same share of the one
        before.
    lam_min_ratio : float or None
        The last point of the grid as a share of the first, above 0 and below 1; None is 1e-4, or 1e-2 where there are
        fewer rows of positive weight than columns.
    tol : float or None
        Gap to reach at every `lam`, relative to the objective at ``w = 0``; None is 1e-12, or 1e-6 in single
        precision.
    max_iter : int
        Sweeps at most, in every fit.
    solver : str
        "auto", or the name of one of `shrinkage.fit.SOLVERS`.
    screen : bool
        Whether columns are left out that the strong rule takes for zero.  The answer is the same up to `tol`, and of
        most columns no sweep takes notice.  A `penalty` of one's own can only be told of fewer columns if it is a
        dataclass with the field `factor`, and is asked about all of them otherwise.

    Returns
    -------
    Path

    Raises
    ------
    ValueError
        If an argument cannot be used, if no solver takes the loss with the penalty, or if there is no grid: a penalty
        that never sets a coefficient to zero, such as L2 alone, has no critical `lam`, and where zero is best at every
        `lam` there is nothing to see.  The message names it.

    Warns
    -----
    RuntimeWarning
        If a fit stopped short of `tol`, once for all of them.

    References
    ----------
    Friedman, Hastie & Tibshirani (2010), J. Stat. Softw. 33(1), 1-22, for grid and warm starts; Tibshirani, Bien,
    Friedman, Hastie, Simon, Taylor & Tibshirani (2012), J. R. Stat. Soc. B 74(2), 245-266, for the strong rule.

    Examples
    --------
    >>> from shrinkage.losses import QUADRATIC
    >>> from shrinkage.penalties import L1
    >>> X, y = np.array([[1.], [3.]]), np.array([0., 4.])
    >>> found = path(X, y, QUADRATIC, L1(), n_lams=3, lam_min_ratio=0.25)
    >>> found.lams, found.W.ravel(), found.b
    (array([2. , 1. , 0.5]), array([0. , 1. , 1.5]), array([ 2.,  0., -1.]))

    What `shrinkage.model_selection.cross_validate` asks of the training rows of each fold:

    >>> from shrinkage.model_selection import cross_validate, k_fold
    >>> def fit_path(X, y, lams):
    ...     found = path(X, y, QUADRATIC, L1(), lams)
    ...     return found.W, found.b
    >>> X = np.arange(12.0)[:, None]
    >>> cv = cross_validate(fit_path, X, 3 * X[:, 0] + 5, [1.0, 0.1], k_fold(12, 3, seed=0))
    >>> float(cv.lams[cv.best])
    0.1
    """
    made = prepare(X, y, loss, penalty, fit_intercept, standardize, sample_weight, penalty_factor, positive, offset)
    X, y, loss, penalty = made.X, made.y, made.loss, made.penalty
    tol, max_iter = as_budget(default_tol(X.dtype) if tol is None else tol, max_iter)
    if not isinstance(screen, bool | np.bool_):
        raise ValueError(f"screen must be True or False; it is {screen!r:.60}")
    if lams is not None:
        lams = as_lams(lams)
        made.require_minimum(float(lams.min()))
    critical, w = made.critical()
    if lams is None:
        wide = X.shape[0] < len(made.problem.x_scale) * loss.K
        lams = _grid(critical, n_lams, lam_min_ratio, wide)
    screen = screen and hasattr(penalty, "factor") and hasattr(penalty, "prox_one")
    enough, found, last, v = tol * loss.value(y, np.zeros_like(y)), {}, critical, _slope(X, y, w, loss)
    for at in np.argsort(-lams, kind="stable").tolist():
        lam = float(lams[at])
        name, solve = made.chosen(solver, lam)
        # No size is below a charge of 0: columns without a penalty, and all of them at lam = 0, are kept.
        kept = ~penalty.surely_zero(v, 0.0, max(2 * lam - last, 0.0)) | (w != 0) | (not screen)
        n_iter = violations = 0
        while True:
            w, steps, stopped = _restricted(made, solve, lam, w, kept, tol, max_iter)
            v = _slope(X, y, w, loss)
            back = ~kept & (penalty.subdifferential_distance(w, -v, lam) > 0)
            n_iter, violations, kept = n_iter + steps, violations + int(back.sum()), kept | back
            if back.any():
                continue
            value = gap(X, y, w, lam, penalty, loss)
            if value <= enough or stopped or kept.all():
                break
            # What a gap lacks of all columns and not of these is a matter of the dual point: let the solver see all.
            kept = np.ones_like(kept)
        result = Result(w, 0.0, value, n_iter, np.array([value]), bool(value <= enough), name)
        found[at], last = (made.restored(result, lam), violations), lam
    results, violations = zip(*(found[at] for at in range(len(lams))), strict=True)
    W, b, gaps, n_iter, converged = (
        np.array([getattr(result, of) for result in results]) for of in ("w", "b", "gap", "n_iter", "converged")
    )
    if not converged.all():
        warn_outside(
            f"stopped short of tol at {np.count_nonzero(~converged)} of {len(lams)} lams, with gaps up to "
            f"{gaps[~converged].max():.1e}, above {enough:.1e}: raise max_iter or tol"
        )
    return Path(lams, W, b, gaps, n_iter, np.array(violations), converged, tuple(r.solver for r in results))


def _grid(critical, n_lams, ratio, wide):
    """The grid from the critical `lam` down."""
    n_lams, ratio = (
        as_count(n_lams, "n_lams"),
        as_number((1e-2 if wide else 1e-4) if ratio is None else ratio, "lam_min_ratio"),
    )
    if not 0 < ratio < 1:
        raise ValueError(f"lam_min_ratio must be above 0 and below 1; it is {ratio}")
    if not np.isfinite(critical):
        raise ValueError(
            "lams must be given: this penalty sets no coefficient to zero, so there is no largest to begin at"
        )
    if critical == 0:
        raise ValueError(
            "lams must be given: coefficients with a penalty are zero at every lam, so no grid shows anything"
        )
    return np.geomspace(critical, critical * ratio, n_lams)


def _slope(X, y, w, loss):
    """Minus the slope of the loss in every coefficient."""
    # Single-precision products of BLAS may raise the flag of an invalid number in lanes that nobody reads.
    with np.errstate(invalid="ignore"):
        return -(X.T @ loss.gradient(y, X @ w))


def _restricted(made, solve, lam, w, kept, tol, max_iter):
    """The fit with the columns `kept` alone, its steps, and whether it stopped short of `tol`."""
    X, penalty, new = made.X, made.penalty, np.zeros_like(w)
    if not kept.any():
        return new, 0, False
    if not kept.all():
        penalty = with_fields(penalty, factor=penalty.factors(len(w))[kept])
        X = Centred(X.X[:, kept], X.m[kept], X.d) if isinstance(X, Centred) else X[:, kept]
    with warnings.catch_warnings():
        # Whether the gap is small enough is for that of all columns to say.
        warnings.filterwarnings("ignore", "stopped after", RuntimeWarning)
        some = solve(X, made.y, lam, penalty, tol=tol, max_iter=max_iter, w=w[kept])
    new[kept] = some.w
    return new, some.n_iter, not some.converged
