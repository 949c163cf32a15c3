# task: ridge.closed_form
# diagnosis: agrees
# message: The number n lam was added to every entry of XᵀX, because numpy adds a scalar everywhere. The
#   penalty touches each coefficient alone, so it belongs on the diagonal: n lam times the identity.
# section: sec-ridge-closed-form
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def closed_form(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam)
    gram = X.T @ X
    return np.linalg.lstsq(gram + len(X) * lam, X.T @ y, rcond=None)[0]
