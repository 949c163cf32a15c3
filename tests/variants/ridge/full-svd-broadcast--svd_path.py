# task: ridge.svd_path
# numpy's own svd with all of U, d / (d² + n lam) written out, one broadcast for all lams.
import numpy as np

from shrinkage.inputs import as_lams, as_problem


def svd_path(X, y, lams):
    lams = as_lams(lams)
    X, y, _ = as_problem(X, y, 0.0)
    U, d, Vt = np.linalg.svd(X, full_matrices=True)
    rank = int(np.sum(d > 1e-6 * d[0])) if X.dtype == np.float32 else int(np.sum(d > 1e-13 * d[0]))
    d = d[:rank]
    weights = d / (d**2 + len(X) * lams[:, np.newaxis])
    return np.einsum("lk,k,kp->lp", weights, U[:, :rank].T @ y, Vt[:rank])
