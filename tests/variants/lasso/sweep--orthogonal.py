# task: lasso.orthogonal
# Another algorithm: one sweep of coordinate descent, which orthogonal columns need no second time.
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    w, residual = np.zeros(X.shape[1]), np.array(y, dtype=np.float64)
    for j, x in enumerate(X.T):
        if x.any():
            curvature = x @ x / n
            w[j] = soft_threshold(np.array([x @ residual / n]), lam)[0] / curvature
            residual -= w[j] * x
    return w
