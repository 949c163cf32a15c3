# task: lasso.lam_max
# diagnosis: symptom changed_input
# message: Your function changes the arrays it was given: X -= ... works in place, on the caller's own
#   data. Write X = X - X.mean(axis=0), or use centre, which copies.
# section: sec-lasso-wrong
import numpy as np

from shrinkage.inputs import as_problem


def lam_max(X, y, l1_ratio=1.0):
    X, y, _ = as_problem(X, y, 0.0)
    l1_ratio = as_l1_ratio(l1_ratio)
    X -= X.mean(axis=0)
    y -= y.mean()
    return float(np.abs(X.T @ y).max() / len(y) / l1_ratio)
