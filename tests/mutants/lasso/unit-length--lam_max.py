# task: lasso.lam_max
# diagnosis: agrees
# message: You divide every column by its length, √n times its standard deviation. Nothing is to be
#   rescaled: the covariance of a column with the target is their mean product.
# section: sec-lasso-lam-max
import numpy as np

from shrinkage.inputs import as_problem
from shrinkage.least_squares import centre


def lam_max(X, y, l1_ratio=1.0):
    X, y, _ = as_problem(X, y, 0.0)
    l1_ratio = as_l1_ratio(l1_ratio)
    Xc, yc, _, _ = centre(X, y)

    lengths = np.linalg.norm(Xc, axis=0)
    cosines = np.divide(Xc.T @ yc, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return float(np.abs(cosines).max() / len(y) / l1_ratio)
