# task: ridge.with_intercept
# diagnosis: agrees
# message: Your intercept is shrunk along with the coefficients, as happens when a column of ones is added
#   to X and penalised like the others. Predictions are then pulled towards 0; centre X and y, so
#   that the intercept leaves the problem.
# section: sec-ridge-intercept
import numpy as np

from shrinkage.inputs import as_problem


def with_intercept(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    ones = np.ones((len(X), 1))
    w = closed_form(np.hstack([X, ones]), y, lam)
    return w[:-1], float(w[-1])
