# task: lasso.distance
# diagnosis: agrees
# message: You ask of every column only that its gradient be no larger than the weight. That is the
#   condition of a zero coefficient; one that is not zero has a single subgradient, and the gradient must
#   cancel it exactly.
# section: sec-lasso-kkt
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    return np.maximum(np.abs(grad) - weight, 0)
