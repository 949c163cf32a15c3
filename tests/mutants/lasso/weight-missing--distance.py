# task: lasso.distance
# diagnosis: agrees
# message: You take the distance to the slopes of |w|, from −1 to 1, without the weight. The penalty is
#   weight · |w|, and so is its slope.
# section: sec-lasso-subdifferential
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    return np.where(w == 0, np.maximum(np.abs(grad) - 1, 0), np.abs(grad + np.sign(w)))
