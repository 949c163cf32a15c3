# task: ridge.closed_form
# Another algorithm: eigendecomposition of the Gram matrix.
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def closed_form(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam)
    values, vectors = np.linalg.eigh(X.T @ X)
    return vectors @ ((vectors.T @ (X.T @ y)) / (values + len(X) * lam))
