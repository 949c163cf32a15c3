# task: lasso.distance
# diagnosis: agrees
# message: Where w is not 0 you compare only the size of the gradient with the weight. A gradient of the
#   same sign as w cannot be cancelled by the penalty, which pulls the same way.
# section: sec-lasso-kkt
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    return np.where(w == 0, np.maximum(np.abs(grad) - weight, 0), np.abs(np.abs(grad) - weight))
