# task: ridge.filter_factors
# Another algebra: 1 / (1 + n lam / d²).
import numpy as np


def filter_factors(d, n, lam):
    d, n, lam = as_spectrum(d, n, lam)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(d == 0, np.inf, n * lam / d**2)
    return 1 / (1 + ratio)
