# task: lasso.distance
# diagnosis: agrees
# message: You ask of a zero coefficient that its gradient vanish: np.sign(0) is 0, one of many slopes of
#   |w| at 0. There every number from −1 to 1 is a slope, so the distance is to an interval.
# section: sec-lasso-subdifferential
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    return np.abs(grad + weight * np.sign(w))
