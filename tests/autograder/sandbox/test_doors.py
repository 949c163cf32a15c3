"""What student code can do at the doors open to it: callbacks, refs, handles, answers.  Each fails closed."""

import numpy as np
import pytest

from autograder.checks import CALLBACKS
from autograder.checks.base import Callback, Case, Earlier, Limits, Ref, Step, call
from autograder.checks.common import point
from autograder.sandbox.jail import Level, Sandbox
from autograder.sandbox.runner import Package, run_answer

SHORT = Limits(2.0, 10.0)
SECRET = 8123456.75


def slope(data, w):
    A, b = data
    return A @ point(w, b) - b


KNOWN = {"m.slope": slope}
B = np.array([SECRET, 2.0, 3.0])
SLOPE = Callback("m.slope", (np.eye(3), B), max_calls=30)
CODE = """
import gc
import threading
import numpy as np

KEPT = []


def once(f):
    return f(np.zeros(3))


def give(f, what):
    return f(*what)


def named(f):
    return f(w=np.zeros(3))


def an_object(f):
    return f(object())


def itself(f):
    return f(f)


def huge(f):
    return f(np.ones((3, 100_000)))


def long(f):
    return f("x" * 2_000_000)


def digits(f):
    return f(10**300)


def a_subclass(f):
    class Array(np.ndarray):
        pass

    return f(np.zeros(3).view(Array))


def persistent(f):
    got = None
    for _ in range(50):
        try:
            got = f(np.zeros(3))
        except RuntimeError as problem:
            kept = f"{type(problem).__name__}: {problem}"
    return kept


def keep(f):
    KEPT.append(f)
    return 1


def later(x):
    return KEPT[0](x)


def dig(x):
    run = next(c.cell_contents for c in KEPT[0].__closure__ if hasattr(c.cell_contents, "tell"))
    return run.tell(0, (x,))


def threads(f):
    found = []
    running = [threading.Thread(target=lambda: found.append(f(np.zeros(3)))) for _ in range(10)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return found


def search(f):
    f(np.zeros(3) + 1)
    arrays = [o for o in gc.get_objects() if isinstance(o, tuple | list | dict)]
    held = [v for o in arrays for v in (o.values() if isinstance(o, dict) else o) if type(v) is np.ndarray]
    return len([v for v in held if v.dtype.kind == "f" and v.size and v.flat[0] == 8123456.75])


class Model:
    def __init__(self, f=None):
        self.f = f

    def ask(self):
        return self.f(np.zeros(3))


class Gone(Model):
    pass


class NoObject:
    def __new__(cls, **kwargs):
        return {"coef_": 1.0}


class Liar:
    def get_params(self, deep=True):
        return {"no such": 1}

    @property
    def coef_(self):
        return self

    @property
    def __class__(self):
        return np.ndarray


def replaced():
    raise SystemExit


Swapped = replaced
"""
FILES = {"__init__.py": "", "m.py": CODE}
SIDES = ("here", pytest.param("A", marks=pytest.mark.jail), "D")


@pytest.fixture(params=SIDES)
def caller(request):
    """A caller in this process, in a jail, and in a fork without walls."""
    if request.param == "here":
        made = Package(FILES)
        made.load()
        yield made.caller(KNOWN)
        return
    level = Level(request.param)
    if level in request.getfixturevalue("found").details:
        pytest.skip(f"LEVEL {level.value} IS NOT TESTED HERE")
    with Sandbox(level).open(FILES, callbacks=KNOWN) as session, session.task(SHORT) as there:
        yield there


def test_a_callback_answers_and_is_counted(caller):
    outcome = caller(call("m.once", SLOPE, name="once"))
    np.testing.assert_array_equal(outcome.value, -B)
    assert outcome.asked == {"m.slope": 1}
    assert caller(call("m.keep", SLOPE, name="none")).asked == {"m.slope": 0}
    assert caller(call("m.replaced", name="without")).asked == {}


@pytest.mark.parametrize(
    ("target", "args", "detail", "said"),
    [
        ("m.give", ((),), "RuntimeError", "TypeError"),
        ("m.give", ((np.zeros(3), 1),), "RuntimeError", "TypeError"),
        ("m.give", ((None,),), "RuntimeError", "ValueError: a real array of shape (3,) is asked"),
        ("m.give", (([0.0, 0.0, 0.0],),), "RuntimeError", "a real array"),
        ("m.give", ((np.zeros((3, 1)),),), "RuntimeError", "a real array"),
        ("m.give", ((np.zeros(3, complex),),), "RuntimeError", "a real array"),
        ("m.give", ((np.array([0.0, np.nan, 0.0]),),), "RuntimeError", "a finite point"),
        ("m.give", ((np.array([0.0, np.inf, 0.0]),),), "RuntimeError", "a finite point"),
        ("m.named", (), "TypeError", "unexpected keyword"),
        ("m.an_object", (), "Unreturnable", "object"),
        ("m.itself", (), "Unreturnable", "function"),
        ("m.a_subclass", (), "Unreturnable", "Array"),
        ("m.huge", (), "RuntimeError", "larger than anything"),
        ("m.long", (), "RuntimeError", "larger than anything"),
        ("m.digits", (), "RuntimeError", "a real array"),
    ],
)
def test_a_wrong_question_is_an_error_in_the_students_code_and_the_next_is_answered(caller, target, args, detail, said):
    outcome = caller(call(target, SLOPE, *args, name="wrong"))
    assert (outcome.kind, outcome.detail) == ("error", detail), outcome
    assert said in outcome.message
    np.testing.assert_array_equal(caller(call("m.once", SLOPE, name="once")).value, -B)


def test_questions_beyond_the_most_are_refused_and_counted(caller):
    outcome = caller(call("m.persistent", SLOPE, name="persistent"))
    assert outcome.value == "TooManyCalls: asked more than 30 times"
    assert outcome.asked == {"m.slope": 50}


def test_two_callbacks_of_one_name_keep_their_own_data_and_count_together(caller):
    other = Callback("m.slope", (np.eye(3), np.ones(3)))
    case = Case("two", (Step("call", "m.once", (SLOPE,)), Step("call", "m.once", (other,))))
    outcome = caller(case)
    np.testing.assert_array_equal(outcome.values[0], -B)
    np.testing.assert_array_equal(outcome.values[1], -np.ones(3))
    assert outcome.asked == {"m.slope": 2}


def test_a_callback_within_a_ref_is_one_too(caller):
    outcome = caller(Case("ref", (Step("method", "ask", (Ref("m.Model", {"f": SLOPE}),)),)))
    np.testing.assert_array_equal(outcome.value, -B)
    assert outcome.asked == {"m.slope": 1}


def test_a_handle_is_dead_after_its_case(caller):
    assert caller(call("m.keep", SLOPE, name="keep")).value == 1
    outcome = caller(call("m.later", np.zeros(3), name="later"))
    assert (outcome.kind, outcome.detail) == ("error", "RuntimeError")
    assert "during its own call only" in outcome.message


@pytest.mark.parametrize("level", [pytest.param(Level.A, marks=pytest.mark.jail), Level.D])
def test_what_digs_the_channel_out_of_a_dead_handle_gets_a_limit(level, found):
    if level in found.details:
        pytest.skip(f"LEVEL {level.value} IS NOT TESTED HERE")
    with Sandbox(level).open(FILES, callbacks=KNOWN) as session:
        with session.task(SHORT) as there:
            assert there(call("m.keep", SLOPE, name="keep")).value == 1
            outcome = there(call("m.dig", np.zeros(3), name="dig"))
        assert (outcome.kind, outcome.detail) == ("limit", "protocol")
        assert session.answer("answer = 2", SHORT).value == 2


def test_threads_get_no_answer_that_is_not_counted(caller):
    outcome = caller(call("m.threads", SLOPE, name="threads"))
    if outcome.kind == "value":
        assert len(outcome.value) == outcome.asked["m.slope"] == 10
        assert all(np.array_equal(v, -B) for v in outcome.value)
    else:
        assert (outcome.detail, outcome.asked) == ("RuntimeError", {"m.slope": 0})


@pytest.mark.parametrize("level", [pytest.param(Level.A, marks=pytest.mark.jail), Level.D])
def test_the_data_of_a_callback_never_reach_student_code(level, found):
    if level in found.details:
        pytest.skip(f"LEVEL {level.value} IS NOT TESTED HERE")
    with Sandbox(level).open(FILES, callbacks=KNOWN) as session, session.task(SHORT) as there:
        assert there(call("m.search", SLOPE, name="search")).value == 0


@pytest.mark.parametrize("ask", [-1, 1, True, 10**9, "m.slope", None, 0.0])
def test_a_question_no_honest_fork_puts_is_a_limit(monkeypatch, ask):
    class Forger:
        def send(self, message, deadline):
            pass

        def receive(self, deadline):
            return {"ask": ask, "args": (np.zeros(3),)}

        def close(self):
            pass

    with Sandbox(Level.D).open(FILES, callbacks=KNOWN) as session:
        monkeypatch.setattr(session, "_fork", Forger)
        monkeypatch.setattr(session, "_import", lambda seconds: None)
        monkeypatch.setattr(session._process, "end", lambda: 0)
        with session.task(SHORT) as there:
            outcome = there(call("m.once", SLOPE, name="forged"))
    assert (outcome.kind, outcome.detail, outcome.asked) == ("limit", "protocol", {"m.slope": 0})


def test_a_ref_whose_class_was_replaced_is_an_error_of_that_code(caller):
    for path in ("m.Swapped", "m.nowhere", "nowhere.Model", "m.KEPT"):
        outcome = caller(call("m.keep", Ref(path, {}), name="replaced"))
        assert outcome.kind == "error", path


@pytest.mark.parametrize(
    "steps",
    [
        (Step("new", "m.NoObject"), Step("method", "fit", (Earlier(0),))),
        (Step("new", "m.NoObject"), Step("get", "coef_", (Earlier(0),))),
        (Step("new", "m.Liar"), Step("get", "coef_", (Earlier(0),))),
        (Step("new", "m.Liar"), Step("clone", "", (Earlier(0),))),
        (Step("new", "m.Liar"), Step("next", "", (Earlier(0),))),
        (Step("new", "m.Liar"), Step("set_params", "", (Earlier(0),), {"a": 1})),
        (Step("new", "m.Model"), Step("answer", "")),
    ],
)
def test_a_faked_handle_gives_an_error_and_never_a_value(caller, steps):
    outcome = caller(Case("faked", steps))
    # What is a handle itself gives None, which no gate lets pass.
    assert outcome.kind == "error" or outcome.value is None


def test_only_the_public_functions_a_chapter_defines_are_callbacks():
    for name in ("ridge._gradient", "ridge.floats", "ridge.np", "ridge.CLOSED_FORM", "ridge", "", "nochapter.f"):
        with pytest.raises(KeyError, match="no callback"):
            CALLBACKS[name]
    assert CALLBACKS["draws.problems"].__name__ == "problems"


def test_a_callback_that_no_chapter_defines_is_the_authors_slip_and_told_at_once():
    made = Package(FILES)
    made.load()
    with pytest.raises(KeyError, match="no callback"):
        made.caller()(call("m.once", Callback("ridge.nothing"), name="slip"))


TRICKS = {
    "dict": "class D(dict):\n    pass\nanswer = D(a=1)",
    "array": "import numpy as np\nclass A(np.ndarray):\n    pass\nanswer = np.zeros(2).view(A)",
    "text": "class S(str):\n    pass\nanswer = {'a': S('b')}",
    "number": "class F(float):\n    pass\nanswer = [F(1.0)]",
    "liar": "import numpy as np\nclass L:\n    __class__ = np.ndarray\nanswer = L()",
    "itself": "answer = []\nanswer.append(answer)",
    "fields": "class R:\n    __dataclass_fields__ = 7\nanswer = R()",
    "raises": "from dataclasses import dataclass\n@dataclass\nclass R:\n    w: float\n"
    "    def __getattribute__(self, name):\n        raise SystemExit\nanswer = R(1.0)",
    "unnamed": "answer = {1: 2}",
    "function": "answer = lambda: 1",
    "generator": "answer = (i for i in range(3))",
    "objects": "import numpy as np\nanswer = np.array([{}, 1], dtype=object)",
    "exit": "import sys\nsys.exit(0)\nanswer = 1",
    "deleted": "answer = 1\ndel answer",
}


@pytest.mark.parametrize("name", TRICKS)
def test_an_answer_with_a_trick_is_an_error_on_every_side(anywhere, name):
    assert run_answer(TRICKS[name]).kind == "error"
    with anywhere.open({}) as session:
        assert session.answer(TRICKS[name], SHORT).kind == "error"
        assert session.answer("answer = 2", SHORT).value == 2


INPUTS = {"X": np.arange(6.0).reshape(3, 2), "lam": 0.5, "names": ["a", "b"]}
ANALYSIS = """
from dataclasses import dataclass

from shrinkage.m import Model


@dataclass
class Found:
    total: float
    names: tuple


made = Model(f=len)
inputs["X"][0] = 0.0
answer = {"rows": made.f(inputs["X"]), "found": [Found(inputs["X"].sum() * inputs["lam"], tuple(inputs["names"]))]}
"""
FOUND = {"rows": 3, "found": [{"total": 7.0, "names": ("a", "b")}]}


def test_an_analysis_runs_on_a_copy_of_its_inputs_and_on_the_students_package(anywhere):
    case = Case("analysis", (Step("answer", "", (), INPUTS),))
    made = Package(FILES)
    made.load()
    assert made.caller(answer=ANALYSIS)(case).value == FOUND
    assert run_answer(ANALYSIS, INPUTS, made).value == FOUND
    with anywhere.open(FILES) as session:
        with session.task(SHORT, answer=ANALYSIS) as there:
            assert there(case).value == FOUND
        assert session.answer(ANALYSIS, SHORT, INPUTS).value == FOUND
    assert INPUTS["X"][0].tolist() == [0.0, 1.0]


def test_an_analysis_starts_afresh_each_time_and_its_errors_and_limits_are_those_of_calls(anywhere):
    case = Case("analysis", (Step("answer", "", (), INPUTS),))
    cell = "answer = 'left' in globals()\nleft = 1"
    with anywhere.open(FILES) as session:
        with session.task(SHORT, answer=cell) as there:
            assert [there(case).value for _ in range(2)] == [False, False]
        with session.task(Limits(0.5, 3.0), answer="while inputs: pass") as there:
            assert (there(case).kind, there(case).detail) == ("limit", "time")
        with session.task(SHORT, answer="x = 1") as there:
            assert there(case).detail == "NameError"
        with session.task(SHORT, forbids=("m.Model",), answer=ANALYSIS) as there:
            assert there(case).detail == "Forbidden"
