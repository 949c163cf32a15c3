# task: ridge.filter_factors
# diagnosis: agrees
# message: What came back is d / (d² + n lam), the number that multiplies u·y in the solution. The filter
#   factor compares ridge with least squares, which has 1/d there: multiply by d.
# section: sec-ridge-svd
import numpy as np


def filter_factors(d, n, lam):
    d, n, lam = as_spectrum(d, n, lam)
    return d / np.where(d > 0, d**2 + n * lam, 1)
