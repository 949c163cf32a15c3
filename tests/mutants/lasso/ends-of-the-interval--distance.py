# task: lasso.distance
# diagnosis: agrees
# message: At w = 0 you measure how far the gradient is from the ends of the interval from −weight to
#   weight. All of the interval are subgradients: inside it the distance is 0.
# section: sec-lasso-subdifferential
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    return np.where(w == 0, np.abs(np.abs(grad) - weight), np.abs(grad + weight * np.sign(w)))
