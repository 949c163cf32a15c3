"""Logistic regression of two classes or more as scikit-learn's ``LogisticRegression``."""

import warnings

import numpy as np
from sklearn.base import BaseEstimator, _fit_context
from sklearn.linear_model import LogisticRegression as Theirs
from sklearn.linear_model._base import LinearClassifierMixin, SparseCoefMixin
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.extmath import softmax
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from shrinkage.conversions import lam_from_logistic_C
from shrinkage.estimators.likelihood import maximise
from shrinkage.losses import Logistic, Multinomial
from shrinkage.penalties import ElasticNet


class LogisticRegression(LinearClassifierMixin, SparseCoefMixin, BaseEstimator):
    """Classes from a linear function of the columns, drop-in for scikit-learn's ``LogisticRegression``.

    It minimises

        C Σ s_i ℓ(y_i, x_i·w + b) + l1_ratio ‖w‖₁ + (1 − l1_ratio)/2 ‖w‖₂²

    with the logistic loss for two classes and the multinomial one for more, sample weights `s` of 1 unless given, and
    an intercept `b` that is not penalised, whatever the solver.

    Parameters
    ----------
    penalty : {"l1", "l2", "elasticnet"} or None
        As scikit-learn takes it, which advises `l1_ratio` and ``C=np.inf`` instead.
    C : float
        Weight of the losses, > 0; infinite for no penalty.
    l1_ratio : float
        Share of the L1 penalty, from 0 to 1.
    dual : bool
        Changes nothing; True with ``solver="liblinear"`` alone, as in scikit-learn.
    tol : float
        A gap above `tol`, relative to the objective at zero, is warned of; the answer is far below.
    fit_intercept : bool
        Whether the model has an intercept.
    intercept_scaling : float
        Changes nothing: the intercept has no penalty to be scaled away from.
    class_weight : dict, "balanced" or None
        Weights of the classes, which multiply those of their rows.
    random_state : int, RandomState or None
        Changes nothing: nothing is random.
    solver : str
        One of scikit-learn's, where scikit-learn takes it with the penalty; it does not change the answer.
    max_iter : int
        Changes nothing: the answer is the minimiser.
    verbose : int
        Changes nothing.
    warm_start : bool
        Whether a fit starts from the coefficients of the last one.
    n_jobs : int or None
        Changes nothing.

    Attributes
    ----------
    classes_ : ndarray of shape (K,)
    coef_ : ndarray of shape (1, p), or (K, p) for more than two classes
    intercept_ : ndarray of shape (1,) or (K,)
    n_iter_ : ndarray of shape (1,)
        Newton steps, at least 1.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (p,)
        If `X` had names for all its columns.

    References
    ----------
    Lee, Sun & Saunders (2014), SIAM J. Optim. 24(3), 1420-1443.

    Examples
    --------
    >>> model = LogisticRegression(C=1.0).fit([[-1.0], [1.0], [2.0]], ["no", "yes", "yes"])
    >>> model.predict([[0.0], [3.0]]).tolist(), model.predict_proba([[0.0]]).round(3)
    (['yes', 'yes'], array([[0.428, 0.572]]))
    """

    _parameter_constraints = Theirs._parameter_constraints

    def __init__(
        self,
        penalty="deprecated",
        *,
        C=1.0,
        l1_ratio=0.0,
        dual=False,
        tol=1e-4,
        fit_intercept=True,
        intercept_scaling=1,
        class_weight=None,
        random_state=None,
        solver="lbfgs",
        max_iter=100,
        verbose=0,
        warm_start=False,
        n_jobs=None,
    ):
        self.penalty = penalty
        self.C = C
        self.l1_ratio = l1_ratio
        self.dual = dual
        self.tol = tol
        self.fit_intercept = fit_intercept
        self.intercept_scaling = intercept_scaling
        self.class_weight = class_weight
        self.random_state = random_state
        self.solver = solver
        self.max_iter = max_iter
        self.verbose = verbose
        self.warm_start = warm_start
        self.n_jobs = n_jobs

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y, sample_weight=None):
        """Fit the model to `X` of shape (n, p), dense or sparse, and labels `y` of shape (n,)."""
        name, C, l1_ratio = self._penalty()
        X, y = validate_data(self, X, y, accept_sparse=["csr", "csc"], dtype=[np.float64, np.float32])
        self.classes_, codes, s = weighted_classes(X, y, sample_weight, self.class_weight)
        K = len(self.classes_)
        require_solver(self.solver, name, self.dual, K)
        start = self.coef_.T if self.warm_start and hasattr(self, "coef_") else None
        loss, lam = Logistic() if K == 2 else Multinomial(K), lam_from_logistic_C(C, s.sum())
        result = maximise(X, codes, loss, ElasticNet(l1_ratio), lam, self.fit_intercept, s, tol=self.tol, w=start)
        self.coef_ = np.atleast_2d(result.w.T).astype(X.dtype)
        self.intercept_ = np.atleast_1d(np.asarray(result.b, X.dtype))
        self.n_iter_ = np.array([max(result.n_iter, 1)], np.int32)
        return self

    def _penalty(self):
        """The name of the penalty, `C` and `l1_ratio` as scikit-learn reads them, with its warnings in its words."""
        C, mix, given = self.C, self.l1_ratio, self.penalty
        name = given if given != "deprecated" else None if np.isinf(C) else penalty_name([mix or 0.0])
        if given != "deprecated":
            warn("'penalty' was deprecated in version 1.8; give l1_ratio, and C=np.inf for none")
        elif mix is None:
            warn("'l1_ratio=None' was deprecated in version 1.8; give a number from 0 to 1")
        if name != "elasticnet" and mix is not None and 0 < mix < 1:
            warn(f"l1_ratio parameter is only used when penalty is 'elasticnet'; it is {name!r}", UserWarning)
        if given in ("l1", "l2") and mix != (given == "l1"):
            warn(f"Inconsistent values: penalty={given} with l1_ratio={mix}; penalty counts", UserWarning)
        if name == "elasticnet" and mix is None:
            raise ValueError("l1_ratio must be specified when penalty is elasticnet.")
        if given is None and C != 1:
            warn("Setting penalty=None will ignore the C and l1_ratio parameters", UserWarning)
        if self.n_jobs is not None:
            warn("'n_jobs' has no effect since 1.8 and will be removed in scikit-learn 1.10; leave it out")
        return name, np.inf if name is None else C, {"l1": 1.0, "l2": 0.0}.get(name, mix or 0.0)

    def predict_proba(self, X):
        """Chance of every class for every row of `X`, of shape (n, K)."""
        check_is_fitted(self)
        if len(self.classes_) == 2:
            return self._predict_proba_lr(X)
        return softmax(self.decision_function(X), copy=False)

    def predict_log_proba(self, X):
        """Logarithm of `predict_proba`."""
        return np.log(self.predict_proba(X))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.classifier_tags.multi_class = self.solver != "liblinear"
        return tags


def warn(message, category=FutureWarning):
    """Warn the caller of `fit`, in words that begin as scikit-learn's do, for by these such warnings are filtered.

    Parameters
    ----------
    message : str
    category : type

    Raises
    ------
    FutureWarning
        A warning, of this category unless it is given another.

    Examples
    --------
    >>> with warnings.catch_warnings(record=True, action="always") as caught:
    ...     warn("'penalty' was deprecated")
    >>> caught[0].category
    <class 'FutureWarning'>
    """
    warnings.warn(message, category, stacklevel=5)


def penalty_name(l1_ratios):
    """What scikit-learn calls penalties of these mixes: "l1", "l2", or "elasticnet" for any other or several.

    Parameters
    ----------
    l1_ratios : array_like of shape (number of mixes,)

    Returns
    -------
    str

    Examples
    --------
    >>> penalty_name([1.0]), penalty_name([0.0, 1.0])
    ('l1', 'elasticnet')
    """
    mixes = set(np.asarray(l1_ratios).tolist())
    return "l2" if mixes <= {0.0} else "l1" if mixes == {1.0} else "elasticnet"


def require_solver(solver, penalty, dual, K):
    """Refuse a solver where scikit-learn's of that name does not take the penalty, its dual, or that many classes.

    Parameters
    ----------
    solver : str
    penalty : str or None
        From `penalty_name`; None for none.
    dual : bool
    K : int
        Number of classes.

    Raises
    ------
    ValueError
        The message says which would.

    Examples
    --------
    >>> require_solver("saga", "elasticnet", False, 3)
    """
    if penalty not in ("l2", None) and solver not in ("liblinear", "saga"):
        raise ValueError(f"solver={solver!r} supports no L1 penalty in scikit-learn; use solver='saga'")
    if dual and solver != "liblinear":
        raise ValueError(f"solver={solver!r} supports only dual=False; use solver='liblinear'")
    if dual and penalty == "l1":
        raise ValueError("solver='liblinear' supports no L1 penalty with dual=True in scikit-learn; use dual=False")
    if penalty == "elasticnet" and solver != "saga":
        raise ValueError(f"solver={solver!r} supports no elastic net in scikit-learn; use solver='saga'")
    if penalty is None and solver == "liblinear":
        raise ValueError("solver='liblinear' supports no C=np.inf in scikit-learn; use solver='lbfgs'")
    if K > 2 and solver == "liblinear":
        raise ValueError("solver='liblinear' does not support more than two classes; use solver='lbfgs'")


def weighted_classes(X, y, sample_weight=None, class_weight=None):
    """The classes, and of each row its class and its weight.

    Parameters
    ----------
    X : ndarray or sparse matrix of shape (n, p), float
    y : ndarray of shape (n,)
        Labels.
    sample_weight : array_like of shape (n,), float or None
    class_weight : dict, "balanced" or None

    Returns
    -------
    classes : ndarray of shape (K,)
    codes : ndarray of shape (n,), int
        From 0 to K − 1.
    s : ndarray of shape (n,), float64
        Weight of the row times that of its class.

    Raises
    ------
    ValueError
        If the labels are no classes, or one class alone, or if the weights cannot be used.

    Examples
    --------
    >>> weighted_classes(np.ones((3, 1)), np.array(["no", "yes", "yes"]), class_weight={"no": 2.0})
    (array(['no', 'yes'], dtype='<U3'), array([0, 1, 1]), array([2., 1., 1.]))
    """
    check_classification_targets(y)
    classes, codes = np.unique(y, return_inverse=True)
    s = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
    if len(np.unique(codes[s > 0])) < 2:
        raise ValueError("y holds one class alone where sample_weight is not 0; a classifier needs at least 2")
    if class_weight is not None:
        s = s * compute_class_weight(class_weight, classes=classes, y=y, sample_weight=s)[codes]
    return classes, codes, s
