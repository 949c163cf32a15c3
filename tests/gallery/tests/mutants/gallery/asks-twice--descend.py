# task: gallery.descend
# diagnosis: symptom asked_twice
# message: Your loop asks for the gradient once to test and once more to step: keep it in a name.
# section: sec-gallery-callback
import numpy as np


def descend(gradient, w, L, tol):
    while np.linalg.norm(gradient(w)) > tol:
        w = w - gradient(w) / L
    return w
