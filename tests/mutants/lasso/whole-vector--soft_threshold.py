# task: lasso.soft_threshold
# diagnosis: agrees
# message: You compare t with the length of the whole array and shrink all entries by one factor. The
#   penalty is a sum of |w_j|, so every entry has a problem of its own.
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    length = np.linalg.norm(z)
    return z * np.maximum(1 - t / length, 0) if length > 0 else z
