# task: lasso.soft_threshold
# diagnosis: agrees
# message: You took the size of z − t where the size of z is meant, less t. For z = −3 and t = 1 the first
#   is 4 and the second 2.
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.sign(z) * np.abs(z - t)
