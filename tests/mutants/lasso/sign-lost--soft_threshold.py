# task: lasso.soft_threshold
# diagnosis: agrees
# message: Your sizes are right and the signs are lost: a negative z has a positive result. Give every size
#   the sign of its z.
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.maximum(np.abs(z) - t, 0)
