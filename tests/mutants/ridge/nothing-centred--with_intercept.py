# task: ridge.with_intercept
# diagnosis: agrees
# message: The coefficients are those of the data as they came, as if there were no intercept; it was found
#   only afterwards from the residuals. The two belong together: centre first, then solve, then find
#   b.
# section: sec-ridge-intercept
import numpy as np

from shrinkage.inputs import as_problem


def with_intercept(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    w = closed_form(X, y, lam)
    return w, float(np.mean(y - X @ w))
