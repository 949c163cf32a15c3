# task: lasso.soft_threshold
# Another algorithm: the median of z − t, 0 and z + t; in double precision throughout.
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.median([z - t, np.zeros(len(z)), z + t], axis=0).astype(np.float64)
