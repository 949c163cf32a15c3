# task: lasso.distance
# diagnosis: agrees
# message: Your distances at w = 0 are negative where the condition is met with something to spare. Inside
#   the interval the distance is 0.
# section: sec-lasso-kkt
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    return np.where(w == 0, np.abs(grad) - weight, np.abs(grad + weight * np.sign(w)))
