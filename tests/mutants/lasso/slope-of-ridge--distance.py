# task: lasso.distance
# diagnosis: agrees
# message: You add weight · w to the gradient, which is the slope of ridge's penalty. That of |w| is the
#   sign of w, however large w is.
# section: sec-lasso-subdifferential
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    return np.where(w == 0, np.maximum(np.abs(grad) - weight, 0), np.abs(grad + weight * w))
