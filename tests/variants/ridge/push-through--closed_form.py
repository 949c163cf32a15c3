# task: ridge.closed_form
# Another algorithm: through the n by n system where there is a penalty.
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def closed_form(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam)
    n = X.shape[0]
    if lam == 0:
        return np.linalg.lstsq(X, y, rcond=None)[0]
    return X.T @ np.linalg.solve(X @ X.T + n * lam * np.eye(n), y)
