"""Estimators of the gallery."""

import numpy as np


class Ridge:
    """Ridge regression without an intercept, penalised by ``alpha |w|_2^2`` beside the sum of squares.

    `alpha` is the penalty weight; `fit` returns the estimator with `coef_`; parameters are read and
    set by name, and a clone of a fitted estimator is not fitted.
    """

    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def get_params(self, deep=True):
        return {"alpha": self.alpha}

    def set_params(self, **params):
        ### BEGIN SOLUTION
        for name, value in params.items():
            if name not in self.get_params():
                raise ValueError(f"no parameter {name!r}")
            setattr(self, name, value)
        return self
        ### END SOLUTION

    def fit(self, X, y):
        ### BEGIN SOLUTION
        self.coef_ = np.linalg.solve(X.T @ X + self.alpha * np.eye(X.shape[1]), X.T @ y)
        return self
        ### END SOLUTION

    def predict(self, X):
        ### BEGIN SOLUTION
        return X @ self.coef_
        ### END SOLUTION
