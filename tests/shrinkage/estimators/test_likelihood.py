"""Laws of `shrinkage.estimators.likelihood` and `linear`: what is warned of, whichever the solver."""

import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from shrinkage.estimators.likelihood import maximise_prepared
from shrinkage.estimators.linear import warn_of_gap
from shrinkage.result import Result
from sklearn.exceptions import ConvergenceWarning


def ended(gap, null=1.0):
    """A result with this gap, after seven steps from an objective of `null`."""
    return Result(np.zeros(1), 0.0, gap, 7, np.array([null, gap]))


def said(function, *args, **settings):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        function(*args, **settings)
    assert all(w.category is ConvergenceWarning for w in caught)
    return "".join(str(w.message) for w in caught)


@pytest.mark.parametrize(
    ("gap", "null", "tol", "w", "warned"),
    [
        (4e-4, 0.5, 1e-3, None, False),
        (6e-4, 0.5, 1e-3, None, True),
        # A start may be as good as the end, and its objective is no measure.
        (6e-4, 0.5, 1e-3, np.zeros(1), False),
        (6e-4, 1e-9, 1e-3, np.zeros(1), False),
        (9e-4, 5.0, 1e-3, None, False),
        (1.5e-3, 5.0, 1e-3, None, True),
        # Below that is rounding.
        (9e-11, 1.0, 0.0, None, False),
        (2e-10, 1.0, 0.0, None, True),
    ],
)
def test_of_a_likelihood_a_gap_above_tol_relative_to_zero_is_warned_of_and_only_that(gap, null, tol, w, warned):
    made = SimpleNamespace(X=None, y=None, penalty=None, require_minimum=lambda lam: None)
    made.chosen = lambda solver, lam: ("any", lambda *args, **settings: ended(gap, null))
    message = said(maximise_prepared, made, 1.0, tol=tol, w=w)
    text = f"Objective did not converge: after 7 steps the duality gap is {gap:.3e}; scale the columns."
    assert message == (text if warned else "")


@pytest.mark.parametrize(
    "y", [np.array([3.0, -1.0, -1.0, 1.0]), np.array([[3.0, -1.0], [0.0, 1.0], [1.0, 0.0], [0.0, 0.0]])]
)
def test_of_least_squares_it_is_one_above_tol_times_the_mean_square(y):
    # The squares are 12, and 3 a row.
    assert said(warn_of_gap, ended(0.029), y, 0.01) == ""
    assert "after 7 sweeps the duality gap is 3.100e-02, above 3.000e-02. " in said(warn_of_gap, ended(0.031), y, 0.01)
