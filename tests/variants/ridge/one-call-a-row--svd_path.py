# task: ridge.svd_path
# Plain loop over lams on one factorisation; a list of rows made an array at the end.
import numpy as np

from shrinkage.inputs import as_lams, as_problem
from shrinkage.least_squares import thin_svd


def svd_path(X, y, lams):
    lams = as_lams(lams)
    X, y, _ = as_problem(X, y, 0.0)
    U, d, Vt = thin_svd(X)
    rows = []
    for lam in lams:
        f = filter_factors(d, X.shape[0], lam)
        w = np.zeros(X.shape[1])
        for k in range(len(d)):
            if d[k] > 0:
                w = w + f[k] / d[k] * (U[:, k] @ y) * Vt[k]
        rows.append(w)
    return np.array(rows)
