"""`check` as a student meets it, on a real bundle copied elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.authoring import notebooks, slicing
from autograder.manifest import Manifest
from autograder.sandbox import launch
from autograder.student import cells, restore, start, table, undo
from autograder.student import check as check_of_students
from autograder.student import earned as check
from tests.autograder.student.conftest import Shell, cell, info

Notebook = tuple[Shell, list[dict[str, str]]]


def said(shown: list[dict[str, str]]) -> str:
    """The last thing displayed, as running text."""
    return " ".join(shown[-1]["text/plain"].replace("|", " ").split())


def ridge(course: Path) -> str:
    return (course / "shrinkage" / "ridge.py").read_text(encoding="utf-8")


def test_a_right_cell_earns_all_points_and_enters_the_package(course: Path, notebook: Notebook) -> None:
    shell, shown = notebook
    shell.run(cell("closed_form"))
    earned = check("ridge.closed_form")
    assert type(earned) is float
    assert earned == 2.0
    assert "Saved into shrinkage/ridge.py" in said(shown)
    code = "import numpy as np; from shrinkage.ridge import closed_form as f; print(f(np.eye(2), np.ones(2), 0.5))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=course, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[0.5 0.5]"


def test_a_named_mistake_is_named_first_and_nothing_is_saved(course: Path, notebook: Notebook) -> None:
    shell, shown = notebook
    before = ridge(course)
    shell.run(cell("closed_form", "lam-not-times-n"))
    assert check("ridge.closed_form") < 2.0
    text = shown[-1]["text/plain"]
    assert text.index("This looks like:") < text.index("[not passed]")
    assert "Read: sec-ridge-scale" in said(shown)
    assert said(shown).count("Came back:") == 1
    assert ridge(course) == before


def test_the_stub_is_said_to_be_unwritten_and_earns_nothing(course: Path, notebook: Notebook) -> None:
    shell, shown = notebook
    shell.run("# task: ridge.closed_form\n" + info("closed_form").imports + "\n" + info("closed_form").stub)
    assert check("ridge.closed_form") == 0.0
    assert "`closed_form` is not written yet" in said(shown)


def test_the_cell_run_last_is_the_one_that_counts(notebook: Notebook) -> None:
    shell, _ = notebook
    shell.run(cell("closed_form"))
    shell.run(cell("closed_form", "minus-lam"))
    shell.run("1 + 1")
    assert check("ridge.closed_form") < 2.0


def test_check_may_stand_in_the_cell_it_judges_and_is_not_saved_with_it(course: Path, notebook: Notebook) -> None:
    shell, _ = notebook
    calls = "from autograder import check\nscore = check('ridge.closed_form')\ncheck(\n  'ridge.closed_form')\n"
    shell.run(cell("closed_form") + calls)
    assert check("ridge.closed_form") == 2.0
    assert "check(" not in ridge(course)
    assert "autograder" not in ridge(course)


def test_a_second_version_replaces_the_first_with_its_helpers(course: Path, notebook: Notebook) -> None:
    shell, _ = notebook
    first = cell("closed_form").replace("def closed_form", "def helper():\n    return 1\n\n\ndef closed_form", 1)
    shell.run(first)
    assert check("ridge.closed_form") == 2.0
    assert "def helper" in ridge(course)
    shell.run(first.replace("return 1", "return 2"))
    assert check("ridge.closed_form") == 2.0
    assert ridge(course).count("def helper") == 1
    assert "return 2" in ridge(course)
    shell.run(cell("closed_form"))
    assert check("ridge.closed_form") == 2.0
    assert "def helper" not in ridge(course)


def test_undo_goes_back_step_by_step_to_the_stub(course: Path, notebook: Notebook) -> None:
    shell, shown = notebook
    stub = ridge(course)
    shell.run(cell("closed_form"))
    check("ridge.closed_form")
    first = ridge(course)
    shell.run(cell("closed_form") + "\n# second version\n")
    check("ridge.closed_form")
    assert ridge(course) not in (stub, first)
    undo("ridge.closed_form")
    assert ridge(course) == first
    assert "your version before that" in said(shown)
    undo("ridge.closed_form")
    assert ridge(course) == stub
    assert "the stub" in said(shown)
    undo("ridge.closed_form")
    assert "No saved version" in said(shown)


def test_undo_keeps_what_was_edited_by_hand(course: Path, notebook: Notebook) -> None:
    shell, _ = notebook
    shell.run(cell("closed_form"))
    check("ridge.closed_form")
    edited = ridge(course).replace("# end of ridge.closed_form", "# my note\n# end of ridge.closed_form")
    (course / "shrinkage" / "ridge.py").write_text(edited, encoding="utf-8")
    undo("ridge.closed_form")
    assert ".shrinkage/ridge.closed_form/edited-by-hand-1.py" in said(notebook[1])
    assert "# my note" not in ridge(course)
    kept = (course / ".shrinkage" / "ridge.closed_form" / "edited-by-hand-1.py").read_text(encoding="utf-8")
    assert "# my note" in kept


def test_line_ends_and_letters_of_a_file_survive_saving_and_undoing(course: Path, notebook: Notebook) -> None:
    shell, _ = notebook
    path = course / "shrinkage" / "ridge.py"
    path.write_bytes(b"\xef\xbb\xbf" + ridge(course).replace("\n", "\r\n").encode())
    before = path.read_bytes()
    shell.run(cell("closed_form").replace("def closed_form", "# λ wie im Buch: »n·λ«\ndef closed_form", 1))
    assert check("ridge.closed_form") == 2.0
    after = path.read_bytes()
    assert "»n·λ«".encode() in after
    assert after.startswith(b"\xef\xbb\xbf")
    assert after.count(b"\n") == after.count(b"\r\n")
    undo("ridge.closed_form")
    assert path.read_bytes() == before


def test_saved_work_comes_back_after_a_zip_was_unpacked_over_the_folder(course: Path, notebook: Notebook) -> None:
    shell, shown = notebook
    stub = ridge(course)
    shell.run(cell("closed_form"))
    check("ridge.closed_form")
    saved = ridge(course)
    (course / "shrinkage" / "ridge.py").write_text(stub, encoding="utf-8")
    start("ridge", bundle="0123456789ab")
    assert "restore()" in said(shown)
    restore()
    assert ridge(course) == saved


def test_a_later_task_uses_the_student_s_own_earlier_one(course: Path, notebook: Notebook) -> None:
    shell, shown = notebook
    shell.run(cell("with_intercept"))
    assert check("ridge.with_intercept") == 0.0
    assert "This builds on ridge.closed_form" in said(shown)
    shell.run(cell("closed_form"))
    check("ridge.closed_form")
    assert check("ridge.with_intercept") == 2.0


def test_a_name_from_another_cell_is_named(notebook: Notebook) -> None:
    shell, shown = notebook
    shell.user_ns["solve_it"] = np.linalg.solve
    shell.run(cell("closed_form").replace("np.linalg.solve", "solve_it"))
    assert check("ridge.closed_form") == 0.0
    assert "`solve_it` is known in this notebook" in said(shown)


def test_the_words_of_an_error_are_repeated(notebook: Notebook) -> None:
    shell, shown = notebook
    shell.run(cell("closed_form").replace("np.linalg.solve(", "np.linalg.solve(X, X) @ (", 1))
    assert check("ridge.closed_form") == 0.0
    assert "it raised LinAlgError in line" in said(shown)
    assert "must be square" in said(shown)


def test_a_name_needed_at_import_is_named(notebook: Notebook) -> None:
    shell, shown = notebook
    shell.user_ns["X"] = np.eye(2)
    shell.run(cell("closed_form").replace("return ", "return SCALE * ") + "\nSCALE = X[0, 0]\n")
    assert check("ridge.closed_form") == 0.0
    assert "`X` is known in this notebook" in said(shown)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda text: text + "%timeit 1\n", "magic"),
        (lambda text: text.replace("return", "retrun", 1), "not valid Python"),
        (
            lambda text: text.replace("def closed_form", "def close_form"),
            "does not define 'closed_form'; it defines 'close_form'.",
        ),
        (
            lambda text: "# task: ridge.closed_form\n" + cell("filter_factors").split("\n", 1)[1],
            "where it is the cell of ridge.filter_factors, its first line is `# task: ridge.filter_factors`",
        ),
        (lambda text: text + "\ndef filter_factors():\n    pass\n", "already in the package (yours or given)"),
        (
            lambda text: text.replace("return ", "return ZERO * ") + "\nZERO = 1 / 0\n",
            "of the cell: importing it raises ZeroDivisionError",
        ),
        (lambda text: text.replace("# task: ridge.closed_form\n", ""), "closed_form but does not begin with `# task:"),
        (lambda text: "%%time\n" + text, "above its line `# task: ridge.closed_form`: remove it"),
        (lambda text: "import math\n" + text, "above its line `# task: ridge.closed_form`: move it below that line"),
    ],
)
def test_a_cell_that_cannot_be_used_is_told_why(notebook: Notebook, change, expected: str) -> None:  # type: ignore[no-untyped-def]
    shell, shown = notebook
    shell.run(change(cell("closed_form")))
    assert check("ridge.closed_form") == 0.0
    assert expected in said(shown)


def test_a_cell_that_was_not_run_is_asked_for(notebook: Notebook) -> None:
    _, shown = notebook
    assert check("ridge.closed_form") == 0.0
    assert "has been run yet" in said(shown)


def test_a_cell_without_its_first_line_runs_later_than_nothing_after_a_restart(notebook: Notebook) -> None:
    shell, shown = notebook
    shell.run("def closed_form(X, y, lam):\n    return y\n")
    assert check("ridge.closed_form") == 0.0
    assert "Cell [1] defines closed_form but does not begin with" in said(shown)


def test_in_a_terminal_too_a_cell_without_its_first_line_is_not_passed_over(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shell, _ = notebook
    monkeypatch.setattr(Shell, "kernel", None)
    check("ridge.closed_form")
    assert "shrinkage/ridge.py still holds the stub" in " ".join(capsys.readouterr().out.split())
    shell.run(cell("closed_form").split("\n", 1)[1])
    assert check("ridge.closed_form") == 0.0
    told = " ".join(capsys.readouterr().out.split())
    assert "closed_form but does not begin with `# task: ridge.closed_form`: put that line back" in told
    shell.run(cell("closed_form"))
    assert check("ridge.closed_form") == 2.0


def test_an_answer_is_only_checked_for_form(notebook: Notebook) -> None:
    shell, shown = notebook
    shell.run("# task: ridge.zeros\nanswer = None  # replace None by your letter")
    assert check("ridge.zeros") == 0.0
    assert "not answered yet" in said(shown)
    shell.run("# task: ridge.zeros\nanswer = 'z'")
    assert check("ridge.zeros") == 0.0
    assert "must be one letter" in said(shown)
    shell.run("# task: ridge.zeros\nanswer = 'a'")
    assert check("ridge.zeros") == 0.0
    assert "well formed" in said(shown)


def test_a_library_that_grading_lacks_is_told_where_a_cell_passes_with_it(notebook: Notebook) -> None:
    shell, shown = notebook
    answer = "# task: ridge.zeros\nanswer = 'a'\n"
    for source, task in ((cell("closed_form"), "ridge.closed_form"), (answer, "ridge.zeros")):
        for names, lacked in (("scipy, json", ""), ("scipy, yaml, pytest", "yaml and no pytest")):
            shell.run(f"{source}\n\nimport {names}\n\ndef also():\n    return {names}\n")
            check(task)
            assert ("Grading has no" in said(shown)) == bool(lacked)
            assert not lacked or f"Grading has no {lacked}: a cell" in said(shown)


def test_what_grading_has_is_what_its_jail_holds() -> None:
    held = {top.removesuffix(".py") for _, top in launch.libraries() if not top.endswith((".libs", ".pth"))}
    assert {name for name in held if name.isidentifier() and not name.startswith("_")} <= cells.AT_GRADING


def test_written_work_has_no_check(notebook: Notebook) -> None:
    _, shown = notebook
    assert check("ridge.always_better") == 0.0
    assert "written work" in said(shown)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("ridge.close_form", "did you mean 'ridge.closed_form'"),
        ("closed_form", "did you mean 'ridge.closed_form'"),
        ("lasso.gap", "Chapter 'lasso' is not in this bundle"),
        ("?", "the tasks are ridge.closed_form"),
        ("ridge", "one of its tasks: 'ridge.closed_form'"),
        ("", "the id of a task in quotes: 'ridge.closed_form'"),
        (len, "in quotes"),
        (3, "in quotes"),
    ],
)
def test_an_unknown_id_is_answered_with_what_was_meant(notebook: Notebook, asked: str, expected: str) -> None:
    _, shown = notebook
    assert check(asked) == 0.0
    assert expected in said(shown)


def test_another_bundle_is_told_at_the_start(notebook: Notebook) -> None:
    _, shown = notebook
    start("ridge", bundle="feedfeedfeed")
    assert "made for bundle feedfeedfeed" in said(shown)
    start("ridge", bundle="0123456789ab")
    assert "check('ridge.closed_form')" in said(shown)
    start("lasso")
    assert "not in this bundle" in said(shown)


def test_a_kernel_in_another_folder_names_both_folders(
    course: Path, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, shown = notebook
    inner = course / "notes"
    inner.mkdir()
    monkeypatch.chdir(inner)
    assert check("ridge.closed_form") == 0.0
    assert str(inner) in said(shown)
    assert f"open {course}" in said(shown)


def test_a_notebook_opened_outside_its_folder_says_where_it_is_and_where_it_should_be(
    course: Path, manifest: Manifest, tmp_path: Path
) -> None:
    first = notebooks.source_notebook([], manifest, "ridge").cells[0].source
    # -S leaves installed packages out, among them this project's own `autograder`, which students lack.
    outside = terminal(tmp_path, "-S", "-c", first, PYTHONIOENCODING="utf-8")
    assert outside.stderr == ""
    assert f"autograder is not found from {tmp_path}" in outside.stdout
    assert "inside the folder shrinkage-course" in outside.stdout
    inside = terminal(course, "-c", first, PYTHONIOENCODING="utf-8")
    assert inside.stdout.startswith("Ridge: 5 exercises.")


def test_another_shrinkage_is_told(notebook: Notebook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _, shown = notebook
    other = tmp_path / "site"
    (other / "shrinkage").mkdir(parents=True)
    (other / "shrinkage" / "__init__.py").write_text("")
    # `syspath_prepend` would at its end put back the path that the fixture has set, and not the one before that.
    monkeypatch.setattr(sys, "path", [str(other), *sys.path])
    start("ridge")
    assert f"gives {other / 'shrinkage'} here" in said(shown)


def test_a_damaged_package_is_told_with_its_line(course: Path, notebook: Notebook) -> None:
    shell, shown = notebook
    path = course / "shrinkage" / "least_squares.py"
    path.write_text("def broken(:\n", encoding="utf-8")
    shell.run(cell("closed_form"))
    assert check("ridge.closed_form") == 0.0
    assert "shrinkage/least_squares.py, line 1" in said(shown)
    path.write_bytes(b"# caf\xe9\n")
    check("ridge.closed_form")
    assert "not UTF-8" in said(shown)


def test_warnings_and_prints_of_student_code_reach_neither_stream(
    notebook: Notebook, capfd: pytest.CaptureFixture[str]
) -> None:
    shell, _ = notebook
    noisy = "    import warnings, sys\n    warnings.warn('loud')\n    print('out'); print('err', file=sys.stderr)\n"
    shell.run(cell("closed_form").replace("    X, y, lam = as_problem", noisy + "    X, y, lam = as_problem", 1))
    assert check("ridge.closed_form") == 2.0
    out, err = capfd.readouterr()
    assert "loud" not in out + err
    assert err == ""


def test_an_interrupted_check_says_so_and_saves_nothing(course: Path, notebook: Notebook) -> None:
    shell, shown = notebook
    before = ridge(course)
    body = "    raise KeyboardInterrupt\n"
    shell.run(cell("closed_form").replace("    X, y, lam = as_problem", body + "    X, y, lam = as_problem", 1))
    assert check("ridge.closed_form") == 0.0
    assert "Interrupted after" in said(shown)
    assert ridge(course) == before
    shell.run(cell("closed_form"))
    assert check("ridge.closed_form") == 2.0


def test_under_nbgrader_passed_cells_serve_later_ones_but_are_not_written(
    course: Path, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell, _ = notebook
    before = ridge(course)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.setattr("autograder.student.folder.KEPT", {})
    shell.run(cell("closed_form"))
    shell.run(cell("with_intercept"))
    assert check("ridge.closed_form") == 2.0
    assert check("ridge.with_intercept") == 2.0
    assert ridge(course) == before
    assert not (course / ".shrinkage").exists()


def test_the_table_tells_whose_code_stands_where(
    course: Path, notebook: Notebook, capsys: pytest.CaptureFixture[str]
) -> None:
    shell, _ = notebook
    shell.run(cell("closed_form"))
    check("ridge.closed_form")
    path = course / "shrinkage" / "ridge.py"
    text = ridge(course).replace("raise NotImplementedError()", "return None", 1)
    path.write_text(text, encoding="utf-8")
    capsys.readouterr()
    table()
    rows = {line.split()[0]: line.split("Ridge")[-1].strip() for line in capsys.readouterr().out.splitlines()[1:]}
    assert rows == {
        "shrinkage.ridge.closed_form": "yours",
        "shrinkage.ridge.with_intercept": "yours, unchecked",
        "shrinkage.ridge.filter_factors": "not yet",
    }


def terminal(course: Path, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "NBGRADER_EXECUTION")}
    return subprocess.run(
        [sys.executable, *command], cwd=course, capture_output=True, text=True, encoding="utf-8", env=clean | env
    )


def test_in_a_terminal_the_package_as_it_stands_is_judged(course: Path) -> None:
    stub = terminal(course, "-m", "shrinkage", "check", "ridge.closed_form", PYTHONIOENCODING="utf-8")
    assert "shrinkage/ridge.py still holds the stub" in stub.stdout
    path = course / "shrinkage" / "ridge.py"
    solution = slicing.cut(cell("closed_form"), "closed_form")
    path.write_text(slicing.replace(ridge(course), "closed_form", solution), encoding="utf-8")
    code = "from autograder import check, table; print(repr(check('ridge.closed_form'))); table()"
    done = terminal(course, "-c", code, PYTHONIOENCODING="utf-8")
    assert done.stderr == ""
    assert "It passes as it stands in shrinkage/ridge.py" in done.stdout
    assert "Only the notebook is graded: copy it into its cell" in " ".join(done.stdout.split())
    rows = done.stdout.splitlines()
    assert "None" in rows
    assert next(row for row in rows if row.startswith("shrinkage.ridge.closed_form")).split()[-1] == "yours"
    assert "ridge.closed_form" in terminal(course, "-m", "shrinkage", PYTHONIOENCODING="utf-8").stdout


def test_a_terminal_without_unicode_still_gets_its_verdict(course: Path) -> None:
    path = course / "shrinkage" / "ridge.py"
    path.write_text(ridge(course).replace("raise NotImplementedError()", "return X[0] * lam", 1), encoding="utf-8")
    done = terminal(course, "-m", "shrinkage", "check", "ridge.closed_form", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "[not passed]" in done.stdout


def test_an_older_run_is_never_judged_in_the_place_of_a_newer_one(course: Path, notebook: Notebook) -> None:
    shell, shown = notebook
    shell.run(cell("closed_form"))
    assert check("ridge.closed_form") == 2.0
    assert "Judged: cell [1]." in said(shown)
    bare = "import numpy as np\n\n\ndef closed_form(X, y, lam):\n    return y\n"
    slip = "# task: ridge.closedform\n" + bare
    for newer in (bare, slip, "closed_form = lambda X, y, lam: y\n"):
        shell.run(newer)
        assert check("ridge.closed_form") == 0.0
        which = f"[{len(shell.input_hist_raw) - 1}], run later,"
        assert f"{which} defines closed_form but does not begin with" in said(shown)
    shell.run("%%time\n# task: ridge.closed_form\n" + bare)
    assert check("ridge.closed_form") == 0.0
    assert "`%%time` above its line" in said(shown)
    shell.run("closed_form(1, 2, 3)\nclosed_form == 1\n")
    shell.run(cell("closed_form"))
    shell.run("same = closed_form\n")
    assert check("ridge.closed_form") == 2.0


def test_only_nbgrader_gets_points_as_the_value_of_a_check(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    shell, _ = notebook
    shell.run(cell("closed_form"))
    assert check_of_students("ridge.closed_form") is None
    for run in ("autograde", "validate"):
        monkeypatch.setenv("NBGRADER_EXECUTION", run)
        monkeypatch.setattr("autograder.student.folder.KEPT", {})
        assert type(check_of_students("ridge.closed_form")) is float
        assert check_of_students("ridge.closed_form") == 2.0


def test_trials_in_a_cell_do_not_enter_the_package(course: Path, notebook: Notebook) -> None:
    shell, shown = notebook
    trial = "\n# a comment that stays\nSCALE = 1.0\nprint('trial')\nassert closed_form\n"
    shell.run(cell("closed_form") + trial)
    assert check("ridge.closed_form") == 2.0
    assert "trial" not in ridge(course)
    assert "assert closed_form" not in ridge(course)
    assert "# a comment that stays\n" in ridge(course)
    assert "SCALE" not in ridge(course)
    first = (cell("closed_form") + trial).splitlines().index("SCALE = 1.0") + 1
    assert f"Not taken over, because it is no part of closed_form: lines {first}, {first + 1}, {first + 2}." in (
        said(shown)
    )


def test_a_helper_of_another_cell_is_said_to_be_that_cell_s(notebook: Notebook) -> None:
    shell, shown = notebook
    shell.run(cell("closed_form").replace("def closed_form", "def helper():\n    return 1\n\n\ndef closed_form", 1))
    assert check("ridge.closed_form") == 2.0
    shell.run(cell("with_intercept") + "\n\ndef helper():\n    return 2\n")
    assert check("ridge.with_intercept") == 0.0
    assert "'helper' is used by your cell of ridge.closed_form" in said(shown)
    shell.run(cell("with_intercept") + "\n\n" + slicing.cut(cell("closed_form"), "closed_form"))
    assert check("ridge.with_intercept") == 0.0
    assert "'closed_form' is already in the package (yours or given): use it" in said(shown)


def test_an_error_names_the_line_of_the_cell_that_it_came_through(notebook: Notebook) -> None:
    shell, shown = notebook
    text = cell("closed_form").replace("np.linalg.solve(", "np.linalg.solve(X, X) @ (", 1)
    line = next(i for i, row in enumerate(text.splitlines(), 1) if "solve(X, X)" in row)
    shell.run(text)
    assert check("ridge.closed_form") == 0.0
    assert f"it raised LinAlgError in line {line} of the cell (`" in said(shown)


def test_what_passed_as_a_hand_edit_comes_back_and_is_not_lost_by_undo(course: Path) -> None:
    path, stub = course / "shrinkage" / "ridge.py", ridge(course)
    solution = slicing.cut(cell("closed_form"), "closed_form")
    path.write_text(slicing.replace(stub, "closed_form", solution), encoding="utf-8")
    written = ridge(course)
    command = ("-m", "shrinkage")
    assert terminal(course, *command, "check", "ridge.closed_form", PYTHONIOENCODING="utf-8").returncode == 0
    path.write_text(stub, encoding="utf-8")
    assert "Put back: ridge.closed_form" in terminal(course, *command, "restore", PYTHONIOENCODING="utf-8").stdout
    assert ridge(course) == written
    undone = terminal(course, *command, "undo", "ridge.closed_form", PYTHONIOENCODING="utf-8").stdout
    assert ridge(course) == stub
    kept = course / ".shrinkage" / "ridge.closed_form" / "edited-by-hand-1.py"
    assert kept.relative_to(course).as_posix() in " ".join(undone.split())
    assert kept.read_text(encoding="utf-8") == solution


def test_an_error_that_hides_where_it_came_from_is_still_an_error(notebook: Notebook) -> None:
    shell, shown = notebook
    sly = "class Sly(Exception):\n    @property\n    def __traceback__(self):\n        raise KeyError\n\n\n"
    text = cell("closed_form").replace("def closed_form", sly + "def closed_form", 1)
    shell.run(text.replace("    X, y, lam = as_problem", "    raise Sly\n    X, y, lam = as_problem", 1))
    assert check("ridge.closed_form") == 0.0
    assert "it raised Sly in line" in said(shown)
