# task: gallery.estimator
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
        p = X.shape[1]
        rows = np.vstack([X, np.sqrt(self.alpha) * np.eye(p)])
        self.coef_ = np.linalg.lstsq(rows, np.concatenate([y, np.zeros(p)]), rcond=None)[0]
        return self

    def predict(self, X):
        return np.dot(X, self.coef_)
