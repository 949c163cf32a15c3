# task: lasso.distance
# diagnosis: agrees
# message: You add the weight to the gradient of every coefficient that is not 0, as if all were positive.
#   The slope of |w| is −1 for negative ones.
# section: sec-lasso-subdifferential
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    return np.where(w == 0, np.maximum(np.abs(grad) - weight, 0), np.abs(grad + weight))
