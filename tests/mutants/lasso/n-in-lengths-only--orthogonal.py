# task: lasso.orthogonal
# diagnosis: agrees
# message: You divided the squared lengths by n and not the covariances. Both Xᵀy and XᵀX stand under the
#   same mean over rows: copying every row once must leave your coefficients alone.
# section: sec-lasso-orthogonal
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    a = np.sum(X**2, axis=0) / n
    return np.divide(soft_threshold(X.T @ y, lam), a, out=np.zeros_like(y, shape=X.shape[1]), where=a > 0)
