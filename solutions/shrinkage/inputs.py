"""What every function takes: its arguments are checked once, where the package is entered.

A refusal names the argument and says what to do about it.  An array that already fits is given back
itself, so nobody may write to it, and single precision stays single precision.
"""

import numpy as np

from shrinkage.sparse import Centred


def as_problem(X, y, lam, sparse=False):
    """Check the data of a penalised problem and give them as floating-point arrays.

    Parameters
    ----------
    X : array_like of shape (n, p), real
        Design matrix; dense, finite, n >= 1 and p >= 1.
    y : array_like of shape (n,), real
        Target in response units; finite.
    lam : float
        Penalty weight, finite and >= 0.
    sparse : bool
        Whether `X` may be sparse too.

    Returns
    -------
    X : ndarray of shape (n, p)
        float32 if both `X` and `y` are, else float64; the caller's own array where it already fits,
        so it must not be written to.
    y : ndarray of shape (n,)
        Of the same dtype as `X`.
    lam : float
        The penalty weight as a Python float, which never widens a float32 array.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it and says what to do.

    Examples
    --------
    >>> X, y, lam = as_problem([[1, 2], [3, 4]], [1, 0], 1)
    >>> X.dtype.name, y.shape, lam
    ('float64', (2,), 1.0)
    >>> as_problem([[1, 2], [3, 4]], [1, 0], -1)
    Traceback (most recent call last):
    ...
    ValueError: lam must be a finite number >= 0; it is -1.0
    """
    X, y = as_columns(X) if sparse else as_design(X), as_vector(y, "y")
    n = X.shape[0]
    if len(y) != n:
        raise ValueError(f"y must have one number a row of X; X has {n} rows and y has {len(y)} numbers")
    dtype = np.float32 if X.dtype == y.dtype == np.float32 else np.float64
    return (X if X.dtype == dtype else X.astype(dtype)), np.asarray(y, dtype), as_lam(lam, n, dtype)


def as_design(X, name="X"):
    """Check a design matrix: dense, real, finite, of shape (n, p) with n, p >= 1.

    Parameters
    ----------
    X : array_like of shape (n, p), real
    name : str
        What the message of a refusal calls it.

    Returns
    -------
    ndarray of shape (n, p)
        float32 if `X` is, else float64; the caller's own array where it already fits.

    Raises
    ------
    ValueError
        If `X` cannot be used; the message says what to do.

    Examples
    --------
    >>> as_design([[1, 2], [3, 4]])
    array([[1., 2.],
           [3., 4.]])
    """
    X = _as_real(X, name)
    if X.ndim != 2:
        cure = f"use {name}.reshape(n, p)"
        raise ValueError(f"{name} must have two dimensions, rows and columns; its shape is {X.shape}: {cure}")
    return X


def as_columns(X):
    """Check a design matrix that may be sparse: columns are what a solver needs of it.

    Parameters
    ----------
    X : array_like, scipy.sparse matrix or array, or shrinkage.sparse.Centred, of shape (n, p), real

    Returns
    -------
    ndarray or shrinkage.sparse.Centred, of shape (n, p)
        A sparse matrix becomes one whose columns are not centred; nothing is filled.

    Raises
    ------
    ValueError
        If `X` cannot be used; the message says what to do.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> A = as_columns(csr_array([[1, 0], [0, 2]]))
    >>> A.shape, A.column(1)[1]
    ((2, 2), array([2.]))
    """
    if isinstance(X, Centred):
        return X
    if not hasattr(X, "tocsc"):
        return as_design(X)
    if len(X.shape) != 2:
        raise ValueError(f"X must have two dimensions, rows and columns; its shape is {X.shape}")
    if 0 in X.shape:
        raise ValueError(f"X is empty; its shape is {X.shape}")
    X = X.tocsc(copy=True)
    X.sum_duplicates()
    if X.nnz:
        X.data = _as_real(X.data, "X")
    else:
        X = X.astype(np.float32 if X.dtype == np.float32 else np.float64)
    return Centred(X, np.zeros(X.shape[1], X.dtype))


def as_vector(values, name):
    """Check a one-dimensional array of finite real numbers, such as a target.

    Parameters
    ----------
    values : array_like of shape (k,), real
    name : str
        What the message of a refusal calls it.

    Returns
    -------
    ndarray of shape (k,), float
        float32 if `values` is, else float64; the caller's own array where it already fits.

    Raises
    ------
    ValueError
        If `values` is not such an array.

    Examples
    --------
    >>> as_vector([1, 2], "y")
    array([1., 2.])
    """
    values = _as_real(values, name)
    if values.ndim != 1:
        cure = f"for one value give [{name}]" if values.ndim == 0 else f"use {name}.ravel()"
        raise ValueError(f"{name} must be one-dimensional; its shape is {values.shape}: {cure}")
    return values


def as_coefficients(w, X):
    """Check coefficients: one finite real number for each column of `X`.

    Parameters
    ----------
    w : array_like of shape (p,), real
    X : ndarray of shape (n, p), float

    Returns
    -------
    ndarray of shape (p,), float
        In its own precision; the caller's own array where it already fits.

    Raises
    ------
    ValueError
        If `w` is not such an array.

    Examples
    --------
    >>> as_coefficients([1, 2], np.ones((3, 2)))
    array([1., 2.])
    """
    w = as_vector(w, "w")
    if len(w) != X.shape[1]:
        raise ValueError(f"w must have one number a column of X; X has {X.shape[1]} columns and w has {len(w)} numbers")
    return w


def as_number(value, name):
    """Check a finite real number.

    Parameters
    ----------
    value : float
    name : str
        What the message of a refusal calls it.

    Returns
    -------
    float
        A Python float.

    Raises
    ------
    ValueError
        If `value` is not such a number.

    Examples
    --------
    >>> as_number(np.float32(-0.5), "b")
    -0.5
    """
    number = _as_array(value, name)
    if number.ndim or number.dtype.kind not in "iuf" or not np.isfinite(number):
        raise ValueError(f"{name} must be one finite real number; it is {value!r:.60}")
    return float(number)


def as_lam(lam, n=1, dtype=np.float64, name="lam"):
    """Check a penalty weight: one finite number >= 0, in the units of the objective.

    Parameters
    ----------
    lam : float
    n : int
        Number of rows; ``n lam`` must be a finite number of `dtype` too.
    dtype : dtype
        The precision of the data.
    name : str
        What the message of a refusal calls it.

    Returns
    -------
    float
        A Python float.

    Raises
    ------
    ValueError
        If `lam` is not such a number.

    Examples
    --------
    >>> as_lam(np.float32(0.5))
    0.5
    """
    value = as_number(lam, name)
    if value < 0:
        raise ValueError(f"{name} must be a finite number >= 0; it is {value}")
    if n * value > float(np.finfo(dtype).max):
        times = f"n {name}" if n > 1 else "it"
        raise ValueError(f"{name} = {value:g} is too large: {times} overflows {np.dtype(dtype)}; rescale the data")
    return value


def as_l1_ratio(l1_ratio, name="l1_ratio"):
    """Check a share, such as that of the L1 penalty: one number from 0 to 1.

    Parameters
    ----------
    l1_ratio : float
    name : str
        What the message of a refusal calls it.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If it is not such a number.

    Examples
    --------
    >>> as_l1_ratio(1)
    1.0
    """
    share = as_number(l1_ratio, name)
    if not 0 <= share <= 1:
        raise ValueError(f"{name} must be from 0 to 1; it is {share}")
    return share


def as_threshold(z, t, name="t"):
    """Check numbers and what is to be compared with their sizes: one number >= 0, or one for each.

    Parameters
    ----------
    z : array_like of shape (p,), real
    t : float or array_like of shape (p,), real
    name : str
        What the message of a refusal calls `t`.

    Returns
    -------
    z : ndarray of shape (p,)
        float32 if the given `z` is, else float64.
    t : float or ndarray of shape (p,)
        A Python float, which never widens a float32 array, or an array of the dtype of `z`.

    Raises
    ------
    ValueError
        If `z` is not a list of finite numbers, or `t` negative, not finite or of another length.

    Examples
    --------
    >>> as_threshold([1, -2], 1)
    (array([ 1., -2.]), 1.0)
    """
    z = as_vector(z, "z")
    if _as_array(t, name).ndim == 0:
        return z, as_lam(t, dtype=z.dtype, name=name)
    t = as_nonnegative(t, name)
    if t.shape != z.shape:
        raise ValueError(f"{name} must be one number, or one for each of the {len(z)}; its shape is {t.shape}")
    as_lam(t.max(), dtype=z.dtype, name=name)
    return z, t.astype(z.dtype)


def as_budget(tol, max_iter):
    """Check what an iteration stops by.

    Parameters
    ----------
    tol : float
    max_iter : int

    Returns
    -------
    tol : float
    max_iter : int

    Raises
    ------
    ValueError
        If `tol` is not a finite number >= 0, or `max_iter` not an integer >= 0.

    Examples
    --------
    >>> as_budget(0, 5)
    (0.0, 5)
    """
    if isinstance(max_iter, bool) or not isinstance(max_iter, int | np.integer) or max_iter < 0:
        raise ValueError(f"max_iter must be a number of steps, an integer >= 0; it is {max_iter!r:.60}")
    return as_lam(tol, name="tol"), int(max_iter)


def as_lams(lams):
    """Check a list of penalty weights, in any order.

    Parameters
    ----------
    lams : array_like of shape (L,), real
        Finite and >= 0, L >= 1.

    Returns
    -------
    ndarray of shape (L,), float64

    Raises
    ------
    ValueError
        If `lams` is not such a list.

    Examples
    --------
    >>> as_lams([1, 0.1])
    array([1. , 0.1])
    """
    return as_nonnegative(lams, "lams").astype(np.float64)


def as_nonnegative(values, name):
    """Check a one-dimensional array of finite numbers >= 0, such as singular values.

    Parameters
    ----------
    values : array_like of shape (k,), real
    name : str
        What the message of a refusal calls it.

    Returns
    -------
    ndarray of shape (k,), float

    Raises
    ------
    ValueError
        If `values` is not such an array.

    Examples
    --------
    >>> as_nonnegative([3, 0], "d")
    array([3., 0.])
    """
    values = as_vector(values, name)
    if values.min() < 0:
        raise ValueError(f"{name} must be >= 0; the smallest entry is {float(values.min())}")
    return values


def as_weights(sample_weight, n):
    """Check the weights of the rows, and divide them by the largest: their ratios alone matter.

    Parameters
    ----------
    sample_weight : None or array_like of shape (n,), real
        Finite and >= 0, at least one of them > 0; a row of weight 0 is left out.  None for equal weights.
    n : int
        Number of rows.

    Returns
    -------
    ndarray of shape (n,), float64
        Between 0 and 1, a new array; equal weights are exactly 1, and no sum of them overflows.

    Raises
    ------
    ValueError
        If `sample_weight` is not such an array.

    Examples
    --------
    >>> as_weights([1, 0, 2], 3), as_weights(None, 2)
    (array([0.5, 0. , 1. ]), array([1., 1.]))
    """
    if sample_weight is None:
        return np.ones(n)
    s = as_nonnegative(sample_weight, "sample_weight").astype(np.float64)
    if len(s) != n:
        raise ValueError(f"sample_weight must have one number a row of X; X has {n} rows and it has {len(s)} numbers")
    if s.max() == 0:
        raise ValueError("sample_weight is zero for every row, which leaves none; give at least one a weight > 0")
    return s / s.max()


def as_count(value, name, least=1):
    """Check a whole number, such as a number of rows.

    Parameters
    ----------
    value : int
    name : str
        What the message of a refusal calls it.
    least : int
        The smallest that is accepted.

    Returns
    -------
    int
        A Python int.

    Raises
    ------
    ValueError
        If `value` is not an integer, or below `least`.

    Examples
    --------
    >>> as_count(np.int64(3), "n")
    3
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name} must be an integer >= {least}; it is {value!r:.60}")
    return int(value)


def as_labels(labels, name, n):
    """Check labels of rows, such as classes, and number them.

    Parameters
    ----------
    labels : array_like of shape (n,)
        Numbers or strings.
    name : str
        What the message of a refusal calls it.
    n : int
        Number of rows.

    Returns
    -------
    ndarray of shape (n,), int
        Equal where the labels are; from 0, in the order of the sorted labels.

    Raises
    ------
    ValueError
        If there is not one label a row, or some cannot be compared.

    Examples
    --------
    >>> as_labels(["b", "a", "b"], "groups", 3)
    array([1, 0, 1])
    """
    labels = _as_array(labels, name)
    if labels.shape != (n,):
        raise ValueError(f"{name} must have one label a row, shape {(n,)}; its shape is {labels.shape}")
    try:
        # A missing label differs from itself, whatever its type.
        missing = bool(np.any(labels != labels))
        numbers = np.unique(labels, return_inverse=True)[1]
    except TypeError:
        raise ValueError(f"{name} has labels that cannot be compared; give strings or integers alone") from None
    if missing:
        raise ValueError(f"{name} holds NaN; give those rows labels of their own")
    return numbers


def as_generator(seed):
    """Give the random numbers that belong to a seed; without a seed no run could be repeated.

    Parameters
    ----------
    seed : int, SeedSequence or Generator
        A Generator is given back itself, and goes on where it stood.

    Returns
    -------
    numpy.random.Generator

    Raises
    ------
    ValueError
        If `seed` is none of these.

    Examples
    --------
    >>> as_generator(0).integers(100, size=3)
    array([85, 63, 51])
    """
    if not isinstance(seed, np.random.SeedSequence | np.random.Generator):
        try:
            seed = as_count(seed, "seed", 0)
        except ValueError as problem:
            raise ValueError(f"{problem}; a SeedSequence or a Generator does as well") from None
    return np.random.default_rng(seed)


def as_function(value, name):
    """Check what is to be called.

    Parameters
    ----------
    value : callable
    name : str
        What the message of a refusal calls it.

    Returns
    -------
    callable
        `value` itself.

    Raises
    ------
    ValueError
        If it cannot be called.

    Examples
    --------
    >>> as_function("mse", "error")
    Traceback (most recent call last):
    ...
    ValueError: error must be a function; it is 'mse'
    """
    if not callable(value):
        raise ValueError(f"{name} must be a function; it is {value!r:.60}")
    return value


def as_splits(splits, n, name="splits"):
    """Check splits of n rows into rows to train on and rows to test on.

    Parameters
    ----------
    splits : iterable of (train, test)
    n : int
        Number of rows.
    name : str
        What the message of a refusal calls them.

    Returns
    -------
    list of (ndarray of int, ndarray of int)

    Raises
    ------
    ValueError
        If a row number is none, if a row is both trained and tested on, or if there is no split.

    Examples
    --------
    >>> as_splits([([0, 2], [1])], 3)
    [(array([0, 2]), array([1]))]
    """
    splits = [tuple(np.asarray(rows) for rows in pair) for pair in splits]
    for k, pair in enumerate(splits):
        for rows in pair:
            if rows.ndim != 1 or rows.dtype.kind not in "iu" or not rows.size or rows.min() < 0 or rows.max() >= n:
                raise ValueError(f"{name} must be pairs of lists of row numbers from 0 to {n - 1}; split {k} is not")
        if len(pair) != 2 or np.intersect1d(*pair).size:
            raise ValueError(f"{name} must be pairs without a row in both; split {k} is not")
    if not splits:
        raise ValueError(f"{name} are empty; an iterator that was read before is: keep it as a list")
    return splits


def _as_array(value, name):
    """`value` as an ndarray, without losing a mask or densifying a sparse matrix unasked."""
    if hasattr(value, "toarray"):
        raise ValueError(f"{name} is sparse; this function needs a dense array: use {name}.toarray()")
    if isinstance(value, np.ma.MaskedArray):
        raise ValueError(f"{name} is a masked array; drop or fill its masked entries: use {name}.filled(value)")
    try:
        return np.asarray(value)
    except (ValueError, TypeError) as problem:
        raise ValueError(f"{name} is not a rectangular array of numbers: {problem}") from None


def _as_real(value, name):
    """`value` as a finite, non-empty float32 or float64 array."""
    value = _as_array(value, name)
    if value.dtype.kind == "c":
        raise ValueError(f"{name} is complex; give real numbers, for example {name}.real")
    if value.dtype.kind not in "biuf":
        raise ValueError(f"{name} has dtype {value.dtype}; give real numbers: use {name}.astype(float)")
    if value.size == 0:
        raise ValueError(f"{name} is empty; its shape is {value.shape}")
    value = np.asarray(value, np.float32 if value.dtype.newbyteorder("=") == np.float32 else np.float64)
    if not np.isfinite(value).all():
        raise ValueError(f"{name} holds NaN or infinity; remove or impute those entries first")
    return value
