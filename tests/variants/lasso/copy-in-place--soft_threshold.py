# task: lasso.soft_threshold
# In place, on a copy that is stored backwards.
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    w = z[::-1].copy()[::-1]
    w -= t * np.sign(z)
    w[np.abs(z) <= t] = 0
    return w
