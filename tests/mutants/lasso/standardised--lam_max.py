# task: lasso.lam_max
# diagnosis: agrees
# message: You divide every column by its standard deviation first. That is the value for standardised
#   columns; for the columns as they come, longer ones enter earlier.
# section: sec-lasso-wrong
import numpy as np

from shrinkage.inputs import as_problem
from shrinkage.least_squares import standardise


def lam_max(X, y, l1_ratio=1.0):
    X, y, _ = as_problem(X, y, 0.0)
    l1_ratio = as_l1_ratio(l1_ratio)
    Xs, _, _ = standardise(X)
    return float(np.abs(Xs.T @ (y - y.mean())).max() / len(y) / l1_ratio)
