"""The elastic net and the lasso as scikit-learn's ``ElasticNet`` and ``Lasso``."""

import numbers
import warnings
from typing import ClassVar

import numpy as np
from scipy.sparse import csr_array, csr_matrix, issparse
from sklearn import linear_model
from sklearn.base import _fit_context
from sklearn.utils import metadata_routing

from shrinkage import penalties
from shrinkage.conversions import lam_from_elastic_net_alpha
from shrinkage.estimators.linear import LinearRegressor, solve
from shrinkage.estimators.paths import enet_path


class ElasticNet(LinearRegressor):
    """Least squares with a mix of the L1 and the squared penalty, drop-in for scikit-learn's ``ElasticNet``.

    It minimises

        1/(2 Σ s_i) Σ s_i (y_i − x_i·w − b)² + alpha (l1_ratio ‖w‖₁ + (1 − l1_ratio)/2 ‖w‖₂²)

    with sample weights `s` of 1 unless given and an intercept `b` that is not penalised; for several targets, each
    by itself.

    Parameters
    ----------
    alpha : float
        Penalty weight, >= 0; at 0 this is least squares.
    l1_ratio : float
        Share of the L1 penalty, from 0 to 1.
    fit_intercept : bool
        Whether the model has an intercept.
    precompute : bool or array_like of shape (p, p)
        Changes nothing.  Where scikit-learn would use a Gram matrix, one that does not belong to `X` is refused, and
        warned of where centring has made it another's.
    max_iter : int or None
        Sweeps at most; the answer is the same for all that are enough.
    copy_X : bool
        Changes nothing: `X` is never written to.
    tol : float
        A duality gap above ``tol ‖y‖₂²/n`` is warned of; it is brought far below that where `max_iter` allows.
    warm_start : bool
        Whether to start from the coefficients of the previous fit.
    positive : bool
        Whether negative coefficients are forbidden.
    random_state : int, RandomState or None
        Changes nothing: nothing is random.
    selection : str
        "cyclic" or "random"; changes nothing.

    Attributes
    ----------
    coef_ : ndarray of shape (p,) or (number of targets, p)
    sparse_coef_ : sparse matrix of shape (1, p) or (number of targets, p)
    intercept_ : float or ndarray of shape (number of targets,)
        0.0 without an intercept.
    n_iter_ : int or list of int
        Sweeps for each target, at least 1.
    dual_gap_ : float or ndarray of shape (number of targets,)
        Bound on the objective above minus the least, for each target.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (p,)
        If `X` had names for all its columns.

    References
    ----------
    Zou & Hastie (2005), J. R. Statist. Soc. B 67(2), 301-320.

    Examples
    --------
    >>> model = ElasticNet(alpha=1.0, l1_ratio=0.5).fit([[1.0], [3.0]], [1.0, 5.0])
    >>> model.coef_.round(12), round(float(model.intercept_), 12)
    (array([1.]), 1.0)
    """

    _parameter_constraints = linear_model.ElasticNet._parameter_constraints
    path = staticmethod(enet_path)
    __metadata_request__fit: ClassVar = {"check_input": metadata_routing.UNUSED}

    def __init__(
        self,
        alpha=1.0,
        *,
        l1_ratio=0.5,
        fit_intercept=True,
        precompute=False,
        max_iter=1000,
        copy_X=True,
        tol=1e-4,
        warm_start=False,
        positive=False,
        random_state=None,
        selection="cyclic",
    ):
        self.alpha = alpha
        self.l1_ratio = l1_ratio
        self.fit_intercept = fit_intercept
        self.precompute = precompute
        self.max_iter = max_iter
        self.copy_X = copy_X
        self.tol = tol
        self.warm_start = warm_start
        self.positive = positive
        self.random_state = random_state
        self.selection = selection

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y, sample_weight=None, check_input=True):
        """Fit the model to `X` of shape (n, p), dense or sparse, and `y` of shape (n,) or (n, number of targets).

        With ``check_input=False`` the arrays are taken as scikit-learn's checks would have left them.
        """
        s = None if isinstance(sample_weight, numbers.Number) else sample_weight
        if check_input:
            X, y, s = self._data(X, y, s)
            self._refuse_gram(X, s)
        lam, l1_ratio = lam_from_elastic_net_alpha(float(self.alpha), float(self.l1_ratio))
        penalty = penalties.ElasticNet(l1_ratio, positive=bool(self.positive))
        targets = y.reshape(len(y), -1).T
        starts = [None] * len(targets)
        if self.warm_start and np.shape(getattr(self, "coef_", None))[-1:] == X.shape[1:]:
            before = np.atleast_2d(self.coef_)
            starts = before if len(before) == len(targets) else starts
        budget = {"tol": self.tol, "max_iter": 10_000 if self.max_iter is None else self.max_iter}
        results = [
            solve(X, target, penalty, lam, self.fit_intercept, s, w=w, **budget)
            for target, w in zip(targets, starts, strict=True)
        ]
        self._take(results, X, y)
        gaps, sweeps = np.array([r.gap for r in results], X.dtype), [r.n_iter for r in results]
        self.dual_gap_, self.n_iter_ = (gaps, sweeps) if len(results) > 1 else (gaps[0], sweeps[0])
        return self

    @property
    def sparse_coef_(self):
        """The coefficients as a sparse matrix of shape (1, p) or (number of targets, p)."""
        # As scikit-learn's own, whichever of the two kinds that is configured to be.
        coef = csr_array(np.atleast_2d(self.coef_))
        return coef if _sparse_arrays() else csr_matrix(coef)

    def _refuse_gram(self, X, s):
        """Refuse a Gram matrix that scikit-learn would use and find to be of another `X`."""
        if isinstance(self.precompute, bool | np.bool_) or issparse(X):
            return
        gram, (n, p) = np.asarray(self.precompute, X.dtype), X.shape
        s = np.ones(n) if s is None else s * (n / s.sum())
        if self.fit_intercept and not np.allclose(s @ X / n, 0):
            # In scikit-learn's words, by which such warnings are filtered.
            warnings.warn(
                "Gram matrix was provided but X was centered to fit intercept: recomputing Gram matrix.",
                UserWarning,
                stacklevel=4,
            )
            return
        if gram.shape != (p, p):
            raise ValueError(f"precompute must have the shape {(p, p)} of the Gram matrix; its shape is {gram.shape}")
        j, k = p // 2, min(p // 2 + 1, p - 1)
        if not np.isclose((s * X[:, j]) @ X[:, k], gram[j, k], rtol=1e-4 if X.dtype == np.float32 else 1e-7, atol=1e-5):
            raise ValueError(
                f"Gram matrix passed as precompute did not pass validation: its entry ({j}, {k}) is not that of X; "
                "leave precompute False"
            )


class Lasso(ElasticNet):
    """Least squares with the L1 penalty, drop-in for scikit-learn's ``Lasso``.

    It minimises

        1/(2 Σ s_i) Σ s_i (y_i − x_i·w − b)² + alpha ‖w‖₁

    with sample weights `s` of 1 unless given and an intercept `b` that is not penalised; for several targets, each
    by itself.

    Parameters
    ----------
    alpha : float
        Penalty weight, >= 0; at 0 this is least squares.
    fit_intercept : bool
    precompute : bool or array_like of shape (p, p)
    copy_X : bool
    max_iter : int or None
    tol : float
    warm_start : bool
    positive : bool
    random_state : int, RandomState or None
    selection : str
        These are as for `ElasticNet`, and so are the attributes.

    References
    ----------
    Tibshirani (1996), J. R. Statist. Soc. B 58(1), 267-288.

    Examples
    --------
    >>> model = Lasso(alpha=0.5).fit([[1.0], [3.0]], [0.0, 4.0])
    >>> model.coef_, float(model.intercept_), float(model.dual_gap_)
    (array([1.5]), -1.0, 0.0)
    """

    _parameter_constraints = linear_model.Lasso._parameter_constraints

    def __init__(
        self,
        alpha=1.0,
        *,
        fit_intercept=True,
        precompute=False,
        copy_X=True,
        max_iter=1000,
        tol=1e-4,
        warm_start=False,
        positive=False,
        random_state=None,
        selection="cyclic",
    ):
        super().__init__(
            alpha=alpha,
            l1_ratio=1.0,
            fit_intercept=fit_intercept,
            precompute=precompute,
            copy_X=copy_X,
            max_iter=max_iter,
            tol=tol,
            warm_start=warm_start,
            positive=positive,
            random_state=random_state,
            selection=selection,
        )


def _sparse_arrays():
    """Whether this scikit-learn gives sparse arrays, and not matrices."""
    model = linear_model.Lasso()
    model.coef_ = np.zeros(1)
    return isinstance(model.sparse_coef_, csr_array)
