"""What the laws of the lasso chapter's analyses say of numbers that no mutant has."""

import numpy as np
import pytest

from autograder.checks import tasks
from autograder.checks.base import Outcome, Trial, answered

MISLEADS = tasks("lasso")["lasso.misleads"]


@pytest.mark.parametrize("law", ["sign", "largest"])
def test_data_that_cannot_be_solved_are_no_error_of_the_judge(law):
    X = np.random.default_rng(0).standard_normal((8, 3))
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    y = X @ [1e200, 2e200, 3e200]
    value = {"X_sign": X, "y_sign": y, "X_largest": X, "y_largest": y}
    outcome = Outcome("value", (value,))
    trial = Trial(answered(name="large", n=8, lam=0.5), outcome, outcome, lambda case: outcome)
    measure = next(check for check in MISLEADS.checks if check.name == law).test(trial)
    assert not measure.passed
    assert "numbers of ordinary size" in measure.said
