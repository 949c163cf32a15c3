# task: lasso.distance
# diagnosis: agrees
# message: Your distances at w = 0 see only gradients that are too large on the positive side: one of −1.5
#   is as far from the interval from −1 to 1 as one of 1.5.
# section: sec-lasso-subdifferential
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    return np.where(w == 0, np.maximum(grad - weight, 0), np.abs(grad + weight * np.sign(w)))
