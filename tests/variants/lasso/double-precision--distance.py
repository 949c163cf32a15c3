# task: lasso.distance
# In double precision, with the sizes of both ends and no np.where.
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    w, grad, weight = (np.asarray(v, dtype=np.float64) for v in (w, grad, weight))
    beyond = np.clip(abs(grad) - weight, 0, None)
    return (w == 0) * beyond + (w != 0) * abs(grad * np.sign(w) + weight)
