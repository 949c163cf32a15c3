"""The constructors every chapter's checks are made of."""

import numpy as np
import pytest

from autograder.checks.base import Outcome, Trial, answered, call
from autograder.checks.common import (
    Part,
    agrees,
    asks,
    described,
    edge,
    entries,
    failure,
    gates,
    keeps_input,
    law,
    point,
    relative,
    tolerance,
)

W = Part("w", lambda args: (np.shape(args[0])[1],))
B = Part("b", lambda args: ())
X, RIGHT = np.eye(3)[:, :2], np.array([0.123456789, -4.0])


def trial(value, expected=RIGHT, X=X, edge=False, name="some data", **outcome):
    got = value if isinstance(value, Outcome) else Outcome("value", (value,), **outcome)
    return Trial(call("m.f", X, name=name, edge=edge), got, Outcome("value", (expected,)), lambda case: got)


def measured(check, *args, **kwargs):
    return check.test(trial(*args, **kwargs))


RUNS, SHAPE, FINITE = gates(W, section="s")


@pytest.mark.parametrize("value", [RIGHT, np.repeat(RIGHT, 2)[::2], RIGHT.astype("f4")])
def test_an_array_of_any_layout_passes(value):
    for check in (RUNS, SHAPE, FINITE):
        assert measured(check, value).passed


@pytest.mark.parametrize("value", [RIGHT.tolist(), tuple(RIGHT)])
def test_a_list_or_tuple_of_numbers_is_not_an_array_whatever_its_numbers(value):
    assert agrees(W, section="s").test(trial(value)).passed
    said = measured(SHAPE, value).said
    assert said == f"a {type(value).__name__} of length 2, where an array is asked: np.array(...)"
    assert "w is a " in measured(gates(W, B, section="s")[1], (value, 1.0)).said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (5, "it is an int"),
        ({"w": RIGHT}, "it is a dict without 'lam'"),
        ({"w": RIGHT, "lambda": 1.0}, "it is a dict without 'lam' and with another key"),
        ({"w": RIGHT, "lam": 1.0, "secret": 1.0}, "it is a dict with another key"),
        ({"w": RIGHT, "lam": np.array([1.0])}, "'lam' is an array of shape (1,) and type float64; one number is asked"),
        ({"w": 2.0, "lam": 1.0}, "'w' is one number; an array of shape (2,) is asked"),
        ({"w": np.ones(70), "lam": 1.0}, "'w' is an array of another shape and of type float64; an array of"),
    ],
)
def test_a_dict_of_another_form_is_told_from_the_one_that_is_asked(value, said):
    form = entries(lambda given: {"w": (given["X"].shape[1],), "lam": ()}, "s")[1]
    got = Outcome("value", (value,))
    found = form.test(Trial(answered(name="data", X=X), got, Outcome("value", ({},)), lambda case: got))
    assert not found.passed
    assert said in found.said
    assert "secret" not in found.said
    assert "lambda" not in found.said


def test_parts_in_the_wrong_order_are_said_to_be():
    assert measured(gates(W, B, section="s")[1], (1.0, RIGHT)).said.endswith("in this order")


def test_nothing_returned_fails_the_first_gate_and_says_so():
    assert not measured(RUNS, None).passed
    assert "None" in measured(RUNS, None).said


@pytest.mark.parametrize("kind", ["error", "limit"])
def test_no_value_fails_every_check(kind):
    lost = Outcome(kind, detail="time")
    for check in (RUNS, agrees(W, section="s"), keeps_input("X", section="s"), edge(W, section="s")):
        assert not measured(check, lost).passed


@pytest.mark.parametrize("value", [np.zeros(3), np.zeros((2, 1)), 0.0, "01", [[1.0], [1.0, 2.0]], {"w": 1.0}])
def test_another_shape_or_no_numbers_fail_the_second_gate(value):
    got = measured(SHAPE, value)
    assert not got.passed
    assert "w of shape (2,) is asked" in got.said


def test_two_parts_are_asked_for_by_name_and_kind():
    shape = gates(W, B, section="s")[1]
    assert measured(shape, (RIGHT, 1.0)).passed
    assert measured(shape, [RIGHT, np.array(1.0)]).passed
    for wrong in (RIGHT, (1.0, RIGHT), (RIGHT, np.ones(1)), (RIGHT, 1.0, 2.0)):
        assert "w of shape (2,) and the number b is asked" in measured(shape, wrong).said


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_fails_its_gate_and_agreement(bad):
    value = np.array([bad, 1.0])
    assert "1 of 2 numbers" in measured(FINITE, value).said
    assert not measured(FINITE, value).passed
    assert not measured(agrees(W, section="s"), value).passed
    assert not measured(edge(W, section="s"), value, edge=True).passed


def test_agreement_forgives_rounding_and_nothing_more():
    check = agrees(W, section="s")
    assert measured(check, RIGHT * (1 + 1e-9)).passed
    assert not measured(check, RIGHT * (1 + 1e-4)).passed


def test_agreement_names_the_part_that_is_off():
    check = agrees(W, B, section="s")
    assert measured(check, (RIGHT, 2.5), (RIGHT, 2.0)).said.startswith("b off by 2.5e-01 of its size")
    both = measured(check, (1.1 * RIGHT, 9.0), (RIGHT, 2.0))
    assert both.said.startswith("w off by 1.0e-01 of its largest entry")
    assert not both.passed


def test_single_precision_input_is_judged_with_its_own_tolerance():
    assert tolerance(trial(RIGHT), 1e-6) == 1e-6
    assert tolerance(trial(RIGHT, X=X.astype("f4")), 1e-6) == 1e-3
    near = (RIGHT * (1 + 1e-5)).astype("f4")
    assert measured(edge(W, section="s"), near, X=X.astype("f4"), edge=True).passed
    assert not measured(edge(W, section="s"), near, edge=True).passed


def test_a_zero_answer_is_compared_absolutely():
    assert relative(np.full(2, 1e-12), np.zeros(2)) == pytest.approx(1e-12)
    assert relative(np.zeros(2), np.zeros(2)) == 0.0


def test_a_changed_argument_is_named():
    got = measured(keeps_input("X", "y", section="s"), RIGHT, changed=(1,))
    assert not got.passed
    assert got.said == "y changed during the call"
    assert measured(keeps_input("X", "y", section="s"), RIGHT).passed


def test_an_edge_check_takes_only_the_cases_it_is_for():
    wide, others = edge(W, only="wide", section="s"), edge(W, without="wide", section="s")
    assert measured(wide, RIGHT, name="wide", edge=True).passed
    assert measured(wide, RIGHT, edge=True) is None
    assert measured(others, RIGHT, name="wide", edge=True) is None
    assert measured(others, RIGHT, edge=True).passed


def test_what_is_said_holds_neither_expected_values_nor_the_text_of_an_exception():
    hostile = Outcome("error", detail="X = [[0.123456789]]\n" * 9, message="0.123456789")
    said = [failure(hostile), described(RIGHT), described((RIGHT, 0.123456789)), described([0.123456789])]
    for check in (RUNS, SHAPE, FINITE, agrees(W, section="s"), edge(W, section="s")):
        for value in (np.zeros(2), np.zeros(3), np.full(2, np.inf), hostile):
            said.append(check.test(trial(value)).said)
    assert not any("0.1234567" in text or "\n" in text or len(text) > 160 for text in said)
    assert "the stub" in failure(Outcome("error", detail="NotImplementedError"))
    assert failure(Outcome("error", detail="LinAlgError")).endswith("LinAlgError")
    assert failure(Outcome("error", detail="ValueError")).endswith("ValueError")


def test_an_infinity_fails_a_law_without_a_warning():
    check = law("l", "", "", lambda t: agrees(W, section="s").test(trial(t.value - t.value)), section="s")
    assert not measured(check, np.array([np.inf, 1.0])).passed


def test_a_record_is_read_by_the_names_of_its_parts():
    check = agrees(W, B, section="s")
    assert measured(check, {"b": 2.0, "w": RIGHT, "n_iter": 3}, (RIGHT, 2.0)).passed
    assert not measured(check, {"b": 2.0, "v": RIGHT}, (RIGHT, 2.0)).passed


def test_questions_are_judged_by_our_count_whatever_came_back():
    check = asks("m.slope", lambda t: 5, section="s")
    assert measured(check, RIGHT, asked={"m.slope": 5}).passed
    assert measured(check, RIGHT, asked={"m.slope": 6}).said.startswith("the function it was given was asked 6 times")
    lost = Outcome("limit", detail="time", asked={"m.slope": 9})
    assert "asked 9 times" in measured(check, lost).said
    assert not measured(check, Outcome("error", detail="TooManyCalls")).passed


POINTLESS = (np.zeros(3), np.zeros((2, 1)), [0.0, 0.0], np.array([np.nan, 0]), np.zeros(2, complex))


@pytest.mark.parametrize("value", POINTLESS)
def test_only_a_finite_point_of_the_right_shape_meets_the_data(value):
    with pytest.raises(ValueError, match="is asked"):
        point(value, RIGHT)
    np.testing.assert_array_equal(point(np.array([1, 2]), RIGHT), [1.0, 2.0])
