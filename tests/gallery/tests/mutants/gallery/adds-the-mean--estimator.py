# task: gallery.estimator
# diagnosis: agrees
# message: predict adds the mean of the targets: this model has no intercept.
# section: sec-gallery-estimator
import numpy as np


class Ridge:
    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def get_params(self, deep=True):
        return {"alpha": self.alpha}

    def set_params(self, **params):
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def fit(self, X, y):
        self.coef_ = np.linalg.solve(X.T @ X + self.alpha * np.eye(X.shape[1]), X.T @ y)
        self.mean_ = y.mean()
        return self

    def predict(self, X):
        return X @ self.coef_ + self.mean_
