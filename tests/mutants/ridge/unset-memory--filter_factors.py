# task: ridge.filter_factors
# diagnosis: symptom zeros_not_exact
# message: Where d is 0 your factor is whatever memory held before: np.divide with where= leaves
#   those entries unset. Give it out=np.zeros_like(d) as well.
# section: sec-ridge-svd
import numpy as np


def filter_factors(d, n, lam):
    d, n, lam = as_spectrum(d, n, lam)
    unset = np.full_like(d, np.nextafter(d.dtype.type(0), d.dtype.type(1)))
    return np.divide(d**2, d**2 + n * lam, out=unset, where=d > 0)
