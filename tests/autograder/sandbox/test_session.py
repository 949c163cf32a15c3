"""A session answers as the function itself would, and no fault costs more than its own call."""

import os
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from packaging.requirements import Requirement

from autograder.checks.base import Callback, Case, Earlier, Limits, Step, call
from autograder.paths import ROOT
from autograder.sandbox import launch
from autograder.sandbox.jail import Level, Sandbox, SandboxUnavailable, open_sandbox, probe
from autograder.sandbox.protocol import ready
from autograder.sandbox.runner import Package, run_answer
from autograder.sandbox.shapes import Malformed

SHORT = Limits(call_seconds=0.5, task_seconds=5.0)


@pytest.fixture
def session(anywhere, files):
    with anywhere.open(files) as opened:
        yield opened


def asked(session, target, *args, limits=SHORT):
    with session.task(limits) as caller:
        return caller(call(target, *args, name="asked"))


def test_a_session_agrees_with_the_function_in_this_process(session, files, problem):
    X, y, lam, expected = problem
    here = Package(files)
    here.load()
    for target, args in (
        ("ridge.closed_form", (X, y, lam)),
        ("ridge.spoil", (X,)),
        ("ridge.fails", ()),
        ("ridge.count", ()),
        ("ridge.nowhere", ()),
        ("ridge.give", ({"a": [X, (1, 2.5, "é")], "b": np.float32(1)},)),
    ):
        a, b = asked(session, target, *args), here.caller()(call(target, *args, name="asked"))
        assert (a.kind, repr(a.values), a.detail, a.message, a.changed) == (
            b.kind,
            repr(b.values),
            b.detail,
            b.message,
            b.changed,
        )
    np.testing.assert_allclose(asked(session, "ridge.closed_form", X, y, lam).value, expected)


def test_a_package_without_problem_has_none(session):
    assert session.problem() is None


def test_a_problem_comes_back_with_its_place(anywhere, files):
    with anywhere.open({**files, "bad.py": "x = 1\ny = x.z\n"}) as session:
        problem = session.problem()
        assert (problem.module, problem.line, problem.type, problem.text) == ("bad", 2, "AttributeError", "y = x.z")
        assert asked(session, "ridge.two", 1).detail == "AttributeError"


def test_a_hang_costs_one_call_and_the_next_is_right(session):
    with session.task(SHORT) as caller:
        hang, right = caller(call("ridge.loop", name="hang")), caller(call("ridge.two", 1, name="right"))
    assert (hang.kind, hang.detail) == ("limit", "time")
    assert right.value == 2


def test_a_crash_costs_one_call_and_says_how(session):
    with session.task(SHORT) as caller:
        crash, right = caller(call("ridge.leave", 3, name="crash")), caller(call("ridge.two", 1, name="right"))
    assert (crash.kind, crash.detail) == ("limit", "crash")
    assert "code 3" in crash.message
    assert right.value == 2


def test_after_two_losses_a_task_is_given_up_and_the_next_task_is_not(session):
    with session.task(SHORT) as caller:
        outcomes = [caller(call("ridge.leave", 1, name="crash")) for _ in range(3)]
        outcomes.append(caller(call("ridge.two", 1, name="right")))
    assert [o.detail for o in outcomes] == ["crash", "crash", "given up", "given up"]
    assert asked(session, "ridge.two", 1).value == 2


def test_the_calls_of_a_task_share_its_time(session):
    with session.task(Limits(call_seconds=5.0, task_seconds=0.3)) as caller:
        assert caller(call("ridge.loop", name="hang")).detail == "task time"
        assert caller(call("ridge.two", 1, name="late")).kind == "limit"


def test_the_tasks_of_a_submission_share_its_time(anywhere, files):
    with anywhere.open(files, seconds=0.4) as session:
        assert asked(session, "ridge.loop").detail in ("time", "submission time")
        start = time.monotonic()
        assert [asked(session, "ridge.loop").detail for _ in range(3)][-1] == "submission time"
        assert time.monotonic() - start < 1.0


def test_a_lost_worker_is_replaced_and_later_calls_go_on(session):
    with session.task(SHORT) as caller:
        assert caller(call("ridge.two", 1, name="before")).value == 2
        session._process._popen.kill()
        session._process._popen.wait()
        assert ready(session._channel._in, 10.0)  # the kernel has ended the fork with its worker
        assert caller(call("ridge.two", 1, name="lost")).kind == "limit"
        assert caller(call("ridge.two", 1, name="after")).value == 2


def test_one_task_does_not_see_what_another_left_in_memory(anywhere):
    with anywhere.open({"m.py": "left = []\ndef f():\n    left.append(1)\n    return len(left)\n"}) as session:
        assert [asked(session, "m.f").value for _ in range(2)] == [1, 1]


def test_time_is_taken_by_our_clock(anywhere):
    text = "import time\ntime.perf_counter = lambda: 0.0\ndef f():\n    time.sleep(0.2)\n    return 1\n"
    with anywhere.open({"m.py": text}) as session:
        assert asked(session, "m.f").seconds > 0.2


def test_steps_and_handles_work_across_the_pipe(session):
    case = Case(
        "s",
        (
            Step("new", "ridge.Model"),
            Step("method", "fit", (Earlier(0), np.ones((2, 2)))),
            Step("get", "coef_", (Earlier(0),)),
        ),
    )
    with session.task(SHORT) as caller:
        np.testing.assert_array_equal(caller(case).value, [2.0, 2.0])


def test_a_callback_runs_on_the_trusted_side_with_trusted_data_and_count(anywhere, files):
    seen = []

    def double(data, x):
        seen.append((data, x, os.getpid()))
        return data * x

    with anywhere.open(files, callbacks={"ridge.double": double}) as session:
        assert asked(session, "ridge.apply", Callback("ridge.double", 2), 21).value == 42
        assert asked(session, "ridge.apply", Callback("ridge.double", 2, max_calls=0), 21).kind == "error"
        assert asked(session, "ridge.apply", Callback("ridge.double", 2), "x" * 9).value == "x" * 18
        assert asked(session, "ridge.apply", Callback("ridge.double", 2), None).detail == "RuntimeError"
    assert seen[0] == (2, 21, os.getpid())


def test_what_a_task_forbids_is_refused_while_it_is_called_and_only_then(session):
    with session.task(SHORT, forbids=("tools.one", "tools.nowhere")) as caller:
        for target in ("ridge.two", "ridge.later"):
            outcome = caller(call(target, 1, name="asked"))
            assert (outcome.kind, outcome.detail) == ("error", "Forbidden")
            assert "tools.one" in outcome.message
        assert caller(call("ridge.give", 1, name="asked")).value == 1
    assert asked(session, "ridge.two", 1).value == 2


def test_the_global_generator_is_the_same_in_every_jail(anywhere):
    values = []
    for _ in range(2):
        with anywhere.open({}) as session:
            values.append(session.answer("import numpy as np\nanswer = np.random.normal()", SHORT).value)
    assert values[0] == values[1]


def test_sessions_in_several_threads_keep_apart(anywhere, files):
    def double(k):
        with anywhere.open(files) as session, session.task(SHORT) as caller:
            return [caller(call("ridge.give", k * 100 + i, name="x")).value for i in range(20)]

    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(double, range(3)))
    assert found == [[k * 100 + i for i in range(20)] for k in range(3)]


def test_an_answer_comes_back_and_an_endless_one_is_a_limit(session):
    assert session.answer("# task: ridge.zeros\nanswer = 'b'\n", SHORT).values == ("b",)
    assert session.answer("x = 1", SHORT).detail == "NameError"
    assert session.answer("while True: pass", SHORT).detail == "time"
    assert session.answer("answer = ['b'] * 3", SHORT).value == ["b", "b", "b"]


def test_environment_and_folder_hold_nothing_of_ours(session, monkeypatch):
    monkeypatch.setenv("SHRINKAGE_SECRET", "x")
    value = session.answer("import os\nanswer = [dict(os.environ), os.listdir('.')]", SHORT).value
    assert sorted(value[0]) == sorted(["HOME", "LANG", "TMPDIR", *launch.ALONE])
    assert value[1] == []


def test_opening_and_six_tasks_take_under_a_second_of_processor_time(anywhere, files, problem):
    X, y, lam, _ = problem
    with anywhere.open(files) as session:  # byte code and caches once
        asked(session, "ridge.closed_form", X, y, lam)
    before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) + time.process_time()
    with anywhere.open(files) as session:
        for _ in range(6):
            with session.task(SHORT) as caller:
                for _ in range(10):
                    assert caller(call("ridge.closed_form", X, y, lam, name="x")).kind == "value"
    assert sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) + time.process_time() - before < 1.0


@pytest.mark.jail
def test_large_arguments_cross_in_a_fraction_of_a_call(jail, files):
    X = np.ones((40, 20_000))
    with jail.open(files) as session:
        outcome = asked(session, "ridge.give", X, limits=Limits())
    np.testing.assert_array_equal(outcome.value, X)
    assert outcome.seconds < 1.0


@pytest.mark.jail
def test_the_jail_holds_only_the_listed_files(jail, files):
    text = (
        "import os\nanswer = [sorted(os.listdir('/jail')), sorted(os.listdir('/jail/autograder/checks')),"
        "os.path.exists('/etc/passwd'), os.path.exists('/proc/self'), sorted(os.listdir('/dev'))]"
    )
    with jail.open(files) as session:
        value = session.answer(text, SHORT).value
    assert set(value[0]) == {"autograder", *(name for _, name in launch.libraries())}
    assert value[1:] == [["base.py"], False, False, ["null", "random", "urandom", "zero"]]


@pytest.mark.jail
def test_nothing_but_the_scratch_folder_can_be_written(jail):
    text = """
import os
answer = []
for folder, _, _ in os.walk("/"):
    try:
        with open(os.path.join(folder, "written"), "w"):
            answer.append(folder)
    except OSError:
        pass
"""
    with jail.open({}) as session:
        assert session.answer(text, Limits(20.0, 20.0)).value == ["/tmp"]


@pytest.mark.jail
def test_no_solution_line_stands_anywhere_in_the_jail(jail):
    marker = "### BEGIN" + " SOLUTION"
    text = f"""
import os
MARK = {marker[:9]!r} + {marker[9:]!r}
answer, read = [], 0
for folder, _, names in os.walk("/"):
    for name in names:
        path = os.path.join(folder, name)
        if name.endswith((".py", ".ipynb", ".npz", ".db", ".json", ".md")) and os.path.isfile(path):
            read += 1
            if MARK in open(path, errors="ignore").read():
                answer.append(path)
answer = [read > 500, answer]
"""
    with jail.open({}) as session:
        assert session.answer(text, Limits(20.0, 20.0)).value == [True, []]


@pytest.mark.jail
def test_nothing_is_left_when_a_session_ends(jail, files):
    with jail.open(files) as session:
        assert asked(session, "ridge.two", 1).value == 2
        space = _namespace(session)
        assert _inside(space)
    _gone(space)


@pytest.mark.jail
def test_a_session_ends_with_its_hang(jail, files):
    with jail.open(files) as session, session.task(SHORT) as caller:
        space = _namespace(session)
        caller(call("ridge.loop", name="hang"))
    _gone(space)


@pytest.mark.jail
def test_a_killed_judge_leaves_no_student_code_running(jail):
    script = """
import sys
from autograder.checks.base import Limits, call
from autograder.sandbox.jail import Level, Sandbox
with Sandbox(Level.A).open({"m.py": "def f():\\n    while True:\\n        pass\\n"}) as session:
    with session.task(Limits(60.0, 60.0)) as caller:
        caller(call("m.nothing", name="imported"))
        print(session._process._popen.pid, flush=True)
        caller(call("m.f", name="hang"))
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT) as judge:
        outer = int(judge.stdout.readline())
        space = _space_below(outer)
        assert len(_inside(space)) >= 3  # bubblewrap's init, the worker, the fork
        judge.kill()
    _gone(space)


def _namespace(session):
    return _space_below(session._process._popen.pid)


def _space_below(outer):
    (child, *_) = Path(f"/proc/{outer}/task/{outer}/children").read_text().split()
    return os.readlink(f"/proc/{child}/ns/pid")


def _inside(space):
    """Processes of a process namespace."""
    found = []
    for path in Path("/proc").glob("[0-9]*/ns/pid"):
        try:
            # A dead process that nobody has waited for does nothing any more.
            state = (path.parent.parent / "stat").read_text().rsplit(")", 1)[1].split()[0]
            if os.readlink(path) == space and state != "Z":
                found.append(path)
        except OSError:
            continue
    return found


def _gone(space):
    assert space != os.readlink("/proc/self/ns/pid")
    until = time.monotonic() + 2.0
    while _inside(space) and time.monotonic() < until:
        time.sleep(0.02)
    assert _inside(space) == []


def test_a_missing_bubblewrap_is_told_with_its_cure_and_never_replaced_silently(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    found = probe()
    assert found.level is Level.D
    assert "apt-get install bubblewrap" in found.details[Level.A]
    with pytest.raises(SandboxUnavailable, match="apt-get install bubblewrap"):
        open_sandbox(Level.A)
    assert open_sandbox().level is Level.D


def test_a_bubblewrap_that_fails_is_no_level_a(monkeypatch, tmp_path):
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    found = probe()
    assert found.level is Level.D
    assert "new namespace" in found.details[Level.A]
    assert "cure" in found.details[Level.A]


@pytest.mark.jail
def test_a_jail_whose_filter_does_not_hold_is_no_level_a(monkeypatch, jail):
    monkeypatch.setattr("autograder.sandbox.seccomp.filter_bytes", lambda: b"")
    assert "filter" in probe().details[Level.A]


def test_what_the_worker_imports_is_all_staged():
    assert {name for _, name in launch.staged()} >= {"autograder/checks/base.py", "numpy"}
    assert not any("__init__" in name for _, name in launch.staged())


def test_the_libraries_are_those_that_the_bundle_asks_for_and_what_they_require():
    asked = (ROOT / "autograder/authoring/bundle_texts/requirements.txt").read_text(encoding="utf-8")
    names = {Requirement(line).name for line in asked.splitlines() if line and not line.startswith("#")}
    assert names - {"jupyterlab"} == set(launch.DISTRIBUTIONS)
    staged = {name for _, name in launch.libraries()}
    assert staged >= {"numpy", "scipy", "sklearn", "matplotlib", "joblib", "threadpoolctl.py"}
    # What the judge itself runs on is not there, nor anything else that stands beside the libraries.
    assert not staged & {"IPython", "nbgrader", "sqlalchemy", "pyseccomp", "jupyter_core", "pytest", "pip"}


LIBRARIES = {
    "scipy": "from scipy.linalg import cho_factor, cho_solve\n"
    "answer = cho_solve(cho_factor(2 * np.eye(300)), np.ones(300))[0]",
    "sklearn": "import sklearn.linear_model\n"
    "answer = sklearn.linear_model.Ridge(alpha=1.0).fit(np.eye(3) * 1.0, np.arange(3.0)).intercept_",
    "joblib": "from sklearn.model_selection import cross_val_score\nfrom sklearn.linear_model import Lasso\n"
    "answer = len(cross_val_score(Lasso(), np.eye(6), np.ones(6), cv=3, n_jobs=2))",
    "matplotlib": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nanswer = 1.0",
}


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_library_works_in_a_sealed_fork_as_it_does_here(anywhere, name):
    cell = f"import numpy as np\n{LIBRARIES[name]}"
    here = run_answer(cell)
    with anywhere.open({}) as session:
        there = session.answer(cell, Limits(30.0, 30.0))
    assert here.kind == there.kind == "value", (here, there)
    assert here.value == pytest.approx(there.value)


def test_what_a_package_imports_at_its_top_is_imported_before_the_fork(anywhere):
    text = "import sys\nBEFORE = 'sklearn.linear_model' in sys.modules\nimport sklearn\ndef f():\n    return BEFORE\n"
    with anywhere.open({"m.py": text}) as session:
        assert asked(session, "m.f").value is True
    with anywhere.open({"m.py": text.replace("import sklearn\n", "")}) as session:
        assert asked(session, "m.f").value is False


def reply(**parts):
    good = {"kind": "value", "values": (1,), "detail": "", "message": "", "changed": (), "n": 1}
    return {**good, **parts}


@pytest.mark.parametrize(
    "forged",
    [
        reply(n=2),
        reply(n=True),
        reply(kind="won"),
        reply(values=[1]),
        reply(values=(1, 2)),
        reply(values=()),
        reply(changed=(-1,)),
        reply(changed=("a",)),
        reply(detail=1),
        reply(message="x" * 301),
        {"n": 1},
        {"ask": "ridge.secret", "args": ()},
        {"earned": 1.0},
        [1],
    ],
)
def test_a_reply_no_honest_fork_sends_is_a_limit_and_never_a_value(files, monkeypatch, forged):
    class Forger:
        def send(self, message, deadline):
            pass

        def receive(self, deadline):
            if type(forged) is not dict:
                raise Malformed("a reply that is no dict")
            return forged

        def close(self):
            pass

    with Sandbox(Level.D).open(files) as session:
        monkeypatch.setattr(session, "_fork", Forger)
        monkeypatch.setattr(session, "_import", lambda seconds: None)
        monkeypatch.setattr(session._process, "end", lambda: 0)
        outcome = asked(session, "ridge.two", 1)
    assert (outcome.kind, outcome.detail) == ("limit", "protocol")
