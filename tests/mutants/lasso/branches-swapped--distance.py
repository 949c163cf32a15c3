# task: lasso.distance
# diagnosis: agrees
# message: Your two cases are swapped: the bound is for coefficients that are 0, the equation for those
#   that are not. np.where takes first what holds where the condition is true.
# section: sec-lasso-kkt
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    return np.where(w == 0, np.abs(grad + weight * np.sign(w)), np.maximum(np.abs(grad) - weight, 0))
