# task: lasso.distance
# At zero, what the soft threshold leaves of the gradient.
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    left = np.abs(soft_threshold(grad, weight))
    used = w != 0
    left[used] = np.abs(grad + weight * np.sign(w))[used]
    return left
