# task: lasso.lam_max
# diagnosis: agrees
# message: Your value is half of what is asked: the 2 of 1/(2n) cancels when the square is differentiated.
# section: sec-lasso-kkt
import numpy as np

from shrinkage.inputs import as_problem
from shrinkage.least_squares import centre


def lam_max(X, y, l1_ratio=1.0):
    X, y, _ = as_problem(X, y, 0.0)
    l1_ratio = as_l1_ratio(l1_ratio)
    Xc, yc, _, _ = centre(X, y)
    return float(np.abs(Xc.T @ yc).max() / (2 * len(y)) / l1_ratio)
