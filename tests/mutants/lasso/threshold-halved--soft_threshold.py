# task: lasso.soft_threshold
# diagnosis: agrees
# message: You moved the numbers by t/2, which minimises (w − z)² + t |w|. The square here has a half in
#   front, so that its slope is w − z, and t meets it whole.
# section: sec-lasso-threshold
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.sign(z) * np.maximum(np.abs(z) - t / 2, 0)
