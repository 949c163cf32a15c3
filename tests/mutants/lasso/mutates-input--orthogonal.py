# task: lasso.orthogonal
# diagnosis: symptom changed_input
# message: Your function changes the arrays it was given: X /= ... works in place, on the caller's own
#   data. Write the result to a new name, or do without the rescaling.
# section: sec-lasso-wrong
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    lengths = np.sqrt(np.sum(X**2, axis=0) / n)
    lengths[lengths == 0] = 1
    X /= lengths
    return soft_threshold(X.T @ y / n / lengths, lam / lengths**2)
