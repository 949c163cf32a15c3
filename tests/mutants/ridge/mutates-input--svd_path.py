# task: ridge.svd_path
# diagnosis: symptom changed_input
# message: Your function changes the arrays it was given, as X -= ... does. Write the result to a new name;
#   and X is centred already, so nothing has to be subtracted.
# section: sec-ridge-wrong
import numpy as np

from shrinkage.inputs import as_lams, as_problem
from shrinkage.least_squares import thin_svd


def svd_path(X, y, lams):
    lams = as_lams(lams)
    X, y, _ = as_problem(X, y, 0.0)
    X /= np.sqrt(len(X))
    y /= np.sqrt(len(y))
    U, d, Vt = thin_svd(X)
    inverse = [np.divide(d, d**2 + lam, out=np.zeros_like(d), where=d > 0) for lam in lams]
    return (np.stack(inverse) * (U.T @ y)) @ Vt
