# task: lasso.lam_max
# Another algorithm: a covariance is half the mean product of differences over all pairs of rows.
import numpy as np

from shrinkage.inputs import as_problem


def lam_max(X, y, l1_ratio=1.0):
    X, y, _ = as_problem(X, y, 0.0)
    l1_ratio = as_l1_ratio(l1_ratio)
    n = len(y)
    products = (X[:, None] - X[None]) * (y[:, None] - y[None])[:, :, None]
    return float(np.abs(products.sum(axis=(0, 1))).max() / (2 * n**2 * l1_ratio))
