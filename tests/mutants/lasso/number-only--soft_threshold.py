# task: lasso.soft_threshold
# diagnosis: symptom right_only_for_numbers
# message: Your function is right for one threshold, and fails where t is an array with one for each
#   number: an `if`, or max(), on an array of truths has no answer. Use np.where, np.maximum or a loop over
#   pairs.
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.array([np.sign(v) * max(abs(v) - t, 0) for v in z])
