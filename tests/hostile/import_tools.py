# task: ridge.closed_form
# wants: libraries that the jail does not hold
# deserves: 0
import numpy as np


def closed_form(X, y, lam):
    from sklearn.linear_model import Ridge

    return Ridge(alpha=len(y) * lam, fit_intercept=False).fit(X, y).coef_
