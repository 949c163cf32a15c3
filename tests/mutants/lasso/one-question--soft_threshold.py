# task: lasso.soft_threshold
# diagnosis: symptom right_only_for_one
# message: Your `if` asks one question of a whole array, which has no answer once there are several
#   numbers. Here each number is to be asked for itself, as np.where, np.maximum or a loop does.
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    if z > t:
        return z - t
    if z < -t:
        return z + t
    return 0 * z
