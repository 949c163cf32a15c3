"""Laws of folds, of cross-validation and of its rules; agreement with scikit-learn; what leaks and what does not."""

from dataclasses import FrozenInstanceError
from functools import partial

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from shrinkage import ridge
from shrinkage.conversions import lasso_alpha, ridge_alpha
from shrinkage.coordinate_descent import minimise
from shrinkage.fit import fit
from shrinkage.inputs import as_columns
from shrinkage.least_squares import centre
from shrinkage.losses import Quadratic
from shrinkage.model_selection import (
    CrossValidation,
    cross_validate,
    k_fold,
    nested_cross_validate,
    one_standard_error,
)
from shrinkage.penalties import L1
from shrinkage.result import Result
from sklearn.linear_model import Lasso, Ridge
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold, TimeSeriesSplit, cross_val_score

from tests.shrinkage.problems import BAD_DATA, BAD_LAMS, generic, problems

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=40, deadline=None)
LAMS = [0.1, 10.0, 1e-3, 1.0]


def ridge_path(X, y, lams, sample_weight=None):
    """Ridge with an intercept; weighted rows by scaling them with the square roots of their weights."""
    s = np.ones(len(y), X.dtype) if sample_weight is None else sample_weight
    x_mean, y_mean = s @ X / s.sum(), s @ y / s.sum()
    root = np.sqrt(s * len(y) / s.sum())
    W = ridge.svd_path(root[:, None] * (X - x_mean), root * (y - y_mean), lams)
    return W, y_mean - W @ x_mean


def lasso_path(X, y, lams):
    X_centred, y_centred, x_mean, y_mean = centre(X, y)
    W = np.stack([minimise(X_centred, y_centred, lam, L1()).w for lam in lams])
    return W, y_mean - W @ x_mean


def counts(labels, rows):
    return np.bincount(np.asarray(labels)[rows], minlength=max(labels) + 1)


def spread(numbers):
    return np.max(numbers, axis=0) - np.min(numbers, axis=0)


# Folds

seeds = st.integers(0, 10**6)


@st.composite
def splits(draw):
    """(n, k, labels): some labels have one row, some many."""
    n = draw(st.integers(2, 30))
    labels = draw(st.lists(st.integers(0, 6), min_size=n, max_size=n))
    return n, draw(st.integers(2, n)), labels


def assert_partition(folds, n, k, repeats):
    assert len(folds) == k * repeats
    for r in range(repeats):
        tested = np.concatenate([test for _, test in folds[k * r : k * (r + 1)]])
        assert_array_equal(np.sort(tested), np.arange(n))
    for train, test in folds:
        assert_array_equal(np.sort(np.concatenate([train, test])), np.arange(n))
        assert test.size
        assert (np.diff(train) > 0).all()
        assert (np.diff(test) > 0).all()


@examples
@given(splits(), seeds, st.integers(1, 3))
def test_every_repeat_tests_every_row_once_in_folds_of_equal_size_up_to_one_row(split, seed, repeats):
    n, k, _ = split
    folds = k_fold(n, k, seed, repeats=repeats)
    assert_partition(folds, n, k, repeats)
    assert spread([len(test) for _, test in folds]) <= 1


@examples
@given(splits(), seeds, st.integers(1, 3))
def test_strata_differ_by_at_most_one_row_between_folds_and_so_do_the_folds(split, seed, repeats):
    n, k, strata = split
    folds = k_fold(n, k, seed, strata=strata, repeats=repeats)
    assert_partition(folds, n, k, repeats)
    assert spread([len(test) for _, test in folds]) <= 1
    for r in range(repeats):
        assert spread([counts(strata, test) for _, test in folds[k * r : k * (r + 1)]]).max() <= 1


@examples
@given(splits(), seeds, st.integers(1, 3))
def test_no_group_is_on_both_sides_and_folds_differ_by_no_more_than_the_largest_group(split, seed, repeats):
    n, k, groups = split
    assume(len(set(groups)) > 1)
    k = 2 + k % (len(set(groups)) - 1)
    folds = k_fold(n, k, seed, groups=groups, repeats=repeats)
    assert_partition(folds, n, k, repeats)
    for train, test in folds:
        assert not np.intersect1d(np.array(groups)[train], np.array(groups)[test]).size
    for r in range(repeats):
        sizes = [len(test) for _, test in folds[k * r : k * (r + 1)]]
        assert spread(sizes) <= max(np.bincount(groups))


@examples
@given(splits(), seeds)
def test_groups_within_strata_are_kept_whole_and_spread_by_their_number(split, seed):
    n, k, groups = split
    assume(len(set(groups)) > 1)
    k = 2 + k % (len(set(groups)) - 1)
    strata = np.array(groups) % 2
    folds = k_fold(n, k, seed, groups=groups, strata=strata)
    assert_partition(folds, n, k, 1)
    for train, test in folds:
        assert not np.intersect1d(np.array(groups)[train], np.array(groups)[test]).size
    for stratum in set(strata):
        members = [len({groups[i] for i in test if strata[i] == stratum}) for _, test in folds]
        assert spread(members) <= 1


def test_groups_are_balanced_by_size_and_not_by_number():
    # One group of ten rows, ten groups of one: balance is the large one against all the others.
    groups = np.array([0] * 10 + list(range(1, 11)))
    for seed in range(20):
        assert {len(test) for _, test in k_fold(20, 2, seed, groups=groups)} == {10}


def test_strata_of_groups_are_spread_by_the_number_of_groups_and_not_by_their_rows():
    groups = np.array([0] * 10 + [1, 2, 3] + [4, 5])
    for seed in range(20):
        folds = k_fold(15, 2, seed, groups=groups, strata=groups > 3)
        assert [len({*groups[test]} & {0, 1, 2, 3}) for _, test in folds] == [2, 2]
        assert [len({*groups[test]} & {4, 5}) for _, test in folds] == [1, 1]


def test_every_fold_of_a_stratified_split_of_whole_groups_is_near_the_same_size():
    # Eight patients of one class, twelve of the other, with 1 to 4 scans each.
    groups = np.repeat(np.arange(20), np.arange(20) % 4 + 1)
    strata = groups < 8
    for seed in range(20):
        folds = k_fold(len(groups), 4, seed, groups=groups, strata=strata)
        assert spread([len(test) for _, test in folds]) <= 4
        assert [len(set(groups[test][strata[test]])) for _, test in folds] == [2, 2, 2, 2]


def test_k_equal_n_leaves_one_out():
    assert sorted(test.tolist() for _, test in k_fold(7, 7, 0)) == [[i] for i in range(7)]
    assert sorted(test.tolist() for _, test in k_fold(7, 7, 0, strata=[0, 0, 1, 1, 1, 2, 2])) == [[i] for i in range(7)]


def test_k_equal_to_the_number_of_groups_leaves_one_group_out():
    groups = np.array([0, 1, 0, 2, 2, 2])
    assert sorted(test.tolist() for _, test in k_fold(6, 3, 0, groups=groups)) == [[0, 2], [1], [3, 4, 5]]


@pytest.mark.parametrize("labels", [{}, {"groups": np.arange(40) // 3}, {"strata": np.arange(40) % 3}])
def test_the_seed_decides_the_folds_and_every_repeat_is_another(labels):
    def folds(seed, repeats=1):
        return [test.tolist() for _, test in k_fold(40, 4, seed, repeats=repeats, **labels)]

    assert folds(3) == folds(3) == folds(np.random.default_rng(3)) == folds(np.random.SeedSequence(3))
    assert folds(3) != folds(4)
    thrice = folds(3, repeats=3)
    assert thrice[:4] == folds(3)
    assert len({str(sorted(thrice[4 * r : 4 * r + 4])) for r in range(3)}) == 3


def test_every_repeat_is_another_nearly_always_where_no_two_groups_have_the_same_size():
    groups = np.repeat(np.arange(12), np.arange(1, 13))
    folds = k_fold(len(groups), 3, 0, groups=groups, repeats=20)
    assert len({str(sorted(test.tolist() for _, test in folds[3 * r : 3 * r + 3])) for r in range(20)}) > 15


def test_every_pair_of_rows_is_tested_together_equally_often():
    # In a uniform shuffle of 6 rows into folds of 2, a pair is together in a fifth of the splits.
    together = np.zeros((6, 6))
    for _, test in k_fold(6, 3, 0, repeats=2000):
        together[np.ix_(test, test)] += 1
    pairs = together[np.triu_indices(6, 1)] / 2000
    assert np.abs(pairs - 0.2).max() < 4 * np.sqrt(0.2 * 0.8 / 2000)


def test_names_of_labels_do_not_matter_but_their_order():
    names = np.array(["c", "a", "b"])
    numbers = np.array([2, 0, 1, 1, 2, 0, 0, 1])
    for kind in ("groups", "strata"):
        by_name = k_fold(8, 3, 5, **{kind: np.sort(names)[numbers]})
        by_number = k_fold(8, 3, 5, **{kind: numbers.astype(float)})
        for (_, test), (_, other) in zip(by_name, by_number, strict=True):
            assert_array_equal(test, other)


def test_fold_sizes_are_those_of_scikit_learn():
    def sizes(pairs):
        return sorted(len(test) for _, test in pairs)

    X = np.zeros((23, 1))
    strata = np.repeat([0, 1, 2], [11, 5, 7])
    assert sizes(k_fold(23, 5, 0)) == sizes(KFold(5).split(X))
    theirs = [counts(strata, test) for _, test in StratifiedKFold(5).split(X, strata)]
    ours = [counts(strata, test) for _, test in k_fold(23, 5, 0, strata=strata)]
    assert_array_equal(np.sort(ours, axis=0), np.sort(theirs, axis=0))
    groups = np.repeat(np.arange(7), [1, 1, 2, 2, 4, 4, 9])
    assert sizes(k_fold(23, 3, 0, groups=groups)) == sizes(GroupKFold(3).split(X, groups=groups))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 0}, "n must be an integer >= 1"),
        ({"n": 6.0}, "n must be an integer >= 1"),
        ({"k": 1}, "k must be an integer >= 2"),
        ({"k": True}, "k must be an integer >= 2"),
        ({"k": 7}, "k = 7 folds are too many for 6 rows"),
        ({"n": 1}, "k = 3 folds are too many for 1 rows"),
        ({"groups": [0, 0, 0, 1, 1, 1]}, "k = 3 folds are too many for 2 groups"),
        ({"seed": None}, "seed must be an integer >= 0"),
        ({"repeats": 0}, "repeats must be an integer >= 1"),
        ({"groups": [0, 1]}, "groups must have one label a row"),
        ({"strata": [0.0, 1, np.nan, 1, 1, 1]}, "strata holds NaN"),
        (
            {"groups": [0, 0, 1, 1, 2, 2], "strata": [0, 0, 0, 1, 1, 1]},
            "strata must be the same for all rows of a group",
        ),
    ],
)
def test_folds_that_cannot_be_made_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        k_fold(**{"n": 6, "k": 3, "seed": 0} | arguments)


# No test row reaches the fit


class Spy:
    """Ridge that writes down the rows it is given; row i of X has i in its last column, of y and of the weights."""

    def __init__(self):
        self.seen = []

    def __call__(self, X, y, lams, sample_weight=None):
        rows = X[:, -1].astype(int)
        assert_array_equal(y, 1000 + rows)
        if sample_weight is not None:
            assert_array_equal(sample_weight, 1 + rows)
        self.seen.append((rows.tolist(), list(lams)))
        X[:], y[:] = np.nan, np.nan  # what it is given is its own
        return np.zeros((len(lams), X.shape[1])), np.zeros(len(lams))


def spied(n):
    rows = np.arange(n)
    return np.column_stack([rows % 3, rows]).astype(float), 1000.0 + rows, 1.0 + rows


@pytest.mark.parametrize("weighted", [False, True])
def test_a_fit_sees_the_training_rows_of_its_fold_and_nothing_else(weighted):
    X, y, s = spied(20)
    folds = k_fold(20, 4, 1, groups=np.arange(20) // 2, repeats=2)
    spy = Spy()
    cross_validate(spy, X, y, LAMS, folds, sample_weight=s if weighted else None)
    assert spy.seen == [(train.tolist(), LAMS) for train, _ in folds]
    assert_array_equal(X[:, 1], np.arange(20))  # the caller's arrays are as they were
    assert_array_equal(y, 1000 + X[:, 1])


@pytest.mark.parametrize("weighted", [False, True])
def test_inner_fits_and_the_choice_of_lam_see_no_outer_test_row(weighted):
    X, y, s = spied(20)
    groups = np.arange(20) // 2
    outer = k_fold(20, 4, 1, groups=groups)
    asked = []

    def inner(rows):
        asked.append(rows.tolist())
        return k_fold(len(rows), 3, 2, groups=groups[rows])

    spy = Spy()
    nested = nested_cross_validate(spy, X, y, LAMS, outer, inner, sample_weight=s if weighted else None)
    assert asked == [train.tolist() for train, _ in outer]
    assert len(spy.seen) == 4 * (3 + 1)
    for fold, (train, test) in enumerate(outer):
        *inside, (rows, lam) = spy.seen[4 * fold : 4 * fold + 4]
        expected = [train[part].tolist() for part, _ in k_fold(len(train), 3, 2, groups=groups[train])]
        assert inside == [(part, LAMS) for part in expected]
        assert (rows, lam) == (train.tolist(), [nested.lams[fold]])
        assert not set(test.tolist()) & {row for part, _ in inside for row in part}


def test_what_stands_in_a_test_row_changes_no_other_prediction():
    X, y = generic(n=20, p=3)
    folds = k_fold(20, 5, 0)
    _, test = folds[2]
    before = cross_validate(ridge_path, X, y, LAMS, folds[2:3] + folds[:2] + folds[3:])
    X_other, y_other = X.copy(), y.copy()
    y_other[test] += 5
    fitted = ridge_path(np.delete(X, test, axis=0), np.delete(y, test), np.array(LAMS))
    after = cross_validate(ridge_path, X_other, y_other, LAMS, folds[2:3] + folds[:2] + folds[3:])
    residual = y[test] - X[test] @ fitted[0].T[:, 1] - fitted[1][1]
    assert_allclose(before.errors[0, 1], np.mean(residual**2), rtol=1e-12)
    assert_allclose(after.errors[0, 1], np.mean((residual + 5) ** 2), rtol=1e-12)


# Cross-validation


@examples
@given(problems(max_n=10, max_p=4, min_n=3), st.floats(-2, 2).map(lambda e: 10**e))
def test_leaving_one_out_is_deletion_at_the_same_total_penalty(problem, lam):
    X, y = problem
    n = len(y)
    # n lam stays: n − 1 rows have the weight n lam / (n − 1) per observation.
    folds = k_fold(n, n, 0)
    cv = cross_validate(ridge_path, X, y, [n * lam / (n - 1)], folds)
    errors = np.empty(n)
    for (_, test), error in zip(folds, cv.errors[:, 0], strict=True):
        errors[test] = error
    scale = 1 + np.abs(y).max() ** 2
    assert_allclose(errors, ridge.leave_one_out(X, y, lam) ** 2, rtol=1e-6, atol=1e-8 * scale)
    for i in range(n):
        w, b = ridge.with_intercept(np.delete(X, i, 0), np.delete(y, i), n * lam / (n - 1))
        assert_allclose(errors[i], (y[i] - X[i] @ w - b) ** 2, rtol=1e-6, atol=1e-8 * scale)
    assert_allclose(cv.mean, [np.mean(errors)], rtol=1e-12)
    assert_allclose(cv.se, [np.std(errors, ddof=1) / np.sqrt(n)], rtol=1e-9, atol=1e-12 * scale)


@examples
@given(st.integers(2, 6), seeds)
def test_permuted_rows_with_permuted_folds_give_the_same_errors(k, seed):
    X, y = generic(n=17, p=3, seed=seed)
    s = np.random.default_rng(seed).integers(1, 4, size=17).astype(float)
    folds = k_fold(17, k, seed)
    order = np.random.default_rng(seed + 1).permutation(17)
    place = np.argsort(order)
    moved = [(place[train], place[test]) for train, test in folds]
    one = cross_validate(ridge_path, X, y, LAMS, folds, sample_weight=s)
    other = cross_validate(ridge_path, X[order], y[order], LAMS, moved, sample_weight=s[order])
    assert_allclose(other.errors, one.errors, rtol=1e-7)
    assert_allclose(other.se, one.se, rtol=1e-6)


@examples
@given(st.permutations(range(4)), seeds)
def test_the_order_of_lams_orders_the_columns_and_changes_no_choice(order, seed):
    X, y = generic(n=20, p=3, seed=seed)
    folds = k_fold(20, 4, 0)
    one = cross_validate(ridge_path, X, y, LAMS, folds)
    other = cross_validate(ridge_path, X, y, np.array(LAMS)[order], folds)
    assert_allclose(other.errors, one.errors[:, order], rtol=1e-12)
    assert other.lams[other.best] == one.lams[one.best]
    assert other.lams[other.one_standard_error] == one.lams[one.one_standard_error]


@examples
@given(st.lists(st.integers(0, 3), min_size=15, max_size=15), st.integers(2, 5), seeds)
def test_a_weight_of_zero_is_a_row_left_out_and_whole_weights_are_copies_in_the_same_fold(weights, k, seed):
    s = np.array(weights, dtype=float)
    kept = np.flatnonzero(s)
    assume(len(kept) > k)
    X, y = generic(n=15, p=3, seed=seed)
    # Folds of the rows that are kept; the others may stand anywhere.
    fold = np.random.default_rng(seed).integers(k, size=15)
    fold[kept] = np.arange(len(kept)) % k
    weighted = cross_validate(
        ridge_path,
        X,
        y,
        LAMS,
        [(np.flatnonzero(fold != f), np.flatnonzero(fold == f)) for f in range(k)],
        sample_weight=s,
    )
    copies = np.repeat(np.arange(15), s.astype(int))
    pairs = [(np.flatnonzero(fold[copies] != f), np.flatnonzero(fold[copies] == f)) for f in range(k)]
    repeated = cross_validate(ridge_path, X[copies], y[copies], LAMS, pairs)
    for name in ("errors", "mean", "se"):
        assert_allclose(getattr(weighted, name), getattr(repeated, name), rtol=1e-6, err_msg=name)


def test_a_row_of_weight_zero_is_seen_by_neither_fit_nor_choice_nor_error():
    X, y = generic(n=16, p=2)
    s = np.ones(16)
    s[[0, 5, 6]] = 0
    rest = np.flatnonzero(s)
    folds = k_fold(16, 4, 0)
    place = np.cumsum(s).astype(int) - 1
    pairs = [(place[train[s[train] > 0]], place[test[s[test] > 0]]) for train, test in folds]
    inner = lambda rows: k_fold(len(rows), 3, 7)  # noqa: E731
    lasso_of_weights = lambda X, y, lams, s: lasso_path(X, y, lams)  # noqa: E731 -- knows of no weight
    X[s == 0], y[s == 0] = 1e6, -1e6
    one = nested_cross_validate(lasso_of_weights, X, y, LAMS, folds, inner, sample_weight=s)
    other = nested_cross_validate(lasso_path, X[rest], y[rest], LAMS, pairs, inner)
    assert_allclose(one.errors, other.errors, rtol=1e-12)
    assert_array_equal(one.lams, other.lams)
    assert_allclose([one.mean, one.se], [other.mean, other.se], rtol=1e-12)


def test_a_fold_whose_test_rows_weigh_nothing_counts_as_none():
    X, y = generic(n=12, p=2)
    s = np.ones(12)
    s[[4, 9]] = 0
    folds = k_fold(12, 12, 0)
    cv = cross_validate(ridge_path, X, y, LAMS, folds, sample_weight=s)
    kept = np.flatnonzero(s)
    other = cross_validate(ridge_path, X[kept], y[kept], LAMS, k_fold(10, 10, 0))
    empty = [fold for fold, (_, test) in enumerate(folds) if not s[test].any()]
    assert_array_equal(np.flatnonzero(np.isnan(cv.errors).all(axis=1)), empty)
    assert_array_equal(np.isnan(cv.errors).any(axis=1), np.isnan(cv.errors).all(axis=1))
    assert_allclose(cv.mean, other.mean, rtol=1e-9)
    assert_allclose(cv.se, other.se, rtol=1e-9)
    nested = nested_cross_validate(ridge_path, X, y, LAMS, folds, lambda rows: k_fold(len(rows), 2, 0), sample_weight=s)
    assert_array_equal(np.flatnonzero(np.isnan(nested.lams)), empty)
    assert_array_equal(np.flatnonzero(np.isnan(nested.errors)), empty)
    assert np.isfinite([nested.mean, nested.se]).all()


def test_all_weights_alike_are_no_weights():
    X, y = generic(n=15, p=3)
    folds = k_fold(15, 4, 0)
    one = cross_validate(ridge_path, X, y, LAMS, folds)
    for weight in (1, 1e-8, 1e8):
        other = cross_validate(ridge_path, X, y, LAMS, folds, sample_weight=np.full(15, weight))
        assert_allclose(other.errors, one.errors, rtol=1e-9)
        assert_allclose(other.mean, one.mean, rtol=1e-12)
        assert_allclose(other.se, one.se, rtol=1e-9)


def known_errors(by_fold, sizes):
    """CrossValidation of a fit whose squared error in fold f is ``by_fold[f]`` in every row, at every lam."""
    fold = np.repeat(np.arange(len(sizes)), sizes)
    y = np.sqrt(np.array(by_fold, float))[fold]
    pairs = [(np.flatnonzero(fold != f), np.flatnonzero(fold == f)) for f in range(len(sizes))]
    return cross_validate(
        lambda X, y, lams: (np.zeros((len(lams), 1)), np.zeros(len(lams))), np.zeros((len(y), 1)), y, [1.0], pairs
    )


def test_mean_and_standard_error_by_hand():
    # Equal folds: errors 1, 2, 6 have mean 3 and variance (4 + 1 + 9) / 2 = 7; se² = 7 / 3.
    cv = known_errors([1, 2, 6], [2, 2, 2])
    assert_allclose((cv.mean[0], cv.se[0]), (3, np.sqrt(7 / 3)), rtol=1e-12)
    # Shares 1/2, 1/4, 1/4: mean 2.5; se² = (2.25/2 + 0.25/4 + 12.25/4) / 2 = 4.25 / 2.
    cv = known_errors([1, 2, 6], [4, 2, 2])
    assert_allclose((cv.mean[0], cv.se[0]), (2.5, np.sqrt(4.25 / 2)), rtol=1e-12)


def test_the_mean_is_the_error_per_row_however_unequal_the_folds():
    X, y = generic(n=11, p=2)
    groups = np.repeat([0, 1, 2, 3], [6, 1, 2, 2])
    cv = cross_validate(ridge_path, X, y, LAMS, k_fold(11, 4, 0, groups=groups))
    squares = np.zeros((11, len(LAMS)))
    for g in range(4):
        W, b = ridge_path(X[groups != g], y[groups != g], LAMS)
        squares[groups == g] = (y[groups == g, None] - X[groups == g] @ W.T - b) ** 2
    assert_allclose(cv.mean, squares.mean(axis=0), rtol=1e-12)


def test_the_standard_error_has_the_right_size_where_the_errors_of_folds_are_independent():
    # A fit that learns nothing: the errors are independent between rows, and the mean has variance 2/n.
    rng = np.random.default_rng(0)
    sizes = [9, 2, 3, 6]
    fold = np.repeat(np.arange(4), sizes)
    pairs = [(np.flatnonzero(fold != f), np.flatnonzero(fold == f)) for f in range(4)]
    nothing = lambda X, y, lams: (np.zeros((1, 1)), np.zeros(1))  # noqa: E731
    found = [cross_validate(nothing, np.zeros((20, 1)), y, [0], pairs) for y in rng.normal(size=(1500, 20))]
    squares = np.array([cv.se[0] ** 2 for cv in found])
    assert abs(squares.mean() - 2 / 20) < 4 * squares.std() / np.sqrt(len(squares))
    assert_allclose(np.var([cv.mean[0] for cv in found]), 2 / 20, rtol=0.15)


def test_repeats_are_averaged_and_do_not_shrink_the_standard_error():
    X, y = generic(n=20, p=3)
    folds = k_fold(20, 4, 0, repeats=30)
    cv = cross_validate(ridge_path, X, y, LAMS, folds)
    one_by_one = [cross_validate(ridge_path, X, y, LAMS, folds[4 * r : 4 * r + 4]) for r in range(30)]
    assert cv.errors.shape == (120, 4)
    assert_allclose(cv.mean, np.mean([one.mean for one in one_by_one], axis=0), rtol=1e-12)
    assert_allclose(cv.se**2, np.mean([one.se**2 for one in one_by_one], axis=0), rtol=1e-12)
    same = cross_validate(ridge_path, X, y, LAMS, folds[:4] * 9)
    assert_allclose(same.se, one_by_one[0].se, rtol=1e-12)


def test_a_repeat_begins_where_a_row_is_tested_again_in_whatever_order_folds_come():
    X, y = generic(n=20, p=3)
    folds = k_fold(20, 4, 0, repeats=3)
    one, other = (cross_validate(ridge_path, X, y, LAMS, pairs) for pairs in (folds, folds[8:] + folds[:8]))
    assert_allclose(other.mean, one.mean, rtol=1e-12)
    assert_allclose(other.se, one.se, rtol=1e-12)


def test_folds_of_scikit_learn_are_taken_and_need_not_test_every_row():
    X, y = generic(n=12, p=2)
    cv = cross_validate(ridge_path, X, y, LAMS, TimeSeriesSplit(3).split(X))
    assert cv.errors.shape == (3, 4)
    assert np.isfinite(cv.se).all()


def test_a_single_split_has_a_mean_but_no_standard_error():
    X, y = generic(n=12, p=2)
    cv = cross_validate(ridge_path, X, y, LAMS, [(np.arange(8), np.arange(8, 12))])
    assert_array_equal(cv.mean, cv.errors[0])
    assert np.isnan(cv.se).all()
    assert cv.best == np.argmin(cv.mean)
    with pytest.raises(ValueError, match="folds has a single test set"):
        _ = cv.one_standard_error


def test_a_function_that_predicts_serves_as_well_as_coefficients():
    X, y = generic(n=20, p=3)

    def predictor(X, y, lams):
        W, b = ridge_path(X, y, lams)
        return lambda X_new: W @ X_new.T + b[:, None]

    folds = k_fold(20, 4, 0)
    one, other = (cross_validate(path, X, y, LAMS, folds) for path in (ridge_path, predictor))
    assert_allclose(other.errors, one.errors, rtol=1e-12)


def test_another_error_is_taken_and_gets_the_weights_where_there_are_some():
    X, y = generic(n=20, p=3)
    s = np.random.default_rng(0).integers(1, 5, size=20).astype(float)
    folds = k_fold(20, 4, 0)

    def absolute(y, prediction, sample_weight=None):
        return mean_absolute_error(y, prediction, sample_weight=sample_weight)

    plain = cross_validate(ridge_path, X, y, LAMS, folds, error=lambda y, prediction: absolute(y, prediction))
    weighted = cross_validate(ridge_path, X, y, LAMS, folds, error=absolute, sample_weight=s)
    for f, (train, test) in enumerate(folds):
        W, b = ridge_path(X[train], y[train], LAMS)
        assert_allclose(plain.errors[f], np.abs(y[test] - W @ X[test].T - b[:, None]).mean(axis=1), rtol=1e-12)
        W, b = ridge_path(X[train], y[train], LAMS, s[train])
        off = np.abs(y[test] - W @ X[test].T - b[:, None])
        assert_allclose(weighted.errors[f], off @ s[test] / s[test].sum(), rtol=1e-12)


def test_one_lam_is_a_path():
    X, y = generic(n=12, p=2)
    folds = k_fold(12, 3, 0)
    cv = cross_validate(ridge_path, X, y, [0.5], folds)
    assert (cv.errors.shape, cv.best, cv.one_standard_error) == ((3, 1), 0, 0)
    assert_allclose(cv.errors, cross_validate(ridge_path, X, y, [0.1, 0.5], folds).errors[:, 1:], rtol=1e-12)


# The rules


@st.composite
def curves(draw):
    """(lams, mean, se), unsorted, with ties in all of them."""
    L = draw(st.integers(1, 8))
    few = st.lists(st.integers(0, 5).map(float), min_size=L, max_size=L)
    return np.array(draw(few)), np.array(draw(few)), np.array(draw(few)) / 2


@examples
@given(curves())
def test_one_standard_error_is_never_less_shrinkage_than_the_best_and_no_worse_than_its_bound(curve):
    lams, mean, se = curve
    best = CrossValidation(lams, None, mean, se).best
    assert mean[best] == mean.min()
    assert lams[best] == lams[mean == mean.min()].max()
    chosen = one_standard_error(lams, mean, se)
    bound = mean[best] + se[best]
    assert lams[chosen] >= lams[best]
    assert mean[chosen] <= bound
    # Whatever shrinks more is worse than the bound.
    assert (mean[lams > lams[chosen]] > bound).all()
    assert mean[chosen] == mean[(lams == lams[chosen])].min()


@examples
@given(curves(), st.randoms(use_true_random=False))
def test_the_rules_choose_the_same_lam_in_any_order(curve, random):
    order = list(range(len(curve[0])))
    random.shuffle(order)
    # Where lam and mean tie but not the standard errors, the curve itself is ambiguous.
    assume(len(set(zip(curve[0], curve[1], strict=True))) == len(order))
    other = [values[order] for values in curve]
    assert other[0][one_standard_error(*other)] == curve[0][one_standard_error(*curve)]


def test_one_standard_error_by_hand():
    lams, mean = [1.0, 0.1, 10.0, 0.01], [2.4, 2.0, 2.6, 2.1]
    assert one_standard_error(lams, mean, [9.0, 0.5, 9.0, 9.0]) == 0  # the se at the least mean counts
    assert one_standard_error(lams, mean, [0.0, 0.3, 0.0, 0.0]) == 1  # 2.1 is within, on the smaller side
    assert one_standard_error(lams, mean, [0.0, 0.75, 0.0, 0.0]) == 2
    assert one_standard_error(lams, mean, np.zeros(4)) == 1
    # A lam that is given twice is the better of the two.
    assert one_standard_error([1.0, 1.0, 0.1], [2.1, 2.0, 3.0], [0.5, 0.5, 0.5]) == 1
    # The region within one standard error need not be connected: the largest lam of it is taken.
    assert one_standard_error([0.1, 1.0, 10.0], [2.0, 3.0, 2.0], [0.1, 0.1, 0.1]) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([-1.0], [1.0], [1.0]), "lams must be >= 0"),
        (([1.0], [np.nan], [1.0]), "mean holds NaN"),
        (([1.0], [1.0], [-1.0]), "se must be >= 0"),
        (([1.0, 2.0], [1.0], [1.0]), "lams, mean and se must be equally long; they have 2, 1 and 1"),
        (([], [], []), "lams is empty"),
    ],
)
def test_curves_that_cannot_be_used_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        one_standard_error(*arguments)


# Nested cross-validation


def test_nested_errors_are_those_of_choosing_and_fitting_again_by_hand():
    X, y = generic(n=24, p=5, seed=3)
    y += 5 * np.random.default_rng(0).normal(size=24)
    outer = k_fold(24, 4, 0, repeats=2)
    for rule in ("best", "one_standard_error"):
        nested = nested_cross_validate(
            ridge_path, X, y, LAMS, outer, lambda rows: k_fold(len(rows), 3, int(rows.sum())), rule=rule
        )
        for fold, (train, test) in enumerate(outer):
            inner = k_fold(len(train), 3, int(train.sum()))
            cv = cross_validate(ridge_path, X[train], y[train], LAMS, inner)
            lam = cv.lams[getattr(cv, rule)]
            w, b = ridge.with_intercept(X[train], y[train], lam)
            assert nested.lams[fold] == lam
            assert_allclose(nested.errors[fold], np.mean((y[test] - X[test] @ w - b) ** 2), rtol=1e-9)
        assert_allclose(nested.mean, nested.errors.mean(), rtol=1e-12)
        parts = nested.errors.reshape(2, 4)
        assert_allclose(nested.se, np.sqrt(np.mean(parts.var(axis=1, ddof=1) / 4)), rtol=1e-12)
        assert len(set(nested.lams)) > 1  # otherwise this would not show that each fold chooses for itself


def test_nested_over_one_lam_is_cross_validation():
    X, y = generic(n=24, p=5)
    folds = k_fold(24, 4, 0)
    nested = nested_cross_validate(ridge_path, X, y, [0.3], folds, lambda rows: k_fold(len(rows), 3, 0))
    cv = cross_validate(ridge_path, X, y, [0.3], folds)
    assert_allclose(nested.errors, cv.errors[:, 0], rtol=1e-12)
    assert_allclose([nested.mean, nested.se], [cv.mean[0], cv.se[0]], rtol=1e-12)


def test_the_least_of_many_means_is_too_good_and_the_nested_mean_is_not():
    # Every lam predicts by noise of its own, so none is better than another: the error is 2 everywhere.
    rng = np.random.default_rng(0)
    lams = np.arange(40.0)

    def noise(X, y, lams):
        return lambda X_new: X_new[:, lams.astype(int)].T

    least, nested = [], []
    for _ in range(40):
        X, y = rng.normal(size=(2, 30, 40))
        folds = k_fold(30, 5, 0)
        cv = cross_validate(noise, X, y[:, 0], lams, folds)
        least.append(cv.mean[cv.best])
        nested.append(nested_cross_validate(noise, X, y[:, 0], lams, folds, lambda rows: k_fold(len(rows), 5, 0)).mean)
    assert np.mean(least) < 1.3
    assert abs(np.mean(nested) - 2) < 3 * np.std(nested) / np.sqrt(len(nested))


# Screening and leakage


def most_correlated(X, y, keep):
    X_centred, y_centred, _, _ = centre(X, y)
    return np.argsort(-np.abs(X_centred.T @ y_centred) / np.linalg.norm(X_centred, axis=0))[:keep]


def screened_path(X, y, lams, keep=20):
    """Ridge on the columns most correlated with the target, among the rows that are given."""
    kept = most_correlated(X, y, keep)
    W = np.zeros((len(lams), X.shape[1]))
    W[:, kept], b = ridge_path(X[:, kept], y, lams)
    return W, b


def misclassified(y, prediction):
    return np.mean(np.sign(prediction) != y)


def test_screening_inside_the_fold_is_unbiased_on_noise_and_outside_looks_near_perfect():
    # Labels are coins, independent of everything: whatever was fitted, half of new ones are missed.
    inside, outside = [], []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        X, y = rng.normal(size=(50, 2000)), rng.choice([-1.0, 1.0], size=50)
        nested = partial(
            nested_cross_validate,
            y=y,
            lams=[0.1, 10.0],
            outer=k_fold(50, 5, seed),
            inner=lambda rows: k_fold(len(rows), 5, 0),
            error=misclassified,
        )
        inside.append(nested(screened_path, X).mean)
        outside.append(nested(ridge_path, X[:, most_correlated(X, y, 20)]).mean)
    assert abs(np.mean(inside) - 0.5) < 3 * np.std(inside) / np.sqrt(12)
    assert np.mean(outside) < 0.1


def test_the_error_with_screening_inside_is_that_on_new_rows_and_outside_a_third_of_it():
    # For a target of noise with variance 1, the error on new rows is 1 + b² + ‖w‖² exactly.
    inside, outside, new = [], [], []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        X, y = rng.normal(size=(50, 2000)), rng.normal(size=50)
        folds = k_fold(50, 5, seed)
        inside.append(cross_validate(screened_path, X, y, [1.0], folds).mean[0])
        outside.append(cross_validate(ridge_path, X[:, most_correlated(X, y, 20)], y, [1.0], folds).mean[0])
        fits = [screened_path(X[train], y[train], [1.0]) for train, _ in folds]
        new.append(np.mean([1 + b[0] ** 2 + W[0] @ W[0] for W, b in fits]))
    off = np.subtract(inside, new)
    assert abs(off.mean()) < 3 * off.std() / np.sqrt(12)
    assert np.mean(outside) < 0.5 < 1 < np.mean(new)


# Agreement with scikit-learn


def test_ridge_errors_agree_with_cross_val_score_over_the_same_folds():
    X, y = generic(n=30, p=5)
    folds = k_fold(30, 5, 0, repeats=2)
    cv = cross_validate(ridge_path, X, y, LAMS, folds)
    for column, lam in zip(cv.errors.T, LAMS, strict=True):
        # All training sets have 24 rows.
        model = Ridge(alpha=ridge_alpha(lam, 24), solver="svd")
        assert_allclose(column, -cross_val_score(model, X, y, cv=folds, scoring="neg_mean_squared_error"), rtol=1e-9)


def test_lasso_errors_agree_with_cross_val_score_over_unequal_folds():
    X, y = generic(n=23, p=4)
    folds = k_fold(23, 4, 0, groups=np.arange(23) // 3)
    lams = [0.1, 10.0, 0.5]
    cv = cross_validate(lasso_path, X, y, lams, folds)
    for column, lam in zip(cv.errors.T, lams, strict=True):
        model = Lasso(alpha=lasso_alpha(lam), tol=1e-14, max_iter=10**6)
        assert_allclose(column, -cross_val_score(model, X, y, cv=folds, scoring="neg_mean_squared_error"), rtol=1e-5)


# Arrays as they come


def test_read_only_fortran_and_integer_arrays_are_taken_and_never_changed():
    X, y = generic(n=15, p=3)
    X, y = np.round(X * 10).astype(int), np.round(y * 10).astype(int)
    s = np.arange(15) % 3
    folds = k_fold(15, 4, 0)
    expected = cross_validate(ridge_path, X.astype(float), y.astype(float), LAMS, folds, sample_weight=s.astype(float))
    for order in "CF":
        X_given, y_given, s_given, lams = np.array(X, order=order), y.copy(), s.copy(), np.array(LAMS)
        for array in (X_given, y_given, s_given, lams, *(rows for pair in folds for rows in pair)):
            array.flags.writeable = False
        cv = cross_validate(ridge_path, X_given, y_given, lams, folds, sample_weight=s_given)
        assert_allclose(cv.errors, expected.errors, rtol=1e-12)


def test_single_precision_reaches_the_fit_and_errors_are_of_its_precision():
    X, y = generic(n=20, p=3)
    folds = k_fold(20, 4, 0)
    seen = set()

    def path(X, y, lams, sample_weight):
        seen.update((X.dtype, y.dtype, sample_weight.dtype))
        return ridge_path(X, y, lams, sample_weight)

    X, y, s = (array.astype(np.float32) for array in (X, y, np.ones(20)))
    cv = cross_validate(path, X, y, LAMS, folds, sample_weight=s)
    assert seen == {np.dtype(np.float32)}
    expected = cross_validate(ridge_path, X.astype(float), y.astype(float), LAMS, folds)
    assert_allclose(cv.errors, expected.errors, rtol=1e-3)
    assert cv.errors.dtype == np.float64


@pytest.mark.parametrize("format", ["csr_array", "csc_array", "coo_array", "csr_matrix"])
def test_sparse_rows_give_the_errors_of_dense_ones_and_are_never_filled(format):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 4)) * (rng.random(size=(30, 4)) < 0.4)
    y, s = X @ [1.0, 2.0, 0.0, -1.0] + rng.normal(size=30), rng.integers(0, 3, size=30).astype(float)
    given, kinds = getattr(sparse, format)(X), set()

    def path(X, y, lams, sample_weight):
        kinds.add(sparse.issparse(X))
        found = [fit(X, y, Quadratic(), L1(), lam, sample_weight=sample_weight, tol=1e-13) for lam in lams]
        return np.stack([result.w for result in found]), np.array([result.b for result in found])

    lams, outer = [0.05, 0.5], k_fold(30, 3, 0)
    inner = lambda rows: k_fold(len(rows), 3, 1)  # noqa: E731
    expected = cross_validate(path, X, y, lams, outer, sample_weight=s)
    choice = nested_cross_validate(path, X, y, lams, outer, inner, sample_weight=s)
    assert kinds == {False}
    kinds.clear()
    found = cross_validate(path, given, y, lams, outer, sample_weight=s)
    nested = nested_cross_validate(path, given, y, lams, outer, inner, sample_weight=s)
    assert kinds == {True}
    assert_allclose(found.errors, expected.errors, rtol=1e-5)
    assert_allclose(nested.errors, choice.errors, rtol=1e-5)
    assert_array_equal(nested.lams, choice.lams)
    assert_array_equal(given.toarray(), X)


def test_columns_that_were_centred_by_all_rows_are_refused():
    X = as_columns(sparse.csr_array(np.eye(12)))
    with pytest.raises(ValueError, match="X has dtype object"):
        cross_validate(ridge_path, X, y12, LAMS, FOLDS)


def test_a_large_offset_costs_no_more_digits_than_it_has():
    X, y = generic(n=20, p=3)
    folds = k_fold(20, 4, 0)
    far = cross_validate(ridge_path, X, y + 1e9, LAMS, folds)
    assert_allclose(far.errors, cross_validate(ridge_path, X, y, LAMS, folds).errors, rtol=1e-4)


def test_a_fit_cannot_change_the_lams_of_the_next_fold():
    X, y = generic(n=12, p=2)
    with pytest.raises(ValueError, match="read-only"):
        cross_validate(lambda X, y, lams: lams.sort(), X, y, LAMS, k_fold(12, 3, 0))


def test_the_result_is_frozen():
    cv = CrossValidation(np.ones(1), np.ones((2, 1)), np.ones(1), np.ones(1))
    with pytest.raises(FrozenInstanceError):
        cv.mean = 0


# What is refused

X12, y12 = generic(n=12, p=2)
FOLDS = k_fold(12, 3, 0)


@pytest.mark.parametrize(("X", "y", "message"), BAD_DATA.values(), ids=BAD_DATA)
def test_bad_data_are_refused(X, y, message):
    with pytest.raises(ValueError, match=message):
        cross_validate(ridge_path, X, y, LAMS, k_fold(6, 3, 0))
    with pytest.raises(ValueError, match=message):
        nested_cross_validate(ridge_path, X, y, LAMS, k_fold(6, 3, 0), lambda rows: k_fold(len(rows), 2, 0))


@pytest.mark.parametrize("lam", [BAD_LAMS[name] for name in ("negative", "NaN", "infinite", "text", "None")])
def test_bad_lams_are_refused(lam):
    for lams in (lam, [lam], []):
        with pytest.raises(ValueError, match=r"^lams "):
            cross_validate(ridge_path, X12, y12, lams, FOLDS)


@pytest.mark.parametrize(
    ("folds", "message"),
    [
        (5, "folds must be pairs"),
        (KFold(3), "folds must be pairs"),
        ([(np.arange(6),)], "folds must be pairs"),
        ([], "folds are empty"),
        (iter(()), "folds are empty.*keep it as a list"),
        (k_fold(13, 3, 0), "folds must be pairs of lists of row numbers from 0 to 11"),
        (k_fold(11, 3, 0), "folds leave row 11 of 12 out"),
        ([(np.arange(-1, 6), np.arange(6, 12))], "row numbers from 0 to 11; split 0 is not"),
        ([(np.arange(12) < 6, np.arange(12) >= 6)], "row numbers from 0 to 11"),
        ([(np.arange(12.0), np.arange(6, 12))], "row numbers from 0 to 11"),
        ([(np.arange(12), np.array([], int))], "row numbers from 0 to 11"),
        ([(np.array([], int), np.arange(12))], "row numbers from 0 to 11"),
        ([(np.arange(12)[None], np.arange(6, 12))], "row numbers from 0 to 11"),
        ([*FOLDS, (np.arange(7), np.arange(6, 12))], "folds must be pairs without a row in both; split 3 is not"),
        ([(np.arange(6), np.array([6, 7, 8, 9, 10, 11, 11]))], "folds must test a row once; fold 0 has one twice"),
        ([*FOLDS, *k_fold(12, 3, 1)[:2]], "folds test some rows more often"),
        ([(np.arange(2, 12), [0, 1]), (np.arange(4, 12), [1, 2]), (np.arange(4, 12), [2, 0])], "more often"),
    ],
)
def test_folds_that_cannot_be_used_are_refused(folds, message):
    with pytest.raises(ValueError, match=message):
        cross_validate(ridge_path, X12, y12, LAMS, folds)


def test_outer_and_inner_folds_that_cannot_be_used_are_refused_by_name():
    with pytest.raises(ValueError, match="outer leave row 11"):
        nested_cross_validate(ridge_path, X12, y12, LAMS, k_fold(11, 3, 0), lambda rows: k_fold(len(rows), 2, 0))
    with pytest.raises(ValueError, match="inner must be pairs of lists of row numbers from 0 to 7"):
        # Row numbers of X in the place of those of the outer training set.
        nested_cross_validate(ridge_path, X12, y12, LAMS, FOLDS, lambda rows: [(rows[:4], rows[4:])])
    with pytest.raises(ValueError, match='rule must be "best" or "one_standard_error"; it is \'min\''):
        nested_cross_validate(ridge_path, X12, y12, LAMS, FOLDS, lambda rows: k_fold(len(rows), 2, 0), rule="min")


@pytest.mark.parametrize(
    "fitted",
    [
        (np.zeros((2, 4)), np.zeros(4)),
        (np.zeros((4, 2)), np.zeros(1)),
        (np.zeros(2), 0.0),
        (np.full((4, 2), np.nan), np.zeros(4)),
        None,
        Result(np.zeros(2), 0.0, 0.0, 0, np.zeros(1)),
        (np.zeros((4, 2)), np.zeros(4), None),
        lambda X: np.zeros(len(X)),
        lambda X: np.zeros((len(X), 4, 1)),
        lambda X: np.full((4, len(X)), np.inf),
    ],
)
def test_fits_that_cannot_be_used_are_refused(fitted):
    with pytest.raises(ValueError, match=r"fit_path must give W of shape \(4, 2\) and b of shape \(4,\)"):
        cross_validate(lambda X, y, lams: fitted, X12, y12, LAMS, FOLDS)


def test_what_is_no_function_is_refused_by_name():
    inner = [(np.arange(4), np.arange(4, 8))]
    for call, name in (
        (lambda: cross_validate(None, X12, y12, LAMS, FOLDS), "fit_path"),
        (lambda: cross_validate(ridge_path, X12, y12, LAMS, FOLDS, error="mse"), "error"),
        (lambda: nested_cross_validate(ridge_path, X12, y12, LAMS, FOLDS, inner), "inner"),
        (lambda: nested_cross_validate(3, X12, y12, LAMS, FOLDS, lambda rows: k_fold(len(rows), 2, 0)), "fit_path"),
    ):
        with pytest.raises(ValueError, match=f"^{name} must be a function; it is "):
            call()


@pytest.mark.parametrize("value", [np.nan, np.inf, None, np.zeros(4), 1j])
def test_errors_that_are_no_finite_number_are_refused(value):
    with pytest.raises(ValueError, match="error must be one finite real number"):
        cross_validate(ridge_path, X12, y12, LAMS, FOLDS, error=lambda y, prediction: value)


def test_weights_that_leave_nothing_to_fit_or_to_test_are_refused():
    s = np.ones(12)
    s[FOLDS[1][0]] = 0
    with pytest.raises(ValueError, match="sample_weight is zero on every training row of fold 1"):
        cross_validate(ridge_path, X12, y12, LAMS, FOLDS, sample_weight=s)
    s = np.repeat([1.0, 0.0], 6)
    with pytest.raises(ValueError, match="sample_weight is zero on every test row"):
        cross_validate(ridge_path, X12, y12, LAMS, [(np.arange(6), np.arange(6, 12))], sample_weight=s)
    for weights in (np.ones(11), -np.ones(12), np.zeros(12)):
        with pytest.raises(ValueError, match=r"^sample_weight "):
            cross_validate(ridge_path, X12, y12, LAMS, FOLDS, sample_weight=weights)
