# task: ridge.filter_factors
# diagnosis: agrees
# message: What came back is 1 − f: the share that ridge takes away. The filter factor is the share it
#   keeps, near 1 where d is large.
# section: sec-ridge-svd
import numpy as np


def filter_factors(d, n, lam):
    d, n, lam = as_spectrum(d, n, lam)
    f = np.divide(d**2, d**2 + n * lam, out=np.zeros_like(d), where=d > 0)
    return 1 - f
