# task: lasso.orthogonal
# diagnosis: agrees
# message: You solve the problem of the columns scaled to xᵀx = n, and translate back. That is another
#   problem: there every column pays lam for a unit of its scaled coefficient, here for one of its own.
# section: sec-lasso-wrong
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    d = np.sqrt(np.sum(X**2, axis=0) / n)
    z = np.divide(X.T @ y / n, d, out=np.zeros_like(y, shape=X.shape[1]), where=d > 0)
    return np.divide(soft_threshold(z, lam), d, out=np.zeros_like(y, shape=X.shape[1]), where=d > 0)
