# task: lasso.orthogonal
# diagnosis: agrees
# message: You divided by n twice: your threshold is lam / n on correlations that are means already, or lam
#   on their sums where n lam is due.
# section: sec-lasso-orthogonal
import numpy as np

from shrinkage.least_squares import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    a = np.sum(X**2, axis=0) / n
    return np.divide(soft_threshold(X.T @ y / n, lam / n), a, out=np.zeros_like(y, shape=X.shape[1]), where=a > 0)
