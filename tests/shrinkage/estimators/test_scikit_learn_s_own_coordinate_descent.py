"""scikit-learn's own tests of coordinate descent hold for our classes, wherever they test behaviour."""

import pytest

from tests.shrinkage.estimators.swapped import Deselected, outdated, run, unexpected

DESELECTED = [
    Deselected(
        "test_enet_nonfinite_params",
        "with pytest.raises(ValueError, match=msg):",
        "The same type of exception is raised, in words that say what is wrong: the squares of X overflow.",
    ),
    Deselected(
        "test_lasso_dual_gap",
        "assert_allclose(clf.dual_gap_, primal - dual)",
        "Seven digits of the gap are compared, which is rounding here: 1e-15.",
    ),
    Deselected(
        "test_lasso_alpha_warning",
        "with pytest.warns(UserWarning, match=warning_message):",
        "The warning says that alpha=0 does not converge well, and here it does: least squares of smallest norm.",
    ),
    Deselected(
        "test_1d_multioutput_*_and_multitask_*_cv",
        "assert_almost_equal(clf.coef_, clf1.coef_[0])",
        "Seven digits are compared with scikit-learn's multi-task classes, which stop 1e-4 from the minimiser.",
    ),
    Deselected(
        "test_warm_start_convergence[*",
        "assert n_iter_warm_start == 0",
        "n_iter_ is at least 1 always, as check_estimator asks.",
    ),
    Deselected(
        "test_check_input_false",
        "with pytest.raises(ValueError):",
        "The rows of X may come in either order in memory, without checks too.",
    ),
    Deselected(
        "test_enet_copy_X_False_check_input_False",
        "assert np.any(np.not_equal(original_X, X))",
        "Nobody's arrays are written to, with leave to do so either.",
    ),
    Deselected(
        "test_enet_coordinate_descent_raises_convergence[Lasso-*",
        "with pytest.warns(ConvergenceWarning, match=warning_message):",
        "One iteration from the worst start is enough, so there is nothing to warn of.",
    ),
    Deselected(
        "test_lassoCV_does_not_set_precompute[*",
        "assert calls > 0",
        "It looks into a module of scikit-learn's for the class that LassoCV is to be made of.",
    ),
]


@pytest.fixture(scope="module")
def found():
    return run("test_coordinate_descent.py")


def test_their_names_mean_our_classes(found):
    ours = ["ElasticNet", "ElasticNetCV", "Lasso", "LassoCV", "Ridge", "enet_path", "lasso_path"]
    assert (found["ours"], found["theirs"]) == (ours, [])
    assert len(found["failures"]) > 250


def test_all_tests_pass_that_are_not_deselected(found):
    assert unexpected(found, DESELECTED) == []


def test_every_deselection_is_still_needed(found):
    assert outdated(found, DESELECTED) == []
