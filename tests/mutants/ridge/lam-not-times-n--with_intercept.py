# task: ridge.with_intercept
# diagnosis: agrees
# message: Your coefficients are those of lam on the diagonal, where the objective asks for n lam.
#   closed_form already does this right: call it with the centred data and lam.
# section: sec-ridge-scale
import numpy as np

from shrinkage.inputs import as_problem


def with_intercept(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    x_mean, y_mean = X.mean(axis=0), y.mean()
    Z = X - x_mean
    w = np.linalg.lstsq(Z.T @ Z + lam * np.eye(X.shape[1]), Z.T @ (y - y_mean), rcond=None)[0]
    return w, float(y_mean - x_mean @ w)
