# task: ridge.filter_factors
# diagnosis: agrees
# message: Your factors use the singular values themselves where their squares belong. The eigenvalues of
#   XᵀX are d², and n lam is added to those.
# section: sec-ridge-svd
import numpy as np


def filter_factors(d, n, lam):
    d, n, lam = as_spectrum(d, n, lam)
    return d / np.where(d > 0, d + n * lam, 1)
