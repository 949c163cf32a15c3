# task: lasso.distance
# diagnosis: agrees
# message: You ask of every column that the size of its gradient equal the weight. For a zero coefficient
#   anything up to the weight will do; for the others the sign matters as well.
# section: sec-lasso-kkt
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    return np.abs(np.abs(grad) - weight)
