"""One entry for data as they come: intercept, weights, scales and offset around any solver.

The objective is

    P(w, b) = 1/Σs_i Σ s_i ℓ(y_i, o_i + x_i·w + b) + lam pen(w)

with sample weights `s` and offsets `o`, where ℓ is half the squared error or a likelihood.  `shrinkage.plain` takes
these out of squared errors, and `shrinkage.likelihood` puts them into the likelihood and a column: a solver sees
predictions alone.
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from shrinkage import admm, coordinate_descent, direct, prox_newton, proximal_gradient
from shrinkage.inputs import as_lam, as_nonnegative
from shrinkage.likelihood import likelihood_problem, require_minimum
from shrinkage.losses import QUADRATIC
from shrinkage.plain import plain_problem
from shrinkage.sparse import Centred

# In the order in which they are preferred; each says what it cannot take.
SOLVERS = {
    "direct": (direct.solve, direct.refusal),
    "coordinate_descent": (partial(coordinate_descent.minimise, accelerate=True), coordinate_descent.refusal),
    "prox_newton": (prox_newton.minimise, prox_newton.refusal),
    "proximal_gradient": (proximal_gradient.minimise, proximal_gradient.refusal),
    "admm": (admm.minimise, admm.refusal),
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
        Target in response units, not centred; never changed.  0 and 1 for `Logistic`, counts for `Poisson`, classes
        from 0 to K − 1 for `Multinomial`.
    loss : shrinkage.losses.Quadratic, Logistic, Poisson or Multinomial
        Of the last each column has K coefficients, one for each class; their mean over the classes is taken off
        where they have no penalty, and so it is for intercepts.
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
    offset : ndarray of shape (n,), of shape (n, K) for K classes, or None
        A known part of each prediction, in response units or on the scale of the log-odds or the log-mean.
    tol : float or None
        Gap to reach, relative to the objective at ``w = 0``; None is 1e-12, or 1e-6 in single precision.
    max_iter : int
        Sweeps or steps at most.
    solver : str
        "auto", or the name of one of `SOLVERS`.
    w : ndarray of shape (p,), of shape (p, K) for K classes, or None
        Where an iterative solver is to start, in the units of the result; never changed.

    Returns
    -------
    shrinkage.result.Result
        Its `solver` says which was chosen; its gap is that of the objective above.  Of K classes `w` has the shape
        (p, K) and `b` is an ndarray of shape (K,).

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
    made = prepare(X, y, loss, penalty, fit_intercept, standardize, sample_weight, penalty_factor, positive, offset)
    _, solve = made.chosen(solver, lam)
    made.require_minimum(lam)
    start = None if w is None else made.problem.start(w)
    return made.restored(solve(made.X, made.y, lam, made.penalty, tol=tol, max_iter=max_iter, w=start), lam)


def critical_lam(
    X,
    y,
    penalty,
    *,
    loss=QUADRATIC,
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
    X, y, penalty, loss, fit_intercept, standardize, sample_weight, penalty_factor, positive, offset : object
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
    made = prepare(X, y, loss, penalty, fit_intercept, standardize, sample_weight, penalty_factor, positive, offset)
    return made.critical()[0]


@dataclass(frozen=True, eq=False)
class Prepared:
    """A problem as the solvers see it, made once for any number of fits, and the way back.

    Parameters
    ----------
    problem : shrinkage.plain.Plain or shrinkage.likelihood.Likelihood
    given : shrinkage.penalties.ElasticNet
        The penalty for the columns as they came.
    penalty : shrinkage.penalties.ElasticNet
        That for the columns of the problem, of which some may stand for intercepts and classes.
    """

    problem: object
    given: object
    penalty: object

    @property
    def X(self):
        """The columns that a solver sees."""
        return self.problem.X

    @property
    def y(self):
        """The target that it sees."""
        return self.problem.y

    @property
    def loss(self):
        """The loss of predictions from these columns."""
        return self.problem.loss

    @property
    def free(self):
        """Which of these columns have no penalty, of shape (columns of `X`,)."""
        return self.penalty.factors(self.X.shape[1]) == 0

    def chosen(self, solver, lam):
        """The solver asked for, or the first that takes the problem: its name, and the function."""
        return _chosen(solver, self.X, self.loss, self.penalty, lam)

    def require_minimum(self, lam):
        """Refuse a likelihood that rises for ever along columns without a penalty."""
        if self.loss != QUADRATIC and (lam == 0 or not self.given.factors(len(self.problem.x_scale)).all()):
            columns = np.ones(self.X.shape[1], bool) if lam == 0 else self.free
            require_minimum(_dense(self.X, columns), self.y, self.loss)

    def critical(self):
        """Smallest `lam` at which all coefficients with a penalty are zero, and the others there."""
        X, y, free = self.X, self.y, self.free
        w = np.zeros(X.shape[1], X.dtype)
        if free.any():
            # The columns without a penalty are in every model: what they leave is what the others see.
            self.require_minimum(np.inf)
            columns, unpenalised = _dense(X, free), with_fields(self.penalty, factor=np.zeros(int(free.sum())))
            w[free] = _chosen("auto", columns, self.loss, unpenalised, 0.0)[1](columns, y, 0.0, unpenalised).w
        return self.penalty.lam_max(X.T @ self.loss.gradient(y, X @ w)), w

    def restored(self, result, lam):
        """A `shrinkage.result.Result` at `lam` as one of the data as they came."""
        return self.problem.restored(result, (self.given.factors(len(self.problem.x_scale)) == 0) | (lam == 0))


def prepare(
    X,
    y,
    loss,
    penalty,
    fit_intercept=True,
    standardize=False,
    sample_weight=None,
    penalty_factor=None,
    positive=False,
    offset=None,
):
    """Make data as they come ready for solvers, once for any number of fits.

    Parameters
    ----------
    X, y, loss, penalty, fit_intercept, standardize, sample_weight, penalty_factor, positive, offset : object
        As for `fit`.

    Returns
    -------
    Prepared

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> from shrinkage.penalties import L1
    >>> made = prepare(np.array([[1.], [3.]]), np.array([0., 4.]), QUADRATIC, L1())
    >>> made.critical(), made.chosen("auto", 0.5)[0]
    ((2.0, array([0.])), 'coordinate_descent')
    """
    problem = _problem(X, y, loss, penalty, positive, fit_intercept, standardize, sample_weight, offset)
    p = len(problem.x_scale)
    given = _given(penalty, penalty_factor, positive, p)
    inner = given if problem.X.shape[1] == p else with_fields(given, factor=problem.factors(given))
    return Prepared(problem, given, inner)


def with_fields(penalty, **fields):
    """A penalty like the one given but for some of its fields.

    Parameters
    ----------
    penalty : shrinkage.penalties.ElasticNet
    fields : object
        Its new fields by their names.

    Returns
    -------
    shrinkage.penalties.ElasticNet

    Raises
    ------
    ValueError
        If it is no dataclass with these fields.

    Examples
    --------
    >>> from shrinkage.penalties import L1
    >>> with_fields(L1(), positive=True)
    ElasticNet(l1_ratio=1.0, factor=None, positive=True)
    """
    try:
        return replace(penalty, **fields) if fields else penalty
    except TypeError:
        raise ValueError(f"penalty has no {' and no '.join(fields)} to set; make it with what it needs") from None


def _dense(X, columns):
    return X.dense(columns) if isinstance(X, Centred) else X[:, columns]


def _problem(X, y, loss, penalty, positive, *rest):
    """The problem that a solver sees."""
    if callable(loss) or not hasattr(loss, "gradient"):
        raise ValueError(f"loss must be one of shrinkage.losses; it is {loss!r:.60}")
    if loss == QUADRATIC:
        return plain_problem(X, y, *rest)
    if not hasattr(loss, "target"):
        raise ValueError(f"loss is neither the squared error nor a likelihood; it is {loss!r:.60}")
    return likelihood_problem(X, y, loss, bool(positive or getattr(penalty, "positive", False)), *rest)


def _given(penalty, penalty_factor, positive, p):
    """The penalty with what was given beside it."""
    if callable(penalty) or not hasattr(penalty, "subdifferential_distance"):
        raise ValueError(f"penalty must be one of shrinkage.penalties; it is {penalty!r:.60}")
    if not isinstance(positive, bool | np.bool_):
        raise ValueError(f"positive must be True or False; it is {positive!r:.60}")
    fields = {"positive": True} if positive else {}
    if penalty_factor is not None:
        if getattr(penalty, "factor", None) is not None:
            raise ValueError("penalty_factor is given, and the penalty has factors of its own; give one of them")
        fields["factor"] = factor = as_nonnegative(penalty_factor, "penalty_factor")
        if len(factor) != p:
            raise ValueError(f"penalty_factor must have one number a column of X; X has {p} and it has {len(factor)}")
    return with_fields(penalty, **fields)


def _chosen(solver, X, loss, penalty, lam):
    """The name and the function of the solver asked for, or of the first that takes the problem."""
    if not isinstance(solver, str) or solver not in ["auto", *SOLVERS]:
        raise ValueError(f"solver must be one of {', '.join(['auto', *SOLVERS])}; it is {solver!r:.60}")
    names = list(SOLVERS) if solver == "auto" else [solver]
    reasons = {name: SOLVERS[name][1](X, loss, penalty, lam) for name in names}
    for name, reason in reasons.items():
        if not reason:
            return name, SOLVERS[name][0] if loss == QUADRATIC else partial(SOLVERS[name][0], loss=loss)
    said = "; ".join(f"{name}: {reason}" for name, reason in reasons.items())
    raise ValueError(f"solver cannot take this problem ({said})")
