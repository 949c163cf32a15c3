# task: lasso.soft_threshold
# diagnosis: agrees
# message: You take the share t off every number, so nothing becomes 0 until t reaches 1. A threshold is a
#   length, in the units of z: the same t is taken off large and small numbers.
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return z * np.maximum(1 - t, 0)
