# task: lasso.distance
# diagnosis: symptom changed_input
# message: Your function changes the arrays it was given: grad += ... and writes to entries work in place,
#   on the caller's own data. Compute into a new array.
# section: sec-lasso-wrong
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    zero = w == 0
    grad += weight * np.sign(w)
    grad[zero] = np.maximum(np.abs(grad) - weight, 0)[zero]
    return np.abs(grad)
