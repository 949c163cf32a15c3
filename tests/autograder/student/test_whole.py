"""`check_all`: what it says of a saved notebook is what grading will find in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.manifest import Manifest
from autograder.student import alone, check, check_all
from tests.autograder.student.conftest import Shell, as_file, cell

Notebook = tuple[Shell, list[dict[str, str]]]
FIRST = "    X, y, lam = as_problem"
LOOP = f"    while True:\n        pass\n{FIRST}"
SOLVED = {f"ridge--{name}": cell(name) for name in ("closed_form", "with_intercept", "filter_factors")}


def text(shown: list[dict[str, str]]) -> str:
    return shown[-1]["text/plain"]


def said(shown: list[dict[str, str]]) -> str:
    return " ".join(text(shown).split())


def rows(shown: list[dict[str, str]]) -> dict[str, str]:
    """The table's last two columns by task."""
    found = {}
    for line in text(shown).splitlines():
        words = line.split()
        if words and words[0].startswith("ridge.") and not words[0].endswith(":") and " of " in line:
            found[words[0]] = " ".join(words[1:])
    return found


def save(course: Path, content: str, name: str = "ridge.ipynb") -> None:
    (course / name).write_text(content, encoding="utf-8")


def files(course: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in course.rglob("*") if p.is_file() and "__pycache__" not in p.parts}


def test_the_table_tells_every_kind_of_row_and_nothing_is_written(
    course: Path, notebook: Notebook, manifest: Manifest, capfd: pytest.CaptureFixture[str]
) -> None:
    _, shown = notebook
    answers = {"ridge--zeros": "# task: ridge.zeros\nanswer = 'b'\n", "ridge--always_better": "Because it is convex."}
    wrong = {"ridge--closed_form": cell("closed_form", "minus-lam")}
    save(course, as_file({"ridge--with_intercept": cell("with_intercept"), **answers, **wrong}, manifest))
    before = files(course)
    assert check_all("ridge") is None  # type: ignore[func-returns-value]
    assert files(course) == before
    found = rows(shown)
    assert found["ridge.closed_form"].split(" of ")[1].startswith("2 partly passed: ")
    assert found["ridge.filter_factors"] == "0 of 1 not answered"
    assert found["ridge.zeros"] == "– of 1 well formed"
    assert found["ridge.always_better"] == "– of 1 written: 4 words"
    # The student's own functions serve one another, so a mistake in one shows in the other.
    assert "not passed" in found["ridge.with_intercept"] or "partly" in found["ridge.with_intercept"]
    assert "What remains: ridge.closed_form, ridge.with_intercept, ridge.filter_factors." in said(shown)
    assert "2 more are decided in grading" in said(shown)
    assert capfd.readouterr().err == ""


def test_later_tasks_use_the_notebook_s_cells_and_not_the_package_s(
    course: Path, notebook: Notebook, manifest: Manifest
) -> None:
    shell, shown = notebook
    save(course, as_file(SOLVED, manifest))
    check_all("ridge")
    assert rows(shown)["ridge.with_intercept"] == "2 of 2 passed"
    assert "raise NotImplementedError()" in (course / "shrinkage" / "ridge.py").read_text(encoding="utf-8")
    shell.run(cell("closed_form"))
    check("ridge.closed_form")
    save(course, as_file({"ridge--with_intercept": cell("with_intercept")}, manifest))
    check_all("ridge")
    assert rows(shown)["ridge.with_intercept"].startswith("0 of 2 not passed")


def test_what_a_notebook_has_at_hand_does_not_count(course: Path, notebook: Notebook, manifest: Manifest) -> None:
    shell, shown = notebook
    shell.user_ns["solve_it"] = len
    elsewhere = cell("closed_form").replace("np.linalg.solve", "solve_it")
    save(course, as_file(SOLVED | {"ridge--closed_form": elsewhere}, manifest))
    check_all("ridge")
    assert "ridge.closed_form: `solve_it` is not defined where it is needed in line" in said(shown)


def test_an_endless_loop_costs_only_its_own_task_and_is_named(
    course: Path, notebook: Notebook, manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, shown = notebook
    monkeypatch.setattr(alone, "limit_of", lambda task: 2.0 if task == "ridge.closed_form" else 60.0)
    save(course, as_file(SOLVED | {"ridge--closed_form": cell("closed_form").replace(FIRST, LOOP, 1)}, manifest))
    check_all("ridge")
    found = rows(shown)
    assert found["ridge.closed_form"] == "0 of 2 stopped: no end"
    assert found["ridge.filter_factors"] == "1 of 1 passed"
    assert "ridge.closed_form: It had not ended after 2 s" in said(shown)


def test_a_task_that_ends_python_costs_only_itself(course: Path, notebook: Notebook, manifest: Manifest) -> None:
    _, shown = notebook
    ends = f"    import os\n    os._exit(7)\n{FIRST}"
    save(course, as_file(SOLVED | {"ridge--closed_form": cell("closed_form").replace(FIRST, ends, 1)}, manifest))
    check_all("ridge")
    found = rows(shown)
    assert found["ridge.closed_form"] == "0 of 2 stopped: Python ended"
    assert found["ridge.filter_factors"] == "1 of 1 passed"
    assert "Python itself (code 7)" in said(shown)


def test_a_cell_that_cannot_be_used_is_refused_with_its_reason_and_costs_only_itself(
    course: Path, notebook: Notebook, manifest: Manifest
) -> None:
    _, shown = notebook
    at_import = cell("closed_form").replace("return ", "return ZERO * ") + "\nZERO = 1 / 0\n"
    magic = cell("with_intercept") + "%timeit 1\n"
    save(course, as_file(SOLVED | {"ridge--closed_form": at_import, "ridge--with_intercept": magic}, manifest))
    check_all("ridge")
    found = rows(shown)
    assert found["ridge.closed_form"] == "0 of 2 refused"
    assert found["ridge.with_intercept"] == "0 of 2 refused"
    assert found["ridge.filter_factors"] == "1 of 1 passed"
    line = at_import.splitlines().index("ZERO = 1 / 0") + 1
    assert f"ridge.closed_form: line {line} of the cell: importing it raises ZeroDivisionError" in said(shown)
    assert "a notebook magic" in said(shown)


def test_a_library_that_grading_lacks_is_something_to_mind(
    course: Path, notebook: Notebook, manifest: Manifest
) -> None:
    _, shown = notebook
    more = "\n\nimport yaml\n\ndef also():\n    return yaml\n"
    save(course, as_file(SOLVED | {"ridge--closed_form": cell("closed_form") + more}, manifest))
    check_all("ridge")
    assert rows(shown)["ridge.closed_form"] == "2 of 2 passed"
    assert "[mind] ridge.closed_form: Grading has no yaml: a cell" in said(shown)


def test_a_notebook_that_was_not_saved_since_a_run_is_told(
    course: Path, notebook: Notebook, manifest: Manifest
) -> None:
    shell, shown = notebook
    shell.run(cell("closed_form"))
    shell.run(cell("filter_factors"))
    save(course, as_file({"ridge--filter_factors": cell("filter_factors") + "\n"}, manifest))
    check_all("ridge")
    assert "does not hold what you ran last for ridge.closed_form: save the notebook" in said(shown)
    save(course, as_file({"ridge--closed_form": cell("closed_form")}, manifest))
    check_all("ridge")
    assert "what you ran last for ridge.filter_factors" in said(shown)
    save(course, as_file(SOLVED, manifest))
    check_all("ridge")
    assert "what you ran last" not in said(shown)


def odd(content: dict[str, Any]) -> dict[str, Any]:
    return {c["metadata"].get("nbgrader", {}).get("grade_id", ""): c for c in content["cells"]}


def retyped(content: dict[str, Any]) -> None:
    found = odd(content)["ridge--closed_form"]
    found["cell_type"], found["source"] = "markdown", "gone"


def removed(content: dict[str, Any]) -> None:
    content["cells"] = [c for c in content["cells"] if c is not odd(content)["ridge--closed_form"]]


def ungraded(content: dict[str, Any]) -> None:
    content["cells"] = [c for c in content["cells"] if c is not odd(content)["ridge--closed_form--check"]]


def lineless(content: dict[str, Any]) -> None:
    found = odd(content)["ridge--closed_form"]
    found["source"] = found["source"].replace("# task: ridge.closed_form\n", "")


def doubled(content: dict[str, Any]) -> None:
    content["cells"].append({**odd(content)["ridge--closed_form"], "source": cell("closed_form", "minus-lam")})


def without_ids(content: dict[str, Any]) -> None:
    for found in content["cells"]:
        found["metadata"] = {}


@pytest.mark.parametrize(
    ("change", "words", "points"),
    [
        (retyped, "cell of ridge.closed_form was turned into text of type markdown", "0"),
        (removed, "The cell of ridge.closed_form is missing: take it from a fresh notebook", "0"),
        (ungraded, "The graded cell of ridge.closed_form is missing: grading puts it back", "2"),
        (lineless, "has lost its first line `# task: ridge.closed_form`: put it back on top", "2"),
        (doubled, "The cell of ridge.closed_form occurs more than once; the last one counts", "0.41"),
        (without_ids, "No cell of this file carries the mark by which grading finds it", "2"),
    ],
)
def test_what_is_odd_about_a_cell_is_told_and_it_counts_as_in_grading(
    course: Path, notebook: Notebook, manifest: Manifest, change: Any, words: str, points: str
) -> None:
    _, shown = notebook
    save(course, as_file(SOLVED, manifest, change))
    check_all("ridge")
    assert words in said(shown)
    assert rows(shown)["ridge.closed_form"].split()[0] == points


def test_line_ends_and_a_byte_order_mark_of_the_file_change_nothing(
    course: Path, notebook: Notebook, manifest: Manifest
) -> None:
    shell, shown = notebook

    def windows(content: dict[str, Any]) -> None:
        for found in content["cells"]:
            found["source"] = found["source"].replace("\n", "\r\n").splitlines(keepends=True)

    (course / "ridge.ipynb").write_bytes(
        b"\xef\xbb\xbf" + as_file(SOLVED, manifest, windows).replace("\n", "\r\n").encode()
    )
    shell.run(cell("closed_form"))
    check_all("ridge")
    assert [line.split()[-1] for line in rows(shown).values()][:3] == ["passed"] * 3
    assert "[mind]" not in text(shown)


def test_another_file_is_read_where_it_is_named_and_offered_where_the_usual_one_is_missing(
    course: Path, notebook: Notebook, manifest: Manifest
) -> None:
    _, shown = notebook
    (course / "ridge.ipynb").unlink()
    save(course, as_file(SOLVED, manifest), "ridge (1) é.ipynb")
    check_all("ridge")
    assert "check_all('ridge', notebook='ridge (1) é.ipynb')" in said(shown)
    check_all("ridge", notebook="ridge (1) é.ipynb")
    assert rows(shown)["ridge.closed_form"] == "2 of 2 passed"
    check_all("ridge", notebook=str(course / "ridge (1) é.ipynb"))
    assert rows(shown)["ridge.closed_form"] == "2 of 2 passed"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 3}', "%PDF-1.4", "import numpy"])
def test_a_file_that_is_no_notebook_is_one_sentence(course: Path, notebook: Notebook, content: str) -> None:
    _, shown = notebook
    save(course, content)
    check_all("ridge")
    assert "ridge.ipynb" in said(shown)
    assert "copy your cells into a fresh one" in said(shown)


@pytest.mark.parametrize(
    ("asked", "words"),
    [("ridg", "did you mean 'ridge'"), ("lasso", "not in this bundle"), (3, "in quotes"), (check, "in quotes")],
)
def test_an_unknown_chapter_is_answered_with_what_was_meant(notebook: Notebook, asked: Any, words: str) -> None:
    _, shown = notebook
    check_all(asked)
    assert words in said(shown)


def test_under_nbgrader_it_does_nothing(
    course: Path, notebook: Notebook, manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, shown = notebook
    save(course, as_file(SOLVED, manifest))
    monkeypatch.setattr(alone, "rows", lambda *_: pytest.fail("a process was started"))
    for run in ("autograde", "validate"):
        monkeypatch.setenv("NBGRADER_EXECUTION", run)
        check_all("ridge")
    assert shown == []


def test_a_solution_that_calls_it_does_not_start_processes_without_end(
    course: Path, notebook: Notebook, manifest: Manifest
) -> None:
    _, shown = notebook
    calling = f"    from autograder import check_all\n    check_all('ridge')\n{FIRST}"
    save(course, as_file(SOLVED | {"ridge--closed_form": cell("closed_form").replace(FIRST, calling, 1)}, manifest))
    check_all("ridge")
    assert rows(shown)["ridge.closed_form"] == "2 of 2 passed"


def test_it_never_raises(course: Path, notebook: Notebook, manifest: Manifest, monkeypatch: pytest.MonkeyPatch) -> None:
    _, shown = notebook
    save(course, as_file(SOLVED, manifest))
    for error, words in ((RuntimeError("odd"), "RuntimeError (odd)"), (KeyboardInterrupt(), "Interrupted")):

        def fails(*_: object, error: BaseException = error) -> Any:
            raise error

        monkeypatch.setattr(alone, "rows", fails)
        check_all("ridge")
        assert words in said(shown)
    monkeypatch.undo()
    monkeypatch.chdir(course)


def test_a_python_that_cannot_be_started_is_told(
    course: Path, notebook: Notebook, manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, shown = notebook
    save(course, as_file(SOLVED, manifest))
    (course / "autograder" / "student" / "alone.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    check_all("ridge")
    assert "a new Python could not be started (code 3)" in said(shown)


def test_the_html_is_escaped(course: Path, notebook: Notebook, manifest: Manifest) -> None:
    _, shown = notebook
    raising = cell("closed_form").replace(FIRST, f"    raise ValueError('<script>x</script>')\n{FIRST}", 1)
    save(course, as_file(SOLVED | {"ridge--closed_form": raising}, manifest))
    check_all("ridge")
    assert "<script>" not in shown[-1]["text/html"]
    assert "&lt;script&gt;" in shown[-1]["text/html"]


def test_a_damaged_package_is_one_sentence(course: Path, notebook: Notebook, manifest: Manifest) -> None:
    _, shown = notebook
    save(course, as_file(SOLVED | {"ridge--zeros": "# task: ridge.zeros\nanswer = 'b'\n"}, manifest))
    (course / "shrinkage" / "least_squares.py").write_text("def broken(:\n", encoding="utf-8")
    check_all("ridge")
    assert "cells: least_squares, line 1: SyntaxError" in said(shown)
    assert rows(shown) == {}


def test_only_a_whole_notebook_with_nothing_to_mind_is_told_to_go(
    course: Path, notebook: Notebook, manifest: Manifest
) -> None:
    shell, shown = notebook
    whole = SOLVED | {"ridge--zeros": "# task: ridge.zeros\nanswer = 'b'\n", "ridge--always_better": "It is convex."}
    save(course, as_file(whole, manifest))
    check_all("ridge")
    assert "No task remains to be done: hand in ridge.ipynb." in said(shown)
    shell.run(cell("closed_form") + "\n# newer\n")
    check_all("ridge")
    assert "No task remains to be done: put right what stands above the table, then hand in" in said(shown)
    save(course, as_file(whole | {"ridge--zeros": "# task: ridge.zeros\nanswer = None\n"}, manifest))
    check_all("ridge")
    assert "What remains: ridge.zeros." in said(shown)
