# task: lasso.orthogonal
# diagnosis: agrees
# message: You divide by √a_j, the length of the column over √n. The square in the objective makes it a_j =
#   xᵀx/n, not its root.
# section: sec-lasso-orthogonal
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    a = np.sqrt(np.sum(X**2, axis=0) / n)
    return np.divide(soft_threshold(X.T @ y / n, lam), a, out=np.zeros_like(y, shape=X.shape[1]), where=a > 0)
