"""Ridge regression as scikit-learn's ``Ridge``."""

import numpy as np
from scipy.sparse import issparse
from sklearn.base import _fit_context
from sklearn.linear_model import Ridge as Theirs

from shrinkage.conversions import lam_from_ridge_alpha
from shrinkage.estimators.linear import LinearRegressor, solve
from shrinkage.gram import gather, ridge
from shrinkage.penalties import L2

MOST = 500  # rows or columns of sparse data, of which products are cheaper than a Gram matrix that is not sparse


class Ridge(LinearRegressor):
    """Least squares with a squared penalty, drop-in for scikit-learn's ``Ridge``.

    It minimises

        Σ s_i (y_i − x_i·w − b)² + alpha ‖w‖₂²

    with sample weights `s` of 1 unless given and an intercept `b` that is not penalised.

    Parameters
    ----------
    alpha : float or array_like of shape (number of targets,)
        Penalty weight, >= 0: one for all targets, or one for each.
    fit_intercept : bool
        Whether the model has an intercept.
    copy_X : bool
        Changes nothing: `X` is never written to.
    max_iter : int or None
        Changes nothing: the answer is the minimiser.
    tol : float
        Changes nothing, likewise.
    solver : str
        One of scikit-learn's "auto", "svd", "cholesky", "lsqr", "sparse_cg", "sag", "saga" and "lbfgs", where
        scikit-learn takes it; it does not change the answer.
    positive : bool
        Whether negative coefficients are forbidden.
    random_state : int, RandomState or None
        Changes nothing: nothing is random.

    Attributes
    ----------
    coef_ : ndarray of shape (p,) or (number of targets, p)
        Coefficients; at ``alpha=0`` the least-squares solution of smallest norm.
    intercept_ : float or ndarray of shape (number of targets,)
        0.0 without an intercept.
    n_iter_ : ndarray of shape (number of targets,)
        Sweeps for each target, at least 1; 1 where the solver does not iterate.
    solver_ : str
        The solver of this package that was used.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (p,)
        If `X` had names for all its columns.

    References
    ----------
    Hoerl & Kennard (1970), Technometrics 12(1), 55-67.

    Examples
    --------
    >>> model = Ridge(alpha=2.0).fit([[1.0], [3.0]], [0.0, 4.0])
    >>> model.coef_.round(12), round(float(model.intercept_), 12)
    (array([1.]), 0.0)
    """

    _parameter_constraints = Theirs._parameter_constraints

    def __init__(
        self,
        alpha=1.0,
        *,
        fit_intercept=True,
        copy_X=True,
        max_iter=None,
        tol=1e-4,
        solver="auto",
        positive=False,
        random_state=None,
    ):
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.copy_X = copy_X
        self.max_iter = max_iter
        self.tol = tol
        self.solver = solver
        self.positive = positive
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y, sample_weight=None):
        """Fit the model to `X` of shape (n, p), dense or sparse, and `y` of shape (n,) or (n, number of targets)."""
        self._refuse_solver(issparse(X))
        X, y, s = self._data(X, y, sample_weight)
        targets = y.reshape(len(y), -1).T
        alphas = np.ravel(np.asarray(self.alpha, np.float64))
        if len(alphas) not in (1, len(targets)):
            raise ValueError(
                "alpha must be one number or one for each target. Number of targets and number of penalties do not "
                f"correspond: {len(alphas)} != {len(targets)}"
            )
        total = len(y) if s is None else s.sum()
        lams = [lam_from_ridge_alpha(alpha, total) for alpha in np.broadcast_to(alphas, len(targets))]
        results = self._squared(X, targets, lams, s) or [
            solve(X, target, L2(positive=bool(self.positive)), lam, self.fit_intercept, s)
            for target, lam in zip(targets, lams, strict=True)
        ]
        self._take(results, X, y)
        self.n_iter_ = np.array([result.n_iter for result in results], np.int32)
        self.solver_ = results[0].solver
        return self

    def _squared(self, X, targets, lams, s):
        """Results from one Gram matrix, or none where that would be too large or too coarse."""
        if self.positive or (issparse(X) and min(X.shape) > MOST):
            return []
        return ridge(gather(X, targets.T, self.fit_intercept, s), lams)

    def _refuse_solver(self, sparse):
        """Refuse the solvers that scikit-learn refuses: what runs with this class is to run with that one."""
        if (self.solver == "lbfgs") != bool(self.positive) and self.solver != "auto":
            raise ValueError(f"solver={self.solver!r} does not support positive={self.positive}; use solver='auto'")
        if sparse and self.fit_intercept and self.solver in ("svd", "cholesky", "saga"):
            raise ValueError(
                f"solver={self.solver!r} does not support fitting the intercept on sparse data; use solver='auto'"
            )
        if sparse and self.solver == "svd":
            raise TypeError("SVD solver does not support sparse inputs; use solver='auto'")
