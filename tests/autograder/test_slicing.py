"""Slicing: text is cut, blanked and spliced as it stands."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.authoring import slicing

MODULE = '''"""A module."""

import numpy as np

SCALE = 2.0


def helper(x):
    return x


@staticmethod
def task(X, lam):
    """Do it."""
    X = helper(X)  # kept
    ### BEGIN SOLUTION
    secret_of_the_reference = np.linalg.solve(X, lam)
    return secret_of_the_reference
    ### END SOLUTION


def after(x):
    # a comment that must survive
    return task(x, SCALE)
'''


def test_cut_holds_decorators_and_comments():
    assert slicing.cut(MODULE, "task").startswith("@staticmethod\ndef task")
    assert "# a comment that must survive" in slicing.cut(MODULE, "after")


def test_replacing_a_definition_by_itself_changes_nothing():
    for name in ("helper", "task", "after"):
        assert slicing.replace(MODULE, name, slicing.cut(MODULE, name)) == MODULE


def test_strip_leaves_every_line_outside_the_markers_and_none_inside():
    stub = slicing.strip(MODULE)
    assert "secret_of_the_reference" not in stub
    assert "    # YOUR CODE HERE\n    raise NotImplementedError()\n" in stub
    assert "X = helper(X)  # kept" in stub
    assert slicing.secrets(MODULE) == {
        "secret_of_the_reference = np.linalg.solve(X, lam)",
        "return secret_of_the_reference",
    }


def test_strip_of_a_stub_is_itself():
    assert slicing.strip(slicing.strip(MODULE)) == slicing.strip(MODULE)


@pytest.mark.parametrize("margin", ["", "  ", "\t", " " * 12])
def test_a_block_takes_the_place_and_the_indentation_of_its_region(margin):
    """However far its author moved it to the right, its lines keep their places to each other."""
    block = f"{margin}for x in X:\n{margin}    lam = x\n\n{margin}return lam\n"
    filled = slicing.fill(MODULE, [block])
    wanted = "    X = helper(X)  # kept\n    for x in X:\n        lam = x\n\n    return lam\n\n\ndef after"
    assert wanted in filled
    assert not list(slicing.regions(filled))


def test_a_block_may_be_empty_where_a_line_is_missing():
    assert "    X = helper(X)  # kept\n\n\ndef after" in slicing.fill(MODULE, [""])


@pytest.mark.parametrize("blocks", [[], ["pass", "pass"]])
def test_blocks_and_regions_must_be_equally_many(blocks):
    with pytest.raises(ValueError, match=f"{len(blocks)} given for 1 marked"):
        slicing.fill(MODULE, blocks)


def test_only_definitions_with_markers_are_tasks():
    assert slicing.is_task(MODULE, "task")
    assert not slicing.is_task(MODULE, "after")


def test_needed_imports_are_those_the_text_uses():
    assert slicing.needed_imports(MODULE, "def f():\n    return np.ones(2)\n") == "import numpy as np\n"
    assert slicing.needed_imports(MODULE, "def f():\n    return 1\n") == ""


@pytest.mark.parametrize("text", ["### END SOLUTION\n", "### BEGIN SOLUTION\n", "### BEGIN SOLUTION\n" * 2])
def test_unpaired_markers_are_an_error(text):
    with pytest.raises(ValueError, match="SOLUTION"):
        list(slicing.regions(text))


CELL = "# task: m.task\nimport numpy as np\n\nEPS = 1e-12\n\ndef task(X, lam):\n    return X * lam + EPS\n"


def test_splice_puts_the_whole_cell_in_the_stubs_place():
    spliced = slicing.splice(slicing.strip(MODULE), "task", CELL)
    assert CELL.strip() in spliced
    assert "YOUR CODE HERE" not in spliced
    compile(spliced, "m.py", "exec")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_splice_reads_every_line_ending_alike(ending):
    expected = slicing.splice(MODULE, "task", CELL)
    assert slicing.splice(MODULE, "task", "\ufeff" + CELL.replace("\n", ending)) == expected


@pytest.mark.parametrize(
    ("cell", "line", "reason"),
    [
        ("%matplotlib inline\ndef task(X, lam): pass", 1, "magic"),
        ("x = 1\n!ls\ndef task(X, lam): pass", 2, "magic"),
        ("def task(X, lam):\n    return (", 2, "not valid Python"),
        ("from __future__ import annotations\ndef task(X, lam): pass", 1, "__future__"),
        ("from numpy import *\ndef task(X, lam): pass", 1, "import *"),
        ("def tusk(X, lam): pass", 1, "does not define 'task'"),
        ("task = lambda X, lam: X", 1, "plain 'def'"),
        ("def task(X, lam): pass\ndef helper(x): return 0", 2, "'helper' is already in the package"),
        ("SCALE = 3\ndef task(X, lam): pass", 1, "'SCALE' is already taken"),
        ("import scipy as np\ndef task(X, lam): pass", 1, "'np' is already taken"),
        ("if True:\n    SCALE = 3\ndef task(X, lam): pass", 2, "'SCALE' is already taken"),
        ("for SCALE in [1]: pass\ndef task(X, lam): pass", 1, "'SCALE' is already taken"),
        ("(a, (helper, b)) = 1, (2, 3)\ndef task(X, lam): pass", 1, "'helper' is already in the package"),
        ("def task(X, lam=(SCALE := 3)): pass", 1, "'SCALE' is already taken"),
        ("def task(X, lam):\n    global SCALE\n    SCALE = 3", 2, "'SCALE' is already taken"),
        ("x = [(SCALE := i) for i in [1]]\ndef task(X, lam): pass", 1, "'SCALE' is already taken"),
        ("match 1:\n    case SCALE: pass\ndef task(X, lam): pass", 2, "'SCALE' is already taken"),
        ("try: pass\nexcept E as helper: pass\ndef task(X, lam): pass", 2, "'helper' is already in the package"),
        ("try:\n    pass\nexcept E:\n    after = 1\ndef task(X, lam): pass", 4, "'after' is already in the package"),
    ],
)
def test_a_cell_that_cannot_be_spliced_is_refused_with_its_line(cell, line, reason):
    with pytest.raises(slicing.Refused) as refused:
        slicing.splice(MODULE, "task", cell)
    assert (refused.value.line, reason in refused.value.reason) == (line, True), refused.value.reason


def test_two_cells_may_not_bind_the_same_name_but_may_share_an_import():
    module = MODULE.replace("def after", "def second").replace("task(x, SCALE)", "x")
    once = slicing.splice(module, "task", "import math\nTOL = 1\ndef task(X, lam): return math.pi")
    slicing.splice(once, "second", "import math\ndef second(x): return math.e")
    with pytest.raises(slicing.Refused, match="'TOL' is already taken"):
        slicing.splice(once, "second", "TOL = 2\ndef second(x): return TOL")


@given(st.text(max_size=200))
@example("*0")
@example("return 1")
def test_splice_refuses_or_yields_a_module_that_parses(cell):
    try:
        spliced = slicing.splice(MODULE, "task", cell + "\ndef task(X, lam):\n    return X\n")
    except slicing.Refused:
        return
    compile(spliced, "m.py", "exec")


@pytest.mark.parametrize("text", ["# task: ridge.closed_form\nx", "#task: ridge.closed_form  \r\nx"])
def test_a_cell_names_its_task_in_its_first_line(text):
    assert slicing.task_of(text) == "ridge.closed_form"
    assert slicing.task_of("x\n" + text) is None


@pytest.mark.parametrize("separator", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_separators_that_are_no_newlines_do_not_shift_later_cuts(separator):
    cell = f'# task: m.task\nNOTE = "a{separator}b"\ndef task(X, lam):\n    return NOTE\n'
    spliced = slicing.splice(MODULE, "task", cell)
    assert slicing.cut(spliced, "after") == slicing.cut(MODULE, "after")


@pytest.mark.parametrize(
    "cell",
    [
        "if 0: pass\n" + "elif 0: pass\n" * 900 + "else: x = [" + "0, " * 10_000 + "]\n",
        "".join("    " * i + "if 1:\n" for i in range(90)) + "    " * 90 + "x = 1\n",
        "x = [" + "0, " * 19_000 + "]\n",
    ],
)
def test_a_long_or_deep_cell_is_read_in_little_time(cell):
    """Counted in steps of the walk, not in seconds: each node is met once."""
    tree = slicing.ast.parse(cell)
    met = sum(1 for _ in slicing.ast.walk(tree))
    names = list(slicing.bound_names(tree.body))
    assert len(names) <= met
    slicing.splice(MODULE, "task", cell + "\ndef task(X, lam):\n    return X\n")


def test_names_bound_inside_a_function_are_its_own():
    slicing.splice(MODULE, "task", "def task(X, lam):\n    SCALE = helper = 1\n    return [SCALE for SCALE in X]\n")
