# task: lasso.orthogonal
# diagnosis: agrees
# message: Your thresholds are right, and then you divide by the length ‖x_j‖ of the column. What
#   multiplies w_j in the gradient is the mean of squares a_j = xᵀx/n.
# section: sec-lasso-orthogonal
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    lengths = np.linalg.norm(X, axis=0)
    return np.divide(soft_threshold(X.T @ y / n, lam), lengths, out=np.zeros_like(y, shape=X.shape[1]), where=lengths > 0)
