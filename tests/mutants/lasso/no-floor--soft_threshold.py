# task: lasso.soft_threshold
# diagnosis: agrees
# message: You take t off the size of every number, also of those that are smaller than t, which so come
#   out on the other side of zero. What is left of a size must not be below 0.
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.sign(z) * (np.abs(z) - t)
