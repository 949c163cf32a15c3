# task: lasso.orthogonal
# diagnosis: agrees
# message: Your zeros are right; the other coefficients are those of least squares, which is a hard
#   threshold. The lasso takes lam off every covariance before it divides.
# section: sec-lasso-threshold
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    a = np.sum(X**2, axis=0) / n
    z = X.T @ y / n
    return np.divide(np.where(np.abs(z) > lam, z, 0), a, out=np.zeros_like(y, shape=X.shape[1]), where=a > 0)
