# task: lasso.soft_threshold
# diagnosis: agrees
# message: You keep every number beyond the threshold as it is, which is the hard threshold. The soft one
#   moves those by t as well: the slope of t |w| is t however large w is, and z − w has to match it.
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.where(np.abs(z) > t, z, 0)
