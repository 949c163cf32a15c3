"""Laws of the information criteria, agreement with likelihoods and with scikit-learn, and numbers by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import norm
from shrinkage import ridge
from shrinkage.criteria import aic, aicc, bic, cp
from shrinkage.least_squares import centre
from sklearn.linear_model import LassoLarsIC, lars_path

from tests.shrinkage.problems import generic

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=40, deadline=None)


@st.composite
def paths(draw):
    """(rss, n, df) of up to five fits; df is any number, as that of ridge is."""
    L = draw(st.integers(1, 5))
    rss = draw(st.lists(st.floats(1e-3, 1e3), min_size=L, max_size=L))
    n = draw(st.integers(4, 100))
    return np.array(rss), n, np.array(draw(st.lists(st.floats(0, n - 3), min_size=L, max_size=L)))


sigma2s = st.floats(1e-3, 1e3)


# Laws


def test_cp_expects_the_error_of_new_targets_at_the_same_rows():
    # For fitted values Hy with an unpenalised intercept, the mean f and noise of variance sigma2, exactly:
    # E rss = ‖(I − H)f‖² + sigma2 (n − 2 tr H + tr HHᵀ), and for new targets ‖(I − H)f‖² + sigma2 (n + tr HHᵀ).
    X, f = generic(n=20, p=4)
    n, lams, sigma2 = 20, np.array([0.0, 0.01, 1.0, 100.0]), 2.5
    rss, new = [], []
    for lam in lams:
        fits = [X @ w + b for w, b in (ridge.with_intercept(X, e, lam) for e in np.eye(n))]
        H = np.column_stack(fits)
        bias, spread = np.sum((f - H @ f) ** 2), np.sum(H**2)
        rss.append(bias + sigma2 * (n - 2 * np.trace(H) + spread))
        new.append(bias + sigma2 * (n + spread))
    df = 1 + ridge.degrees_of_freedom(centre(X, f)[0], lams)
    assert_allclose(cp(rss, n, df, sigma2), np.array(new) / n, rtol=1e-9)


@examples
@given(paths())
def test_aicc_expects_the_likelihood_of_new_targets(path):
    # Where the fit holds the truth, rss / sigma2 is a chi-square with n − df degrees, independent of the fit.  So
    # the mean of (n sigma2 + ‖fit − truth‖²) n / rss, what the likelihood of new targets loses, is as below.
    rss, n, df = path
    assert_allclose(aicc(rss, n, df) - n * np.log(2 * np.pi * rss / n), n * (n + df) / (n - df - 2), rtol=1e-9)


@examples
@given(paths())
def test_aicc_asks_for_more_than_aic_and_tends_to_it_with_more_rows(path):
    rss, n, df = path
    assert (aicc(rss, n, df) > aic(rss, n, df)).all()
    many = 10**9
    assert_allclose(aicc(rss, many, df) - aic(rss, many, df), 0, atol=1e-4 + 1e-9 * abs(aic(rss, many, df)).max())


def test_aicc_is_infinite_where_too_few_rows_are_left_for_the_variance():
    values = aicc(np.ones(6), 10, [0, 7, 7.999, 8, 9, 20])
    assert_array_equal(np.isfinite(values), [True, True, True, False, False, False])
    assert (values[3:] == np.inf).all()


@examples
@given(paths(), sigma2s)
def test_bic_differs_from_aic_by_log_n_minus_2_a_parameter(path, sigma2):
    rss, n, df = path
    size = 1e-12 * np.abs(aic(rss, n, df, sigma2)).max() + 1e-9
    assert_allclose(bic(rss, n, df, sigma2) - aic(rss, n, df, sigma2), (np.log(n) - 2) * df, atol=size)
    assert_allclose(bic(rss, n, df) - aic(rss, n, df), (np.log(n) - 2) * (df + 1), atol=1e-9)


@examples
@given(paths(), sigma2s, st.floats(-3, 3).map(lambda e: 10**e))
def test_the_unit_of_y_shifts_all_fits_alike(path, sigma2, c):
    rss, n, df = path
    shift = n * np.log(c**2)
    for criterion in (aic, bic, aicc):
        assert_allclose(criterion(c**2 * rss, n, df), criterion(rss, n, df) + shift, rtol=1e-9, atol=1e-7)
    for criterion in (aic, bic):
        known = criterion(rss, n, df, sigma2)
        assert_allclose(criterion(c**2 * rss, n, df, c**2 * sigma2), known + shift, rtol=1e-9, atol=1e-7)
    assert_allclose(cp(c**2 * rss, n, df, c**2 * sigma2), c**2 * cp(rss, n, df, sigma2), rtol=1e-12)


@examples
@given(paths(), sigma2s)
def test_cp_and_aic_with_the_same_variance_order_fits_alike(path, sigma2):
    rss, n, df = path
    from_cp = n * cp(rss, n, df, sigma2) / sigma2
    from_aic = aic(rss, n, df, sigma2)
    scale = 1 + np.abs(from_cp).max() + np.abs(from_aic).max()
    assert_allclose(from_aic - from_aic[0], from_cp - from_cp[0], atol=1e-12 * scale)


# Agreement


def test_criteria_are_minus_twice_the_log_likelihood_plus_the_cost_of_its_parameters():
    r, df = np.random.default_rng(0).normal(size=(2, 15)), np.array([3.0, 5.5])
    rss = np.sum(r**2, axis=1)
    known = [-2 * norm.logpdf(residual, scale=1.3).sum() for residual in r]
    assert_allclose(aic(rss, 15, df, 1.3**2), known + 2 * df, rtol=1e-12)
    assert_allclose(bic(rss, 15, df, 1.3**2), known + np.log(15) * df, rtol=1e-12)
    # At its maximum over the variance, which is one parameter more.
    most = [-2 * norm.logpdf(residual, scale=norm.fit(residual, floc=0)[1]).sum() for residual in r]
    assert_allclose(aic(rss, 15, df), most + 2 * (df + 1), rtol=1e-12)
    assert_allclose(bic(rss, 15, df), most + np.log(15) * (df + 1), rtol=1e-12)


@pytest.mark.parametrize("name", ["aic", "bic"])
def test_agrees_with_scikit_learn_on_the_path_of_the_lasso(name):
    X, y = generic(n=40, p=6)
    X, y, _, _ = centre(X, y)
    model = LassoLarsIC(criterion=name).fit(X, y)
    coefficients = lars_path(X, y, method="lasso", alpha_min=0)[2]
    rss = np.sum((y[:, None] - X @ coefficients) ** 2, axis=0)
    # scikit-learn does not count the intercept.
    df = np.count_nonzero(coefficients, axis=0)
    criterion = {"aic": aic, "bic": bic}[name]
    assert_allclose(criterion(rss, 40, df, model.noise_variance_), model.criterion_, rtol=1e-9)


# By hand


def test_criteria_by_hand():
    # log(2π · 1/(2π)) = 0, so that only the sums remain.
    assert_allclose(aic([3.0], 7, [2], 1 / (2 * np.pi)), [6 * np.pi + 4], rtol=1e-12)
    assert_allclose(bic([3.0], 7, [2], 1 / (2 * np.pi)), [6 * np.pi + 2 * np.log(7)], rtol=1e-12)
    rss = [7 / (2 * np.pi)]
    assert_allclose(aic(rss, 7, [2]), [7 + 6], rtol=1e-12)
    assert_allclose(bic(rss, 7, [2]), [7 + 3 * np.log(7)], rtol=1e-12)
    assert_allclose(aicc(rss, 7, [2]), [7 + 2 * 7 * 3 / 3], rtol=1e-12)
    assert_allclose(cp([3.0], 7, [2], 0.5), [5 / 7], rtol=1e-12)
    # Mallows' own scale: rss / sigma2 − n + 2 df.
    assert_allclose(7 * cp([3.0], 7, [2], 0.5) / 0.5 - 7, [6 - 7 + 4], rtol=1e-12)


# Arrays as they come


def test_read_only_integer_and_single_precision_arrays_are_taken_and_never_changed():
    rss, df = np.array([3, 2, 2]), np.array([1, 2, 4])
    expected = [cp(rss, 9, df, 1), aic(rss, 9, df), aicc(rss, 9, df), bic(rss, 9, df)]
    for dtype in (int, np.float32, np.float64):
        given = rss.astype(dtype), 9, df.astype(dtype)
        given[0].flags.writeable = given[2].flags.writeable = False
        for found, right in zip((cp(*given, 1), aic(*given), aicc(*given), bic(*given)), expected, strict=True):
            assert found.dtype == np.float64
            assert_array_equal(found, right)


# What is refused


@pytest.mark.parametrize("criterion", [aic, aicc, bic, lambda *fits: cp(*fits, 1.0)], ids=["aic", "aicc", "bic", "cp"])
@pytest.mark.parametrize(
    ("fits", "message"),
    [
        (([-1.0], 5, [1]), "rss must be >= 0"),
        (([np.nan], 5, [1]), "rss holds NaN"),
        ((1.0, 5, [1]), "rss must be one-dimensional"),
        (([], 5, []), "rss is empty"),
        (([1.0], 5, [-1]), "df must be >= 0"),
        (([1.0], 5, [np.inf]), "df holds NaN or infinity"),
        (([1.0, 2.0], 5, [1]), "df must have one number a fit; there are 2 in rss and 1 in df"),
        (([1.0], 0, [1]), "n must be an integer >= 1"),
        (([1.0], 5.0, [1]), "n must be an integer >= 1"),
    ],
)
def test_fits_that_cannot_be_used_are_refused(criterion, fits, message):
    with pytest.raises(ValueError, match=message):
        criterion(*fits)


@pytest.mark.parametrize("criterion", [aic, bic, cp])
@pytest.mark.parametrize("sigma2", [0.0, -1.0, np.nan, np.inf, "1", [1.0]])
def test_variances_that_cannot_be_used_are_refused(criterion, sigma2):
    with pytest.raises(ValueError, match=r"^sigma2 must be"):
        criterion([1.0], 5, [1], sigma2)
    if criterion is cp:
        with pytest.raises(ValueError, match=r"^sigma2 must be"):
            cp([1.0], 5, [1], None)


def test_a_fit_without_residual_needs_a_known_variance():
    for criterion in (aic, aicc, bic):
        with pytest.raises(ValueError, match=r"rss is 0 for a fit.*give sigma2"):
            criterion([1.0, 0.0], 5, [1, 4])
    assert np.isfinite([aic([0.0], 5, [4], 1.0), bic([0.0], 5, [4], 1.0), cp([0.0], 5, [4], 1.0)]).all()
