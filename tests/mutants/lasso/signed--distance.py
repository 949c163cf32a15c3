# task: lasso.distance
# diagnosis: agrees
# message: Where w is not 0 you return g + weight · sign(w) with its sign. A distance is its size, and is
#   never negative.
# section: sec-lasso-kkt
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    return np.where(w == 0, np.maximum(np.abs(grad) - weight, 0), grad + weight * np.sign(w))
