# task: lasso.orthogonal
# Column by column, in plain Python floats.
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    w = []
    for x in X.T.tolist():
        z, a = sum(p * q for p, q in zip(x, y.tolist())) / n, sum(p * p for p in x) / n
        w.append((z - lam) / a if z > lam else (z + lam) / a if z < -lam else 0.0)
    return np.array(w)
