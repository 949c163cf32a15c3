# task: lasso.lam_max
# diagnosis: agrees
# message: You return one value for each column, from which it would be held at zero alone. One number is
#   asked, at which all are: which of yours is it?
# section: sec-lasso-lam-max
import numpy as np

from shrinkage.inputs import as_problem
from shrinkage.least_squares import centre


def lam_max(X, y, l1_ratio=1.0):
    X, y, _ = as_problem(X, y, 0.0)
    l1_ratio = as_l1_ratio(l1_ratio)
    Xc, yc, _, _ = centre(X, y)
    return np.abs(Xc.T @ yc) / len(y) / l1_ratio
