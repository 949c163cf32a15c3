# task: ridge.svd_path
# Another algorithm: QR of X, then the SVD of the small triangle.
import numpy as np

from shrinkage.inputs import as_lams, as_problem
from shrinkage.least_squares import thin_svd


def svd_path(X, y, lams):
    lams = as_lams(lams)
    X, y, _ = as_problem(X, y, 0.0)
    Q, R = np.linalg.qr(X)
    U, d, Vt = thin_svd(R)
    coordinates = U.T @ (Q.T @ y)
    W = np.zeros((len(lams), X.shape[1]))
    for k in np.flatnonzero(d):
        W += np.outer(d[k] * coordinates[k] / (d[k] ** 2 + len(X) * lams), Vt[k])
    return W
