# task: gallery.estimator
# diagnosis: agrees
# message: fit returns another estimator: return self, so that what is fitted is what was made.
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
        other = Ridge(self.alpha)
        other.coef_ = self.coef_
        return other

    def predict(self, X):
        return X @ self.coef_
