# task: lasso.soft_threshold
# diagnosis: agrees
# message: Where t holds a threshold for each number you use one of them for all, the largest. Each entry
#   of z has the entry of t at its own place; numpy does that by itself, without a loop.
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    t = np.max(t)
    return np.sign(z) * np.maximum(np.abs(z) - t, 0)
