"""Drop-in estimators: scikit-learn's names, parameters, attributes and scalings around the solvers of this package.

They are imported from `shrinkage` itself, as in ``from shrinkage import Ridge``.  Each converts its penalty weight
to `lam`, asks `shrinkage.fit`, and takes down what it found; there is no mathematics here.

What scikit-learn accepts is accepted and what it rejects is rejected with the same type of exception.  Parameters
that steer how scikit-learn searches (`solver`, `selection`, `precompute`, `random_state`, `copy_X`) are checked as it
checks them and change nothing: the answer is the minimiser, up to rounding, and nobody's arrays are written to.
"""

# Where each public name lives: nothing is imported before it is asked for.
HOMES = {
    "ElasticNet": "lasso",
    "ElasticNetCV": "lasso_cv",
    "Lasso": "lasso",
    "LassoCV": "lasso_cv",
    "LogisticRegression": "logistic",
    "LogisticRegressionCV": "logistic_cv",
    "PoissonRegressor": "poisson",
    "Ridge": "ridge",
    "RidgeCV": "ridge_cv",
    "enet_path": "paths",
    "lars_path": "lars",
    "lasso_path": "paths",
}
