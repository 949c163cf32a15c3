"""Prerequisites are found in the code, through worked functions and module names."""

from autograder.authoring import prerequisites

FILES = {
    "__init__.py": "",
    "base.py": "def low(x):\n    return x\n\n\ndef unused(x):\n    return x\n",
    "mid.py": "from shrinkage.base import low as deep\n\n\ndef worked(x):\n    return deep(x)\n",
    "top.py": (
        "from shrinkage import mid\nfrom shrinkage.base import unused\n\n\n"
        "def goal(x):\n    return mid.worked(x)\n\n\ndef recursive(x):\n    return recursive(x - 1)\n"
    ),
    "other.py": "def alone():\n    return 1\n",
}


def test_calls_are_followed_through_worked_functions():
    assert prerequisites.closure("top.goal", FILES) == {"mid.worked", "base.low"}


def test_a_function_is_no_prerequisite_of_itself():
    assert prerequisites.closure("top.recursive", FILES) == set()


def test_modules_are_those_listed_and_what_they_import():
    assert prerequisites.modules({"top"}, FILES) == {"__init__.py", "top.py", "mid.py", "base.py"}
    assert prerequisites.modules({"base"}, FILES) == {"__init__.py", "base.py"}


def test_the_reference_names_its_own_prerequisites():
    from autograder.authoring import known

    files = known.reference_files()
    assert prerequisites.closure("ridge.with_intercept", files) >= {"ridge.closed_form"}
    assert "ridge.filter_factors" in prerequisites.closure("ridge.svd_path", files)


ANSWERS = """
from shrinkage.top import recursive
from shrinkage import mid


def _shared(X):
    return mid.worked(X)


def analysis(X):
    return _shared(X)


def key(n):
    return recursive(n)
"""
LOW = "def low(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n"


def test_an_analysis_needs_the_tasks_that_its_reference_calls_and_none_that_a_neighbour_calls():
    files = FILES | {"base.py": LOW}
    assert prerequisites.of_answer("analysis", ANSWERS, files) == ("base.low",)
    assert prerequisites.of_answer("key", ANSWERS, files) == ()
    assert prerequisites.of_answer("nowhere", ANSWERS, files) == ()
