# task: lasso.lam_max
# With y centred, the means of the columns have nothing to act on.
import numpy as np

from shrinkage.inputs import as_problem


def lam_max(X, y, l1_ratio=1.0):
    X, y, _ = as_problem(X, y, 0.0)
    l1_ratio = as_l1_ratio(l1_ratio)
    residual = y - y.mean(dtype=np.float64)
    return np.abs(residual @ (X - X[0])).max() / (len(y) * l1_ratio)
