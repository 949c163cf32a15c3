# task: lasso.distance
# diagnosis: agrees
# message: You treat tiny coefficients as zero. A coefficient of 1e-12 is not 0: its subgradient is one
#   number, and a certificate that forgives it would call an unfinished answer finished.
# section: sec-lasso-wrong
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    return np.where(np.abs(w) < 1e-8, np.maximum(np.abs(grad) - weight, 0), np.abs(grad + weight * np.sign(w)))
