"""Laws of checked arguments: what fits is given back itself, and what cannot be used is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shrinkage.columns import require_invertible
from shrinkage.inputs import as_count, as_design, as_generator, as_labels, as_lam, as_problem, as_weights

from tests.shrinkage.problems import BAD_WEIGHTS, EPS, generic, problems

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=60, deadline=None)


# Checked data


def test_arrays_that_fit_are_given_back_themselves_and_not_copied():
    X, y = generic()
    for order in "CF":
        X = np.array(X, order=order)
        X_checked, y_checked, _ = as_problem(X, y, 1.0)
        assert X_checked is X
        assert y_checked is y


@pytest.mark.parametrize(
    ("x_dtype", "y_dtype", "expected"),
    [
        ("f4", "f4", "f4"),
        ("f4", "f8", "f8"),
        ("f8", "f4", "f8"),
        ("i8", "f4", "f8"),
        ("f2", "f4", "f8"),
        ("g", "f8", "f8"),
        ("?", "u1", "f8"),
        (">f8", "<f8", "f8"),
    ],
)
def test_precision_is_single_only_where_both_are(x_dtype, y_dtype, expected):
    X, y, _ = as_problem(np.eye(2).astype(x_dtype), np.ones(2).astype(y_dtype), 1)
    assert X.dtype == y.dtype == np.dtype(expected)


def test_the_order_of_bytes_is_no_precision():
    X, y = np.arange(4.0).reshape(2, 2), np.ones(2)
    for dtype in (">f4", "<f4", ">f8"):
        found, _, _ = as_problem(X.astype(dtype), y.astype(dtype), 1)
        assert found.dtype == np.dtype(dtype).newbyteorder("=")
        assert (found == X).all()


def test_lam_becomes_a_python_float_which_widens_no_single_precision_array():
    for lam in (1, 1.0, np.float32(1), np.int64(1), np.array(1.0)):
        assert type(as_lam(lam)) is float
    assert (np.ones(1, np.float32) * as_lam(np.float64(2))).dtype == np.float32


def test_n_lam_must_fit_the_precision_of_the_data():
    X, y = np.ones((10, 1), np.float32), np.ones(10, np.float32)
    assert as_problem(X, y, 1e37)[2] == 1e37
    with pytest.raises(ValueError, match="n lam overflows float32"):
        as_problem(X, y, 1e38)


def test_a_matrix_of_numpy_becomes_an_ordinary_array():
    with pytest.warns(PendingDeprecationWarning):
        X = np.matrix([[1.0, 2.0]])
    assert type(as_design(X)) is np.ndarray


# Weights


@examples
@given(st.lists(st.just(0.0) | st.floats(1e-9, 1e9), min_size=1, max_size=9).filter(any), st.integers(-200, 200))
def test_weights_keep_their_ratios_to_the_largest_which_is_one(values, power):
    s = as_weights(values, len(values))
    assert s.max() == 1
    np.testing.assert_allclose(s * max(values), values, rtol=1e-15, atol=1e-300)
    scaled = as_weights(np.array(values) * 2.0**power, len(values))
    np.testing.assert_allclose(scaled, s, rtol=1e-15, atol=1e-250)


@pytest.mark.parametrize("value", [5e-324, 1e-300, 0.1, 3, np.float32(0.7), True, 1e300, 1.7e308])
def test_equal_weights_are_exactly_one_as_none_are(value):
    s = as_weights(np.full(7, value), 7)
    assert s.dtype == np.float64
    assert s.tolist() == as_weights(None, 7).tolist() == [1.0] * 7


def test_weights_of_any_size_leave_sums_that_do_not_overflow():
    assert as_weights([1e300, 1e308, 1e308], 3).sum() == 2 + 1e-8
    assert as_weights([1e-300, 1e300, 0], 3).tolist() == [0, 1, 0]


def test_callers_weights_are_not_changed():
    given_s = np.array([1.0, 2.0])
    given_s.flags.writeable = False
    assert not np.shares_memory(as_weights(given_s, 2), given_s)
    ones = np.ones(2)
    as_weights(ones, 2)[:] = 5
    assert ones.tolist() == [1, 1]


@pytest.mark.parametrize("what", BAD_WEIGHTS)
def test_weights_that_cannot_be_used_are_refused_by_name(what):
    bad, message = BAD_WEIGHTS[what]
    with pytest.raises(ValueError, match=f"^sample_weight {message}"):
        as_weights(bad, 6)


# Counts and labels


def test_a_count_becomes_a_python_integer_and_nothing_else_is_one():
    assert type(as_count(np.uint8(2), "k", 2)) is int
    for value in (1, 2.0, True, "2", None, [2]):
        with pytest.raises(ValueError, match="k must be an integer >= 2"):
            as_count(value, "k", 2)


def test_labels_of_any_type_are_numbered_in_their_order():
    for labels in (["b", "a", "b"], [2.5, -1, 2.5], np.array(["b", "a", "b"], dtype=object), [True, False, True]):
        assert as_labels(labels, "groups", 3).tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([1, 2], r"groups must have one label a row, shape \(3,\)"),
        ([[1], [2], [3]], r"its shape is \(3, 1\)"),
        ([[1], [2, 3], [4]], "groups is not a rectangular array"),
        ([1, np.nan, np.nan], "groups holds NaN"),
        (np.array(["2020", "NaT", "2021"], "M8[D]"), "groups holds NaN"),
        ([None, "a", "b"], "groups has labels that cannot be compared"),
        (np.array([1, "a", 2], dtype=object), "groups has labels that cannot be compared"),
    ],
)
def test_labels_that_cannot_be_used_are_refused(labels, message):
    with pytest.raises(ValueError, match=message):
        as_labels(labels, "groups", 3)


def test_a_seed_repeats_and_a_generator_goes_on():
    def draw(seed):
        return as_generator(seed).integers(10**9)

    assert draw(3) == draw(np.int64(3)) == draw(np.random.SeedSequence(3)) == draw(np.random.default_rng(3))
    rng = np.random.default_rng(3)
    assert as_generator(rng) is rng
    assert draw(rng) != draw(rng)


@pytest.mark.parametrize("bad", [None, -1, 0.5, "0", True, [1], np.random.RandomState])
def test_without_a_seed_there_are_no_random_numbers(bad):
    with pytest.raises(ValueError, match=r"^seed must be an integer >= 0"):
        as_generator(bad)


# What can be inverted


@examples
@given(problems(), st.floats(-14, 3).map(lambda e: 10**e))
def test_a_gram_matrix_that_is_not_refused_can_be_inverted(problem, lam):
    X, _ = problem
    for of, gram in (("XᵀX", X.T @ X), ("XXᵀ", X @ X.T)):
        try:
            require_invertible(X, lam, of)
        except ValueError as refusal:
            assert str(refusal).startswith("lam = ")  # noqa: PT017
            continue
        size = len(gram)
        assert np.linalg.cond(gram + len(X) * lam * np.eye(size)) < 10 / (size * EPS)


def test_a_matrix_of_full_rank_whose_gram_matrix_is_singular_up_to_rounding_is_refused():
    X = np.diag([1.0, 1e-9])
    assert np.linalg.matrix_rank(X) == 2
    with pytest.raises(ValueError, match="of rank 1 and not 2"):
        require_invertible(X, 0.0)


def test_an_ordinary_lam_costs_no_factorisation(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a factorisation was made")

    monkeypatch.setattr(np.linalg, "svd", refuse)
    require_invertible(generic()[0], 1e-6)
