# task: lasso.soft_threshold
# diagnosis: agrees
# message: Your zeros are right, and what lies beyond the threshold moves by t away from zero, where it
#   must move towards it. For z = 3 and t = 1, is (w − z)²/2 + |w| smaller at w = 4 or at w = 2?
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.where(z > t, z + t, np.where(z < -t, z - t, 0))
