# task: lasso.orthogonal
# diagnosis: agrees
# message: You divided the covariances by n and not the squared lengths, so your coefficients are n times
#   too small. Copying every row once must leave them alone.
# section: sec-lasso-orthogonal
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    s = np.sum(X**2, axis=0)
    return np.divide(soft_threshold(X.T @ y / n, lam), s, out=np.zeros_like(y, shape=X.shape[1]), where=s > 0)
