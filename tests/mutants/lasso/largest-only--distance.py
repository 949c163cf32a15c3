# task: lasso.distance
# diagnosis: agrees
# message: You return the largest distance, one number. One for each column is asked, so that a caller sees
#   which columns are not settled.
# section: sec-lasso-kkt
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    return np.max(np.where(w == 0, np.maximum(np.abs(grad) - weight, 0), np.abs(grad + weight * np.sign(w))))
