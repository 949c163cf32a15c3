# task: lasso.orthogonal
# diagnosis: agrees
# message: You compare lam with Xᵀy, the sum over the rows, where the objective has their mean: divide Xᵀy
#   by n, or multiply lam by n.
# section: sec-lasso-orthogonal
import numpy as np

from shrinkage.least_squares import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    s = np.sum(X**2, axis=0)
    return np.divide(soft_threshold(X.T @ y, lam), s, out=np.zeros_like(y, shape=X.shape[1]), where=s > 0)
