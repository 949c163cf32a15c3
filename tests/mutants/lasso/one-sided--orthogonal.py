# task: lasso.orthogonal
# diagnosis: agrees
# message: Your coefficients are right where they are positive, and 0 where they should be negative. A
#   covariance below −lam counts as much as one above lam.
# section: sec-lasso-threshold
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    a = np.sum(X**2, axis=0) / n
    return np.divide(np.maximum(X.T @ y / n - lam, 0), a, out=np.zeros_like(y, shape=X.shape[1]), where=a > 0)
