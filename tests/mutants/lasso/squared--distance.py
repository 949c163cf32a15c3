# task: lasso.distance
# diagnosis: agrees
# message: You return the squares of the distances. A distance is in the units of the gradient, so that it
#   can be held against lam.
# section: sec-lasso-kkt
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    return np.where(w == 0, np.maximum(np.abs(grad) - weight, 0), np.abs(grad + weight * np.sign(w))) ** 2
