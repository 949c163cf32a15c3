# task: lasso.soft_threshold
# diagnosis: agrees
# message: You return what the threshold takes off, z cut to the range from −t to t. The result is what is
#   left of z without it.
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.clip(z, -t, t)
