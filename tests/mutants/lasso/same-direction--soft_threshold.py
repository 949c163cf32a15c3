# task: lasso.soft_threshold
# diagnosis: agrees
# message: You subtract t from every number beyond the threshold, also from negative ones, which so move
#   away from zero. Which way is towards zero for z = −3?
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.where(np.abs(z) > t, z - t, 0)
