"""The same in a real Jupyter kernel and a real process: what a fake shell cannot show."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager, start_new_kernel
from nbgrader import utils
from nbgrader.preprocessors import Execute

from autograder.authoring import notebooks, slicing
from autograder.authoring.pages import PageCell
from autograder.manifest import Manifest
from tests.autograder.student.conftest import as_file, cell, info

Run = Callable[..., dict[str, str]]


@pytest.fixture
def kernel(course: Path) -> Iterator[tuple[KernelManager, Run]]:
    """A kernel in the course folder, and a way to run a cell in it: its outputs by kind."""
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(course), startup_timeout=60)

    def run(code: str, interrupt: bool = False) -> dict[str, str]:
        found: dict[str, str] = {}

        def gather(message: dict[str, Any]) -> None:
            content = message["content"]
            match message["msg_type"]:
                case "stream":
                    found[content["name"]] = found.get(content["name"], "") + content["text"]
                case "display_data":
                    data = content["data"]
                    found["plain"] = data["text/plain"]
                    found.update({kind.split("/")[1]: data[kind] for kind in data if kind != "text/plain"})
                case "execute_result":
                    found["result"] = content["data"]["text/plain"]
                case "error":
                    found["error"] = content["evalue"]
                    found["traceback"] = "\n".join(content["traceback"])
                case "status" if interrupt and content["execution_state"] == "busy":
                    time.sleep(1)
                    manager.interrupt_kernel()

        client.execute_interactive(code, output_hook=gather, timeout=60)
        return found

    try:
        yield manager, run
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_a_student_goes_from_stub_to_a_named_mistake_to_full_marks_and_back(
    course: Path, kernel: tuple[KernelManager, Run]
) -> None:
    _, run = kernel
    path = course / "shrinkage" / "ridge.py"
    before = path.read_bytes()
    where = run("import autograder\nfrom autograder import check, start, undo\nautograder.__file__")["result"]
    assert str(course) in where
    assert "check('ridge.closed_form')" in run("start('ridge', bundle='0123456789ab')")["plain"]

    stub = info("closed_form")
    run(f"# task: {stub.id}\n{stub.imports}\n{stub.stub}")
    said = run("check('ridge.closed_form')")
    assert "result" not in said
    assert "not written yet" in said["plain"]

    run(cell("closed_form", "lam-not-times-n"))
    said = run("check('ridge.closed_form')")
    assert "result" not in said
    assert "This looks like:</strong>" in said["html"]
    assert "error" not in said
    assert "stderr" not in said

    run(cell("closed_form") + "check('ridge.closed_form')\n")
    said = run("check('ridge.closed_form')")
    assert said["plain"].startswith("[passed]")
    use = "import numpy as np\nfrom shrinkage.ridge import closed_form\nprint(closed_form(np.eye(2), np.ones(2), .5))"
    assert run(use)["stdout"] == "[0.5 0.5]\n"

    assert "the stub" in run("undo('ridge.closed_form')")["plain"]
    assert path.read_bytes() == before


def test_an_endless_loop_ends_with_the_stop_button_and_a_sentence(kernel: tuple[KernelManager, Run]) -> None:
    _, run = kernel
    run("from autograder import check")
    first = "    X, y, lam = as_problem"
    run(cell("closed_form").replace(first, f"    while True:\n        pass\n{first}", 1))
    said = run("check('ridge.closed_form')", interrupt=True)
    assert "Interrupted after" in said["plain"]
    assert "error" not in said


def test_check_all_compares_the_saved_file_with_what_ran_and_ends_with_the_stop_button(
    course: Path, manifest: Manifest, kernel: tuple[KernelManager, Run]
) -> None:
    _, run = kernel
    path = course / "ridge.ipynb"
    run("from autograder import check_all, hint\nsolve = len")
    run(cell("closed_form"))
    path.write_text(as_file({}, manifest), encoding="utf-8")
    said = run("check_all('ridge')")
    assert "does not hold what you ran last for ridge.closed_form" in said["plain"].replace("\n    ", " ")
    assert "stderr" not in said
    path.write_text(as_file({"ridge--closed_form": cell("closed_form")}, manifest), encoding="utf-8")
    said = run("check_all('ridge')")
    assert "[mind]" not in said["plain"]
    assert "2 of 2  passed" in said["plain"]
    first = "    X, y, lam = as_problem"
    loop = cell("closed_form").replace(first, f"    while True:\n        pass\n{first}", 1)
    path.write_text(as_file({"ridge--closed_form": loop}, manifest), encoding="utf-8")
    said = run("check_all('ridge')", interrupt=True)
    assert said["plain"] == "Interrupted; nothing was changed.\n"
    assert "error" not in said
    assert "Hint 1 of 2" in run("hint('ridge.closed_form')")["markdown"]


def test_a_trial_at_which_a_passed_cell_ended_is_told(kernel: tuple[KernelManager, Run]) -> None:
    _, run = kernel
    run("from autograder import check")
    trial = cell("closed_form") + "\nassert closed_form(\n    np.eye(2), np.ones(2), 0.5)[0] == 2\n"
    line = trial.splitlines().index("assert closed_form(") + 1
    run("\n\n" + trial)
    said = " ".join(run("check('ridge.closed_form')")["plain"].split())
    assert said.startswith("[passed]")
    assert f"it ended in AssertionError at line {line}, a trial of yours" in said
    run(trial.replace("== 2", "== 0.5"))
    assert "it ended in" not in run("check('ridge.closed_form')")["plain"]


def test_using_inputs_that_are_not_there_is_one_sentence(kernel: tuple[KernelManager, Run]) -> None:
    _, run = kernel
    run("from autograder import inputs_of")
    assert "comes without inputs" in run("inputs = inputs_of('ridge.zeros')")["plain"]
    said = run("inputs['n']")
    assert "comes without inputs" in said["error"]
    assert said["traceback"].count("\n") == 0


def test_the_text_of_a_magic_is_what_was_typed(kernel: tuple[KernelManager, Run]) -> None:
    _, run = kernel
    run("from autograder import check")
    run(cell("closed_form") + "%matplotlib --list\n")
    assert "magic" in run("check('ridge.closed_form')")["plain"]


def test_a_first_and_a_later_check_take_less_than_a_second_of_work(course: Path) -> None:
    code = (
        "import time\nfrom autograder import check\n"
        "for _ in range(2):\n"
        "    began = time.process_time()\n"
        "    check('ridge.closed_form')\n"
        "    print('spent', time.process_time() - began)"
    )
    path = course / "shrinkage" / "ridge.py"
    written = path.read_text(encoding="utf-8").replace("raise NotImplementedError()", "return X[0] * lam", 1)
    path.write_text(written, encoding="utf-8")
    ran = subprocess.run([sys.executable, "-c", code], cwd=course, capture_output=True, encoding="utf-8", check=True)
    seconds = [float(line.split()[1]) for line in ran.stdout.splitlines() if line.startswith("spent")]
    assert len(seconds) == 2
    assert max(seconds) < 1.0


@pytest.mark.parametrize("run", ["autograde", "validate"])
def test_stock_nbgrader_reads_the_points_and_runs_every_cell_behind_an_unanswered_one(
    course: Path, monkeypatch: pytest.MonkeyPatch, run: str
) -> None:
    manifest = Manifest.load(course / "autograder" / "manifest.json")
    question = manifest.task("ridge.zeros")
    assert question is not None
    parts = [PageCell("task", "", question), PageCell("task", "", info("closed_form"))]
    notebook = notebooks.source_notebook([*parts, PageCell("task", "", info("with_intercept"))], manifest, "ridge")
    for found in notebook.cells:
        found.source = slicing.strip(found.source).rstrip("\n")
        if found.id == "ridge--closed_form":
            found.source = cell("closed_form")
    monkeypatch.setenv("NBGRADER_EXECUTION", run)
    ran, _ = Execute().preprocess(notebook, {"metadata": {"path": str(course)}})
    points = {c.id: utils.determine_grade(c) for c in ran.cells if c.cell_type == "code" and utils.is_grade(c)}
    assert points == {
        "ridge--zeros--check": (0.0, 1.0),
        "ridge--closed_form--check": (2.0, 2.0),
        "ridge--with_intercept--check": (0.0, 2.0),
    }
    assert not [o for c in ran.cells for o in c.get("outputs", []) if o.output_type == "error"]
