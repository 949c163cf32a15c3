# task: lasso.distance
# The nearest point of an interval, which has one point where w is not 0.
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    low, high = np.where(w > 0, weight, -weight), np.where(w < 0, -weight, weight)
    return np.abs(np.clip(-grad, low, high) + grad)
