# task: lasso.lam_max
# diagnosis: agrees
# message: Your value is that of the lasso whatever the l1_ratio. In the mix only the share l1_ratio of lam
#   holds coefficients at zero, so a larger lam is needed.
# section: sec-lasso-mix
import numpy as np

from shrinkage.inputs import as_problem
from shrinkage.least_squares import centre


def lam_max(X, y, l1_ratio=1.0):
    X, y, _ = as_problem(X, y, 0.0)
    l1_ratio = as_l1_ratio(l1_ratio)
    Xc, yc, _, _ = centre(X, y)
    return float(np.abs(Xc.T @ yc).max() / len(y))
