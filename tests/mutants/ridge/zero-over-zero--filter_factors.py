# task: ridge.filter_factors
# diagnosis: agrees
# message: Your factors are right except where d and lam are both 0: there 0/0 gives NaN. A direction the
#   data do not span has the factor 0; decide that case before dividing.
# section: sec-ridge-svd
import numpy as np


def filter_factors(d, n, lam):
    d, n, lam = as_spectrum(d, n, lam)
    with np.errstate(invalid="ignore"):
        return d**2 / (d**2 + n * lam)
