# task: lasso.soft_threshold
# diagnosis: agrees
# message: What lies beyond the threshold is right, but you left the small numbers as they were. Where |z|
#   <= t the minimiser is exactly 0, which is what the lasso is for.
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.where(np.abs(z) > t, z - t * np.sign(z), z)
