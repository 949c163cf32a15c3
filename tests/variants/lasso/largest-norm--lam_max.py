# task: lasso.lam_max
# The maximum norm of the gradient at zero, of columns stored one after the other.
import numpy as np

from shrinkage.inputs import as_problem
from shrinkage.least_squares import centre


def lam_max(X, y, l1_ratio=1.0):
    X, y, _ = as_problem(X, y, 0.0)
    l1_ratio = as_l1_ratio(l1_ratio)
    Xc, yc, _, _ = centre(X, y)

    gradient = np.asfortranarray(Xc).T @ -yc / len(yc)
    return np.linalg.norm(gradient, np.inf) / l1_ratio
