"""Losses and penalties of the gallery, each by its name."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Squares:
    """Mean squared residual, halved."""

    def gradient(self, X, y, w):
        """Gradient in `w`, of shape (p,)."""
        return X.T @ (X @ w - y) / len(y)

    def lipschitz(self, X):
        """Lipschitz constant of the gradient."""
        return np.linalg.norm(X, 2) ** 2 / len(X)


@dataclass(frozen=True)
class ElasticNet:
    """``l1_ratio |w|_1 + (1 - l1_ratio)/2 |w|_2^2``."""

    l1_ratio: float = 1.0

    def prox(self, z, t):
        """Proximal point of t times the penalty."""
        shrunk = np.sign(z) * np.maximum(np.abs(z) - t * self.l1_ratio, 0.0)
        return shrunk / (1.0 + t * (1.0 - self.l1_ratio))
