# task: ridge.filter_factors
# diagnosis: agrees
# message: Your penalty is lam times the number of singular values. The n of the formula is the
#   number of rows of the design matrix, which is the argument n.
# section: sec-ridge-scale
import numpy as np


def filter_factors(d, n, lam):
    d, n, lam = as_spectrum(d, n, lam)
    return np.divide(d**2, d**2 + len(d) * lam, out=np.zeros_like(d), where=d > 0)
