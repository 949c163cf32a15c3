# task: ridge.svd_path
# diagnosis: symptom blown_up_without_penalty
# message: Your rows are right except at lam = 0 for data that do not span every direction; there
#   they are enormous. np.linalg.svd returns tiny singular values where exact ones are 0, and dividing
#   by those magnifies rounding: thin_svd sets them to 0.
# section: sec-ridge-wrong
import numpy as np

from shrinkage.inputs import as_lams, as_problem


def svd_path(X, y, lams):
    lams = as_lams(lams)
    X, y, _ = as_problem(X, y, 0.0)
    U, d, Vt = np.linalg.svd(X, full_matrices=False)
    return np.stack([(d / (d**2 + len(X) * lam) * (U.T @ y)) @ Vt for lam in lams])
