# task: lasso.lam_max
# diagnosis: agrees
# message: You took the largest covariance with its sign, so one of −5 loses to one of 2. A coefficient
#   may enter on either side: the largest size decides.
# section: sec-lasso-lam-max
import numpy as np

from shrinkage.inputs import as_problem
from shrinkage.least_squares import centre


def lam_max(X, y, l1_ratio=1.0):
    X, y, _ = as_problem(X, y, 0.0)
    l1_ratio = as_l1_ratio(l1_ratio)
    Xc, yc, _, _ = centre(X, y)
    return float((Xc.T @ yc).max() / len(y) / l1_ratio)
