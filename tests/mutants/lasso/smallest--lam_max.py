# task: lasso.lam_max
# diagnosis: agrees
# message: You took the smallest of the covariances. At that lam one column could be left at zero; for all
#   of them lam must reach the largest.
# section: sec-lasso-lam-max
import numpy as np

from shrinkage.inputs import as_problem
from shrinkage.least_squares import centre


def lam_max(X, y, l1_ratio=1.0):
    X, y, _ = as_problem(X, y, 0.0)
    l1_ratio = as_l1_ratio(l1_ratio)
    Xc, yc, _, _ = centre(X, y)
    return float(np.abs(Xc.T @ yc).min() / len(y) / l1_ratio)
