"""The runner performs cases on a package in memory and disturbs nothing around it."""

import linecache
import sys
import types
import warnings

import numpy as np
import pytest

from autograder.checks.base import Callback, Case, Earlier, Outcome, Ref, Step, call
from autograder.sandbox.runner import ImportProblem, Package, run_answer


@pytest.fixture
def package(files):
    made = Package(files)
    made.load()
    return made


@pytest.fixture
def ask(package):
    caller = package.caller({"ridge.double": lambda data, x: data * x})
    return lambda target, *args: caller(call(target, *args, name="asked"))


def test_a_package_runs_beside_another_of_its_name(files, monkeypatch):
    other = types.ModuleType("shrinkage")
    monkeypatch.setitem(sys.modules, "shrinkage", other)
    monkeypatch.delitem(sys.modules, "shrinkage.tools", raising=False)
    package = Package(files)
    package.load()
    # `later` imports while it is called, and must still find its own package.
    assert package.caller()(call("ridge.later", 1, name="lazy")).value == 2
    assert sys.modules["shrinkage"] is other
    assert "shrinkage.tools" not in sys.modules


def test_two_packages_do_not_see_each_other(files):
    one, two = Package(files), Package({**files, "tools.py": "def one():\n    return 10\n"})
    one.load()
    two.load()
    case = call("ridge.later", 1, name="lazy")
    assert [p.caller()(case).value for p in (one, two, one)] == [2, 11, 2]


def test_the_import_path_is_as_before(package):
    assert not any(type(f).__module__.startswith("autograder.sandbox") for f in sys.meta_path)


@pytest.mark.parametrize(
    ("text", "line", "kind"),
    [
        ("x = 1\ndef f(:\n", 2, "SyntaxError"),
        ("\n\nx = 1 / 0\n", 3, "ZeroDivisionError"),
        ("from shrinkage.tools import two\n", 1, "ImportError"),
        ("import shrinkage.nothing\n", 1, "ModuleNotFoundError"),
        ("import sys\nsys.exit(0)\n", 2, "SystemExit"),
    ],
)
def test_an_import_problem_names_module_line_and_type(files, text, line, kind):
    with pytest.raises(ImportProblem) as caught:
        Package({**files, "broken.py": text}).load()
    problem = caught.value
    assert (problem.module, problem.line, problem.type) == ("broken", line, kind)
    assert problem.text == text.splitlines()[line - 1]
    assert "shrinkage.broken" not in sys.modules


def test_a_problem_is_reported_where_it_is_not_where_it_was_imported(files):
    with pytest.raises(ImportProblem) as caught:
        Package({**files, "a.py": "import shrinkage.b\n", "b.py": "x = 1\nx.y\n"}).load()
    assert (caught.value.module, caught.value.line) == ("b", 2)


def test_tracebacks_can_show_the_students_lines(package):
    assert linecache.getline("<shrinkage/tools.py>", 2) == "    return 1\n"


def test_arguments_are_copied_and_changes_reported_by_position(ask):
    X = np.ones((2, 2))
    outcome = ask("ridge.spoil", X)
    assert outcome.changed == (0,)
    assert (X == 1.0).all()
    assert ask("ridge.two", X).changed == ()


def test_a_change_from_minus_zero_to_zero_is_a_change(files):
    package = Package({"m.py": "def f(a, X):\n    X += 0.0\n    return 1\n"})
    package.load()
    assert package.caller()(call("m.f", 1, np.array([-0.0, np.nan]), name="zero")).changed == (1,)


def test_read_only_and_fortran_arguments_arrive_so(files):
    package = Package({"m.py": "def f(X):\n    return [X.flags.f_contiguous, X.flags.writeable, str(X.dtype)]\n"})
    package.load()
    X = np.asfortranarray(np.ones((2, 3), dtype=np.float32))
    X.flags.writeable = False
    assert package.caller()(call("m.f", X, name="flags")).value == [True, False, "float32"]
    outcome = package.caller()(call("m.f", np.ones((2, 3)), name="flags"))
    assert outcome.value == [False, True, "float64"]


def test_results_are_copied_so_nobody_changes_them_later(files):
    package = Package({"m.py": "import numpy as np\nkept = np.ones(2)\ndef f():\n    kept[:] += 1\n    return kept\n"})
    package.load()
    first = package.caller()(call("m.f", name="first"))
    package.caller()(call("m.f", name="second"))
    np.testing.assert_array_equal(first.value, [2.0, 2.0])


def test_an_exception_is_an_outcome_with_its_type_and_text(ask):
    outcome = ask("ridge.fails")
    assert (outcome.kind, outcome.detail, outcome.message) == ("error", "ValueError", "the text of it")


def test_a_stub_is_an_error_named_not_implemented():
    package = Package({"m.py": "def f():\n    raise NotImplementedError()\n"})
    package.load()
    assert package.caller()(call("m.f", name="stub")).detail == "NotImplementedError"


def test_a_missing_function_is_an_error_not_an_exception(ask):
    assert ask("ridge.nowhere").detail == "AttributeError"
    assert ask("nothing.nowhere").detail == "AttributeError"


def test_a_value_that_does_not_travel_is_named(ask):
    outcome = ask("ridge.count")
    assert (outcome.kind, outcome.detail) == ("error", "Unreturnable")
    assert "generator" in outcome.message


def test_a_long_message_is_cut_and_halves_of_characters_are_replaced():
    package = Package({"m.py": "def f():\n    raise ValueError('\\ud800' + 'x' * 10**6)\n"})
    package.load()
    message = package.caller()(call("m.f", name="long")).message
    assert len(message) <= 300
    message.encode()


def test_output_is_discarded(capsys):
    text = "import sys\nprint('a')\ndef f():\n    print('b')\n    sys.stderr.write('c')\n    return 1\n"
    package = Package({"m.py": text})
    package.load()
    assert package.caller()(call("m.f", name="loud")).value == 1
    assert capsys.readouterr() == ("", "")


def test_warnings_stay_warnings():
    text = "import numpy as np, warnings\ndef f():\n    warnings.warn('x')\n    return np.ones(1) / np.zeros(1)\n"
    package = Package({"m.py": text})
    package.load()
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        assert package.caller()(call("m.f", name="warns")).value[0] == np.inf


def test_the_instructors_interrupt_passes_through():
    package = Package({"m.py": "def f():\n    raise KeyboardInterrupt\n"})
    package.load()
    before = sys.modules.get("shrinkage")
    with pytest.raises(KeyboardInterrupt):
        package.caller()(call("m.f", name="interrupt"))
    assert sys.modules.get("shrinkage") is before


def steps(package, *made, callbacks=None):
    return package.caller(callbacks)(Case("steps", tuple(made)))


def test_handles_live_for_one_case(package):
    X = np.ones((2, 3))
    outcome = steps(
        package,
        Step("new", "ridge.Model", (), {"alpha": 2.0}),
        Step("method", "fit", (Earlier(0), X)),
        Step("get", "coef_", (Earlier(1),)),
        Step("set_params", "", (Earlier(0),), {"alpha": 3.0}),
        Step("clone", "", (Earlier(0),)),
        Step("method", "fit", (Earlier(4), X)),
        Step("get", "coef_", (Earlier(4),)),
        Step("drop", "", (Earlier(0),)),
        Step("get", "alpha", (Earlier(4),)),
    )
    assert outcome.kind == "value", outcome
    assert [type(v).__name__ for v in outcome.values[:2]] == ["NoneType", "NoneType"]
    np.testing.assert_array_equal(outcome.values[2], [4.0, 4.0, 4.0])
    np.testing.assert_array_equal(outcome.values[6], [6.0, 6.0, 6.0])
    assert outcome.value == 3.0
    drop, get = Step("drop", "", (Earlier(0),)), Step("get", "alpha", (Earlier(0),))
    gone = steps(package, Step("new", "ridge.Model"), drop, get)
    assert gone.detail == "AttributeError"


def test_an_iterator_is_asked_step_by_step(package):
    advance = Step("next", "", (Earlier(0),))
    outcome = steps(package, Step("call", "ridge.count"), advance, advance)
    assert outcome.values == (None, 1, 2)
    assert steps(package, Step("call", "ridge.count"), advance, advance, advance).detail == "StopIteration"


def test_a_ref_is_made_on_the_students_side(package):
    outcome = steps(package, Step("get", "alpha", (Ref("ridge.Model", {"alpha": 5.0}),)))
    assert outcome.value == 5.0


def test_a_callback_is_called_with_its_data_and_counted(ask):
    assert ask("ridge.apply", Callback("ridge.double", 2), 21).value == 42
    assert ask("ridge.apply", Callback("ridge.double", 2, max_calls=0), 21).detail == "TooManyCalls"


def test_what_is_forbidden_is_refused_under_every_name_and_comes_back_afterwards(package):
    case = call("ridge.two", 1, name="asked")
    refused = package.caller(forbids=("tools.one",))(case)
    assert (refused.detail, refused.message) == ("Forbidden", "tools.one is not to be used in this task")
    assert package.caller()(case).value == 2


def test_a_dataclass_is_flattened_to_its_fields():
    text = (
        "from dataclasses import dataclass\n@dataclass\nclass R:\n    w: float\n    b: int\n"
        "def f():\n    return R(1.0, 2)\n"
    )
    package = Package({"m.py": text})
    package.load()
    assert package.caller()(call("m.f", name="record")).value == {"w": 1.0, "b": 2}


def test_an_answer_cell_gives_its_answer_and_nothing_else():
    assert run_answer("# task: ridge.zeros\nanswer = 'b'\n").values == ("b",)
    assert run_answer("x = 1").detail == "NameError"
    assert run_answer("%magic").detail == "SyntaxError"
    assert run_answer("answer = object()").detail == "Unreturnable"
    assert run_answer("raise SystemExit").kind == "error"
    assert type(run_answer("answer = 1")) is Outcome
