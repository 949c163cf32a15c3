"""How much to shrink: folds, cross-validation over a path, and its rules.

One law governs the module: whatever depends on data (means, scales, screened columns, the choice of `lam`
itself) happens inside the function that is given the training rows, and a test row never reaches it.
"""

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from shrinkage.evaluation import as_groups, mean_squared_error
from shrinkage.inputs import (
    as_count,
    as_function,
    as_generator,
    as_lams,
    as_nonnegative,
    as_number,
    as_problem,
    as_splits,
    as_vector,
    as_weights,
)


def k_fold(n, k, seed, *, groups=None, strata=None, repeats=1):
    """Split rows into k folds, each of which is the test set once, in every repeat anew.

    Parameters
    ----------
    n : int
        Number of rows.
    k : int
        Number of folds, from 2 to n, or to the number of groups; ``k = n`` is leave-one-out.
    seed : int, SeedSequence or Generator
        The same seed gives the same folds.
    groups : array_like of shape (n,) or None
        Labels of rows that stay together, such as the scans of one patient.  Groups go, large ones first
        and in random order among those of like size, to the fold with the fewest rows so far; so two folds
        differ by no more rows than the largest group has.
    strata : array_like of shape (n,) or None
        Labels to spread evenly, such as classes: each fold's number of rows of a stratum differs by at
        most one.  With `groups` as well it is each fold's number of *groups* of a stratum that does; that
        means something only where every group lies within one stratum, and other groups are refused.
    repeats : int
        How often to split, each time anew.

    Returns
    -------
    list of (train, test)
        ``repeats * k`` pairs of increasing integer arrays, one repeat after the other.  Without `groups`
        two folds of a repeat differ by at most one row.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    References
    ----------
    Kohavi (1995), Proc. IJCAI 2, 1137-1143.

    Examples
    --------
    >>> [test.tolist() for train, test in k_fold(5, 2, seed=0)]
    [[1, 2, 3], [0, 4]]
    >>> [test.tolist() for train, test in k_fold(5, 2, seed=0, groups=["a", "a", "a", "b", "c"])]
    [[0, 1, 2], [3, 4]]
    """
    n, k, repeats = as_count(n, "n"), as_count(k, "k", 2), as_count(repeats, "repeats")
    group, sizes, stratum = as_groups(n, groups, strata)
    if k > len(sizes):
        raise ValueError(f"k = {k} folds are too many for {len(sizes)} {'rows' if groups is None else 'groups'}")
    # In rounds of k every fold gets one group of the stratum before any gets another.
    together = 1 if strata is None and groups is not None else k
    rng, folds = as_generator(seed), []
    for _ in range(repeats):
        fold = _deal(sizes, stratum, k, together, rng)[group]
        folds += [(np.flatnonzero(fold != f), np.flatnonzero(fold == f)) for f in range(k)]
    return folds


def _deal(sizes, stratum, k, together, rng):
    """The fold of each group: dealt stratum by stratum, in rounds of `together`, the emptiest fold first."""
    order = rng.permutation(len(sizes))
    # Sizes between the same powers of two count as alike; in strict order there would be nothing to reshuffle.
    like = np.frexp(sizes)[1]
    order = order[np.lexsort((-like[order], stratum[order]))]
    fold = np.empty(len(sizes), int)
    rows_so_far = [(0, f) for f in range(k)]
    for members in np.split(order, np.flatnonzero(np.diff(stratum[order])) + 1):
        for start in range(0, len(members), together):
            dealt = members[start : start + together]
            emptiest = [heappop(rows_so_far) for _ in dealt]
            for g, (rows, f) in zip(dealt, emptiest, strict=True):
                fold[g] = f
                heappush(rows_so_far, (rows + int(sizes[g]), f))
    return fold


@dataclass(frozen=True, eq=False)
class CrossValidation:
    """Errors of a whole path on rows that it was not fitted to.

    Parameters
    ----------
    lams : ndarray of shape (L,)
        The penalty weights, in the order in which they were given.
    errors : ndarray of shape (folds, L)
        Error on the test rows of each fold; NaN for a fold whose test rows all have weight zero.
    mean : ndarray of shape (L,)
        Error per row (per unit of weight), averaged over repeats.
    se : ndarray of shape (L,)
        Standard error of `mean` from the scatter of the fold errors; NaN with a single fold.
    """

    lams: np.ndarray
    errors: np.ndarray
    mean: np.ndarray
    se: np.ndarray

    @property
    def best(self):
        """Index of the least mean error; among equals, of the largest `lam`."""
        return _largest(self.lams, self.mean, self.mean == self.mean.min())

    @property
    def one_standard_error(self):
        """Index by the rule of `one_standard_error`; a ValueError with a single fold, which has none."""
        if np.isnan(self.se).any():
            raise ValueError("folds has a single test set, so the errors have no standard error; use best")
        return one_standard_error(self.lams, self.mean, self.se)


@dataclass(frozen=True, eq=False)
class NestedCrossValidation:
    """Errors of a procedure that chooses its own `lam`, on rows that neither choice nor fit has seen.

    Parameters
    ----------
    lams : ndarray of shape (folds,)
        The `lam` chosen from the training rows of each outer fold; NaN where `errors` is.
    errors : ndarray of shape (folds,)
        Error on the test rows of each outer fold; NaN where these all have weight zero.
    mean : float
        Error per row (per unit of weight), averaged over repeats.
    se : float
        Standard error of `mean` from the scatter of the fold errors; NaN with a single fold.
    """

    lams: np.ndarray
    errors: np.ndarray
    mean: float
    se: float


def cross_validate(fit_path, X, y, lams, folds, *, error=mean_squared_error, sample_weight=None):
    """Estimate the prediction error at every `lam`, by fits to the training rows of each fold alone.

    Parameters
    ----------
    fit_path : callable
        ``fit_path(X_train, y_train, lams)``, with the weights of the training rows as a fourth argument if
        `sample_weight` is given.  Returns ``W`` of shape (L, p) and ``b`` of shape (L,), or a function that
        predicts: from (m, p) new rows to (L, m).  Called once a fold, so one factorisation may serve all
        `lams`.  It sees copies of the training rows; centring, scaling and screening belong inside it.
    X : ndarray or scipy.sparse matrix or array, of shape (n, p), float
        Sparse rows reach `fit_path` sparse, in the format of compressed rows.
    y : ndarray of shape (n,), float
    lams : array_like of shape (L,), float
        Penalty weights, each >= 0, in any order.
    folds : iterable of (train, test)
        Arrays of row numbers, as from `k_fold`.  A new repeat begins where a row is tested again, and all
        repeats must test the same rows.
    error : callable
        ``error(y, prediction)`` gives one number for the test rows, with their weights as a third argument
        if `sample_weight` is given.  A mean over rows, for `mean` to be the error per row.
    sample_weight : array_like of shape (n,) or None
        Weights >= 0 in fit and error.  A row of weight zero is left out of both before anything sees it.

    Returns
    -------
    CrossValidation

    Raises
    ------
    ValueError
        If an argument cannot be used, or gives back what cannot be used; the message names it.

    Notes
    -----
    With v_k the share of the test rows (of their weight) in fold k of K, and e_k its error,

        mean = Σ v_k e_k,    se² = Σ v_k (e_k − mean)² / (K − 1),

    which for equal folds is the sample variance of the K errors divided by K.  `se` leaves out that any two
    training sets share rows, so it is a rule of thumb.  Repeats split the same rows again and tell nothing
    new about them: `mean` is averaged over repeats and so is se², which therefore does not shrink.

    At the same `lam` per observation, a fit to fewer rows has a smaller total penalty n lam.

    References
    ----------
    Friedman, Hastie & Tibshirani (2010), J. Stat. Softw. 33(1), 1-22 (the standard error is glmnet's);
    Bengio & Grandvalet (2004), J. Mach. Learn. Res. 5, 1089-1105 (no unbiased one exists).

    Examples
    --------
    >>> from shrinkage.least_squares import centre
    >>> from shrinkage.ridge import svd_path
    >>> def fit_path(X, y, lams):
    ...     Xc, yc, x_mean, y_mean = centre(X, y)
    ...     W = svd_path(Xc, yc, lams)
    ...     return W, y_mean - W @ x_mean
    >>> X = np.arange(12.0)[:, None]
    >>> cv = cross_validate(fit_path, X, 3 * X[:, 0] + 5, [0.0, 1.0, 100.0], k_fold(12, 4, seed=0))
    >>> cv.errors.shape, cv.lams[cv.best], cv.lams[cv.one_standard_error]
    ((4, 3), np.float64(0.0), np.float64(0.0))

    The lasso, each fit beginning where the last one ended, and with weights:

    >>> from shrinkage.fit import fit
    >>> from shrinkage.losses import QUADRATIC
    >>> from shrinkage.penalties import L1
    >>> def lasso_path(X, y, lams, s=None):
    ...     W, b, w = np.empty((len(lams), X.shape[1])), np.empty(len(lams)), None
    ...     for l, lam in enumerate(lams):
    ...         result = fit(X, y, QUADRATIC, L1(), lam, sample_weight=s, w=w)
    ...         W[l], b[l], w = result.w, result.b, result.w
    ...     return W, b
    >>> y, folds, s = X[:, 0] + 5 * (X[:, 0] == 6), k_fold(12, 3, seed=0), np.where(X[:, 0] == 6, 0, 1)
    >>> cv = cross_validate(lasso_path, X, y, [10.0, 1.0, 0.1], folds, sample_weight=s)
    >>> float(cv.lams[cv.best]), cv.mean.round(2)
    (0.1, array([9.92, 0.1 , 0.  ]))
    """
    X, y, s, weights = _as_data(X, y, sample_weight)
    lams, (folds, repeat) = as_lams(lams), _as_folds(folds, len(y), "folds")
    lams.flags.writeable = False

    def fit(fold, rows):
        return as_function(fit_path, "fit_path")(X[rows], y[rows], lams, *weights(rows))

    errors, mean, se = _errors_on_test_rows(fit, len(lams), X, y, s, weights, error, folds, repeat)
    return CrossValidation(lams, errors, mean, se)


def nested_cross_validate(
    fit_path, X, y, lams, outer, inner, *, rule="best", error=mean_squared_error, sample_weight=None
):
    """Estimate the prediction error of a whole procedure, the choice of `lam` by cross-validation included.

    The least mean of `cross_validate` is too good an estimate of the error of what it chooses, because it
    chose it.  Here each outer test set judges a fit whose `lam` was chosen among the other rows alone.

    Parameters
    ----------
    fit_path : callable
        As for `cross_validate`; called on the training rows of each inner fold with all `lams`, and then on
        those of the outer fold with the one chosen.
    X : ndarray or scipy.sparse matrix or array, of shape (n, p), float
        As for `cross_validate`.
    y : ndarray of shape (n,), float
    lams : array_like of shape (L,), float
        Penalty weights, each >= 0, in any order.
    outer : iterable of (train, test)
        The outer folds, as for `cross_validate`.
    inner : callable
        ``inner(rows)`` gives folds of an outer training set; `rows` are its row numbers in `X`, and the
        folds count from 0 to ``len(rows) − 1``: ``lambda rows: k_fold(len(rows), 5, 0, groups=g[rows])``.
    rule : {"best", "one_standard_error"}
        Which `lam` is chosen.
    error : callable
        As for `cross_validate`.
    sample_weight : array_like of shape (n,) or None
        As for `cross_validate`; `rows` hold no row of weight zero.

    Returns
    -------
    NestedCrossValidation

    Raises
    ------
    ValueError
        If an argument cannot be used, or gives back what cannot be used; the message names it.

    References
    ----------
    Varma & Simon (2006), BMC Bioinformatics 7, 91; Ambroise & McLachlan (2002), PNAS 99(10), 6562-6566.

    Examples
    --------
    A mean, shrunk towards zero; each outer fold chooses not to shrink it:

    >>> def fit_path(X, y, lams):
    ...     return np.zeros((len(lams), X.shape[1])), y.mean() / (1 + lams)
    >>> X, y, outer = np.zeros((6, 1)), np.arange(6.0), k_fold(6, 3, seed=0)
    >>> nested_cross_validate(fit_path, X, y, [0.0, 9.0], outer, lambda rows: k_fold(len(rows), 2, seed=1)).lams
    array([0., 0., 0.])
    """
    if rule not in ("best", "one_standard_error"):
        raise ValueError(f'rule must be "best" or "one_standard_error"; it is {rule!r:.60}')
    X, y, s, weights = _as_data(X, y, sample_weight)
    lams, (outer, repeat) = as_lams(lams), _as_folds(outer, len(y), "outer")
    chosen = np.full(len(outer), np.nan)

    def fit(fold, rows):
        s_rows = None if sample_weight is None else weights(rows)[0]
        folds, _ = _as_folds(as_function(inner, "inner")(rows), len(rows), "inner")
        cv = cross_validate(fit_path, X[rows], y[rows], lams, folds, error=error, sample_weight=s_rows)
        chosen[fold] = lams[getattr(cv, rule)]
        return fit_path(X[rows], y[rows], chosen[[fold]], *weights(rows))

    errors, mean, se = _errors_on_test_rows(fit, 1, X, y, s, weights, error, outer, repeat)
    return NestedCrossValidation(chosen, errors[:, 0], float(mean[0]), float(se[0]))


def _errors_on_test_rows(fit, L, X, y, s, weights, error, folds, repeat):
    """(errors of shape (folds, L), their mean, its standard error), with ``fit(fold, training rows)``."""
    errors, size = np.full((len(folds), L), np.nan), np.zeros(len(folds))
    error = as_function(error, "error")
    for fold, (train, test) in enumerate(folds):
        train, test = train[s[train] > 0], test[s[test] > 0]
        if not train.size:
            raise ValueError(f"sample_weight is zero on every training row of fold {fold}")
        if test.size:
            predictions = _predict(fit(fold, train), X[test], L)
            errors[fold] = [as_number(error(y[test], each, *weights(test)), "error") for each in predictions]
            size[fold] = s[test].sum()
    if not size.any():
        raise ValueError("sample_weight is zero on every test row")
    means, squared_ses = [], []
    for r in range(repeat[-1] + 1):
        kept = (repeat == r) & (size > 0)
        e, v = errors[kept], size[kept] / size[kept].sum()
        means.append(v @ e)
        squared_ses.append(v @ (e - means[-1]) ** 2 / (len(e) - 1) if len(e) > 1 else np.full(L, np.nan))
    return errors, np.mean(means, axis=0), np.sqrt(np.mean(squared_ses, axis=0))


def _predict(fitted, X, L):
    """Predictions of shape (L, m) for m rows, from coefficients or from a function that predicts."""
    if callable(fitted):
        predictions = np.asarray(fitted(X))
    else:
        W, b = map(np.asarray, fitted if isinstance(fitted, tuple | list) and len(fitted) == 2 else ((), ()))
        predictions = (X @ W.T).T + b[:, None] if (W.shape, b.shape) == ((L, X.shape[1]), (L,)) else np.empty(0)
    if predictions.shape != (L, X.shape[0]) or not np.isfinite(predictions).all():
        raise ValueError(
            f"fit_path must give W of shape {(L, X.shape[1])} and b of shape {(L,)}, or a function whose predictions "
            f"have the shape {(L, X.shape[0])}, one row a lam; and predictions must be finite"
        )
    return predictions


def one_standard_error(lams, mean, se):
    """Choose the most shrinkage whose error cannot be told from the least: the one-standard-error rule.

    Parameters
    ----------
    lams : array_like of shape (L,), float
        Penalty weights, each >= 0, in any order.
    mean : array_like of shape (L,), float
        Mean error at each.
    se : array_like of shape (L,), float
        Standard error of each mean, >= 0.

    Returns
    -------
    int
        Index of the largest `lam` whose mean is at most the least mean plus the standard error there;
        where means tie for the least, the standard error at the largest `lam` of these.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    References
    ----------
    Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees, section 3.4.3.

    Examples
    --------
    The least mean is 2 with a standard error of 0.5, so 2.4 is as good and 2.6 is not:

    >>> one_standard_error([0.01, 0.1, 1.0, 10.0], [3.0, 2.0, 2.4, 2.6], [0.5, 0.5, 0.5, 0.5])
    2
    """
    lams, mean, se = as_lams(lams), as_vector(mean, "mean"), as_nonnegative(se, "se")
    if not len(mean) == len(se) == len(lams):
        raise ValueError(f"lams, mean and se must be equally long; they have {len(lams)}, {len(mean)} and {len(se)}")
    best = _largest(lams, mean, mean == mean.min())
    return _largest(lams, mean, mean <= mean[best] + se[best])


def _largest(lams, mean, eligible):
    """Index of the largest eligible `lam`; among equals, of the least mean."""
    return max(np.flatnonzero(eligible).tolist(), key=lambda l: (lams[l], -mean[l]))


def _as_data(X, y, sample_weight):
    """(X, y, weights up to a factor, and what gives those of some rows as one more argument, or as none)."""
    sparse = hasattr(X, "tocsr")
    checked, y, _ = as_problem(X, y, 0.0, sparse=sparse)
    X = X.tocsr().astype(checked.dtype) if sparse else checked
    s = as_weights(sample_weight, len(y))
    given = s if sample_weight is None else as_vector(sample_weight, "sample_weight")
    return X, y, s, lambda rows: () if sample_weight is None else (given[rows],)


def _as_folds(folds, n, name):
    """(list of pairs of arrays, the repeat of each): a fold's repeat is how often its rows were tested before."""
    try:
        pairs = as_splits(folds, n, name)
    except TypeError as problem:
        raise ValueError(f"{name} must be pairs (train, test) of row numbers, as k_fold gives: {problem}") from None
    repeat, used, tested, uneven = np.zeros(len(pairs), int), np.zeros(n, bool), np.zeros(n, int), False
    for fold, (train, test) in enumerate(pairs):
        if len(np.unique(test)) < len(test):
            raise ValueError(f"{name} must test a row once; fold {fold} has one twice")
        used[train] = used[test] = True
        repeat[fold] = tested[test].min()
        uneven |= (tested[test] > repeat[fold]).any()
        tested[test] += 1
    if not used.all():
        raise ValueError(f"{name} leave row {used.argmin()} of {n} out; split as many rows as X has")
    if uneven or (tested[tested > 0] < tested.max()).any():
        raise ValueError(f"{name} test some rows more often than others; give whole repeats, as k_fold does")
    return pairs, repeat
