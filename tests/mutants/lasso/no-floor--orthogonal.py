# task: lasso.orthogonal
# diagnosis: agrees
# message: You take lam off the size of every covariance, also of those that are smaller than lam, and so
#   turn the signs of those. What is left of a size must not be below 0.
# section: sec-lasso-threshold
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    a = np.sum(X**2, axis=0) / n
    z = X.T @ y / n
    return np.divide(z - lam * np.sign(z), a, out=np.zeros_like(y, shape=X.shape[1]), where=a > 0)
