# task: ridge.closed_form
# wants: to bring objects out inside an array
# deserves: 0
import numpy as np


def closed_form(X, y, lam):
    return np.array([closed_form] * X.shape[1], dtype=object)
