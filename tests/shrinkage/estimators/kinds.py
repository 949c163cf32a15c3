"""Data in every kind that an estimator takes, and what is the same for all estimators."""

import numpy as np
from scipy import sparse


def data(n=40, p=6, targets=0, seed=0):
    """(X, y) with many zeros and nothing centred; `y` of shape (n,), or of shape (n, targets)."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) * (rng.random((n, p)) < 0.6) + 2 * (np.arange(p) == 1)
    W = rng.normal(size=(p, max(targets, 1))) * 2
    Y = X @ W + rng.normal(size=(n, max(targets, 1))) + 3
    return X, Y if targets else Y[:, 0]


def read_only(X):
    X = X.copy()
    X.flags.writeable = False
    return X


# Each keeps the numbers of X.
KINDS = {
    "C": np.ascontiguousarray,
    "F": np.asfortranarray,
    "strided": lambda X: np.repeat(X, 2, axis=0)[::2],
    "read-only": read_only,
    "list": lambda X: X.tolist(),
    "csr": sparse.csr_array,
    "csc": sparse.csc_array,
    "coo": sparse.coo_array,
    "csr matrix": sparse.csr_matrix,
    "csc matrix": sparse.csc_matrix,
    "long indices": lambda X: _long(sparse.csr_array(X)),
}


def _long(X):
    X.indices, X.indptr = X.indices.astype(np.int64), X.indptr.astype(np.int64)
    return X


def unchanged(X):
    """The numbers of `X`, to be compared with what they are later."""
    return X.toarray() if sparse.issparse(X) else np.array(X)
