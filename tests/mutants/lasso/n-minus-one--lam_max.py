# task: lasso.lam_max
# diagnosis: agrees
# message: You divide by n − 1, as a sample covariance does. The loss is a mean over n rows, so its
#   gradient divides by n; np.cov does that only with bias=True.
# section: sec-lasso-lam-max
import numpy as np

from shrinkage.inputs import as_problem
from shrinkage.least_squares import centre


def lam_max(X, y, l1_ratio=1.0):
    X, y, _ = as_problem(X, y, 0.0)
    l1_ratio = as_l1_ratio(l1_ratio)
    Xc, yc, _, _ = centre(X, y)
    return float(np.abs(Xc.T @ yc).max() / max(len(y) - 1, 1) / l1_ratio)
