# task: lasso.soft_threshold
# The three pieces of the function, one after the other.
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.where(z > t, z - t, np.where(z < -t, z + t, 0.0))
