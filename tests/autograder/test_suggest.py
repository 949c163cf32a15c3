"""Laws of the slips: each changes one place, none is the reference, and what the checks say of it is sorted."""

import ast

import pytest

from autograder import suggest
from autograder.authoring import known, pages, slicing, slips
from autograder.checks import tasks

DEFINITION = '''
def f(x, k):
    """Words that are no code: k + 1."""
    k = k + 0
    ### BEGIN SOLUTION
    total = 0.5
    for i in range(k):
        if x[i] > 2 and not k == 3:
            total += x[i] * 2 - g(x, k)  # a comment with + in it
    y = x.T @ x[1:k].copy()
    return y, total
    ### END SOLUTION
'''


def lines(text):
    return text.splitlines()


@pytest.fixture(scope="module")
def made():
    return slips.slips(DEFINITION)


def test_every_slip_is_another_program_and_no_two_are_the_same(made):
    dumps = [ast.dump(ast.parse(slip.text)) for slip in made]
    assert ast.dump(ast.parse(DEFINITION)) not in dumps
    assert len(set(dumps)) == len(dumps)


def test_every_slip_changes_one_line_between_the_markers(made):
    for slip in made:
        changed = [i for i, (a, b) in enumerate(zip(lines(DEFINITION), lines(slip.text), strict=True), 1) if a != b]
        assert changed == [slip.line]
        assert lines(DEFINITION)[slip.line - 1].strip() == slip.before
        assert 5 < slip.line < 12


@pytest.mark.parametrize(
    "after",
    [
        "for i in range(k + 1):",
        "for i in range(k - 1):",
        "if x[i] >= 2 and not k == 3:",
        "if x[i] > 2 or not k == 3:",
        "if x[i] > 2 and (k == 3):",
        "if not (x[i] > 2 and not k == 3):",
        "total -= x[i] * 2 - g(x, k)  # a comment with + in it",
        "total += x[i] * 2 + g(x, k)  # a comment with + in it",
        "total += x[i] * 2 - g(k, x)  # a comment with + in it",
        "total += x[i + 1] * 2 - g(x, k)  # a comment with + in it",
        "total = 1.0",
        "y = x @ x[1:k].copy()",
        "y = x.T @ x[1:k]",
        "y = x.T @ x[2:k].copy()",
        "y = x.T @ x[1:k - 1].copy()",
        "return total, y",
    ],
)
def test_the_slips_that_people_make_are_among_them(made, after):
    assert after in {slip.after for slip in made}


@pytest.fixture(scope="module")
def tried(sandbox):
    info = pages.read_manifest().task("ridge.closed_form")
    return list(suggest.attempts(info, tasks("ridge")[info.id], sandbox))


@pytest.mark.jail
def test_a_slip_that_a_mutant_makes_is_named(tried):
    lost = next(one for one in tried if "X.T @ X + lam * np.eye" in one.slip.after)
    assert lost.named == ["lam-not-times-n"]
    assert not lost.survived


@pytest.mark.jail
def test_every_slip_is_told_once_and_a_declared_one_no_more_as_a_survivor(tried):
    task = tasks("ridge")["ridge.closed_form"]
    survivors = {one.slip.diff for one in tried if one.survived}
    found = suggest.report(task, tried, survivors)
    groups = [found.survived, found.equivalent, found.named, found.gated, *found.unnamed]
    assert sorted(one.slip.text for group in groups for one in group) == sorted(one.slip.text for one in tried)
    assert found.survived == []
    assert {one.slip.diff for one in found.equivalent} == survivors


@pytest.mark.jail
def test_a_slip_that_never_ends_costs_a_moment_and_is_caught(sandbox, monkeypatch):
    monkeypatch.setattr(suggest, "LIMITS", suggest.Limits(call_seconds=0.2, task_seconds=0.6))
    endless = "def filter_factors(d, n, lam):\n    while True:\n        pass\n"
    monkeypatch.setattr(suggest, "slips", lambda _: [slips.Slip("loop", 1, "", "", endless)])
    info = pages.read_manifest().task("ridge.filter_factors")
    (one,) = suggest.attempts(info, tasks("ridge")[info.id], sandbox)
    assert not one.survived
    assert {outcome.kind for outcome in one.outcomes} == {"limit"}


@pytest.mark.jail
def test_an_import_that_takes_long_is_no_slip(sandbox, monkeypatch):
    """The reference itself, as if it were a slip, of an analysis that brings up a library in its first call."""
    monkeypatch.setattr(suggest, "LIMITS", suggest.Limits(call_seconds=0.3, task_seconds=0.6))
    info = pages.read_manifest().task("lasso.diabetes")
    definition = slicing.cut(known.reference_cell(info), "diabetes")
    assert "import sklearn" in known.reference_cell(info) or "from sklearn" in known.reference_cell(info)
    monkeypatch.setattr(suggest, "slips", lambda _: [slips.Slip("none", 1, "", "", definition)])
    (one,) = suggest.attempts(info, tasks("lasso")[info.id], sandbox)
    assert one.survived
