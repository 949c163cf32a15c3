"""Six shapes of data, made from a seed."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

SHAPES = ("tall", "wide", "square", "sparse", "ill-conditioned", "path")
SIZES = {
    "tall": (20_000, 50),
    "wide": (200, 5_000),
    "square": (500, 500),
    "sparse": (5_000, 1_000),
    "ill-conditioned": (1_000, 200),
    "path": (500, 200),
}
DENSITY, CORRELATION, PENALTIES = 0.01, 0.95, 100


@dataclass(frozen=True, eq=False)
class Problem:
    """Data of one shape: a target in units of its standard deviation, and classes that are as hard to tell.

    Parameters
    ----------
    shape : str
        One of `SHAPES`.
    X : ndarray of shape (n, p), in Fortran order, or CSC matrix
    y : ndarray of shape (n,)
    labels : ndarray of shape (n,)
        0 or 1.
    """

    shape: str
    X: object
    y: np.ndarray
    labels: np.ndarray


def problem(shape, size=None, seed=0):
    """Data of one of the `SHAPES`.

    Parameters
    ----------
    shape : str
    size : tuple of int or None
        Rows and columns; None for those of `SIZES`.
    seed : int

    Returns
    -------
    Problem

    Examples
    --------
    >>> problem("wide").X.shape
    (200, 5000)
    """
    n, p = size or SIZES[shape]
    rng = np.random.default_rng(seed)
    if shape == "sparse":
        X = sparse.random_array((n, p), density=DENSITY, rng=rng, format="csc", data_sampler=rng.standard_normal)
    elif shape == "ill-conditioned":
        # Neighbours alike, and units over three powers of ten.
        X = rng.standard_normal((n, p))
        for j in range(1, p):
            X[:, j] = CORRELATION * X[:, j - 1] + np.sqrt(1 - CORRELATION**2) * X[:, j]
        X = np.asfortranarray(X * np.geomspace(0.03, 30, p)[rng.permutation(p)])
    else:
        X = np.asfortranarray(rng.standard_normal((n, p)))
    w, used = np.zeros(p), rng.choice(p, min(p, 20), replace=False)
    w[used] = rng.standard_normal(len(used)) / _scales(X)[used]
    signal = X @ w
    signal = (signal - signal.mean()) / signal.std()
    y = signal + rng.standard_normal(n) / 2
    labels = (signal + rng.logistic(size=n) / 3 > 0).astype(float)
    return Problem(shape, X, y / y.std(), labels)


def _scales(X):
    if isinstance(X, np.ndarray):
        return X.std(axis=0)
    return np.sqrt(np.maximum(np.asarray(X.multiply(X).mean(axis=0)).ravel(), 1e-300))
