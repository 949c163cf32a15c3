# task: lasso.soft_threshold
# Another algorithm: of the three candidates, the one with the smallest value of the objective.
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    candidates = np.array([np.zeros(len(z)), np.maximum(z - t, 0), np.minimum(z + t, 0)])
    values = (candidates - z) ** 2 / 2 + t * np.abs(candidates)
    return np.take_along_axis(candidates, values.argmin(axis=0)[None], axis=0)[0]
