# task: lasso.soft_threshold
# One number at a time, in plain Python floats.
import numpy as np


def soft_threshold(z, t):
    z, t = as_threshold(z, t)
    return np.array([
        v - s if v > s else v + s if v < -s else 0.0 for v, s in zip(z.tolist(), np.broadcast_to(t, z.shape).tolist())
    ])
