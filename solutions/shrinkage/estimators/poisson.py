"""Poisson regression as scikit-learn's ``PoissonRegressor``."""

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin, _fit_context
from sklearn.linear_model import PoissonRegressor as Theirs
from sklearn.metrics import d2_tweedie_score
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from shrinkage.estimators.likelihood import maximise
from shrinkage.losses import Poisson
from shrinkage.penalties import L2


class PoissonRegressor(RegressorMixin, BaseEstimator):
    """Counts whose log-mean is linear in the columns, drop-in for scikit-learn's ``PoissonRegressor``.

    It minimises

        1/Σs_i Σ s_i ℓ(y_i, x_i·w + b) + alpha/2 ‖w‖₂²

    with half the Poisson deviance as the loss, sample weights `s` of 1 unless given, and an intercept `b` that is not
    penalised.

    Parameters
    ----------
    alpha : float
        Penalty weight, >= 0: the `lam` of this package.
    fit_intercept : bool
        Whether the model has an intercept.
    solver : {"lbfgs", "newton-cholesky"}
        Changes nothing: the answer is the minimiser.
    max_iter : int
        Changes nothing, likewise.
    tol : float
        A gap above `tol`, relative to the objective at zero, is warned of; the answer is far below.
    warm_start : bool
        Whether a fit starts from the coefficients of the last one.
    verbose : int
        Changes nothing.

    Attributes
    ----------
    coef_ : ndarray of shape (p,)
    intercept_ : float
    n_iter_ : int
        Newton steps, at least 1.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (p,)
        If `X` had names for all its columns.

    References
    ----------
    McCullagh & Nelder (1989), Generalized Linear Models, 2nd ed., chapter 6.

    Examples
    --------
    >>> model = PoissonRegressor(alpha=0.0).fit([[0.0], [1.0], [1.0]], [1.0, 2.0, 4.0])
    >>> model.predict([[0.0], [1.0]]).round(6)
    array([1., 3.])
    """

    _parameter_constraints = Theirs._parameter_constraints

    def __init__(
        self, *, alpha=1.0, fit_intercept=True, solver="lbfgs", max_iter=100, tol=1e-4, warm_start=False, verbose=0
    ):
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.solver = solver
        self.max_iter = max_iter
        self.tol = tol
        self.warm_start = warm_start
        self.verbose = verbose

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y, sample_weight=None):
        """Fit the model to `X` of shape (n, p), dense or sparse, and counts `y` of shape (n,)."""
        X, y = validate_data(self, X, y, accept_sparse=["csc", "csr"], dtype=[np.float64, np.float32], y_numeric=True)
        s = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        start = self.coef_ if self.warm_start and hasattr(self, "coef_") else None
        result = maximise(X, y, Poisson(), L2(), self.alpha, self.fit_intercept, s, tol=self.tol, w=start)
        self.coef_, self.intercept_ = result.w.astype(X.dtype), X.dtype.type(result.b)
        self.n_iter_ = max(result.n_iter, 1)
        return self

    def predict(self, X):
        """Predict the mean count of every row of `X`, dense or sparse: of shape (n,)."""
        check_is_fitted(self)
        X = validate_data(
            self, X, accept_sparse=["csr", "csc", "coo"], dtype=[np.float64, np.float32], ensure_2d=True, reset=False
        )
        return np.exp(X @ self.coef_ + self.intercept_)

    def score(self, X, y, sample_weight=None):
        """Share of the deviance that is explained, D², at most 1."""
        return float(d2_tweedie_score(y, self.predict(X), sample_weight=sample_weight, power=1))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.target_tags.positive_only = True
        return tags
