# task: ridge.filter_factors
# Numerator and denominator apart, zeros set by a mask.
import numpy as np


def filter_factors(d, n, lam):
    d, n, lam = as_spectrum(d, n, lam)
    f = np.zeros(d.shape)
    some = d != 0
    f[some] = d[some] ** 2 / (d[some] ** 2 + n * lam)
    return f
