"""Laws of splits, errors and curves, agreement with scikit-learn, and problems by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from shrinkage.evaluation import (
    complexity_curve,
    holdout,
    learning_curve,
    mean_absolute_error,
    mean_squared_error,
    misclassification,
    polynomial_columns,
    r_squared,
    root_mean_squared_error,
    split,
    standard_error,
)
from shrinkage.least_squares import centre, lstsq
from sklearn import metrics

from tests.shrinkage.problems import BAD_DATA, BAD_VECTORS, generic

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=60, deadline=None)
seeds = st.integers(0, 2**32)


# Splits


@st.composite
def shares(draw):
    parts = np.array(draw(st.lists(st.integers(1, 9), min_size=1, max_size=4)), float)
    return parts / parts.sum()


def split_or_none(*arguments, **labels):
    """A split, or None where a part would be empty."""
    try:
        return split(*arguments, **labels)
    except ValueError as refusal:
        assert "leave part" in str(refusal)  # noqa: PT017
        return None


@examples
@given(st.integers(1, 60), shares(), seeds, st.data())
def test_parts_are_every_row_once_and_hold_their_share_of_every_stratum_within_a_row(n, parts, seed, data):
    strata = data.draw(st.none() | st.lists(st.integers(0, 4), min_size=n, max_size=n))
    found = split_or_none(n, parts, seed, strata=strata)
    if found is None:
        # Within a row, a part that is left empty has a share of less than one of each stratum.
        sizes = np.bincount(np.zeros(n, int) if strata is None else strata)
        assert parts.min() * sizes.max() < 1
        return
    assert_array_equal(np.sort(np.concatenate(found)), np.arange(n))
    for share, rows in zip(parts, found, strict=True):
        assert rows.dtype.kind == "i"
        assert np.all(np.diff(rows) > 0)
        labels = np.zeros(n, int) if strata is None else np.array(strata)
        for stratum in np.unique(labels):
            wanted = share * np.sum(labels == stratum)
            assert abs(np.sum(labels[rows] == stratum) - wanted) < 1 + 1e-9


@examples
@given(st.lists(st.integers(0, 12), min_size=1, max_size=60), shares(), seeds, st.booleans())
def test_no_group_is_split_and_a_share_is_kept_within_the_largest_group(groups, parts, seed, stratified):
    groups = np.array(groups)
    strata = groups % 3 if stratified else np.zeros_like(groups)
    found = split_or_none(len(groups), parts, seed, groups=groups, strata=strata if stratified else None)
    if found is None:
        return
    assert_array_equal(np.sort(np.concatenate(found)), np.arange(len(groups)))
    assert sum(len(np.unique(groups[rows])) for rows in found) == len(np.unique(groups))
    for stratum in np.unique(strata):
        largest = np.bincount(groups[strata == stratum]).max()
        for share, rows in zip(parts, found, strict=True):
            assert abs(np.sum(strata[rows] == stratum) - share * np.sum(strata == stratum)) < largest + 1e-9


def test_strata_of_one_row_each_are_shared_out_all_the_same():
    for seed in range(20):
        _, test = holdout(20, 0.25, seed, strata=np.arange(20))
        assert len(test) == 5


@pytest.mark.parametrize("labels", [{}, {"strata": [0, 0, 1, 1, 2, 2, 3, 3]}, {"groups": [0, 0, 1, 1, 2, 2, 3, 3]}])
def test_every_row_is_tested_equally_often(labels):
    rng = np.random.default_rng(0)
    times = np.zeros(8)
    for _ in range(4000):
        times[holdout(8, 0.25, rng, **labels)[1]] += 1
    assert times.sum() == 8000
    # The standard error of each share is √(¼ ¾ / 4000).
    assert_allclose(times / 4000, 0.25, atol=5 * np.sqrt(0.25 * 0.75 / 4000))


def test_a_seed_repeats_a_split_and_another_gives_another():
    first, same = split(50, [0.5, 0.3, 0.2], 3), split(50, [0.5, 0.3, 0.2], np.random.SeedSequence(3))
    for a, b in zip(first, same, strict=True):
        assert_array_equal(a, b)
    assert not np.array_equal(first[2], split(50, [0.5, 0.3, 0.2], 4)[2])
    rng = np.random.default_rng(3)
    assert not np.array_equal(holdout(50, 0.3, rng)[1], holdout(50, 0.3, rng)[1])


def test_names_of_labels_do_not_matter():
    groups = np.repeat([3, 1, 2, 0], 5)
    named = np.array(list("abcd"))[groups]
    for kind in ("groups", "strata"):
        for a, b in zip(holdout(20, 0.5, 1, **{kind: groups}), holdout(20, 0.5, 1, **{kind: named}), strict=True):
            assert_array_equal(a, b)


def test_holdout_is_a_split_in_two():
    for a, b in zip(holdout(31, 0.3, 8), split(31, [0.7, 0.3], 8), strict=True):
        assert_array_equal(a, b)
    assert [len(rows) for rows in holdout(10, 0.3, 0)] == [7, 3]
    assert [len(rows) for rows in holdout(2, 0.5, 0)] == [1, 1]


@pytest.mark.parametrize(
    ("arguments", "labels", "message"),
    [
        ((0, [0.5, 0.5], 0), {}, "n must be an integer >= 1"),
        ((5.0, [0.5, 0.5], 0), {}, "n must be an integer"),
        ((5, [0.5, 0.6], 0), {}, r"shares must be > 0 and add up to 1; they are \[0.5, 0.6\]"),
        ((5, [0.5, 0.5, 0.0], 0), {}, "shares must be > 0"),
        ((5, [1.5, -0.5], 0), {}, "shares must be > 0"),
        ((5, 0.5, 0), {}, "shares must be one-dimensional"),
        ((5, [0.95, 0.05], 0), {}, "shares leave part 1 without a row, of 5 rows"),
        ((1, [0.5, 0.5], 0), {}, "shares leave part 0 without a row"),
        ((5, [0.5, 0.5], 0), {"groups": [1] * 5}, "shares leave part 0 without a row, of 1 groups"),
        ((5, [0.5, 0.5], 0), {"groups": [1] * 4}, "groups must have one label a row"),
        ((5, [0.5, 0.5], 0), {"strata": [1] * 6}, "strata must have one label a row"),
        (
            (4, [0.5, 0.5], 0),
            {"groups": list("aabb"), "strata": [0, 1, 0, 0]},
            "strata must be the same for all rows of a group; rows 0 and 1 ",
        ),
        (
            (4, [0.5, 0.5], 0),
            {"groups": list("abab"), "strata": [0, 1, 0, 0]},
            "strata must be the same for all rows of a group; rows 1 and 3 differ",
        ),
        ((5, [0.5, 0.5], None), {}, "seed must be"),
    ],
)
def test_splits_that_cannot_be_made_are_refused(arguments, labels, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        split(*arguments, **labels)


@pytest.mark.parametrize("share", [0, 1, -0.5, np.nan, "0.5", None, [0.5], True])
def test_a_share_is_between_none_and_all(share):
    with pytest.raises(ValueError, match=r"^share must be"):
        holdout(10, share, 0)


# Errors

ERRORS = {
    "mean_squared_error": (mean_squared_error, metrics.mean_squared_error),
    "root_mean_squared_error": (root_mean_squared_error, metrics.root_mean_squared_error),
    "mean_absolute_error": (mean_absolute_error, metrics.mean_absolute_error),
    "r_squared": (r_squared, metrics.r2_score),
    "misclassification": (misclassification, metrics.zero_one_loss),
    "standard_error": (lambda y, prediction, s=None: standard_error((np.asarray(y) - prediction) ** 2, s), None),
}
MEANS = [name for name in ERRORS if name != "standard_error"]


@st.composite
def predictions(draw):
    """(y, prediction, integer weights with zeros); y not constant where it counts."""
    n = draw(st.integers(2, 12))
    vector = st.lists(st.integers(-5, 5), min_size=n, max_size=n)
    y, prediction = (np.array(draw(vector), float) for _ in range(2))
    s = np.array(draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)))
    y[:2], s[:2] = (1, 2), np.maximum(s[:2], 1)
    return y, prediction, s


@pytest.mark.parametrize("name", ERRORS)
@examples
@given(problem=predictions(), random=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(name, problem, random):
    y, prediction, s = problem
    order = list(range(len(y)))
    random.shuffle(order)
    error = ERRORS[name][0]
    assert_allclose(error(y[order], prediction[order], s[order]), error(*problem), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", ERRORS)
@examples
@given(predictions())
def test_an_integer_weight_repeats_a_row_and_zero_leaves_it_out(name, problem):
    y, prediction, s = problem
    error = ERRORS[name][0]
    repeated = error(np.repeat(y, s), np.repeat(prediction, s))
    assert_allclose(error(y, prediction, s), repeated, rtol=1e-12, atol=1e-14)
    unseen = np.where(s > 0, prediction, 1e70)
    assert error(np.where(s > 0, y, -1e70), unseen, s) == error(y, prediction, s)
    first = [np.concatenate([[out], values]) for out, values in zip((-1e70, 1e70, 0), problem, strict=True)]
    assert_allclose(error(*first), error(*problem), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", MEANS)
@examples
@given(predictions(), st.floats(0.01, 100))
def test_a_common_factor_of_the_weights_does_not_matter_to_a_mean(name, problem, c):
    error = ERRORS[name][0]
    y, prediction, s = problem
    assert_allclose(error(y, prediction, c * s), error(y, prediction, s), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", MEANS)
@examples
@given(predictions())
def test_errors_agree_with_scikit_learn(name, problem):
    y, prediction, s = problem
    ours, theirs = ERRORS[name]
    assert_allclose(ours(y, prediction), theirs(y, prediction), rtol=1e-12, atol=1e-14)
    assert_allclose(ours(y, prediction, s), theirs(y, prediction, sample_weight=s), rtol=1e-12, atol=1e-14)


@examples
@given(predictions(), st.integers(-9, 9), st.integers(-3, 3).filter(bool))
def test_errors_of_residuals_are_shifted_and_scaled_with_them(problem, shift, c):
    y, prediction, s = problem
    moved = c * y + shift, c * prediction + shift, s
    assert_allclose(mean_squared_error(*moved), c**2 * mean_squared_error(*problem), rtol=1e-12)
    assert_allclose(root_mean_squared_error(*moved), abs(c) * root_mean_squared_error(*problem), rtol=1e-12)
    assert_allclose(mean_absolute_error(*moved), abs(c) * mean_absolute_error(*problem), rtol=1e-12)
    assert_allclose(r_squared(*moved), r_squared(*problem), rtol=1e-9, atol=1e-12)


def test_a_large_offset_costs_no_digits():
    y, prediction = np.array([0.0, 0.5, 1.25, 3.0]), np.array([0.25, 0.5, 1.0, 2.0])
    for name in MEANS:
        error = ERRORS[name][0]
        assert error(y + 1e9, prediction + 1e9) == error(y, prediction), name
    assert standard_error(y + 1e9) == standard_error(y)


def test_standard_error_is_that_of_a_mean():
    errors = np.random.default_rng(0).normal(size=30)
    assert_allclose(standard_error(errors), errors.std(ddof=1) / np.sqrt(30), rtol=1e-13)
    assert standard_error([0.1] * 49) == 0


def test_standard_error_covers_the_mean_as_often_as_it_should():
    errors = np.random.default_rng(1).chisquare(3, size=(2000, 100))
    within = [abs(e.mean() - 3) < 2 * standard_error(e) for e in errors]
    # About 95 % of a normal distribution lies within two standard errors; skewness costs a little.
    assert 0.93 < np.mean(within) < 0.965


def test_errors_by_hand():
    y, prediction = [1, 2, 3, 6], [1, 1, 5, 4]
    assert mean_squared_error(y, prediction) == 9 / 4
    assert root_mean_squared_error(y, prediction) == 3 / 2
    assert mean_absolute_error(y, prediction) == 5 / 4
    # 1 − 9 / (4 + 1 + 0 + 9)
    assert_allclose(r_squared(y, prediction), 5 / 14, rtol=1e-15)
    assert misclassification(y, prediction) == 3 / 4
    assert misclassification(y, prediction, [1, 0, 0, 1]) == 1 / 2
    # Errors 0, 1, 4, 4 have the sum of squared deviations 51/4.
    assert_allclose(standard_error([0, 1, 4, 4]), np.sqrt(51 / 4 / 3 / 4), rtol=1e-15)


def test_classes_may_be_strings_integers_or_truth_values():
    assert misclassification(["a", "b"], np.array(["a", "a"], dtype=object)) == 0.5
    assert misclassification([True, False], [1, 1]) == 0.5
    assert misclassification([0, 1], [0.0, 1.0]) == 0


@pytest.mark.parametrize("name", ERRORS)
def test_arrays_may_be_lists_strided_read_only_or_of_single_precision(name):
    y, prediction = np.array([1.0, 2.0, 4.0, 0.0]), np.array([1.0, 3.0, 3.0, 0.0])
    error = ERRORS[name][0]
    expected = error(y, prediction)
    assert type(expected) is float
    y.flags.writeable = prediction.flags.writeable = False
    for convert in (np.array, np.int64, np.float32, lambda v: np.repeat(v, 2)[::2]):
        assert error(convert(y), convert(prediction)) == expected
    if name != "standard_error":
        assert error(y.tolist(), prediction.tolist()) == expected


def test_sums_over_many_rows_of_single_precision_are_taken_in_double():
    y = np.full(10**6, 0.1, np.float32)
    assert_allclose(mean_absolute_error(y, np.zeros_like(y)), np.float32(0.1), rtol=1e-12)


@pytest.mark.parametrize("name", [name for name in MEANS if name != "misclassification"])
@pytest.mark.parametrize("what", BAD_VECTORS)
def test_vectors_that_cannot_be_used_are_refused_by_name(name, what):
    bad, message = BAD_VECTORS[what]
    error, good = ERRORS[name][0], np.array([1.0, 2.0])
    for argument, call in (
        ("y", lambda: error(bad, good)),
        ("prediction", lambda: error(good, bad)),
        ("sample_weight", lambda: error(good, good, bad)),
        ("errors", lambda: standard_error(bad)),
    ):
        if argument == "sample_weight" and what == "None":
            continue
        with pytest.raises(ValueError, match=f"^{argument} {message}"):
            call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mean_squared_error([1, 2], [1]), "prediction must have one number a row; y has 2 and it has 1"),
        (lambda: mean_squared_error([1, 2], [1, 2], [1]), "sample_weight must have one number a row"),
        (lambda: mean_squared_error([1, 2], [1, 2], [0, 0]), "sample_weight is zero for every row"),
        (lambda: mean_squared_error([1, 2], [1, 1e200]), "prediction has entries beyond 1e150"),
        (lambda: r_squared([1e200, 0], [1, 1]), "y has entries beyond 1e150"),
        (lambda: mean_absolute_error([-1e200, 0], [1, 1]), "y has entries beyond 1e150"),
        (lambda: r_squared([0.1] * 49, [0.2] * 49), "y is constant"),
        (lambda: r_squared([3, 3], [1, 2]), "y is constant"),
        (lambda: r_squared([3, 3, 4], [1, 2, 3], [1, 2, 0]), "y is constant"),
        (lambda: r_squared([3], [3]), "y is constant"),
        (lambda: standard_error([3]), "errors of more than one row are needed"),
        (lambda: standard_error([3, 4], [0, 1]), "errors of more than one row.*add up to 1$"),
        (lambda: standard_error([3, 4], [0.3, 0.7]), "errors of more than one row.*add up to 1$"),
        (lambda: misclassification([1, 2], ["1", "2"]), "prediction must have labels of the kind of y"),
        (lambda: misclassification([1, 2], [1]), "prediction must have one label a row"),
        (lambda: misclassification([], []), "y must have one label a row"),
        (lambda: misclassification([1, np.nan], [1, 2]), "y holds NaN"),
        (lambda: misclassification([[1], [2]], [1, 2]), "y must have one label a row"),
    ],
)
def test_errors_that_mean_nothing_are_refused(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


def test_enormous_weights_are_weights():
    assert mean_squared_error([0, 0], [1, 3], [1e308, 1e308]) == 5
    assert misclassification([0, 0], [0, 1], [1e308, 1e308]) == 0.5
    assert standard_error([1, 3], [1e308, 1e308]) < 1e-100


# Polynomials


@examples
@given(st.integers(1, 12), st.integers(1, 6), st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), seeds)
def test_columns_of_a_smaller_degree_are_the_first_ones_to_the_last_bit(degree, more, low, width, seed):
    x = np.random.default_rng(seed).uniform(low, low + width, 7)
    few = polynomial_columns(x, degree, (low, low + width))
    many = polynomial_columns(x, degree + more, (low, low + width))
    assert few.shape == (7, degree)
    assert_array_equal(many[:, :degree], few)


def test_columns_are_orthonormal_over_the_interval():
    # Gauss-Legendre nodes integrate polynomials of degree up to 39 exactly.
    t, weight = np.polynomial.legendre.leggauss(20)
    P = polynomial_columns(7 + 3 * t, 12, (4, 10))
    assert_allclose(P.T @ (weight[:, None] / 2 * P), np.eye(12), atol=1e-13)
    assert_allclose(weight @ P, 0, atol=1e-13)


def test_columns_agree_with_the_legendre_polynomials_of_numpy():
    x = np.linspace(-3, 9, 41)
    t = (x + 1) / 4
    ours = polynomial_columns(x, 9, (-5, 3))
    assert_allclose(ours, np.polynomial.legendre.legvander(t, 9)[:, 1:] * np.sqrt(2 * np.arange(1, 10) + 1), rtol=1e-11)


def test_columns_and_an_intercept_span_the_powers():
    x = np.random.default_rng(0).uniform(2, 5, 30)
    A = np.column_stack([np.ones(30), polynomial_columns(x, 4, (2, 5))])
    powers = x[:, None] ** np.arange(5)
    assert_allclose(A @ np.linalg.lstsq(A, powers)[0], powers, rtol=1e-11)
    assert np.linalg.matrix_rank(A) == 5


@pytest.mark.parametrize(("low", "high"), [(0, 1), (1e9, 1e9 + 1), (-1e-8, 1e-8), (1950, 2020)])
def test_columns_are_well_conditioned_wherever_the_interval_lies(low, high):
    x = np.linspace(low, high, 400)
    P = polynomial_columns(x, 15, (low, high))
    assert np.linalg.cond(np.column_stack([np.ones(400), P])) < 2


def test_columns_of_new_rows_depend_on_those_rows_alone():
    x = np.linspace(0, 1, 9)
    whole = polynomial_columns(x, 5, (0, 1))
    for i in range(9):
        assert_array_equal(polynomial_columns(x[[i]], 5, (0, 1))[0], whole[i])


def test_columns_by_hand_keep_single_precision():
    P = polynomial_columns(np.array([1, 3], np.float32), 3, (1, 3))
    assert P.dtype == np.float32
    assert_allclose(P, np.sqrt([[3, 5, 7], [3, 5, 7]]) * [[-1, 1, -1], [1, 1, 1]], rtol=1e-6)
    assert polynomial_columns([1, 2], 1, (1, 3)).dtype == np.float64


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2], 0, (0, 1)), "degree must be an integer >= 1"),
        (([1, 2], 2, (1, 1)), "interval must be two numbers, the smaller first"),
        (([1, 2], 2, (1, 0)), "interval must be two numbers"),
        (([1, 2], 2, (0, 1, 2)), "interval must be two numbers"),
        (([1, 2], 2, (0, np.inf)), "interval holds NaN or infinity"),
        (([1, 1e200], 2, (0, 1)), "x lies so far outside of interval that degree 2 overflows"),
        ((np.array([1, 1e30], "f4"), 2, (0, 1)), "x lies so far outside"),
        (([1, np.nan], 2, (0, 1)), "x holds NaN"),
        (([[1], [2]], 2, (0, 1)), "x must be one-dimensional"),
    ],
)
def test_polynomials_that_cannot_be_formed_are_refused(arguments, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        polynomial_columns(*arguments)


# Curves


def least_squares(X, y):
    """Fit least squares with an intercept."""
    X_centred, y_centred, x_mean, y_mean = centre(X, y)
    w = lstsq(X_centred, y_centred)
    return lambda X_new: (X_new - x_mean) @ w + y_mean


def splits_of(n, share=0.4, times=5, seed=0):
    rng = np.random.default_rng(seed)
    return [holdout(n, share, rng) for _ in range(times)]


def test_exactly_linear_data_are_learned_from_one_row_more_than_columns():
    X, _ = generic(40, 5)
    y = X @ np.arange(1.0, 6.0) - 7
    curve = learning_curve(least_squares, X, y, [3, 5, 6, 7, 20], splits_of(40), seed=0)
    assert curve.at == (3, 5, 6, 7, 20)
    assert curve.train.shape == curve.test.shape == (5, 5)
    assert np.all(curve.train < 1e-18)
    assert np.all(curve.test[:, 2:] < 1e-18)
    assert np.all(curve.test[:, :2] > 1e-3)


@examples
@given(seeds, st.integers(1, 8))
def test_training_error_never_rises_in_nested_models(seed, degrees):
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-1, 1, 20), rng.normal(size=20)

    def fit(X, y, degree):
        predict = least_squares(polynomial_columns(X[:, 0], degree, (-1, 1)), y)
        return lambda X_new: predict(polynomial_columns(X_new[:, 0], degree, (-1, 1)))

    curve = complexity_curve(fit, x[:, None], y, range(1, degrees + 1), splits_of(20, times=2, seed=seed))
    assert np.all(np.diff(curve.train, axis=1) <= 1e-12)


def test_fit_never_sees_a_test_row_and_cannot_change_the_data():
    X, y = np.arange(20.0)[:, None].copy(), np.arange(20.0)
    seen, splits = [], splits_of(20, times=3)

    def fit(X_train, y_train, setting=None):
        assert_array_equal(X_train[:, 0], y_train)
        seen.append(y_train.copy())
        X_train[:], y_train[:] = np.nan, np.nan

        def predict(X_new):
            prediction = X_new[:, 0].copy()
            X_new[:] = np.nan
            return prediction

        return predict

    curve = learning_curve(fit, X, y, [1, 5, 12], splits, seed=0)
    assert np.all(curve.test == 0)
    for k, (train, _) in enumerate(splits):
        small, middle, whole = seen[3 * k : 3 * k + 3]
        assert_array_equal(middle[:1], small)
        assert_array_equal(whole[:5], middle)
        assert_array_equal(np.sort(whole), train)
    seen.clear()
    complexity_curve(fit, X, y, "ab", splits)
    for k, (train, _) in enumerate(splits):
        assert_array_equal(seen[2 * k], train)
        assert_array_equal(seen[2 * k + 1], train)
    assert_array_equal(X[:, 0], np.arange(20.0))
    assert_array_equal(y, np.arange(20.0))


def test_errors_of_a_curve_are_those_of_the_rows_it_says():
    X, y = generic(30, 3)
    splits = splits_of(30, times=2)
    curve = learning_curve(least_squares, X, y, [18], splits, seed=5, error=mean_absolute_error)
    for k, (train, test) in enumerate(splits):
        predict = least_squares(X[train], y[train])
        assert_allclose(curve.train[k, 0], np.mean(np.abs(predict(X[train]) - y[train])), rtol=1e-10)
        assert_allclose(curve.test[k, 0], np.mean(np.abs(predict(X[test]) - y[test])), rtol=1e-10)


def test_a_setting_reaches_fit_as_it_is():
    X, y = np.ones((4, 1)), np.zeros(4)

    def fit(X, y, setting):
        return lambda X_new: np.full(len(X_new), setting["level"])

    curve = complexity_curve(fit, X, y, iter([{"level": 2.0}, {"level": 3.0}]), [([0, 1], [2, 3])])
    assert_array_equal(curve.test, [[4, 9]])
    assert curve.at == ({"level": 2.0}, {"level": 3.0})


def test_a_seed_repeats_a_curve():
    X, y = generic(30, 3)
    once, again = (learning_curve(least_squares, X, y, [2, 5], splits_of(30), seed=1) for _ in range(2))
    assert_array_equal(once.test, again.test)
    assert not np.array_equal(once.test, learning_curve(least_squares, X, y, [2, 5], splits_of(30), seed=2).test)


@pytest.mark.parametrize("what", BAD_DATA)
def test_data_that_cannot_be_used_are_refused_by_name(what):
    X, y, message = BAD_DATA[what]
    with pytest.raises(ValueError, match=message):
        learning_curve(least_squares, X, y, [2], [([0, 1], [2])], seed=0)
    with pytest.raises(ValueError, match=message):
        complexity_curve(lambda X, y, setting: least_squares(X, y), X, y, [2], [([0, 1], [2])])


X8, y8 = generic(8, 2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sizes": [0]}, "sizes must be an integer >= 1"),
        ({"sizes": []}, "sizes must be numbers of rows that every split can train on"),
        ({"sizes": [2, 6]}, r"sizes must be numbers of rows that every split can train on; they are \(2, 6\)"),
        ({"splits": []}, "splits are empty"),
        ({"splits": [([0, 1], [1, 2])]}, "splits must be pairs without a row in both; split 0 is not"),
        ({"splits": [([0, 1], [2]), ([0, 1], [8])]}, "splits must be pairs of lists of row numbers.*split 1 is not"),
        ({"splits": [([0, -1], [2])]}, "splits must be pairs of lists of row numbers from 0 to 7"),
        ({"splits": [([0, 1], [])]}, "splits must be pairs"),
        ({"splits": [(np.arange(0), [1])]}, "splits must be pairs"),
        ({"splits": [([0, 1, 2], [3]), ([0], [3])]}, "sizes must be numbers of rows that every split can train on"),
        ({"splits": [([0.0, 1.0], [2])]}, "splits must be pairs"),
        ({"splits": [([0, 1], [2], [3])]}, "splits must be pairs"),
        ({"splits": [([True] * 8, [0])]}, "splits must be pairs"),
        ({"seed": None}, "seed must be"),
        ({"fit": lambda X, y: lambda X: np.ones((len(X), 1))}, r"predict\(X\) must be one-dimensional"),
        ({"fit": lambda X, y: lambda X: np.full(len(X), np.nan)}, r"predict\(X\) holds NaN"),
        ({"fit": lambda X, y: lambda X: np.ones(3)}, "prediction must have one number a row"),
        ({"fit": 3}, "fit must be a function; it is 3"),
        ({"fit": lambda X, y: y.mean()}, r"predict, which fit returns, must be a function; it is np.float64"),
        ({"error": "mse"}, "error must be a function; it is 'mse'"),
        ({"error": lambda y, prediction: (y - prediction) ** 2}, "error must be one finite real number"),
    ],
)
def test_curves_that_cannot_be_drawn_are_refused(change, message):
    given = {"fit": least_squares, "X": X8, "y": y8, "sizes": [2], "splits": [([0, 1, 2, 3, 4], [5, 6])], "seed": 0}
    with pytest.raises(ValueError, match=f"^{message}"):
        learning_curve(**given | change)


def test_a_curve_without_settings_is_refused():
    with pytest.raises(ValueError, match=r"^settings are empty"):
        complexity_curve(least_squares, X8, y8, [], [([0], [1])])
    with pytest.raises(ValueError, match=r"^fit must be a function; it is None"):
        complexity_curve(None, X8, y8, [1], [([0], [1])])
