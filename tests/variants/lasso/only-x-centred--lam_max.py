# task: lasso.lam_max
# With the columns centred, the mean of y has nothing to act on.
import numpy as np

from shrinkage.inputs import as_problem


def lam_max(X, y, l1_ratio=1.0):
    X, y, _ = as_problem(X, y, 0.0)
    l1_ratio = as_l1_ratio(l1_ratio)
    return float(np.max(np.abs(np.mean((X - X.mean(axis=0)) * y[:, None], axis=0))) / l1_ratio)
