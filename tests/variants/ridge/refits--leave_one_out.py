# task: ridge.leave_one_out
# Another algorithm: n fits, each with its lam raised so that the total penalty stays n lam.
import numpy as np

from shrinkage.inputs import as_problem


def leave_one_out(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    if len(X) < 2:
        raise ValueError("X has one row; without it nothing is left to predict it from: give at least two")
    n = len(X)
    e = []
    for i in range(n):
        w, b = with_intercept(np.delete(X, i, axis=0), np.delete(y, i), n * lam / (n - 1))
        e.append(y[i] - (X[i] @ w + b))
    return np.array(e)
