"""Keys of the questions of the lasso chapter, and the reference of its analyses.

A key is called with one student's parameters, an analysis with its data; neither leaves this house.
"""

from itertools import combinations

import numpy as np
from shrinkage.least_squares import standardise
from shrinkage.penalties import lasso_by_signs, lasso_orthogonal, subdifferential_distance
from sklearn.linear_model import Lasso

# --- questions


def enters(r, z1, z2):
    """The lam at which the second correlation with the residual meets lam, while the first column is alone."""
    z1, z2 = abs(z1), z2 * np.sign(z1)  # the first column turned; the correlation of the two stays, with y turned
    rest = z2 - r * z1
    return float(rest / (1 - r) if rest > 0 else -rest / (1 + r))


def budget(z1, z2, z3, z4, t):
    """The lam at which the soft-thresholded sizes sum to t: linear between the sizes, so tried for each number left."""
    sizes = np.sort(np.abs([z1, z2, z3, z4]))[::-1]
    lams = (np.cumsum(sizes) - t) / np.arange(1, 5)
    return float(next(lam for lam in lams if np.isclose(np.maximum(sizes - lam, 0).sum(), t)))


def nonzeros():
    """With two standardised columns each coefficient only shrinks as lam grows; with three that fails."""
    return "d"


def unique():
    """Strict convexity in the fit, hence one fit, one loss and one penalty; the split is free."""
    return "b"


def grows(r12, r13, r23, s1, s2, s3):
    """Sign of d|w1|/dlam: minus s1 times the first entry of the inverse Gram matrix times the signs."""
    gram = np.array([[1.0, r12, r13], [r12, 1.0, r23], [r13, r23, 1.0]])
    slope = -s1 * np.linalg.solve(gram, np.array([s1, s2, s3], dtype=float))[0]
    return int(np.sign(slope))


def corner():
    """The first of the optimality conditions; the other three statements are true of two columns only."""
    return "c"


# --- analyses


def reactor(F, y):
    """The universal threshold for all effects of a two-level design, with the noise from their median."""
    n, k = F.shape
    effects = [c for size in range(1, k + 1) for c in combinations(range(k), size)]
    X, centred = np.column_stack([F[:, c].prod(axis=1) for c in effects]), y - y.mean()
    z = X.T @ centred / n
    lam = float(np.median(np.abs(z)) / 0.6745 * np.sqrt(2 * np.log(len(z))))
    w = lasso_orthogonal(X, centred, lam)
    return {"lam": lam, "w": w, "b": float(y.mean()), "refit": np.where(w != 0, z, 0.0)}


def diabetes(X, y, lam, reported):
    """The lasso of the library, certified, and what its default settings leave."""
    Z, target = standardise(X)[0], y - y.mean()

    def pull(w):
        return Z.T @ (target - Z @ w) / len(y)

    def violations(w):
        return subdifferential_distance(w, -pull(w), lam)

    def violation(w):
        return float(violations(w).max())

    w = Lasso(alpha=lam, tol=1e-14, max_iter=1_000_000).fit(Z, target).coef_
    w_default = Lasso(alpha=lam).fit(Z, y).coef_
    return {
        "w": w,
        "b": float(y.mean()),
        "correlations": pull(w),
        "violation": violation(w),
        "w_default": w_default,
        "violation_default": violation(w_default),
        "violation_reported": violation(reported),
        "wrong_column": int(violations(reported).argmax()),
    }


def twins(X, y, lam):
    """One minimiser, and another in which half of every coefficient that has a twin has gone to it."""
    one = lasso_by_signs(X, y, lam)
    other = one.copy()
    for j, k in combinations(range(X.shape[1]), 2):
        for sign in (1, -1):
            if np.array_equal(X[:, j], sign * X[:, k]):
                both = one[j] + sign * one[k]
                other[j], other[k] = both / 2, sign * both / 2
    return {"w_one": one, "w_other": other}


def misleads(n, lam):
    """Data made for a Gram matrix, a pattern, and what the lasso is to be at `lam`."""
    Q = np.linalg.qr(np.vander(np.linspace(-1, 1, n), 4, increasing=True))[0][:, 1:]
    G = np.eye(3)
    G[0, 1:] = G[1:, 0] = 0.6
    X = np.sqrt(n) * Q @ np.linalg.cholesky(G).T

    def target(w, subgradient):
        return X @ (w + lam * np.linalg.solve(G, subgradient))

    return {
        "X_sign": X,
        "y_sign": target(lam * np.array([0.3, 1.0, 1.0]), np.ones(3)),
        "X_largest": X,
        "y_largest": target(lam * np.array([0.0, 0.2, 0.2]), np.array([-0.5, 1.0, 1.0])),
    }
