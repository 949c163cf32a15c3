# task: lasso.soft_threshold
# diagnosis: symptom changed_input
# message: Your function changes the array z that it was given: z[...] = 0 and z -= ... work in place, on
#   the caller's own data. Compute into a new array, or begin with z = z.copy().
# section: sec-lasso-wrong
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    z[np.abs(z) <= t] = 0
    z -= t * np.sign(z)
    return z
