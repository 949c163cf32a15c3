# task: lasso.lam_max
# diagnosis: agrees
# message: Nothing is centred, so your value grows with the means of the columns and of the target. At
#   zero the intercept is the mean of y: take it off before you multiply.
# section: sec-lasso-lam-max
import numpy as np

from shrinkage.inputs import as_problem


def lam_max(X, y, l1_ratio=1.0):
    X, y, _ = as_problem(X, y, 0.0)
    l1_ratio = as_l1_ratio(l1_ratio)
    return float(np.abs(X.T @ y).max() / (len(y) * l1_ratio))
