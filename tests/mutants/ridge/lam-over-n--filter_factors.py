# task: ridge.filter_factors
# diagnosis: agrees
# message: Your penalty was divided by n where it should be multiplied. Dividing belongs to d²: d²/n
#   against lam, or d² against n lam.
# section: sec-ridge-scale
import numpy as np


def filter_factors(d, n, lam):
    d, n, lam = as_spectrum(d, n, lam)
    return d**2 / np.where(d > 0, d**2 + lam / n, 1)
