# task: ridge.svd_path
# diagnosis: symptom lost_digits
# message: Your rows are right until columns are almost equal; there half of the digits are lost. XᵀX was
#   formed, whose condition number is the square of that of X; factorise X itself.
# section: sec-ridge-wrong
import numpy as np

from shrinkage.inputs import as_lams, as_problem
from shrinkage.least_squares import thin_svd


def svd_path(X, y, lams):
    lams = as_lams(lams)
    X, y, _ = as_problem(X, y, 0.0)
    values, vectors = np.linalg.eigh(X.T @ X)
    kept = values > X.shape[1] * np.finfo(X.dtype).eps * values[-1]
    values, vectors = values[kept], vectors[:, kept]
    along = vectors.T @ (X.T @ y)
    return (along / (values + len(X) * lams[:, None])) @ vectors.T
