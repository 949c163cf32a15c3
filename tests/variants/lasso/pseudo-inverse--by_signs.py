# task: lasso.by_signs
# One list of patterns, zeros included, sorted by how many columns they use; a pseudo-inverse for each.
from itertools import product

import numpy as np

from shrinkage.inputs import as_problem


def lasso_by_signs(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    X, y = X.astype(np.float64), y.astype(np.float64)
    n, p = X.shape
    room = 1e-9 * (1 + np.abs(X.T @ y).max() / n)
    for signs in sorted(product((0, 1, -1), repeat=p), key=lambda signs: sum(map(abs, signs))):
        s = np.array(signs, dtype=np.float64)
        part = X * np.abs(s)
        if np.linalg.matrix_rank(part) < np.count_nonzero(s):
            continue
        inverse = np.linalg.pinv(part)
        w = inverse @ (y - n * lam * inverse.T @ s)
        w[s == 0] = 0
        if np.all(np.sign(w) == s) and np.all(np.abs(X.T @ (X @ w - y)) / n <= lam + room):
            return w
    raise ValueError("no pattern")
