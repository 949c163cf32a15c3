"""What all the linear estimators share: data in, predictions out, and a solution well below the tolerance."""

import warnings
from dataclasses import replace

import numpy as np
from scipy.sparse import issparse
from sklearn.base import BaseEstimator, MultiOutputMixin, RegressorMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from shrinkage import active_set, cgls, direct
from shrinkage.coordinate_descent import default_tol
from shrinkage.losses import QUADRATIC
from shrinkage.plain import plain_problem
from shrinkage.polish import minimise
from shrinkage.ridge import svd_path
from shrinkage.sparse import Centred


class LinearRegressor(MultiOutputMixin, RegressorMixin, BaseEstimator):
    """A model whose predictions are ``X @ coef_.T + intercept_``, for one target or several.

    Examples
    --------
    >>> from shrinkage import Ridge
    >>> isinstance(Ridge(), LinearRegressor)
    True
    """

    def predict(self, X):
        """Predict the target of every row of `X`, dense or sparse: of shape (n,) or (n, number of targets)."""
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse=["csr", "csc", "coo"], reset=False)
        return X @ self.coef_.T + self.intercept_

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse, tags.array_api_support = True, False
        return tags

    def _data(self, X, y, sample_weight):
        """The data as scikit-learn takes them, in one precision, and one list of weights or None."""
        X, y = validate_data(
            self,
            X,
            y,
            accept_sparse=["csc", "csr", "coo"],
            dtype=[np.float64, np.float32],
            multi_output=True,
            y_numeric=True,
        )
        if sample_weight is not None:
            sample_weight = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        return X, y.astype(X.dtype, copy=False), sample_weight

    def _take(self, results, X, y):
        """Set `coef_` and `intercept_` from the results, one a target, in the shapes of scikit-learn."""
        W = np.stack([result.w for result in results]).astype(X.dtype, copy=False)
        b = np.array([result.b for result in results], X.dtype)
        self.coef_ = W if len(W) > 1 else W[0]
        self.intercept_ = 0.0 if not self.fit_intercept else b if y.ndim > 1 else b[0]


def solve(X, y, penalty, lam, fit_intercept, sample_weight=None, *, tol=0.0, max_iter=10_000, w=None):
    """Minimise as far as the precision allows, whatever `tol` is.

    Parameters
    ----------
    X : ndarray or sparse matrix of shape (n, p), float
    y : ndarray of shape (n,), float
    penalty : shrinkage.penalties.ElasticNet
    lam : float
    fit_intercept : bool
    sample_weight : ndarray of shape (n,) or None
    tol : float
        As scikit-learn means it: a gap above ``tol ‖y‖₂²/n`` is warned of.
    max_iter : int
        Sweeps at most.
    w : ndarray of shape (p,) or None
        Where to start.

    Returns
    -------
    shrinkage.result.Result

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Warns
    -----
    ConvergenceWarning
        If `max_iter` was reached with a gap above `tol`; the gap is said.

    Examples
    --------
    >>> from shrinkage.penalties import L1
    >>> result = solve(np.array([[1.], [3.]]), np.array([0., 4.]), L1(), 0.5, True)
    >>> result.w, result.b
    (array([1.5]), -1.0)
    """
    if issparse(X) and not cgls.refusal(X, QUADRATIC, penalty, lam):
        # With means in single precision a sum of columns that is constant would not be so, if only by rounding.
        X, y = X.astype(np.float64), y.astype(np.float64)
    plain = plain_problem(X, y, bool(fit_intercept), False, sample_weight)
    return plain.restored(solve_plain(plain, penalty, lam, tol=tol, max_iter=max_iter, w=w))


def solve_plain(plain, penalty, lam, *, tol=0.0, max_iter=10_000, w=None, working=None):
    """`solve` for data that are plain already, in their own units.

    Parameters
    ----------
    plain : shrinkage.plain.Plain
    penalty, lam, tol, max_iter, w : object
        As for `solve`.
    working : shrinkage.active_set.WorkingSet or None
        Of these data, as it was left by the penalty weight before.

    Returns
    -------
    shrinkage.result.Result

    Warns
    -----
    ConvergenceWarning
        As `solve`.

    Examples
    --------
    >>> from shrinkage.penalties import L1
    >>> solve_plain(plain_problem(np.array([[1.], [3.]]), np.array([0., 4.])), L1(), 0.5).w
    array([1.5])
    """
    X, y = plain.X, plain.y
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        if not active_set.refusal(X, QUADRATIC, penalty, lam):
            working = working or active_set.WorkingSet(X, y, w)
            result = working.minimise(lam, penalty, default_tol(X.dtype), max_iter)
            result = result if result.converged else minimise(X, y, lam, penalty, max_iter=max_iter, w=result.w)
        elif not direct.refusal(X, QUADRATIC, penalty, lam):
            result = direct.solve(X, y, lam, penalty)
            result = result if lam > 0 else _shortest(result, X, y)
        elif isinstance(X, Centred) and not cgls.refusal(X, QUADRATIC, penalty, lam):
            result = cgls.solve(X, y, lam, penalty)
            # Columns of very unlike lengths; a start near the rows' combinations is worth more where rows are few.
            w = result.w if X.shape[0] < X.shape[1] else w
            result = result if result.converged else minimise(X, y, lam, penalty, max_iter=max_iter, w=w)
        else:
            result = minimise(X, y, lam, penalty, max_iter=max_iter, w=w)
    # Linear algebra has no more sweeps to offer; a tiny `lam` magnifies its rounding in the gap.
    if not result.converged and result.solver != "direct":
        warn_of_gap(result, y, max(tol, default_tol(X.dtype)))
    return result


def _shortest(result, X, y):
    """Of the minimisers without a penalty that of smallest norm: `direct` measures columns by their lengths."""
    w = svd_path(X, y, [0.0])[0]
    squares = [float(np.sum((y - X @ v) ** 2)) for v in (w, result.w)]
    as_good = squares[0] <= squares[1] + float(np.finfo(X.dtype).eps) * len(y) * float(y @ y)
    return replace(result, w=w) if as_good and w @ w < result.w @ result.w else result


def warn_of_gap(result, y, tol):
    """Say how far from the least objective the solver has stopped, if that is further than was asked for.

    Parameters
    ----------
    result : shrinkage.result.Result
    y : ndarray of shape (n,) or (n, number of targets)
    tol : float

    Raises
    ------
    ConvergenceWarning
        A warning, if the gap is above ``tol ‖y‖₂²/n``.

    Examples
    --------
    >>> from shrinkage.result import Result
    >>> warn_of_gap(Result(np.zeros(1), 0.0, 1e-9, 1, np.array([1.0, 1e-9])), np.ones(3), 1e-4)
    """
    enough = tol * float(np.sum(y**2)) / len(y)
    if result.gap > enough:
        warnings.warn(
            f"Objective did not converge: after {result.n_iter} sweeps the duality gap is {result.gap:.3e}, above "
            f"{enough:.3e}. Increase max_iter, or scale the columns.",
            ConvergenceWarning,
            stacklevel=4,
        )
