# task: gallery.minimise
# diagnosis: agrees
# message: The prox takes step times lam: the penalty is weighed against a step, not against the whole gradient.
# section: sec-gallery-pair
import numpy as np


def minimise(loss, penalty, X, y, lam):
    step = 1.0 / loss.lipschitz(X)
    w = np.zeros(X.shape[1])
    for _ in range(3000):
        w = penalty.prox(w - step * loss.gradient(X, y, w), lam)
    return w
