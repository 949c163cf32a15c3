# task: ridge.filter_factors
# Another algebra: eigenvalues of XᵀX / n against lam, through the complement.
import numpy as np


def filter_factors(d, n, lam):
    d, n, lam = as_spectrum(d, n, lam)
    variance = d.astype(np.float64) ** 2 / n
    whole = variance + lam
    return np.where(variance > 0, 1 - lam / np.where(whole > 0, whole, 1), 0.0)
