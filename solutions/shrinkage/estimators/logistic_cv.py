"""Logistic regression that chooses its penalty, as scikit-learn's ``LogisticRegressionCV``."""

import inspect
import numbers

import numpy as np
from sklearn import linear_model
from sklearn.base import _fit_context
from sklearn.metrics import get_scorer, make_scorer
from sklearn.model_selection import check_cv
from sklearn.utils import check_scalar
from sklearn.utils.metadata_routing import _raise_for_params, _routing_enabled, process_routing
from sklearn.utils.validation import _check_method_params, validate_data

from shrinkage.estimators.logistic import LogisticRegression, penalty_name, require_solver, warn, weighted_classes
from shrinkage.estimators.logistic_paths import paths
from shrinkage.losses import Logistic, Multinomial


class LogisticRegressionCV(linear_model.LogisticRegressionCV):
    """Logistic regression with the best of several penalties, drop-in for scikit-learn's ``LogisticRegressionCV``.

    Each model is the minimiser that `LogisticRegression` finds, started from that of the next smaller `C`.

    Parameters
    ----------
    Cs : int or array_like of shape (L,)
        How many weights of the losses there are from 1e-4 to 1e4, in equal ratios; or which, > 0.
    l1_ratios : array_like of shape (M,) or None
        Shares of the L1 penalty to choose from, from 0 to 1.  None, scikit-learn's default until 1.10 and warned of as
        it warns, is 0 alone and leaves an axis out of the attributes below.
    fit_intercept : bool
        Whether the model has an intercept.
    cv : int, splitter, iterable or None
        How the rows are split; None for five folds.  Where no class has as many rows as there are to be folds, which
        scikit-learn refuses, there are as many as the smallest class has rows, two at least, and a warning.
    dual : bool
        Changes nothing; True with ``solver="liblinear"`` alone, as in scikit-learn.
    penalty : {"l1", "l2", "elasticnet"}
        As scikit-learn takes it, which advises `l1_ratios` instead.
    scoring : str, callable or None
        How predictions of the rows that were left out are scored; None for the share that is right.
    solver : str
        One of scikit-learn's, where scikit-learn takes it with the penalty; it does not change the answer.
    tol : float
        As for `LogisticRegression`.
    max_iter : int
        Changes nothing: the answer is the minimiser.
    class_weight : dict, "balanced" or None
        Weights of the classes, which multiply those of their rows.  "balanced" counts all rows, for each fold too.
    n_jobs : int or None
        Changes nothing.
    verbose : int
        Changes nothing.
    refit : bool
        Whether the best is fitted to all rows; if not, the means over the folds of what is best for each are taken.
    intercept_scaling : float
        Changes nothing: the intercept has no penalty to be scaled away from.
    random_state : int, RandomState or None
        Changes nothing: nothing is random.
    use_legacy_attributes : bool
        Whether the attributes have scikit-learn's shapes until 1.10, which are given last below.

    Attributes
    ----------
    classes_ : ndarray of shape (K,)
    coef_ : ndarray of shape (1, p), or (K, p) for more than two classes, float64
    intercept_ : ndarray of shape (1,) or (K,)
    Cs_ : ndarray of shape (L,)
    l1_ratios_ : ndarray of shape (M,)
        ``[None]`` for None.
    C_, l1_ratio_ : float, or ndarray of shape (1,) or (K,) with the same number K times
        The first with the best sum of scores; without `refit` the means of the folds' best.
    coefs_paths_ : ndarray of shape (folds, M, L, 1 or K, p + 1), or dict of ndarray of shape (folds, L, M, p + 1)
        Coefficients and last, unless there is none, the intercept; or so for each class but the first of two.
    scores_ : ndarray of shape (folds, M, L), or dict of ndarray of shape (folds, L, M)
    n_iter_ : ndarray of shape (folds, M, L), or (1, folds, L, M)
        Newton steps, at least 1.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (p,)
        If `X` had names for all its columns.

    Notes
    -----
    Where a class has no row to learn from in a fold, the best intercept for it is minus infinity; it gets one that
    leaves it a chance of rounding in every row, and no coefficients.

    ``refit=False`` with ``l1_ratios=(1.0,)`` has an `l1_ratio_` of 1, where scikit-learn 1.9 says 0.

    References
    ----------
    Friedman, Hastie & Tibshirani (2010), J. Stat. Softw. 33(1), 1-22.

    Examples
    --------
    >>> X, y = np.array([[0.0], [3], [1], [5], [2], [4], [3], [6], [1], [3], [2], [2]]), np.tile([0, 1], 6)
    >>> settings = {"l1_ratios": (0.0,), "scoring": "neg_log_loss", "use_legacy_attributes": False}
    >>> model = LogisticRegressionCV(Cs=[1e-4, 1.0], cv=3, **settings).fit(X, y)
    >>> model.C_, model.coefs_paths_.shape, model.predict([[1.0], [5.0]])
    (1.0, (3, 1, 2, 1, 2), array([0, 1]))
    """

    def __init__(
        self,
        *,
        Cs=10,
        l1_ratios="warn",
        fit_intercept=True,
        cv=None,
        dual=False,
        penalty="deprecated",
        scoring="warn",
        solver="lbfgs",
        tol=1e-4,
        max_iter=100,
        class_weight=None,
        n_jobs=None,
        verbose=0,
        refit=True,
        intercept_scaling=1.0,
        random_state=None,
        use_legacy_attributes="warn",
    ):
        self.Cs, self.l1_ratios, self.fit_intercept, self.cv, self.dual = Cs, l1_ratios, fit_intercept, cv, dual
        self.penalty, self.scoring, self.solver, self.tol, self.max_iter = penalty, scoring, solver, tol, max_iter
        self.class_weight, self.n_jobs, self.verbose, self.refit = class_weight, n_jobs, verbose, refit
        self.intercept_scaling, self.random_state = intercept_scaling, random_state
        self.use_legacy_attributes = use_legacy_attributes

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y, sample_weight=None, **params):
        """Choose by the scores of the folds, and fit to all rows; `params` go to the splitter and the scorer."""
        _raise_for_params(params, self, "fit")
        given, name, mixes = self._penalties()
        Cs = np.logspace(-4, 4, self.Cs) if isinstance(self.Cs, numbers.Integral) else np.array(self.Cs)
        for i, C in enumerate(Cs.tolist()):
            check_scalar(C, f"Cs[{i}]", numbers.Real, min_val=0.0, include_boundaries="neither")
        if not Cs.size:
            raise ValueError("Cs is empty; give at least one weight")
        X, y = validate_data(self, X, y, accept_sparse="csr", dtype=np.float64)
        if isinstance(sample_weight, numbers.Number):
            sample_weight = np.full(len(y), sample_weight)
        self.classes_, codes, s = weighted_classes(X, y, sample_weight, self.class_weight)
        K = len(self.classes_)
        require_solver(self.solver, name, self.dual, K)
        if isinstance(self.class_weight, dict) and not self.class_weight.keys() <= set(self.classes_.tolist()):
            raise ValueError(f"class_weight must have classes for its keys; these are {self.classes_.tolist()}")
        if _routing_enabled():
            routed = process_routing(self, "fit", sample_weight=sample_weight, **params)
            split, score_params = routed.splitter.split, routed.scorer.score
        else:
            split, score_params = {}, params | ({} if sample_weight is None else {"sample_weight": sample_weight})
        folds, scorer = list(self._splitter(y, codes).split(X, y, **split)), self._labelled_scorer()
        loss, at = Logistic() if K == 2 else Multinomial(K), (mixes, Cs, self.fit_intercept, self.tol)
        found = [paths(X[train], codes[train], s[train], loss, *at) for train, _ in folds]
        coefs, n_iter = (np.stack(each) for each in zip(*found, strict=True))
        scores = np.empty(n_iter.shape)
        for k, (_, test) in enumerate(folds):
            those, rows = _check_method_params(X=X, params=score_params, indices=test), (X[test], y[test])
            for at_one in np.ndindex(scores.shape[1:]):
                scores[k][at_one] = scorer(self._model(coefs[k][at_one], Cs[at_one[1]]), *rows, **those)
        # In scikit-learn's order, for the first of the best.
        flat = np.moveaxis(scores, 1, 2).reshape(len(folds), -1)
        best = np.atleast_1d(flat.sum(axis=0).argmax() if self.refit else flat.argmax(axis=1))
        of_C, of_mix = np.unravel_index(best, (len(Cs), len(mixes)))
        if self.refit:
            w = paths(X, codes, s, loss, mixes[of_mix], Cs[of_C], self.fit_intercept, self.tol)[0][0, 0]
        else:
            w = coefs[np.arange(len(folds)), of_mix, of_C].mean(axis=0)
        self.coef_, self.intercept_ = self._split(w)
        self.Cs_, self.l1_ratios_, self.C_ = Cs, np.asarray([None] if given is None else given), Cs[of_C].mean()
        self.l1_ratio_ = mixes[of_mix].mean()
        self._take(coefs, scores, n_iter, given is None)
        return self

    def _penalties(self):
        """`l1_ratios` without its default, what scikit-learn calls these penalties, and their mixes."""
        given, name = self.l1_ratios, self.penalty
        if isinstance(given, str):
            warn("The default value for l1_ratios will change from None to (0.0,) in scikit-learn 1.10; give it")
            given = None
        elif given is None and name == "deprecated":
            warn("'l1_ratios=None' was deprecated in version 1.8; give numbers from 0 to 1")
        if name != "deprecated":
            warn("'penalty' was deprecated in version 1.8; give l1_ratios, and Cs=(np.inf,) for none")
        if self.scoring == "warn":
            warn("The default value of the parameter 'scoring' will change to 'neg_log_loss' in 1.11, not 'accuracy'")
        if self.use_legacy_attributes == "warn":
            warn(f"The fitted attributes of {type(self).__name__} will change in 1.10; give use_legacy_attributes")
        if (given is None and name == "elasticnet") or (given is not None and not len(given)):
            raise ValueError(f"l1_ratios must be an array-like of numbers between 0 and 1; got {given!r}")
        for i, mix in enumerate([] if given is None else given):
            if not isinstance(mix, numbers.Real) or not 0 <= mix <= 1:
                raise ValueError(f"l1_ratios must be numbers between 0 and 1; l1_ratios[{i}] is {mix!r}")
        mixes = np.array([0.0] if given is None else given, float)
        if name in ("l1", "l2"):
            if given is not None:
                warn(f"l1_ratios parameter is only used when penalty is 'elasticnet'; it is {name!r}", UserWarning)
            return given, name, np.full_like(mixes, name == "l1")
        return given, penalty_name(mixes) if name == "deprecated" else name, mixes

    def _splitter(self, y, codes):
        k, counts = 5 if self.cv is None else self.cv, np.bincount(codes)
        if isinstance(k, numbers.Integral) and k > counts.max():
            fewer = max(int(counts.min()), 2)
            warn(f"cv={k} folds are more than any class has rows; there are {fewer} instead", UserWarning)
            k = fewer
        return check_cv(k, y, classifier=True)

    def _labelled_scorer(self):
        """The scorer, told of all classes where it takes them: the rows left out may lack some."""
        scorer = get_scorer("accuracy" if self.scoring in ("warn", None) else self.scoring)
        takes = inspect.signature(scorer._score_func).parameters if hasattr(scorer, "_score_func") else ()
        if "labels" not in takes:
            return scorer
        positive = {"pos_label": self.classes_[-1]} if "pos_label" in takes and len(self.classes_) == 2 else {}
        return make_scorer(
            scorer._score_func,
            greater_is_better=scorer._sign == 1,
            response_method=scorer._response_method,
            **({"labels": self.classes_} | positive | scorer._kwargs),
        )

    def _model(self, w, C):
        """What scikit-learn gives to scorers."""
        model = LogisticRegression(C=C, solver=self.solver, fit_intercept=self.fit_intercept)
        model.classes_, model.n_features_in_ = self.classes_, self.n_features_in_
        model.coef_, model.intercept_ = self._split(w)
        return model

    def _split(self, w):
        """Coefficients and intercepts of the columns of a path."""
        return (w[:, :-1], w[:, -1]) if self.fit_intercept else (w, np.zeros(len(w)))

    def _take(self, coefs, scores, n_iter, without_mixes):
        """Set the attributes of the paths, and give all of the choice the shapes that are asked for."""
        if not self.use_legacy_attributes:
            self.C_, self.l1_ratio_ = float(self.C_), float(self.l1_ratio_)
            self.coefs_paths_, self.scores_, self.n_iter_ = coefs, scores, n_iter
            return
        coefs, scores, n_iter = (np.moveaxis(a, 1, 2) for a in (coefs, scores, n_iter))
        if without_mixes:
            coefs, scores, n_iter = (a[:, :, 0] for a in (coefs, scores, n_iter))
        names = self.classes_[-coefs.shape[-2] :]
        self.coefs_paths_ = {name: coefs[..., k, :] for k, name in enumerate(names)}
        self.scores_, self.n_iter_ = dict.fromkeys(names, scores), n_iter[None]
        one = None if without_mixes and self.refit else self.l1_ratio_
        self.C_, self.l1_ratio_ = np.full(len(names), self.C_), np.array([one] * len(names))
