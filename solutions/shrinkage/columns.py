"""What the columns of a design matrix are like: their lengths, and what no solver can take them for.

A refusal names the argument and says what to do about it.
"""

import numpy as np

from shrinkage.sparse import Centred


def squared_lengths(X):
    """Squared length of every column, refusing where it leaves the range of the precision.

    Parameters
    ----------
    X : ndarray or shrinkage.sparse.Centred, of shape (n, p), float

    Returns
    -------
    ndarray of shape (p,), float
        0 for columns of zeros alone.

    Raises
    ------
    ValueError
        If a square overflows, or if the squares of a column that is not zero are lost.

    Examples
    --------
    >>> squared_lengths(np.array([[3., 0.], [4., 0.]]))
    array([25.,  0.])
    """
    tiny = np.finfo(X.dtype).tiny
    with np.errstate(over="ignore"):
        squares = X.squared_lengths() if isinstance(X, Centred) else np.sum(X**2, axis=0)
    if not np.isfinite(squares).all():
        raise ValueError(f"X is too large: the squares of a column overflow {X.dtype}; rescale the columns")
    # A sparse column that is constant has no length, whatever is stored in it.
    lost = (
        X.any(axis=0) & (squares < tiny) if isinstance(X, np.ndarray) else (X.largest() > 0) & (X.largest() ** 2 < tiny)
    )
    if lost.any():
        raise ValueError(f"X has a column so small that its squares are lost in {X.dtype}; rescale the columns")
    return squares


def chosen(X, columns):
    """Some of the columns, as they are.

    Parameters
    ----------
    X : ndarray or shrinkage.sparse.Centred, of shape (n, p)
    columns : ndarray of shape (k,), int

    Returns
    -------
    ndarray or shrinkage.sparse.Centred, of shape (n, k)

    Examples
    --------
    >>> chosen(np.array([[1., 2., 3.]]), np.array([2, 0]))
    array([[3., 1.]])
    """
    return Centred(X.X[:, columns], X.m[columns], X.d) if isinstance(X, Centred) else X[:, columns]


def products(A, B):
    """``AᵀB``, without filling what is sparse.

    Parameters
    ----------
    A : ndarray or shrinkage.sparse.Centred, of shape (n, m)
    B : ndarray or shrinkage.sparse.Centred, of shape (n, k)
        Of the same kind, with the same weights.

    Returns
    -------
    ndarray of shape (m, k)

    Examples
    --------
    >>> products(np.array([[1., 2.]]), np.array([[3.]]))
    array([[3.],
           [6.]])
    """
    if not isinstance(A, Centred):
        return A.T @ B
    raw = (A.X.T @ B.X).toarray()
    return raw - np.outer(A.m, B.X.T @ A.d) - np.outer(A.X.T @ A.d, B.m) + (A.d @ A.d) * np.outer(A.m, B.m)


def require_squares(y):
    """Refuse a target whose squares, of which the objective is made, leave the range of the precision.

    Parameters
    ----------
    y : ndarray of shape (n,), float
        Centred if the model has an intercept; zeros are no matter.

    Raises
    ------
    ValueError
        If the sum of the squares overflows, or is so small that its digits are lost.

    Examples
    --------
    >>> require_squares(np.array([3.0, 0.0]))
    >>> require_squares(np.array([1e-200, 0.0]))
    Traceback (most recent call last):
    ...
    ValueError: y is so small that its squares are lost in float64; rescale it
    """
    with np.errstate(over="ignore", under="ignore"):
        total = y @ y
    if not np.isfinite(total):
        raise ValueError(f"y is too large: its squares overflow {y.dtype}; rescale it")
    if y.any() and total < np.finfo(y.dtype).tiny / np.finfo(y.dtype).eps:
        raise ValueError(f"y is so small that its squares are lost in {y.dtype}; rescale it")


def require_range(G, X):
    """Refuse columns whose squares, which are known, leave the range of the precision.

    Parameters
    ----------
    G : ndarray of shape (p, p), or (n, n)
        ``XᵀX``, or ``XXᵀ``; over the number of rows or not.
    X : ndarray or shrinkage.sparse.Centred, of shape (n, p), float

    Raises
    ------
    ValueError
        If a square overflows, or if the squares of a column that is not zero are lost.

    Examples
    --------
    >>> require_range(np.zeros((1, 1)), np.array([[0.0]]))
    >>> require_range(np.zeros((1, 1)), np.array([[1e-200]]))
    Traceback (most recent call last):
    ...
    ValueError: X has a column so small that its squares are lost in float64; rescale the columns
    """
    if not np.isfinite(G).all() or G.diagonal().min(initial=1) < np.finfo(X.dtype).tiny / np.finfo(X.dtype).eps:
        squared_lengths(X)


def require_invertible(X, lam, of="XᵀX"):
    """Refuse a `lam` too small for `of` + n lam I to be inverted in floating point.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
    lam : float
        Penalty weight, >= 0.
    of : {"XᵀX", "XXᵀ"}
        The Gram matrix of the columns or of the rows.

    Raises
    ------
    ValueError
        If the smallest eigenvalue is lost in the rounding of the largest (naming `lam`), or if the
        squares of `X` overflow (naming `X`).

    Examples
    --------
    >>> require_invertible(np.ones((2, 3)), 0.1)
    >>> require_invertible(np.ones((2, 3)), 0.0)
    Traceback (most recent call last):
    ...
    ValueError: lam = 0 leaves XᵀX + n lam I singular up to rounding, of rank 1 and not 3; give a larger lam, or \
use svd_path, which returns the solution of smallest norm
    """
    n, p = X.shape
    size = p if of == "XᵀX" else n
    eps = float(np.finfo(X.dtype).eps)
    with np.errstate(over="ignore"):
        total = float(np.vdot(X, X))
        if not np.isfinite(np.asarray(total + n * lam, X.dtype)):
            raise ValueError(f"X or lam is too large: squares overflow {X.dtype}; rescale X, y and lam")
    # The trace bounds the largest eigenvalue, so most calls are settled without a factorisation.
    if n * lam > size * eps * total:
        return
    squares = np.zeros(size)
    d = np.linalg.svd(X, compute_uv=False).astype(np.float64)
    squares[: min(n, p)] = d[:size] ** 2
    floor = size * eps * (squares[0] + n * lam)
    if squares[-1] + n * lam <= floor:
        rank = int((squares > floor).sum())
        raise ValueError(
            f"lam = {lam:g} leaves {of} + n lam I singular up to rounding, of rank {rank} and not {size}; "
            "give a larger lam, or use svd_path, which returns the solution of smallest norm"
        )


def require_orthogonal(X):
    """Refuse a matrix with two columns that are not orthogonal up to rounding.

    Parameters
    ----------
    X : ndarray of shape (n, p), float

    Raises
    ------
    ValueError
        If two columns are not orthogonal, naming them, or if squares leave the range of the precision.

    Examples
    --------
    >>> require_orthogonal(np.eye(3))
    >>> require_orthogonal(np.ones((2, 2)))
    Traceback (most recent call last):
    ...
    ValueError: X has columns 0 and 1 with the cosine 1: they are not orthogonal
    """
    squares = squared_lengths(X)
    unit = X / np.sqrt(np.where(squares > 0, squares, 1))
    cosines = np.abs(unit.T @ unit)
    np.fill_diagonal(cosines, 0)
    j, k = np.unravel_index(np.argmax(cosines), cosines.shape)
    if cosines[j, k] > 100 * max(X.shape) * np.finfo(X.dtype).eps:
        raise ValueError(f"X has columns {j} and {k} with the cosine {cosines[j, k]:.2g}: they are not orthogonal")


def require_like_lengths(X, y, lam):
    """Refuse columns so unlike in length that rounding in one hides another.

    A column with ``‖x_j‖ ‖y‖ <= n lam`` has the coefficient 0 whatever the others do, and counts as none.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
    y : ndarray of shape (n,), float
    lam : float

    Raises
    ------
    ValueError
        If the lengths of two columns differ by more than half the digits of the precision.

    Examples
    --------
    >>> require_like_lengths(np.array([[1., 1e-9]]), np.array([1.]), lam=0.1)
    >>> require_like_lengths(np.array([[1., 1e-9]]), np.array([1.]), lam=0.0)
    Traceback (most recent call last):
    ...
    ValueError: X has columns of lengths from 1e-09 to 1, too unlike for float64: rescale the columns
    """
    lengths = np.sqrt(squared_lengths(X))
    counted = lengths[lengths * np.linalg.norm(y) > len(y) * lam]
    if counted.size and counted.min() < lengths.max() * float(np.finfo(X.dtype).eps) ** 0.5:
        raise ValueError(
            f"X has columns of lengths from {counted.min():.2g} to {lengths.max():.2g}, too unlike for {X.dtype}: "
            "rescale the columns"
        )
