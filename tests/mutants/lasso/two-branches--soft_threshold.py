# task: lasso.soft_threshold
# diagnosis: agrees
# message: You subtract t above the threshold and add it everywhere else, so numbers within the threshold
#   do not become 0. Adding t is for z < −t; between −t and t lies a third piece.
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.where(z > t, z - t, z + t)
