# task: ridge.filter_factors
# A loop over plain floats.
import numpy as np


def filter_factors(d, n, lam):
    d, n, lam = as_spectrum(d, n, lam)
    return np.array([v * v / (v * v + n * lam) if v else 0.0 for v in d.tolist()])
