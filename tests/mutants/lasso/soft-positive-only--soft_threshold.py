# task: lasso.soft_threshold
# diagnosis: agrees
# message: Your result is right for positive numbers, and 0 for all negative ones. A penalty on |w| treats
#   both sides alike: what is the minimiser for z = −3 and t = 1?
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.maximum(z - t, 0)
