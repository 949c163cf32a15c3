# task: lasso.soft_threshold
# diagnosis: agrees
# message: Your numbers move away from zero: the threshold is added to their sizes where it must be taken
#   off. Put z = 3 and t = 1 into 0 ∈ w − z + t ∂|w|: which w > 0 solves it?
# section: sec-lasso-subdifferential
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.sign(z) * (np.abs(z) + t)
