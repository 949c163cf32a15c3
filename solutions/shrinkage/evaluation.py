"""How well a model predicts rows that it has not seen: splits, errors, and curves of both.

Rows are split by number, never by copying data about; an error is a mean over rows, in which a weight of zero
leaves a row out and an integer repeats it; and a curve fits on the training rows alone.
"""

from dataclasses import dataclass

import numpy as np

from shrinkage.inputs import (
    as_count,
    as_function,
    as_generator,
    as_labels,
    as_number,
    as_problem,
    as_splits,
    as_vector,
    as_weights,
)


def split(n, shares, seed, *, groups=None, strata=None):
    """Split the rows 0 to n − 1 at random into as many parts as there are shares.

    The rows of each stratum are laid along a line in random order, whole groups together, and the line is cut
    where the shares say.  A group belongs to the part that holds a chosen point of it, which is its middle if
    there is one stratum; of many strata each has another point, so that rounding does not favour one part.

    Parameters
    ----------
    n : int
        Number of rows.
    shares : array_like of shape (parts,), float
        Share of the rows in each part, each > 0; together 1.
    seed : int, SeedSequence or Generator
        The same seed gives the same split.
    groups : array_like of shape (n,) or None
        Labels of rows that stay together, such as the visits of one patient.
    strata : array_like of shape (n,) or None
        Labels, such as classes, each of which is shared out by itself.  With `groups`, each group must lie in
        one stratum.

    Returns
    -------
    tuple of ndarray of int
        The row numbers of each part, increasing; together they are every row once.  Of each stratum a part
        has its share up to less than one row, or less than the largest group.

    Raises
    ------
    ValueError
        If an argument cannot be used, or if a part is left without a row; the message names the argument.

    Examples
    --------
    >>> train, validation, test = split(10, [0.6, 0.2, 0.2], seed=0)
    >>> train, validation, test
    (array([2, 3, 4, 5, 6, 7]), array([0, 9]), array([1, 8]))
    """
    n, shares = as_count(n, "n"), as_vector(shares, "shares")
    if shares.min() <= 0 or abs(shares.sum() - 1) > 1e-6:
        raise ValueError(f"shares must be > 0 and add up to 1; they are {shares.tolist()!s:.60}")
    group, sizes, stratum = as_groups(n, groups, strata)
    rng = as_generator(seed)
    order = rng.permutation(len(sizes))
    order = order[np.argsort(stratum[order], kind="stable")]
    of, sizes = stratum[order], sizes[order]
    rows = np.bincount(of, sizes).astype(int)
    point = (rng.permutation(len(rows)) + 0.5) / len(rows)
    start = np.cumsum(sizes) - sizes - (np.cumsum(rows) - rows)[of]
    along = (start + point[of] * sizes) / rows[of]
    part_of_group = np.empty(len(sizes), int)
    part_of_group[order] = np.searchsorted(np.cumsum(shares)[:-1], along, side="right")
    part = part_of_group[group]
    parts = tuple(np.flatnonzero(part == k) for k in range(len(shares)))
    for k, members in enumerate(parts):
        if not members.size:
            what = "rows" if groups is None else "groups"
            raise ValueError(f"shares leave part {k} without a row, of {len(sizes)} {what}; give it a larger share")
    return parts


def as_groups(n, groups, strata):
    """Check labels of groups and of strata together.

    Parameters
    ----------
    n : int
        Number of rows.
    groups : array_like of shape (n,) or None
        None makes every row a group of its own.
    strata : array_like of shape (n,) or None
        None is one stratum.  Each group must lie in one.

    Returns
    -------
    group : ndarray of shape (n,), int
        The group of each row, counted from 0.
    sizes : ndarray of shape (G,), int
        Number of rows of each group.
    stratum : ndarray of shape (G,), int
        The stratum of each group, counted from 0.

    Raises
    ------
    ValueError
        If there is not one label a row, or a group has rows in two strata.

    Examples
    --------
    >>> as_groups(3, ["a", "b", "a"], None)
    (array([0, 1, 0]), array([2, 1]), array([0, 0]))
    """
    group = np.arange(n) if groups is None else as_labels(groups, "groups", n)
    stratum = np.zeros(n, int) if strata is None else as_labels(strata, "strata", n)
    _, first, sizes = np.unique(group, return_index=True, return_counts=True)
    mixed = np.flatnonzero(stratum != stratum[first][group])
    if mixed.size:
        i, j = mixed[0], first[group[mixed[0]]]
        raise ValueError(f"strata must be the same for all rows of a group; rows {j} and {i} differ: use one of both")
    return group, sizes, stratum[first]


def holdout(n, share, seed, *, groups=None, strata=None):
    """Hold a share of the rows 0 to n − 1 out for testing, chosen at random.

    Parameters
    ----------
    n : int
        Number of rows.
    share : float
        Share of the rows to test on, above 0 and below 1.
    seed : int, SeedSequence or Generator
        The same seed gives the same split; a Generator gives a new one at each call.
    groups : array_like of shape (n,) or None
        Labels of rows that stay together.
    strata : array_like of shape (n,) or None
        Labels each of which is shared out by itself.

    Returns
    -------
    train : ndarray of int
        Row numbers, increasing.
    test : ndarray of int
        All the other rows.

    Raises
    ------
    ValueError
        As for `split`, which it is for two parts.

    Examples
    --------
    >>> train, test = holdout(5, 0.4, seed=0)
    >>> train, test
    (array([2, 3, 4]), array([0, 1]))
    """
    share = as_number(share, "share")
    if not 0 < share < 1:
        raise ValueError(f"share must be above 0 and below 1; it is {share}")
    return split(n, [1 - share, share], seed, groups=groups, strata=strata)


def _counted(y, prediction, sample_weight):
    """Target, residual and share of the weight of each row that counts, in double precision."""
    y, prediction = _as_errors(y, "y"), _as_errors(prediction, "prediction")
    if len(prediction) != len(y):
        raise ValueError(f"prediction must have one number a row; y has {len(y)} and it has {len(prediction)}")
    s = as_weights(sample_weight, len(y))
    y, prediction, s = y[s > 0], prediction[s > 0], s[s > 0]
    return y, y - prediction, s / s.sum()


def _as_errors(values, name):
    values = as_vector(values, name).astype(np.float64)
    if np.abs(values).max() > 1e150:
        raise ValueError(f"{name} has entries beyond 1e150, whose squares overflow; rescale them")
    return values


def mean_squared_error(y, prediction, sample_weight=None):
    """Mean of the squared differences between target and prediction.

    Parameters
    ----------
    y : array_like of shape (n,), real
        Target in response units.
    prediction : array_like of shape (n,), real
        In response units.
    sample_weight : array_like of shape (n,) or None
        Weights >= 0: zero leaves a row out, an integer repeats it; None is 1 for every row.

    Returns
    -------
    float
        Response units squared.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> mean_squared_error([1, 2, 3], [1, 2, 6])
    3.0
    """
    _, residual, share = _counted(y, prediction, sample_weight)
    return float(share @ residual**2)


def root_mean_squared_error(y, prediction, sample_weight=None):
    """Square root of `mean_squared_error`, which is in the units of the response.

    Parameters
    ----------
    y : array_like of shape (n,), real
    prediction : array_like of shape (n,), real
    sample_weight : array_like of shape (n,) or None
        As for `mean_squared_error`.

    Returns
    -------
    float
        Response units.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> root_mean_squared_error([0, 0], [2, -2])
    2.0
    """
    return mean_squared_error(y, prediction, sample_weight) ** 0.5


def mean_absolute_error(y, prediction, sample_weight=None):
    """Mean of the absolute differences between target and prediction.

    Parameters
    ----------
    y : array_like of shape (n,), real
    prediction : array_like of shape (n,), real
    sample_weight : array_like of shape (n,) or None
        As for `mean_squared_error`.

    Returns
    -------
    float
        Response units.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> mean_absolute_error([1, 2, 3], [1, 2, 6])
    1.0
    """
    _, residual, share = _counted(y, prediction, sample_weight)
    return float(share @ np.abs(residual))


def r_squared(y, prediction, sample_weight=None):
    """Share of the spread of `y` that the prediction accounts for.

    One minus the mean squared error over that of the mean of `y`: 1 for a perfect prediction, 0 for the mean
    of these rows, below 0 for anything worse, as the mean of other rows is.

    Parameters
    ----------
    y : array_like of shape (n,), real
        Not constant over the rows that count.
    prediction : array_like of shape (n,), real
    sample_weight : array_like of shape (n,) or None
        As for `mean_squared_error`.

    Returns
    -------
    float
        At most 1, without units.

    Raises
    ------
    ValueError
        If an argument cannot be used, or if `y` is constant; the message names the argument.

    Examples
    --------
    >>> r_squared([1, 2, 3], [1, 2, 3]), r_squared([1, 2, 3], [2, 2, 2]), r_squared([1, 2, 3], [3, 2, 1])
    (1.0, 0.0, -3.0)
    """
    y, residual, share = _counted(y, prediction, sample_weight)
    # Differences to one row first: the mean of a constant need not be that constant.
    spread = y - y[0]
    variance = share @ (spread - share @ spread) ** 2
    if variance == 0:
        raise ValueError("y is constant, so there is no spread to account for; use mean_squared_error")
    return float(1 - share @ residual**2 / variance)


def misclassification(y, prediction, sample_weight=None):
    """Share of rows whose predicted class is another than the true one.

    Parameters
    ----------
    y : array_like of shape (n,)
        Labels of the classes, strings or numbers.
    prediction : array_like of shape (n,)
        Labels of the same kind.
    sample_weight : array_like of shape (n,) or None
        As for `mean_squared_error`.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> misclassification(["cat", "dog", "cat", "cat"], ["cat", "cat", "cat", "cat"])
    0.25
    """
    n = max(np.size(y), 1)
    for labels, name in ((y, "y"), (prediction, "prediction")):
        as_labels(labels, name, n)
    y, prediction = np.asarray(y), np.asarray(prediction)
    # Text never equals a number: labels of two kinds are a slip, and no error of prediction.
    if len({_kind(y), _kind(prediction)}) > 1:
        raise ValueError("prediction must have labels of the kind of y: strings for strings, numbers for numbers")
    s = as_weights(sample_weight, n)
    return float(s @ (y != prediction) / s.sum())


def _kind(labels):
    kind = np.asarray(labels[0]).dtype.kind
    return "f" if kind in "biu" else kind


def standard_error(errors, sample_weight=None):
    """Standard error of the mean of errors of independent rows.

    With N = Σ s_i rows and m their mean error, it is ``√(Σ s_i (e_i − m)² / (N − 1) / N)``.

    Parameters
    ----------
    errors : array_like of shape (n,), real
        Error of each row, such as ``(y - prediction)**2``.
    sample_weight : array_like of shape (n,) or None
        How many rows each stands for; unlike a mean, a standard error is changed by a common factor.

    Returns
    -------
    float
        In the units of `errors`.

    Raises
    ------
    ValueError
        If an argument cannot be used, or if there is no more than one row; the message names the argument.

    Examples
    --------
    >>> standard_error([1, 3])
    1.0
    """
    errors = _as_errors(errors, "errors")
    s = as_weights(sample_weight, len(errors))
    # Shares of the largest weight have a sum, where the weights themselves may overflow.
    N = float(s.sum()) * (1 if sample_weight is None else float(np.max(sample_weight)))
    if N < 1 + 1e-9:
        raise ValueError(f"errors of more than one row are needed for a standard error; the weights add up to {N:g}")
    errors, share = errors[s > 0], s[s > 0] / s.sum()
    deviation = errors - errors[0]
    return float(np.sqrt(share @ (deviation - share @ deviation) ** 2 / (N - 1)))


def polynomial_columns(x, degree, interval):
    """Columns of polynomials of degree 1, 2, …, `degree`, orthonormal on an interval.

    Column k is ``√(2k + 1) P_k(t)`` with the Legendre polynomial P_k and t from −1 to 1 over the interval: for
    x spread evenly there, columns of mean 0 and variance 1 that are uncorrelated.  Together with an intercept
    they span what 1, x, …, x^degree span, without being nearly collinear.

    Parameters
    ----------
    x : array_like of shape (n,), real
        May lie outside the interval, where the columns grow as fast as powers do.
    degree : int
        Largest degree, >= 1.
    interval : (low, high)
        Where `x` of the *training* rows lie.  Taken anew from test rows it would give them other columns.

    Returns
    -------
    ndarray of shape (n, degree), float
        float32 if `x` is.  The columns for a smaller degree are the first of these, to the last bit.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    References
    ----------
    Trefethen (2013), Approximation Theory and Approximation Practice, chapter 17.

    Examples
    --------
    >>> polynomial_columns([0, 5, 10], degree=2, interval=(0, 10)).round(3)
    array([[-1.732,  2.236],
           [ 0.   , -1.118],
           [ 1.732,  2.236]])
    """
    x, degree = as_vector(x, "x"), as_count(degree, "degree")
    ends = as_vector(interval, "interval").astype(np.float64)
    if len(ends) != 2 or not ends[0] < ends[1]:
        raise ValueError(f"interval must be two numbers, the smaller first; it is {ends.tolist()!s:.60}")
    low, high = ends
    t = ((x - low) - (high - x)) / (high - low)
    P = [np.ones_like(t), t]
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(1, degree):
            P.append(((2 * k + 1) * t * P[k] - k * P[k - 1]) / (k + 1))
        columns = np.stack(P[1:], axis=1) * np.sqrt(2 * np.arange(1, degree + 1) + 1)
        columns = columns.astype(x.dtype)
    if not np.isfinite(columns).all():
        raise ValueError(f"x lies so far outside of interval that degree {degree} overflows; leave those rows out")
    return columns


@dataclass(frozen=True, eq=False)
class Curve:
    """Errors on training and test rows along one axis.

    Parameters
    ----------
    at : tuple
        The sizes of the training set, or the settings, in the order in which they were given.
    train : ndarray of shape (splits, len(at))
        Error on the rows of each fit itself.
    test : ndarray of shape (splits, len(at))
        Error on the test rows of the split.
    """

    at: tuple
    train: np.ndarray
    test: np.ndarray


def learning_curve(fit, X, y, sizes, splits, seed, *, error=mean_squared_error):
    """Errors on training and test rows as the training set grows.

    Of each split the training rows are put in random order; the training set of size m is the first m of
    them, so it grows, and the test rows stay.

    Parameters
    ----------
    fit : callable
        ``fit(X_train, y_train)`` returns a function ``predict(X)``.  It sees copies of the training rows alone,
        so whatever it takes from data, it takes from them.
    X : ndarray of shape (n, p), float
    y : ndarray of shape (n,), float
    sizes : iterable of int
        Sizes of the training set, from 1 to the number of training rows in every split.
    splits : iterable of (train, test)
        Row numbers, as from `holdout` or from K-fold cross-validation.
    seed : int, SeedSequence or Generator
        For the order of the training rows.
    error : callable
        ``error(y, prediction)`` gives one number.

    Returns
    -------
    Curve

    Raises
    ------
    ValueError
        If an argument cannot be used, or gives back what cannot be used; the message names it.

    Examples
    --------
    The mean of m rows, of which there is but one value:

    >>> def fit(X, y):
    ...     return lambda X_new: np.full(len(X_new), y.mean())
    >>> curve = learning_curve(fit, np.ones((6, 1)), np.full(6, 2.0), [1, 3], [holdout(6, 0.5, 0)], seed=0)
    >>> curve.at, curve.test
    ((1, 3), array([[0., 0.]]))
    """
    X, y, _ = as_problem(X, y, 0.0)
    splits = as_splits(splits, len(y))
    sizes, rng = tuple(as_count(size, "sizes") for size in sizes), as_generator(seed)
    if not sizes or max(sizes) > min(len(train) for train, _ in splits):
        raise ValueError(f"sizes must be numbers of rows that every split can train on; they are {sizes!s:.60}")
    orders = [rng.permutation(train) for train, _ in splits]
    return _curve(sizes, splits, X, y, error, lambda k, m: (orders[k][:m], fit))


def complexity_curve(fit, X, y, settings, splits, *, error=mean_squared_error):
    """Errors on training and test rows as a setting, such as a degree or `lam`, changes.

    Parameters
    ----------
    fit : callable
        ``fit(X_train, y_train, setting)`` returns a function ``predict(X)``; else as for `learning_curve`.
    X : ndarray of shape (n, p), float
    y : ndarray of shape (n,), float
    settings : iterable
        What `fit` is given, one after the other.
    splits : iterable of (train, test)
        As for `learning_curve`.
    error : callable
        As for `learning_curve`.

    Returns
    -------
    Curve

    Raises
    ------
    ValueError
        If an argument cannot be used, or gives back what cannot be used; the message names it.

    Examples
    --------
    More of the mean, from none to all of it:

    >>> def fit(X, y, share):
    ...     return lambda X_new: np.full(len(X_new), share * y.mean())
    >>> complexity_curve(fit, np.ones((6, 1)), np.full(6, 2.0), [0, 0.5, 1], [holdout(6, 0.5, 0)]).test
    array([[4., 1., 0.]])
    """
    X, y, _ = as_problem(X, y, 0.0)
    splits = as_splits(splits, len(y))
    settings = tuple(settings)
    if not settings:
        raise ValueError("settings are empty; an iterator that was read before is: keep it as a list")
    return _curve(
        settings, splits, X, y, error, lambda k, at: (splits[k][0], lambda X, y: as_function(fit, "fit")(X, y, at))
    )


def _curve(along, splits, X, y, error, chosen):
    """The curve, where ``chosen(k, at)`` gives the training rows of split k and how to fit to them."""
    errors = np.empty((2, len(splits), len(along)))
    for k, (_, test) in enumerate(splits):
        for l, at in enumerate(along):
            rows, fit = chosen(k, at)
            # Indexing copies: nothing that fit or predict do can reach a test row or the caller's arrays.
            predict = as_function(as_function(fit, "fit")(X[rows], y[rows]), "predict, which fit returns,")
            for kind, judged in enumerate((rows, test)):
                prediction = as_vector(predict(X[judged]), "predict(X)")
                errors[kind, k, l] = as_number(as_function(error, "error")(y[judged], prediction), "error")
    return Curve(along, *errors)
