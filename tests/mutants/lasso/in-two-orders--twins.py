# task: lasso.twins
# diagnosis: agrees
# message: You solved with the columns in two orders. Both answers are minimisers, but each uses one column of a
#   pair at most, since lasso_by_signs leaves out what depends on others. What lies between the two?
# section: sec-lasso-unique
import numpy as np

from shrinkage.penalties import lasso_by_signs

X, y, lam = inputs["X"], inputs["y"], inputs["lam"]
n, p = X.shape
one = lasso_by_signs(X, y, lam)
other = lasso_by_signs(X[:, ::-1], y, lam)[::-1].copy()
answer = {"w_one": one, "w_other": other}
