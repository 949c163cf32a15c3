# task: lasso.distance
# diagnosis: agrees
# message: You return how far a step of w − grad followed by the soft threshold moves w. It is zero at the
#   same points, but it is another distance: a small coefficient moves no farther than to zero, however
#   wrong its gradient is. Asked is the distance of −grad to the subgradients.
# section: sec-lasso-kkt
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    return np.abs(w - soft_threshold(w - grad, weight))
