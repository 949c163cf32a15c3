"""The lasso and the elastic net for many penalty weights, as scikit-learn's ``lasso_path`` and ``enet_path``."""

import numbers
import warnings
from dataclasses import replace

import numpy as np
from scipy.sparse import issparse
from sklearn import linear_model
from sklearn.utils import check_array
from sklearn.utils._param_validation import validate_params

from shrinkage import multi_task, penalties
from shrinkage.active_set import WorkingSet
from shrinkage.conversions import elastic_net_alpha, lam_from_elastic_net_alpha
from shrinkage.estimators.linear import solve_plain, warn_of_gap
from shrinkage.plain import Plain, plain_problem
from shrinkage.sparse import Centred

# What scikit-learn's functions take in `params`.
STEERING = ("max_iter", "tol", "random_state", "selection", "do_screening", "sample_weight", "X_offset", "X_scale")


@validate_params(linear_model.enet_path._skl_parameter_constraints, prefer_skip_nested_validation=True)
def enet_path(
    X,
    y,
    *,
    l1_ratio=0.5,
    eps=1e-3,
    n_alphas="deprecated",
    alphas="warn",
    precompute="auto",
    Xy=None,
    copy_X=True,
    coef_init=None,
    verbose=False,
    return_n_iter=False,
    positive=False,
    check_input=True,
    **params,
):
    """Elastic net without an intercept for many penalty weights, drop-in for scikit-learn's ``enet_path``.

    Each is the minimiser of ``1/(2n) ‖y − Xw‖₂² + alpha (l1_ratio ‖w‖₁ + (1 − l1_ratio)/2 ‖w‖₂²)``, started from the
    one before.  Of several targets the lengths of the rows of coefficients stand for their absolute values, as in
    scikit-learn's ``MultiTaskElasticNet``: a column is used for all of them or for none.

    Parameters
    ----------
    X : array_like or sparse matrix of shape (n, p)
        Never written to.
    y : array_like of shape (n,) or (n, number of targets)
    l1_ratio : float
        Share of the L1 penalty, from 0 to 1.
    eps : float
        The smallest `alpha` of a grid, beside the largest.
    n_alphas : int
        The old name of a whole number as `alphas`.
    alphas : int or array_like of shape (L,)
        How many there are in a grid, 100 unless given; or which.
    precompute : bool, str or array_like of shape (p, p)
        Changes nothing.
    Xy : array_like of shape (p,) or None
        Changes nothing.
    copy_X : bool
        Changes nothing.
    coef_init : array_like of shape (p,), or (number of targets, p), or None
        Where to start.
    verbose : bool or int
        Changes nothing.
    return_n_iter : bool
        Whether the numbers of sweeps are returned too.
    positive : bool
        Whether negative coefficients are forbidden.
    check_input : bool
        Whether the arrays are checked as scikit-learn checks them.
    params : object
        `tol` and `max_iter` as for `ElasticNet`; scikit-learn's other parameters of the search change nothing.

    Returns
    -------
    alphas : ndarray of shape (L,)
        From the largest to the smallest.
    coefs : ndarray of shape (p, L), or (number of targets, p, L) for a `y` with two axes
    dual_gaps : ndarray of shape (L,)
        Bounds on the objective minus the least.
    n_iters : list of int
        With `return_n_iter` alone.

    Raises
    ------
    ValueError
        If an argument cannot be used.

    References
    ----------
    Friedman, Hastie & Tibshirani (2010), J. Stat. Softw. 33(1), 1-22.

    Examples
    --------
    >>> X, y = np.array([[1.0], [-1.0]]), np.array([2.0, -2.0])
    >>> alphas, coefs, dual_gaps = enet_path(X, y, l1_ratio=1.0, alphas=[0.5, 1.0])
    >>> alphas, coefs
    (array([1. , 0.5]), array([[1. , 1.5]]))
    """
    if unknown := params.keys() - set(STEERING):
        raise ValueError(f"Unexpected parameters in params: {', '.join(sorted(unknown))}")
    if params.get("selection", "cyclic") not in ("cyclic", "random"):
        raise ValueError("selection should be either random or cyclic.")
    if check_input:
        X = check_array(X, accept_sparse=["csc", "csr", "coo"], dtype=[np.float64, np.float32])
        y = check_array(y, dtype=X.dtype.type, ensure_2d=False)
    if y.ndim > 1 and positive:
        raise ValueError("positive=True is not allowed for y.ndim != 1")
    plain = plain_problem(X, y.reshape(len(y), -1)[:, 0], False)
    if issparse(X) and params.get("X_offset") is not None:
        mean = np.asarray(params["X_offset"] / params["X_scale"], X.dtype)
        plain = Plain(Centred(plain.X.X, mean), plain.y, plain.x_mean, plain.x_scale, 0.0)
    penalty = penalties.ElasticNet(float(l1_ratio), positive=bool(positive))
    alphas, several = _as_alphas(alphas, n_alphas), y.ndim > 1 and y.shape[1] > 1
    if isinstance(alphas, numbers.Integral):
        alphas = grid(plain.X, y, penalty, eps, alphas)
    budget = {"tol": params.get("tol", 1e-4), "max_iter": params.get("max_iter", 1000)}
    if several:
        start = None if coef_init is None else np.transpose(coef_init)
        results = together(plain.X, y, penalty, alphas, W=start, **budget)
    else:
        start = None if coef_init is None else np.ravel(coef_init).astype(plain.X.dtype)
        results = along(plain, penalty, alphas, w=start, **budget)
    coefs = np.stack([result.w.T for result in results], axis=-1)
    found = alphas, coefs[None] if y.ndim > coefs.ndim - 1 else coefs, np.array([result.gap for result in results])
    return (*found, [result.n_iter for result in results]) if return_n_iter else found


@validate_params(linear_model.lasso_path._skl_parameter_constraints, prefer_skip_nested_validation=True)
def lasso_path(
    X,
    y,
    *,
    eps=1e-3,
    n_alphas="deprecated",
    alphas="warn",
    precompute="auto",
    Xy=None,
    copy_X=True,
    coef_init=None,
    verbose=False,
    return_n_iter=False,
    positive=False,
    **params,
):
    """Lasso without an intercept for many penalty weights, drop-in for scikit-learn's ``lasso_path``.

    It is `enet_path` with ``l1_ratio=1``.

    Parameters
    ----------
    X, y, eps, n_alphas, alphas, precompute, Xy, copy_X, coef_init, verbose, return_n_iter, positive, params : object
        As for `enet_path`.

    Returns
    -------
    alphas : ndarray of shape (L,)
    coefs : ndarray of shape (p, L), or (number of targets, p, L)
    dual_gaps : ndarray of shape (L,)
    n_iters : list of int
        With `return_n_iter` alone.

    Raises
    ------
    ValueError
        If an argument cannot be used.

    References
    ----------
    Friedman, Hastie & Tibshirani (2010), J. Stat. Softw. 33(1), 1-22.

    Examples
    --------
    At the largest `alpha` of the grid every coefficient is zero, and no sooner:

    >>> alphas, coefs, dual_gaps = lasso_path(np.array([[1.0], [-1.0]]), np.array([2.0, -2.0]), alphas=3)
    >>> alphas, coefs.round(12)
    (array([2.        , 0.06324555, 0.002     ]), array([[0.        , 1.93675445, 1.998     ]]))
    """
    return enet_path(
        X,
        y,
        l1_ratio=1.0,
        eps=eps,
        n_alphas=n_alphas,
        alphas=alphas,
        coef_init=coef_init,
        return_n_iter=return_n_iter,
        positive=positive,
        **params,
    )


def grid(X, y, penalty, eps, number):
    """Penalty weights with equal ratios, from the smallest that leaves no coefficient down to `eps` times it.

    Parameters
    ----------
    X : ndarray or shrinkage.sparse.Centred, of shape (n, p)
    y : ndarray of shape (n,) or (n, number of targets)
    penalty : shrinkage.penalties.ElasticNet
    eps : float
    number : int

    Returns
    -------
    ndarray of shape (number,)
        scikit-learn's ``alphas``.

    Raises
    ------
    ValueError
        If the penalty is squared alone: then no weight is large enough.

    Examples
    --------
    >>> grid(np.array([[-1.0], [1.0]]), np.array([-2.0, 2.0]), penalties.L1(), 0.25, 3)
    array([2. , 1. , 0.5])
    """
    if penalty.l1_ratio == 0:
        raise ValueError(
            "Automatic alpha grid generation is not supported for l1_ratio=0. Please supply a grid by providing your "
            "estimator with the appropriate `alphas=` argument."
        )
    slopes = X.T @ y / len(y)
    # Of several targets the penalty sees the lengths of their slopes.
    critical = penalty.lam_max(-slopes if slopes.ndim == 1 else np.linalg.norm(slopes, axis=1))
    largest, _ = elastic_net_alpha(critical, penalty.l1_ratio)
    least = np.finfo(np.float64).resolution
    return np.full(number, least) if largest <= least else np.geomspace(largest, largest * eps, num=number)


def along(plain, penalty, alphas, *, tol, max_iter, w=None):
    """Solve one problem for several penalty weights, each from the solution before.

    Parameters
    ----------
    plain : shrinkage.plain.Plain
    penalty : shrinkage.penalties.ElasticNet
    alphas : ndarray of shape (L,)
        scikit-learn's, decreasing.
    tol : float
    max_iter : int
    w : ndarray of shape (p,) or None

    Returns
    -------
    list of shrinkage.result.Result
        In the units of the data as they came.

    Examples
    --------
    >>> plain = plain_problem(np.array([[1.0], [3.0]]), np.array([0.0, 4.0]))
    >>> [float(result.b) for result in along(plain, penalties.L1(), [2.0, 0.5], tol=1e-4, max_iter=10)]
    [2.0, -1.0]
    """
    results, working = [], WorkingSet(plain.X, plain.y, w)
    for alpha in alphas:
        lam, _ = lam_from_elastic_net_alpha(float(alpha), penalty.l1_ratio)
        result = solve_plain(plain, penalty, lam, tol=tol, max_iter=max_iter, w=w, working=working)
        w = result.w
        results.append(plain.restored(result))
    return results


def together(X, Y, penalty, alphas, *, tol, max_iter, W=None):
    """Solve for several targets with the lengths of their rows of coefficients in the place of the absolute values.

    Parameters
    ----------
    X : ndarray or shrinkage.sparse.Centred, of shape (n, p)
    Y : ndarray of shape (n, K)
    penalty : shrinkage.penalties.ElasticNet
    alphas : ndarray of shape (L,)
        scikit-learn's, decreasing.
    tol : float
    max_iter : int
    W : ndarray of shape (p, K) or None

    Returns
    -------
    list of shrinkage.result.Result

    Examples
    --------
    >>> X, Y = np.array([[1.0], [-1.0]]), np.array([[3.0, 4.0], [-3.0, -4.0]])
    >>> [result.w.round(12).tolist() for result in together(X, Y, penalties.L1(), [5.0, 1.0], tol=1e-4, max_iter=100)]
    [[[0.0, 0.0]], [[2.4, 3.2]]]
    """
    results, dtype, X, Y = [], X.dtype, X.astype(np.float64), Y.astype(np.float64)
    for alpha in alphas:
        lam, share = lam_from_elastic_net_alpha(float(alpha), penalty.l1_ratio)
        if lam * share == 0:
            # Squares tie nothing together.
            each = [solve_plain(Plain(X, y.copy(), None, None, 0.0), penalty, lam, tol=tol) for y in Y.T]
            result = replace(each[0], w=np.stack([one.w for one in each], axis=1), gap=sum(one.gap for one in each))
        else:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)
                result = multi_task.minimise(X, Y, lam * share, lam * (1 - share), max_iter=max_iter, W=W)
            if not result.converged:
                warn_of_gap(result, Y, tol)
        W = result.w
        results.append(replace(result, w=W.astype(dtype)))
    return results


def _as_alphas(alphas, n_alphas):
    """How many weights there are to be in a grid, or which there are, decreasing."""
    old = not isinstance(n_alphas, str)
    if old or alphas is None:
        said = "'n_alphas' was deprecated in 1.9" if old else "'alphas=None' is deprecated"
        warnings.warn(
            f"{said} and will be removed in 1.11; give a whole number as alphas.", FutureWarning, stacklevel=4
        )
    if alphas is None or isinstance(alphas, str):
        return n_alphas if old else 100
    return alphas if isinstance(alphas, numbers.Integral) else np.sort(np.asarray(alphas, float))[::-1]
