# task: lasso.distance
# diagnosis: agrees
# message: Your distance for coefficients other than 0 is that of +grad, where −grad must be a subgradient:
#   gradient and penalty cancel, g + weight · sign(w) = 0.
# section: sec-lasso-kkt
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    return np.where(w == 0, np.maximum(np.abs(grad) - weight, 0), np.abs(grad - weight * np.sign(w)))
