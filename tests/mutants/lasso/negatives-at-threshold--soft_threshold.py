# task: lasso.soft_threshold
# diagnosis: agrees
# message: Your result is right for z >= −t; below that it is −t for every z. The third piece of the
#   function is z + t: draw it beside the first.
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.where(z > t, z - t, np.where(z < -t, -t, 0))
