# task: lasso.soft_threshold
# diagnosis: symptom zeros_not_exact
# message: Your numbers are right, but your zeros are differences that cancel up to rounding, of the order
#   of 1e-17. A coefficient is out of use only if it is exactly 0: compare, or clip, so that a zero comes
#   out as one.
# section: sec-lasso-wrong
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return z - 0.5 * (np.abs(z + t) - np.abs(z - t))
