# task: ridge.filter_factors
# diagnosis: agrees
# message: Your factors have lam in the denominator where n lam belongs. The singular values are those of
#   X, not of X / √n, so the penalty carries the n of the mean.
# section: sec-ridge-scale
import numpy as np


def filter_factors(d, n, lam):
    d, n, lam = as_spectrum(d, n, lam)
    return d**2 / np.where(d > 0, d**2 + lam, 1)
