# task: ridge.leave_one_out
# diagnosis: agrees
# message: Your errors are those of refitting with the penalty (n − 1) lam, as comes of calling the fit
#   with lam on the rows that are left. Leave-one-out keeps the total penalty of the full fit, n
#   lam.
# section: sec-ridge-loo
import numpy as np

from shrinkage.inputs import as_problem
from shrinkage.least_squares import centre, thin_svd


def leave_one_out(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    if len(X) < 2:
        raise ValueError("X has one row")
    n = len(X)
    e = np.empty(n)
    for i in range(n):
        rest = np.arange(n) != i
        w, b = with_intercept(X[rest], y[rest], lam)
        e[i] = y[i] - X[i] @ w - b
    return e
