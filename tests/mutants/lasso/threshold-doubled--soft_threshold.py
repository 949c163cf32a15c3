# task: lasso.soft_threshold
# diagnosis: agrees
# message: You moved the numbers by 2t. The slope of t |w| is t on the right and −t on the left of 0, and
#   only one of the two meets w − z.
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.sign(z) * np.maximum(np.abs(z) - 2 * t, 0)
