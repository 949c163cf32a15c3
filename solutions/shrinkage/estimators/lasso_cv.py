"""The elastic net and the lasso that choose their penalty weight, as scikit-learn's ``*CV`` classes."""

import numbers

import numpy as np
from scipy.sparse import issparse
from sklearn import linear_model
from sklearn.base import _fit_context
from sklearn.model_selection import check_cv
from sklearn.utils import check_consistent_length, check_scalar, column_or_1d
from sklearn.utils.metadata_routing import _raise_for_params, _routing_enabled, process_routing
from sklearn.utils.validation import _check_sample_weight, validate_data

from shrinkage import penalties
from shrinkage.estimators.lasso import ElasticNet
from shrinkage.estimators.paths import along, enet_path, grid, lasso_path
from shrinkage.plain import plain_problem


class _Chosen:
    """What both have in common: the paths of all folds, and the best of their mean errors."""

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y, sample_weight=None, **params):
        """Choose by the mean squared errors of the folds, and fit to all rows; `params` go to the splitter."""
        _raise_for_params(params, self, "fit")
        given, (X, y, s) = X, self._data(X, y, sample_weight)
        positive, fit_intercept = bool(self.positive), bool(self.fit_intercept)
        mixes = np.atleast_1d(getattr(self, "l1_ratio", 1.0)).astype(float)
        found = [penalties.ElasticNet(float(mix), positive=positive) for mix in mixes]
        if isinstance(self.alphas, numbers.Integral):
            whole = plain_problem(X, y, fit_intercept, False, s)
            alphas = np.stack([grid(whole.X, whole.y, penalty, self.eps, self.alphas) for penalty in found])
            del whole
        else:
            for i, alpha in enumerate(self.alphas):
                check_scalar(alpha, f"alphas[{i}]", numbers.Real, min_val=0.0, include_boundaries="left")
            alphas = np.tile(np.sort(np.asarray(self.alphas, float))[::-1], (len(found), 1))
        routed = process_routing(self, "fit", sample_weight=s, **params).splitter.split if _routing_enabled() else {}
        folds = list(check_cv(self.cv).split(X, y, **routed))
        errors = np.empty((len(found), len(folds), alphas.shape[1]))
        for k, (train, test) in enumerate(folds):
            # One copy of the fold's rows serves all mixes and weights.
            plain = plain_problem(X[train], y[train], fit_intercept, False, None if s is None else s[train])
            for errors_of, penalty, weights in zip(errors, found, alphas, strict=True):
                results = along(plain, penalty, weights, tol=self.tol, max_iter=self.max_iter)
                predicted = X[test] @ np.stack([r.w for r in results], axis=1) + np.array([r.b for r in results])
                errors_of[k] = np.average(
                    (predicted - y[test, None]) ** 2, axis=0, weights=None if s is None else s[test]
                )
        self.mse_path_ = np.squeeze(np.moveaxis(errors, 2, 1))
        i, j = np.unravel_index(np.argmin(errors.mean(axis=1)), alphas.shape)
        self.alpha_, self.alphas_ = alphas[i, j], alphas if len(found) > 1 and self._own_grids() else alphas[0]
        return self._refit(given, y, s, float(mixes[i]))

    def _own_grids(self):
        return isinstance(self.alphas, numbers.Integral)

    def _data(self, X, y, sample_weight):
        """The data as scikit-learn takes them, in one precision, and one list of weights or None."""
        check_X = {"accept_sparse": ["csc", "csr"], "dtype": [np.float64, np.float32]}
        check_y = {"dtype": [np.float64, np.float32], "ensure_2d": False}
        X, y = validate_data(self, X, y, validate_separately=(check_X, check_y))
        check_consistent_length(X, y)
        if y.ndim > 1 and y.shape[1] > 1:
            raise ValueError(f"For multi-task outputs, use MultiTask{type(self).__name__}")
        s = None if isinstance(sample_weight, numbers.Number) else sample_weight
        if s is not None:
            s = _check_sample_weight(s, X, dtype=np.float64, ensure_non_negative=True)
        # Folds are lists of rows.
        X = X.tocsr() if issparse(X) else X
        return X, column_or_1d(y, warn=True).astype(X.dtype, copy=False), s

    def _refit(self, X, y, s, l1_ratio):
        names = ("fit_intercept", "max_iter", "tol", "positive", "random_state", "selection")
        settings = {name: getattr(self, name) for name in names} | {"alpha": float(self.alpha_)}
        model = ElasticNet(l1_ratio=l1_ratio, **settings).fit(X, y, s)
        if hasattr(self, "l1_ratio"):
            self.l1_ratio_ = l1_ratio
        for name in ("coef_", "intercept_", "dual_gap_", "n_iter_"):
            setattr(self, name, getattr(model, name))
        return self


class ElasticNetCV(_Chosen, linear_model.ElasticNetCV):
    """Elastic net with the best of many penalty weights and mixes, drop-in for scikit-learn's ``ElasticNetCV``.

    Parameters
    ----------
    l1_ratio : float or array_like
        Share of the L1 penalty, from 0 to 1; or several to choose from.
    eps : float
        The smallest `alpha` of a grid, beside the largest.
    alphas : int or array_like of shape (L,)
        How many there are in a grid; or which.
    fit_intercept : bool
        Whether the model has an intercept.
    precompute : bool, str or array_like of shape (p, p)
        Changes nothing.
    max_iter : int
        Sweeps at most, for each weight.
    tol : float
        As for `ElasticNet`.
    cv : int, splitter, iterable or None
        How the rows are split; None for five folds.
    copy_X : bool
        Changes nothing: `X` is never written to.
    verbose : bool or int
        Changes nothing.
    n_jobs : int or None
        Changes nothing.
    positive : bool
        Whether negative coefficients are forbidden.
    random_state : int, RandomState or None
        Changes nothing: nothing is random.
    selection : str
        "cyclic" or "random"; changes nothing.

    Attributes
    ----------
    alpha_, l1_ratio_ : float
        The best: the first with the least mean of the folds' errors.
    alphas_ : ndarray of shape (L,) or (number of mixes, L)
        Decreasing.
    mse_path_ : ndarray of shape (L, number of folds) or (number of mixes, L, number of folds)
        Mean squared errors on the rows that were left out.
    coef_, intercept_, dual_gap_, n_iter_ : object
        Of the fit to all rows, as for `ElasticNet`.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (p,)
        If `X` had names for all its columns.

    References
    ----------
    Zou & Hastie (2005), J. R. Statist. Soc. B 67(2), 301-320.

    Examples
    --------
    >>> X, y = np.arange(10.0)[:, None], 2 * np.arange(10.0) + 1
    >>> model = ElasticNetCV(l1_ratio=[0.5, 1.0], alphas=5).fit(X, y)
    >>> model.l1_ratio_, model.alphas_.shape, model.mse_path_.shape
    (1.0, (2, 5), (2, 5, 5))
    """

    path = staticmethod(enet_path)

    def __init__(
        self,
        *,
        l1_ratio=0.5,
        eps=1e-3,
        alphas=100,
        fit_intercept=True,
        precompute="auto",
        max_iter=1000,
        tol=1e-4,
        cv=None,
        copy_X=True,
        verbose=0,
        n_jobs=None,
        positive=False,
        random_state=None,
        selection="cyclic",
    ):
        self.l1_ratio, self.eps, self.alphas, self.fit_intercept = l1_ratio, eps, alphas, fit_intercept
        self.precompute, self.max_iter, self.tol, self.cv = precompute, max_iter, tol, cv
        self.copy_X, self.verbose, self.n_jobs, self.positive = copy_X, verbose, n_jobs, positive
        self.random_state, self.selection = random_state, selection


class LassoCV(_Chosen, linear_model.LassoCV):
    """Lasso with the best of many penalty weights, drop-in for scikit-learn's ``LassoCV``.

    Parameters
    ----------
    eps : float
    alphas : int or array_like of shape (L,)
    fit_intercept : bool
    precompute : bool, str or array_like of shape (p, p)
    max_iter : int
    tol : float
    copy_X : bool
    cv : int, splitter, iterable or None
    verbose : bool or int
    n_jobs : int or None
    positive : bool
    random_state : int, RandomState or None
    selection : str
        These are as for `ElasticNetCV`, and so are the attributes, without `l1_ratio_`.

    References
    ----------
    Tibshirani (1996), J. R. Statist. Soc. B 58(1), 267-288.

    Examples
    --------
    >>> X, y = np.arange(10.0)[:, None], 2 * np.arange(10.0) + 1
    >>> model = LassoCV(alphas=[0.1, 1.0], cv=2).fit(X, y)
    >>> float(model.alpha_), model.mse_path_.shape
    (0.1, (2, 2))
    """

    path = staticmethod(lasso_path)

    def __init__(
        self,
        *,
        eps=1e-3,
        alphas=100,
        fit_intercept=True,
        precompute="auto",
        max_iter=1000,
        tol=1e-4,
        copy_X=True,
        cv=None,
        verbose=False,
        n_jobs=None,
        positive=False,
        random_state=None,
        selection="cyclic",
    ):
        self.eps, self.alphas, self.fit_intercept, self.precompute = eps, alphas, fit_intercept, precompute
        self.max_iter, self.tol, self.copy_X, self.cv = max_iter, tol, copy_X, cv
        self.verbose, self.n_jobs, self.positive = verbose, n_jobs, positive
        self.random_state, self.selection = random_state, selection
