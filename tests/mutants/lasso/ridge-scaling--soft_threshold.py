# task: lasso.soft_threshold
# diagnosis: agrees
# message: You divide by 1 + t, which is the minimiser under the squared penalty of ridge: it scales and
#   never gives 0. Here the penalty is |w|, whose slope does not fall on the way to 0.
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return z / (1 + t)
