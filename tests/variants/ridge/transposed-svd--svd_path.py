# task: ridge.svd_path
# Another algorithm: the SVD of Xᵀ, in double precision; Fortran order comes back.
import numpy as np

from shrinkage.inputs import as_lams, as_problem


def svd_path(X, y, lams):
    lams = as_lams(lams)
    X, y, _ = as_problem(X, y, 0.0)
    V, d, Ut = np.linalg.svd(np.asarray(X.T, dtype=np.float64, order="F"), full_matrices=False)
    kept = d > (1e-6 if X.dtype == np.float32 else 1e-13) * d[0]
    V, d, Ut = V[:, kept], d[kept], Ut[kept]
    W = V @ (d[:, None] * (Ut @ y)[:, None] / (d[:, None] ** 2 + len(y) * lams[None, :]))
    return np.asfortranarray(W.T)
