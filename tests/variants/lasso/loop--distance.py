# task: lasso.distance
# One column at a time, in plain Python floats.
import numpy as np

from shrinkage.inputs import as_vector


def subdifferential_distance(w, grad, weight):
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    grad, weight = as_threshold(grad, weight, "weight")
    weights = np.broadcast_to(weight, w.shape).tolist()
    found = []
    for wj, g, c in zip(w.tolist(), grad.tolist(), weights):
        if wj > 0:
            found.append(abs(g + c))
        elif wj < 0:
            found.append(abs(g - c))
        else:
            found.append(max(g - c, -g - c, 0.0))
    return np.array(found)
