"""scikit-learn's own tests of ridge hold for our classes, wherever they test behaviour."""

import pytest

from tests.shrinkage.estimators.swapped import Deselected, outdated, run, unexpected

DESELECTED = [
    Deselected(
        "test_ridge_regression[*",
        "assert model.solver_ == solver",
        "solver_ says which solver ran, and that is not the one which solver= names; all else in these tests holds.",
    ),
    Deselected(
        "test_n_iter",
        "assert_array_equal(reg.n_iter_, np.tile(max_iter, n_targets))",
        "max_iter changes nothing, for the solver does not iterate; and n_iter_ is 1, as check_estimator asks.",
    ),
    Deselected(
        "test_ridge_fit_intercept_sparse_sag[*",
        """with pytest.warns(UserWarning, match='"sag" solver requires.*'):""",
        "The warning is of a solver that does not run here; the coefficients are compared before, and agree.",
    ),
    Deselected(
        "test_lbfgs_solver_error",
        'with pytest.warns(ConvergenceWarning, match="lbfgs solver did not converge"):',
        "max_iter changes nothing: the minimiser is found, so there is nothing to warn of.",
    ),
]
FOUND = {"failures": {"test_a[1]": "", "test_a[2]": "assert a", "test_b": "assert b"}}


@pytest.fixture(scope="module")
def found():
    return run("test_ridge.py")


def test_their_names_mean_our_classes(found):
    assert (found["ours"], found["theirs"]) == (["Ridge", "RidgeCV"], [])
    assert len(found["failures"]) > 1000


def test_all_tests_pass_that_are_not_deselected(found):
    assert unexpected(found, DESELECTED) == []


def test_every_deselection_is_still_needed(found):
    assert outdated(found, DESELECTED) == []


@pytest.mark.parametrize(
    ("pattern", "line", "surprises", "lost"),
    [
        ("test_a[2]", "assert a", ["test_b fails at: assert b"], []),
        ("test_*", "assert a", ["test_b fails at: assert b"], ["test_a[1] passes"]),
        ("test_b", "assert a", ["test_a[2] fails at: assert a", "test_b fails at: assert b"], []),
        (
            "test_a",
            "assert a",
            ["test_a[2] fails at: assert a", "test_b fails at: assert b"],
            ["test_a matches no test"],
        ),
    ],
)
def test_a_failure_elsewhere_is_said_and_a_deselection_cannot_outlive_its_failure(pattern, line, surprises, lost):
    only = [Deselected(pattern, line, "")]
    assert unexpected(FOUND, only) == surprises
    assert outdated(FOUND, only) == lost
