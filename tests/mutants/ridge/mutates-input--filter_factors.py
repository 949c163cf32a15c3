# task: ridge.filter_factors
# diagnosis: symptom changed_input
# message: Your function squares the caller's own array: d **= 2 works in place, so the singular values are
#   gone after the call. Write d**2 to a new name.
# section: sec-ridge-wrong
import numpy as np


def filter_factors(d, n, lam):
    d, n, lam = as_spectrum(d, n, lam)
    d **= 2
    return np.divide(d, d + n * lam, out=np.zeros_like(d), where=d > 0)
