# task: lasso.distance
# diagnosis: agrees
# message: You ask that the gradient vanish where w is not 0, as for a coefficient without a penalty. A
#   coefficient in use pays as well: its gradient is the weight in size.
# section: sec-lasso-kkt
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    return np.where(w == 0, np.maximum(np.abs(grad) - weight, 0), np.abs(grad))
