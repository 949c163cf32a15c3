"""All coefficients at once: a step down the slope of the loss, then the prox of the penalty, with or without momentum.

The objective is ``P(w) = F(Xw) + lam pen(w)``, and a step from `v` of the length `step` is

    w = prox(v − step XᵀF'(Xv), step lam),

which needs of the penalty its prox alone and of the loss its slope.  From ``v = w``, the last point, that is ISTA;
from a point beyond it, ``v = w + momentum (w − before)``, it is FISTA.
"""

import numpy as np

from shrinkage.columns import require_squares, squared_lengths
from shrinkage.coordinate_descent import default_tol
from shrinkage.duality import gap
from shrinkage.inputs import as_budget, as_coefficients, as_columns, as_lam, as_problem
from shrinkage.losses import QUADRATIC
from shrinkage.result import Progress

GROWTH = 1.2  # of a step whose bound is not known, before it is tried


def minimise(
    X, y, lam, penalty, *, loss=QUADRATIC, tol=None, max_iter=10_000, w=None, step=None, accelerate=True, restart=True
):
    """Minimise ``F(Xw) + lam pen(w)`` by proximal gradient steps, with a certificate.

    Ends at the first `w` whose duality gap is at most `tol` times the loss at zero.  A solver that ran out of
    steps has stopped and not converged: it warns and says how large the gap is.

    Parameters
    ----------
    X : ndarray, sparse matrix or shrinkage.sparse.Centred, of shape (n, p), float
        Design matrix; for the squared loss, columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in the units of the loss, centred likewise.
    lam : float
        Penalty weight, >= 0.
    penalty : shrinkage.penalties.ElasticNet
        Or any other that has a prox.
    loss : shrinkage.losses.Quadratic
        Or any other that is convex and smooth.
    tol : float or None
        Gap to reach, relative to the loss at zero; None is 1e-12, or 1e-6 in single precision.
    max_iter : int
        Steps at most.
    w : ndarray of shape (p,) or None
        Where to start, never changed; None is zero.
    step : float or None
        Length of every step, taken as it is: one above ``2/L`` may lead ever further away.  None is ``1/L``,
        with ``L = loss.lipschitz`` times `largest_eigenvalue`, or where no such bound is known the longest of
        some lengths that the loss allows.
    accelerate : bool
        Whether steps have momentum (FISTA) or none (ISTA).
    restart : bool
        Whether momentum that points uphill is given up.

    Returns
    -------
    shrinkage.result.Result

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Notes
    -----
    After k steps of ISTA of the length `step` up to ``1/L``, the objective is above its least by at most
    ``‖w − w⋆‖₂² / (2 step k)``, where `w` is the start and `w⋆` a minimiser; after k steps of FISTA without
    restart by at most ``2 ‖w − w⋆‖₂² / (step (k + 1)²)``.  A step that is not
    given is halved wherever the loss rises above its parabola, and where no bound is known it is tried a little
    longer each time: both hold then with the shortest of the steps, which halving leaves no shorter than ``1/(2L)``.

    References
    ----------
    Beck & Teboulle (2009), SIAM J. Imaging Sci. 2(1), 183-202; O'Donoghue & Candès (2015), Found. Comput. Math.
    15(3), 715-732, for the restart; Scheinberg, Goldfarb & Bai (2014), Found. Comput. Math. 14(3), 389-417, for
    the momentum of steps that grow.

    Examples
    --------
    >>> from shrinkage.penalties import L1
    >>> X, y = np.array([[1.], [-1.]]), np.array([2., -2.])
    >>> result = minimise(X, y, lam=0.5, penalty=L1(), step=1.0)
    >>> result.w, result.n_iter
    (array([1.5]), 1)
    """
    X, y, lam = as_problem(X, y, lam, sparse=True)
    tol, max_iter = as_budget(default_tol(X.dtype) if tol is None else tol, max_iter)
    if reason := refusal(X, loss, penalty, lam):
        raise ValueError(f"{reason.split()[1]} cannot be taken by this solver: {reason}")
    require_squares(y)
    w = np.zeros(X.shape[1], X.dtype) if w is None else as_coefficients(w, X).astype(X.dtype)
    lengths, at_zero = squared_lengths(X), np.zeros_like(y)
    # A column of zeros is worth 0 wherever a penalty asks for it, and every column is where 0 fits best.
    w[(lengths == 0) | ~loss.gradient(y, at_zero).any()] = 0
    with np.errstate(over="ignore", invalid="ignore"):
        eta = X @ w
        if not np.isfinite(loss.value(y, eta)):
            raise ValueError("w is so large that the loss there overflows; start nearer to zero")
    given, growth = step is not None, 1.0
    if given:
        step = as_lam(step, name="step")
        if step == 0:
            raise ValueError("step is 0, which leads nowhere; give one above 0")
    else:
        lipschitz = getattr(loss, "lipschitz", np.inf)
        known = np.isfinite(lipschitz) and lipschitz > 0
        growth = 1.0 if known else GROWTH
        step = 1 / ((largest_eigenvalue(X) or 1.0) * (lipschitz if known else 1.0))
    _require_range(step, lam, penalty.factors(len(w)), X.dtype)
    before, eta_before, t, last = w, eta, 0.0, step
    progress = Progress(tol * loss.value(y, at_zero), max_iter)
    progress.record(gap(X, y, w, lam, penalty, loss))
    while not progress.over:
        step *= growth
        while True:
            # With the weight last/step, t² step grows as in FISTA though the steps differ.
            t_next = (1 + (1 + 4 * t**2 * last / step) ** 0.5) / 2
            momentum = (t - 1) / t_next
            v, eta_v = w + momentum * (w - before), eta + momentum * (eta - eta_before)
            with np.errstate(over="ignore", invalid="ignore"):
                slope = loss.gradient(y, eta_v)
                z = v - step * np.where(lengths > 0, X.T @ slope, 0)
                finite = np.isfinite(z).all()
                new = penalty.prox(z, step * lam) if finite else z
                eta_new = X @ new
                finite = finite and np.isfinite(loss.value(y, eta_new))
                if given or (finite and _below_parabola(loss, y, eta_new, eta_v, slope, new - v, step)):
                    break
            step /= 2
            if not finite:  # momentum may have left the range
                before, eta_before, t = w, eta, 0.0
        if not finite:
            raise ValueError(f"step = {step:g} is too long: the coefficients grow without end; shorten it")
        # In units of the root of the step squares stay in range.
        uphill = ((v - new) / step**0.5) @ ((new - w) / step**0.5) > 0
        progress.stuck = np.array_equal(new, v)
        before, eta_before, w, eta, t, last = w, eta, new, eta_new, t_next, step
        if not accelerate or (restart and uphill):
            before, eta_before, t = w, eta, 0.0
        progress.record(gap(X, y, w, lam, penalty, loss))
    return progress.result(w, 0.0, "proximal_gradient")


def refusal(X, loss, penalty, lam):
    """Why this solver cannot take a problem, or nothing.

    Parameters
    ----------
    X : ndarray or shrinkage.sparse.Centred, of shape (n, p), float
    loss : shrinkage.losses.Quadratic
    penalty : shrinkage.penalties.ElasticNet
    lam : float

    Returns
    -------
    str
        Empty where it can.

    Examples
    --------
    >>> from shrinkage.penalties import L1
    >>> refusal(np.eye(2), QUADRATIC, L1(), 0.1), refusal(np.eye(2), QUADRATIC, None, 0.1)
    ('', 'the penalty has no prox')
    """
    if not all(hasattr(loss, name) for name in ("value", "gradient", "conjugate")):
        return "the loss has no slope, or no conjugate for the gap"
    return "" if hasattr(penalty, "prox") else "the penalty has no prox"


def largest_eigenvalue(X):
    """Bound the largest eigenvalue of ``XᵀX / n`` from above by a little, for the length of a step.

    Power iteration finds it from below, so its answer is raised by a twentieth, but not above the trace, which
    is no smaller.  The start is always the same, and random.

    Parameters
    ----------
    X : ndarray, sparse matrix or shrinkage.sparse.Centred, of shape (n, p), float

    Returns
    -------
    float
        Squared units of the columns; 0 for columns of zeros alone.

    Raises
    ------
    ValueError
        If `X` cannot be used.

    References
    ----------
    Kuczyński & Woźniakowski (1992), SIAM J. Matrix Anal. Appl. 13(4), 1094-1122, on how rarely a random start
    is a bad one.

    Examples
    --------
    >>> round(largest_eigenvalue(np.diag([1., 2., 3.])), 2)
    3.15
    """
    X = as_columns(X)
    n, p = X.shape
    trace = float(squared_lengths(X).sum(dtype=np.float64))
    q, found = np.random.default_rng(0).normal(size=p), 0.0
    for _ in range(100):
        q, last = (q / np.linalg.norm(q)).astype(X.dtype), found
        with np.errstate(over="ignore", invalid="ignore"):
            q = (X.T @ (X @ q)).astype(np.float64)
            # Entries near the ends of the range have no squares.
            size = float(np.abs(q).max()) or 1.0
            q /= size
            found = size * float(np.linalg.norm(q))
        if not last * (1 + 1e-4) < found < np.inf:
            break
    # A thousandth above the trace, for rounding.
    return min(1.001 * trace, 1.05 * found) / n


def _below_parabola(loss, y, eta, eta_v, slope, change, step):
    """Whether the loss at `eta` is at most its parabola of curvature 1/step around `eta_v`, up to rounding."""
    eps, moved = float(np.finfo(eta.dtype).eps), eta - eta_v
    turn, change = loss.gradient(y, eta) - slope, change / step**0.5
    here, there, along = loss.value(y, eta), loss.value(y, eta_v), float(slope @ moved)
    above = 2 * (here - there - along) - 100 * eps * (abs(here) + abs(there) + abs(along))
    # Near the minimum rounding hides what the values differ by, but not what the slopes do.
    norm = np.linalg.norm
    noise = 10 * eps * (norm(turn) * (norm(eta) + norm(eta_v)) + norm(slope) * norm(moved))
    return bool(max(above, float(turn @ moved) - noise) <= float(change @ change))


def _require_range(step, lam, factors, dtype):
    if step * lam * max(float(factors.max()), 1.0) > float(np.finfo(dtype).max):
        raise ValueError(
            f"lam = {lam:g} is too large beside X: the step times it, times the factor of the penalty, overflows; "
            "rescale the columns or the factors"
        )
