# task: lasso.lam_max
# diagnosis: agrees
# message: You took the length of the vector of covariances where its largest entry is asked. The
#   conditions hold column by column, so the one that is broken first decides.
# section: sec-lasso-lam-max
import numpy as np

from shrinkage.inputs import as_problem
from shrinkage.least_squares import centre


def lam_max(X, y, l1_ratio=1.0):
    X, y, _ = as_problem(X, y, 0.0)
    l1_ratio = as_l1_ratio(l1_ratio)
    Xc, yc, _, _ = centre(X, y)
    return float(np.linalg.norm(Xc.T @ yc) / len(y) / l1_ratio)
