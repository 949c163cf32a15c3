# task: ridge.svd_path
# Another algorithm: one eigendecomposition of XᵀX serves every lam.
import numpy as np

from shrinkage.least_squares import as_lams, as_problem


def svd_path(X, y, lams):
    lams = as_lams(lams)
    X, y, _ = as_problem(X, y, 0.0)
    X, y = X.astype(float), y.astype(float)
    values, vectors = np.linalg.eigh(X.T @ X)
    kept = values > 1e-12 * values[-1]
    values, vectors = values[kept], vectors[:, kept]
    along = vectors.T @ (X.T @ y)
    return (along / (values + len(X) * lams[:, None])) @ vectors.T
