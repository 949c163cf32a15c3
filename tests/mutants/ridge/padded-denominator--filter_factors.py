# task: ridge.filter_factors
# diagnosis: symptom tiny_values_lost
# message: Your factors are right until the singular values are tiny, as those of data in small
#   units are. A small number such as 1e-12 in the denominator, or a threshold in its place, is then
#   no longer small; only d = 0 is an exception.
# section: sec-ridge-svd
import numpy as np


def filter_factors(d, n, lam):
    d, n, lam = as_spectrum(d, n, lam)
    return d**2 / (d**2 + n * lam + 1e-12)
