# task: ridge.leave_one_out
# Another algorithm: the hat matrix from an explicit inverse, the mean added to it.
import numpy as np

from shrinkage.inputs import as_problem
from shrinkage.least_squares import centre


def leave_one_out(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    if len(X) < 2:
        raise ValueError("X has one row; without it nothing is left to predict it from: give at least two")
    n, p = X.shape
    Xc, *_ = centre(X.astype(float), y.astype(float))
    H = Xc @ np.linalg.inv(Xc.T @ Xc + n * lam * np.eye(p)) @ Xc.T + 1 / n
    return (y - H @ y) / (1 - np.diag(H))
