# task: lasso.distance
# diagnosis: agrees
# message: You divide by the weight. The distance is asked in the units of the gradient; and a column
#   without a penalty would have an infinite one.
# section: sec-lasso-kkt
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    return np.where(w == 0, np.maximum(np.abs(grad) - weight, 0), np.abs(grad + weight * np.sign(w))) / weight
