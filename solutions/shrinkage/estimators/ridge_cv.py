"""Ridge regression that chooses its penalty weight, as scikit-learn's ``RidgeCV``."""

import numbers
import warnings

import numpy as np
from scipy.sparse import issparse
from sklearn import linear_model
from sklearn.base import BaseEstimator, RegressorMixin, _fit_context
from sklearn.metrics import check_scoring
from sklearn.model_selection import GridSearchCV
from sklearn.utils import check_scalar
from sklearn.utils.metadata_routing import _raise_for_params, _routing_enabled, process_routing

from shrinkage.conversions import lam_from_ridge_alpha
from shrinkage.estimators.linear import LinearRegressor
from shrinkage.estimators.ridge import Ridge
from shrinkage.gram import gather, ridge
from shrinkage.leave_one_out import errors_of_others


class RidgeCV(LinearRegressor, linear_model.RidgeCV):
    """Ridge with the best of several penalty weights, drop-in for scikit-learn's ``RidgeCV``.

    Without `cv` each row is left out in turn, at the cost of one factorisation for all rows, weights and targets.

    Parameters
    ----------
    alphas : array_like of shape (L,), or float
        Penalty weights as `Ridge` means them; > 0, or >= 0 with `cv`.
    fit_intercept : bool
        Whether the model has an intercept.
    scoring : str, callable or None
        How predictions are scored; None is minus the mean squared error without `cv`, and R² with it.
    cv : int, splitter, iterable or None
        None leaves out each row.
    gcv_mode : str or None
        scikit-learn's "auto", "svd" or "eigen"; changes nothing, and "svd" for a sparse `X` is warned of.
    store_cv_results : bool
        Whether `cv_results_` is kept, without `cv`.
    alpha_per_target : bool
        Whether each target has a penalty weight of its own, without `cv`.

    Attributes
    ----------
    coef_ : ndarray of shape (p,) or (number of targets, p)
    intercept_ : float or ndarray of shape (number of targets,)
    alpha_ : float or ndarray of shape (number of targets,)
        The first of the best.
    best_score_ : float or ndarray of shape (number of targets,)
    cv_results_ : ndarray of shape (n, L) or (n, number of targets, L)
        Squared errors times the sample weight, or predictions where there is a `scoring`.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (p,)
        If `X` had names for all its columns.

    References
    ----------
    Golub, Heath & Wahba (1979), Technometrics 21(2), 215-223.

    Examples
    --------
    >>> X, y = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0.0, 1.1, 1.9, 3.0])
    >>> model = RidgeCV(alphas=[0.01, 1.0, 100.0]).fit(X, y)
    >>> float(model.alpha_), model.coef_.round(3)
    (0.01, array([0.978]))
    """

    def __init__(
        self,
        alphas=(0.1, 1.0, 10.0),
        *,
        fit_intercept=True,
        scoring=None,
        cv=None,
        gcv_mode=None,
        store_cv_results=False,
        alpha_per_target=False,
    ):
        self.alphas = alphas
        self.fit_intercept = fit_intercept
        self.scoring = scoring
        self.cv = cv
        self.gcv_mode = gcv_mode
        self.store_cv_results = store_cv_results
        self.alpha_per_target = alpha_per_target

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y, sample_weight=None, **params):
        """Choose among `alphas`, and fit the model with the best of them to all rows; `params` go to the scorer."""
        _raise_for_params(params, self, "fit")
        # An array of numbers and words is one of words.
        alphas = list(self.alphas) if isinstance(self.alphas, list | tuple) else np.ravel(self.alphas).tolist()
        boundaries = "neither" if self.cv is None else "left"
        for i, alpha in enumerate(alphas):
            name = f"alphas[{i}]" if len(alphas) > 1 else "alphas"
            check_scalar(alpha, name, numbers.Real, min_val=0.0, include_boundaries=boundaries)
        if self.cv is not None:
            return self._search(X, y, alphas, sample_weight, params)
        X, y, s = self._data(X, y, sample_weight)
        if self.gcv_mode == "svd" and issparse(X):
            # In scikit-learn's words, by which such warnings are filtered.
            warnings.warn(
                "The 'svd' mode is not supported for sparse X; scikit-learn raises an error from 1.11 on. Leave "
                "gcv_mode out: here it changes nothing.",
                FutureWarning,
                stacklevel=3,
            )
        if len(y) < 2:
            raise ValueError("X has n_samples=1; without it nothing is left to predict it from: give at least two")
        data = gather(X, y.reshape(len(y), -1), self.fit_intercept, s)
        scores = self._scores(data, X, y, alphas, s, self._score_params(sample_weight, params))
        best = np.argmax(scores, axis=0)
        chosen = np.array(alphas, float)[best]
        self.best_score_ = scores[best, np.arange(scores.shape[1])] if scores.ndim > 1 else scores[best]
        self.alpha_ = chosen
        total = len(y) if s is None else s.sum()
        lams = [lam_from_ridge_alpha(alpha, total) for alpha in np.broadcast_to(chosen, data.Y.shape[1])]
        if results := ridge(data, lams):
            self._take(results, X, y)
            return self
        return self._fitted(Ridge(chosen, fit_intercept=self.fit_intercept).fit(X, y, s))

    def _fitted(self, model):
        for name in ("coef_", "intercept_", "n_features_in_", "feature_names_in_"):
            if hasattr(model, name):
                setattr(self, name, getattr(model, name))
        return self

    def _search(self, X, y, alphas, sample_weight, params):
        for name in ("store_cv_results", "alpha_per_target"):
            if getattr(self, name):
                raise ValueError(f"cv!=None and {name}=True are incompatible")
        model = Ridge(fit_intercept=self.fit_intercept)
        if sample_weight is not None:
            params["sample_weight"] = sample_weight
        if _routing_enabled():
            model.set_fit_request(sample_weight=True)
        search = GridSearchCV(model, {"alpha": alphas}, cv=self.cv, scoring=self._get_scorer()).fit(X, y, **params)
        self.alpha_, self.best_score_ = search.best_estimator_.alpha, search.best_score_
        return self._fitted(search.best_estimator_)

    def _score_params(self, sample_weight, params):
        """What the scorer is to be given beside the predictions."""
        weights = {} if sample_weight is None else {"sample_weight": sample_weight}
        return process_routing(self, "fit", **params, **weights).scorer.score if _routing_enabled() else weights

    def _scores(self, data, X, y, alphas, s, score_params):
        """One score for every alpha, or for every alpha and target."""
        n, (m, K), dtype = len(y), data.Y.shape, X.dtype
        counted = np.full(n, True) if s is None else s > 0
        total = float(n if s is None else s.sum())
        roots = np.ones(m) if s is None else np.sqrt(s[counted] * (m / total))
        g = roots / np.sqrt(m) if self.fit_intercept else None
        lams = [lam_from_ridge_alpha(alpha, total) for alpha in alphas]
        keep = self.store_cv_results or self.scoring is not None
        E, squares = np.zeros((len(alphas), n, K)) if keep else None, 0.0
        for rows, errors in errors_of_others(data.X, data.Y, lams, g, data.G):
            squares = squares + np.sum(errors**2, axis=1)
            if keep:
                E[:, np.flatnonzero(counted)[rows]] = errors
        weight = total / m
        if self.scoring is None:
            scores, kept = -squares * weight / n, None if E is None else E**2 * weight
            scores = scores if self.alpha_per_target and y.ndim > 1 and y.shape[1] > 1 else scores.mean(axis=1)
        else:
            E[:, counted] /= roots[:, None]
            kept = y.reshape(n, -1) - E
            for predictions, alpha in zip(kept, alphas if not counted.all() else (), strict=False):
                # A row of weight 0 is in no fit, so it is predicted by the fit to all rows.
                model = Ridge(alpha, fit_intercept=self.fit_intercept).fit(X, y, s)
                predictions[~counted] = model.predict(X[~counted]).reshape(-1, kept.shape[2])
            scores = self._scored(kept, y, score_params)
        if self.store_cv_results:
            self.cv_results_ = np.moveaxis(kept if y.ndim > 1 else kept[..., 0], 0, -1).astype(dtype)
        return scores

    def _scored(self, predictions, y, score_params):
        scorer, identity = check_scoring(self, self.scoring), _Identity()
        if y.ndim > 1 and y.shape[1] > 1 and self.alpha_per_target:
            columns = range(y.shape[1])
            return np.array(
                [[scorer(identity, p[:, j], y[:, j], **score_params) for j in columns] for p in predictions]
            )
        return np.array([scorer(identity, p.reshape(y.shape), y, **score_params) for p in predictions])


class _Identity(RegressorMixin, BaseEstimator):
    """A model whose predictions are what it is given: scorers want a model."""

    def predict(self, X):
        return X
