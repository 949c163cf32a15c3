# task: lasso.soft_threshold
# What is beyond on the right, less what is beyond on the left.
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.maximum(z - t, 0) - np.maximum(-z - t, 0)
