# task: lasso.by_signs
# diagnosis: agrees
# message: You compare the pattern with the signs of least squares. With three columns or more a coefficient
#   of the lasso may have the other sign; what must agree is the pattern and the solution of its own system.
# section: sec-lasso-misleads
from itertools import combinations, product

import numpy as np

from shrinkage.inputs import as_problem


def lasso_by_signs(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    n, p = X.shape
    if p > MOST_COLUMNS:
        raise ValueError(f"X has {p} columns; trying all {3**p} patterns is for at most {MOST_COLUMNS}")
    require_like_lengths(X, y, lam)
    gram, z = X.T @ X / n, X.T @ y / n
    eps = float(np.finfo(X.dtype).eps)
    largest = lam + 100 * p * eps * float(np.abs(z).max())
    for size in range(p + 1):
        for used in map(list, combinations(range(p), size)):
            d = np.linalg.svd(X[:, used], compute_uv=False)
            if size > n or (size and d[-1] <= (p * eps) ** 0.5 * d[0]):
                continue
            for signs in product((-1.0, 1.0), repeat=size):
                w = np.zeros(p, X.dtype)
                w[used] = np.linalg.solve(gram[np.ix_(used, used)], z[used] - lam * np.array(signs))
                consistent = np.array_equal(np.sign(np.linalg.pinv(X)[used] @ y), signs)
                cancelled = bool(np.all(np.abs(z - gram @ w) <= largest))
                if consistent and cancelled:
                    return w
    raise ValueError("X has columns too near to dependent: no pattern of signs meets the conditions up to rounding")
