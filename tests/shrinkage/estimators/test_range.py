"""What squares cannot hold is refused by name by every estimator, and never an answer of zeros or a failure within."""

import numpy as np
import pytest
from scipy import sparse
from shrinkage import (
    ElasticNet,
    ElasticNetCV,
    Lasso,
    LassoCV,
    LogisticRegression,
    PoissonRegressor,
    Ridge,
    RidgeCV,
    enet_path,
)

from tests.shrinkage.estimators.kinds import data

pytestmark = pytest.mark.filterwarnings("error")
LINEAR = {
    "Ridge": lambda X, y, size: Ridge(size**2).fit(X, y),
    "RidgeCV": lambda X, y, size: RidgeCV([1.0, 2.0]).fit(X, y),
    "Lasso": lambda X, y, size: Lasso(0.1 * size).fit(X, y),
    "ElasticNet": lambda X, y, size: ElasticNet(0.1 * size, positive=True).fit(X, y),
    "LassoCV": lambda X, y, size: LassoCV(alphas=[0.1 * size, 0.2 * size]).fit(X, y),
    "ElasticNetCV": lambda X, y, size: ElasticNetCV(alphas=[0.1 * size, 0.2 * size]).fit(X, y),
    "enet_path": lambda X, y, size: enet_path(X, y, alphas=[0.1 * size]),
}


@pytest.mark.parametrize("name", LINEAR)
@pytest.mark.parametrize("size", [1e-200, 1e200])
@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_array])
@pytest.mark.parametrize("shape", [(40, 6), (30, 120)])
def test_squares_that_leave_the_range_are_refused_by_name(name, size, kind, shape):
    X, y = data(*shape)
    said = "so small" if size < 1 else "too large"
    with pytest.raises(ValueError, match=f"^X .*{said}.*rescale the columns"):
        LINEAR[name](kind(X * size), y, min(size, 1e150))
    with pytest.raises(ValueError, match=f"^y is {said}.*rescale"):
        LINEAR[name](kind(X), y * size, min(size, 1e150))


@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_array])
@pytest.mark.parametrize("shape", [(40, 6), (30, 120)])
@pytest.mark.parametrize(
    "model", [LogisticRegression(), LogisticRegression(l1_ratio=1.0, solver="saga"), PoissonRegressor()], ids=str
)
def test_so_are_those_of_likelihoods(kind, shape, model):
    X, y = data(*shape)
    with pytest.raises(ValueError, match=r"^X .*(too large|overflow).*rescale"):
        model.fit(kind(X * 1e200), (y > np.median(y)).astype(int))
