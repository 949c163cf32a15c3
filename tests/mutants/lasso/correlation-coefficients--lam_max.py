# task: lasso.lam_max
# diagnosis: agrees
# message: You took the largest correlation coefficient, which has no units and is at most 1. Asked is the
#   largest covariance, the mean product of centred column and target, in the units of both, because lam
#   has them.
# section: sec-lasso-lam-max
import numpy as np

from shrinkage.inputs import as_problem
from shrinkage.least_squares import centre


def lam_max(X, y, l1_ratio=1.0):
    X, y, _ = as_problem(X, y, 0.0)
    l1_ratio = as_l1_ratio(l1_ratio)
    Xc, yc, _, _ = centre(X, y)

    lengths = np.linalg.norm(Xc, axis=0) * np.linalg.norm(yc)
    cosines = np.divide(Xc.T @ yc, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return float(np.abs(cosines).max() / l1_ratio)
