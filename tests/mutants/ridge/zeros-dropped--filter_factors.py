# task: ridge.filter_factors
# diagnosis: agrees
# message: Directions with a singular value of zero are missing from your result. Their factor is 0,
#   and it keeps its place: f has one entry for each entry of d.
# section: sec-ridge-svd
import numpy as np


def filter_factors(d, n, lam):
    d, n, lam = as_spectrum(d, n, lam)
    d = d[d > 0]
    return d**2 / (d**2 + n * lam)
