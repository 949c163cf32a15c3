"""nbgrader's own commands and formgrader, as an instructor runs them, on a course of ours."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from autograder import gradebook, results

BIN = Path(sys.executable).parent

# The judge itself has its own tests: here a result stands for it, in the file that nbgrader reads.
FIXED_JUDGE = """
from autograder import results
from autograder.verdict import Verdict

def result_for(course, assignment, student):
    if student == "nobody":
        return None
    tasks = course.release(assignment).chapter.tasks
    judged = [(t, t.points / 2, Verdict(t.id, 0.5)) for t in tasks if t.kind != "explain"]
    found = tuple(results.TaskResult(t.id, points, t.points, verdict) for t, points, verdict in judged)
    return results.SubmissionResult(student, assignment, "", "A", found)

results.result_for = result_for
"""


@pytest.fixture(autouse=True)
def own_judge(monkeypatch):
    """The settings that put `FIXED_JUDGE` in the judge's place are read in this process too: it is put back."""
    monkeypatch.setattr(results, "result_for", results.result_for)


def environment():
    # Without our programs on PATH: the course's own settings must find them.
    return {**os.environ, "PATH": "/usr/bin:/bin", "JUPYTER_NO_CONFIG": "1"}


def nbgrader(course, *arguments):
    return subprocess.run(
        [BIN / "nbgrader", *arguments], cwd=course.root, env=environment(), capture_output=True, text=True, timeout=100
    )


def half(classroom):
    """Half of the points of everything that a check judges."""
    return sum(task.points for task in classroom.result("anybody").tasks) / 2


@pytest.fixture
def live(classroom, by_id):
    config = classroom.course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + FIXED_JUDGE)

    def damaged(nb):
        graded = by_id(nb)["ridge--closed_form--check"]
        nb["cells"].insert(3, graded)
        nb["cells"] = [c for c in nb["cells"] if c["id"] != "ridge--svd_path--check"]
        by_id(nb)["ridge--zeros--check"].update(cell_type="markdown")
        by_id(nb)["ridge--dual_coef"]["metadata"]["nbgrader"] = {"grade": True, "schema_version": 99}

    classroom.hand_in("ada")
    classroom.hand_in("ben", damaged)
    classroom.hand_in("chloe").write_text("{")
    classroom.hand_in("nobody")
    return classroom


def test_stock_commands_run_from_release_to_export(live):
    course = live.course
    for arguments in (
        ("generate_assignment", "ridge", "--force"),
        ("autograde", "ridge"),
        ("generate_feedback", "ridge"),
        ("export",),
    ):
        done = nbgrader(course, *arguments)
        assert done.returncode == 0, done.stderr
    scores = {s.student: s.score for s in gradebook.scores(course, "ridge")}
    assert scores == {"ada": half(live), "ben": half(live), "chloe": half(live), "nobody": 0.0}
    exported = (course.root / "grades.csv").read_text()
    assert all(name in exported for name in scores)
    for name in scores:
        assert "<h1>Feedback on ridge</h1>" in (course.feedback / name / "ridge" / "ridge.html").read_text()
    noted = json.loads((course.autograded / "ben" / "ridge" / "ridge.ipynb").read_text())["metadata"]["shrinkage"]
    assert len(noted["repairs"]) == 4


def ask(url, method="GET"):
    request = urllib.request.Request(url, method=method, headers={"Authorization": "token abc"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as problem:
        return problem.code, problem.read().decode()


def test_formgrader_shows_what_was_committed_grades_by_its_button_and_runs_nothing_of_the_students(classroom):
    course = classroom.course
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + FIXED_JUDGE)

    def attack(nb):
        next(c for c in nb["cells"] if c["id"] == "ridge--always_better")["source"] = "Hm <script>alert('me')</script>"

    classroom.hand_in("ada", attack)
    gradebook.commit(course, [classroom.result("ada")])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [BIN / "jupyter", "server", "--no-browser", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    command += ["--IdentityProvider.token=abc", "--ServerApp.allow_root=True"]
    command += ["--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"]
    env = {**environment(), "JUPYTER_RUNTIME_DIR": str(course.root.parent / "runtime")}
    log = course.root.parent / "server.log"
    with open(log, "w") as out:
        server = subprocess.Popen(command, cwd=course.root, env=env, stdout=out, stderr=out)
    try:
        base, deadline = f"http://127.0.0.1:{port}", time.monotonic() + 120
        while True:
            assert server.poll() is None, log.read_text()
            try:
                status, page = ask(f"{base}/formgrader/manage_assignments")
                break
            except OSError:
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.3)
        assert status == 200
        assert "formgrader" in page.lower()
        status, listed = ask(f"{base}/formgrader/api/submissions/ridge")
        assert status == 200, log.read_text()
        (ada,) = json.loads(listed)
        assert (ada["student"], ada["score"], ada["needs_manual_grade"]) == ("ada", 2 * half(classroom), True)
        status, listed = ask(f"{base}/formgrader/api/submitted_notebooks/ridge/ridge")
        status, page = ask(f"{base}/formgrader/submissions/{json.loads(listed)[0]['id']}")
        assert status == 200, log.read_text()
        assert "The gradient vanishes." in page
        assert "alert('me')" not in page
        status, done = ask(f"{base}/formgrader/api/submission/ridge/ada/autograde", "POST")
        assert (status, json.loads(done)["success"]) == (200, True), done
        assert gradebook.scores(course, "ridge")[0].score == half(classroom)
    finally:
        server.terminate()
        server.wait(20)
