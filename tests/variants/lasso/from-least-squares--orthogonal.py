# task: lasso.orthogonal
# From the least-squares coefficients, with lam divided by a as well.
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    w, a = np.zeros(X.shape[1]), np.sum(X * X, axis=0) / n
    used = a > 0
    ls = (X.T @ y)[used] / (n * a[used])
    w[used] = np.where(np.abs(X.T @ y / n)[used] > lam, ls - lam / a[used] * np.sign(ls), 0)
    return w
