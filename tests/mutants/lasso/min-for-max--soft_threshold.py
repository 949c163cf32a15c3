# task: lasso.soft_threshold
# diagnosis: agrees
# message: You took the smaller of |z| − t and 0 where the larger is meant, so what lies beyond the
#   threshold is set to 0 and what lies within is not.
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.sign(z) * np.minimum(np.abs(z) - t, 0)
