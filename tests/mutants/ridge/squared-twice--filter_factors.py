# task: ridge.filter_factors
# diagnosis: agrees
# message: What came back is the square of each filter factor. Squares appear in the variance of the fit;
#   the coefficients themselves are multiplied by the factor once.
# section: sec-ridge-svd
import numpy as np


def filter_factors(d, n, lam):
    d, n, lam = as_spectrum(d, n, lam)
    return (d**2 / np.where(d > 0, d**2 + n * lam, 1)) ** 2
