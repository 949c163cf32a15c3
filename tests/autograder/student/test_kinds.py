"""Questions with numbers of one's own, analyses, and definitions to repair, as a student meets them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import casesets
from autograder.authoring import bundle, known, pages
from autograder.casesets import CaseSet
from autograder.checks import tasks
from autograder.checks.answers import variant_of
from autograder.checks.base import Task
from autograder.manifest import Chapter, Manifest, TaskInfo
from autograder.student import check_all, identity, inputs_of, start
from autograder.student import earned as check
from tests.autograder.student.conftest import Shell, as_file
from tests.autograder.student.test_whole import rows, said, save

Notebook = tuple[Shell, list[dict[str, str]]]
WANTED = {"closed_form", "with_intercept", "filter_factors", "leave_one_out", "descent", "two_columns", "grows"}
WANTED |= {"prostate", "zeros"}
NUMBER = "# task: ridge.two_columns\nanswer = 1.0\n"


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    whole = pages.read_manifest()
    chapter = whole.chapters[0]
    kept = tuple(task for task in chapter.tasks if task.id.split(".")[1] in WANTED)
    return replace(whole, bundle="0123456789ab", chapters=(Chapter(chapter.slug, chapter.title, kept),))


@pytest.fixture(scope="module")
def cases(manifest: Manifest) -> dict[str, CaseSet]:
    found = {}
    for info in manifest.chapters[0].tasks:
        check = tasks("ridge").get(info.id)
        if isinstance(check, Task) and info.kind in ("diagnose", "analyse"):
            found[info.id] = casesets.make(check, np.random.default_rng(7), known.caller(info), [])
    return found


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, manifest: Manifest, cases: dict[str, CaseSet]) -> Path:
    return bundle.build_bundle(manifest, cases, {}, tmp_path_factory.mktemp("kinds"))


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "_typed", {})


def task(manifest: Manifest, name: str) -> TaskInfo:
    found = manifest.task(f"ridge.{name}")
    assert found is not None
    return found


def pass_(shell: Shell, manifest: Manifest, *names: str) -> None:
    """Put the reference into the package, as passed checks would."""
    from autograder.student import history
    from autograder.student.folder import find

    for name in names:
        history.save(find(), task(manifest, name), known.reference_cell(task(manifest, name)))


def test_inputs_are_those_of_the_id_s_variant_and_fresh_each_time(notebook: Notebook, manifest: Manifest) -> None:
    _, shown = notebook
    info = task(manifest, "two_columns")
    for student in ("ada", "Bob", "café-λ"):
        start("ridge", student=student)
        found = inputs_of("ridge.two_columns")
        assert found == info.parameters[variant_of(student)]
        assert f"student id {student!r} (variant {variant_of(student) + 1} of 16)" in said(shown)
        for name in found:
            assert f"inputs[&#x27;{name}&#x27;]" in shown[-1]["text/html"]
        found.clear()
        assert inputs_of("ridge.two_columns") == info.parameters[variant_of(student)]


def test_without_an_id_nothing_is_guessed_and_using_a_number_says_what_to_do(notebook: Notebook) -> None:
    _, shown = notebook
    start("ridge", student="")
    assert "Type your student id in the first cell" in said(shown)
    found = inputs_of("ridge.two_columns")
    assert found == {}
    assert "type it in quotes in the notebook's first cell" in said(shown)
    with pytest.raises(Exception, match="type it in quotes in the notebook's first cell"):
        found["n"]
    assert "type it in quotes" in said(shown)


def test_an_id_is_remembered_in_the_folder_and_a_change_of_it_is_told(
    notebook: Notebook, manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, shown = notebook
    start("ridge", student=" ada ")
    monkeypatch.setattr(identity, "_typed", {})  # as after a restart
    assert inputs_of("ridge.grows") == task(manifest, "grows").parameters[variant_of("ada")]
    start("ridge", student="ADA")
    assert "and is now" not in said(shown)
    other = next(str(n) for n in range(99) if variant_of(str(n)) != variant_of("ada"))
    start("ridge", student=other)
    assert f"was 'ADA' and is now {other!r}" in said(shown)
    assert "their numbers change" in said(shown)
    start("ridge", student=12345)  # type: ignore[arg-type]
    assert inputs_of("ridge.grows") == task(manifest, "grows").parameters[variant_of("12345")]
    start("ridge", student=["ada"])  # type: ignore[arg-type]
    assert "in quotes" in said(shown)


def test_a_grader_s_folder_remembers_no_student(
    course: Path, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    start("ridge", student="ada")
    before = (course / ".shrinkage" / "student.txt").read_bytes()
    monkeypatch.setattr(identity, "_typed", {})
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert inputs_of("ridge.grows") == {}
    start("ridge", student="bob")
    assert inputs_of("ridge.grows") != {}
    assert (course / ".shrinkage" / "student.txt").read_bytes() == before


def test_inputs_of_an_analysis_are_its_data(notebook: Notebook, cases: dict[str, CaseSet]) -> None:
    _, shown = notebook
    given = cases["ridge.prostate"].cases[0].steps[-1].kwargs
    found = inputs_of("ridge.prostate")
    assert found.keys() == given.keys()
    np.testing.assert_array_equal(found["X"], given["X"])
    found["X"][:] = 0.0
    np.testing.assert_array_equal(inputs_of("ridge.prostate")["X"], given["X"])
    assert f"array of shape {given['X'].shape}" in said(shown)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("ridge.zeros", "comes without inputs"),
        ("ridge.closed_form", "comes without inputs"),
        ("ridge.two_colums", "did you mean 'ridge.two_columns'"),
        (3, "inputs_of('ridge.closed_form')"),
    ],
)
def test_where_there_are_no_inputs_a_sentence_says_so(notebook: Notebook, asked: Any, words: str) -> None:
    _, shown = notebook
    assert inputs_of(asked) == {}
    assert words in said(shown)


def test_an_answer_with_numbers_is_read_with_them_and_says_whose(notebook: Notebook) -> None:
    shell, shown = notebook
    shell.run("# task: ridge.two_columns\nanswer = inputs['n'] / 2\n")
    assert check("ridge.two_columns") == 0.0
    assert "type it in quotes in the notebook's first cell" in said(shown)
    start("ridge", student="ada")
    assert check("ridge.two_columns") == 0.0
    whose = f"judged for student id 'ada' (variant {variant_of('ada') + 1} of 16)"
    assert whose in said(shown)
    assert "is well formed" in said(shown)
    assert "Its `inputs` were those of ridge.two_columns." in said(shown)
    assert "another exercise" not in said(shown)
    shell.user_ns["inputs"] = {"X": 1}
    check("ridge.two_columns")
    assert "holds those of another exercise at the moment" in said(shown)
    assert "run the cell `inputs = inputs_of('ridge.two_columns')` above it" in said(shown)
    shell.run("# task: ridge.two_columns\nx = 3\nanswer = inputs['no such'] + x\n")
    check("ridge.two_columns")
    assert ", ends in KeyError in line 3 of the cell" in said(shown)


def test_an_answer_sees_the_student_s_own_package(notebook: Notebook, manifest: Manifest) -> None:
    shell, shown = notebook
    start("ridge", student="ada")
    source = "# task: ridge.two_columns\nimport numpy as np\nfrom shrinkage.ridge import filter_factors\n"
    source += "answer = float(np.sum(filter_factors(np.ones(3), 3, 1.0)))\n"
    shell.run(source)
    check("ridge.two_columns")
    assert "ends in NotImplementedError" in said(shown)
    pass_(shell, manifest, "filter_factors")
    check("ridge.two_columns")
    assert "is well formed" in said(shown)


def test_an_unrepaired_definition_is_said_to_be_as_it_was_given_and_not_diagnosed(
    course: Path, notebook: Notebook, manifest: Manifest
) -> None:
    shell, shown = notebook
    info = task(manifest, "descent")
    shell.run(f"# task: {info.id}\n{info.imports}\n{info.stub}")
    assert check("ridge.descent") == 0.0
    assert "`descent` is not repaired yet: the cell is as it was given" in said(shown)
    assert "not passed" not in said(shown)
    before = (course / "shrinkage" / "ridge.py").read_bytes()
    shell.run(known.reference_cell(info))
    assert check("ridge.descent") == info.points
    assert "as it was given" not in said(shown)
    assert (course / "shrinkage" / "ridge.py").read_bytes() != before


def test_an_analysis_is_judged_on_the_student_s_package_and_nothing_is_saved(
    course: Path, notebook: Notebook, manifest: Manifest
) -> None:
    shell, shown = notebook
    info = task(manifest, "prostate")
    reference = known.reference_cell(info)
    shell.run(f"# task: {info.id}\nanswer = None  # replace None\n")
    check(info.id)
    assert "not answered yet" in said(shown)
    shell.run(reference)
    assert check(info.id) == 0.0
    assert "This builds on ridge.closed_form, which your package holds only as a stub" in said(shown)
    pass_(shell, manifest, *(need.id.split(".")[1] for need in manifest.needs(info)))
    before = (course / "shrinkage" / "ridge.py").read_bytes()
    assert check(info.id) == info.points
    assert "nothing is saved of it" in said(shown)
    assert (course / "shrinkage" / "ridge.py").read_bytes() == before
    shell.run(reference.replace(f"# task: {info.id}\n", f"# task: {info.id}\nwrong = nowhere\n"))
    assert check(info.id) == 0.0
    assert "`nowhere` is not defined where it is needed in line 2 of the cell" in said(shown)


def test_check_all_reads_every_kind_and_the_id_of_the_file(
    course: Path, notebook: Notebook, manifest: Manifest
) -> None:
    _, shown = notebook
    needed = [t for t in manifest.chapters[0].tasks if t in manifest.needs(task(manifest, "prostate"))]
    sources = {t.id.replace(".", "--"): known.reference_cell(t) for t in (*needed, task(manifest, "prostate"))}
    sources["ridge--two_columns"] = "# task: ridge.two_columns\nanswer = inputs['n'] / 2\n"
    sources["ridge--grows"] = "# task: ridge.grows\nanswer = 'up'\n"
    save(course, as_file(sources, manifest))
    check_all("ridge")
    assert rows(shown)["ridge.two_columns"].endswith("not judged: no student id")
    assert said(shown).count("type it in quotes") == 1
    assert "[mind] The numbers of ridge.two_columns, ridge.grows depend on your student id" in said(shown)
    assert "then this" not in said(shown)
    assert rows(shown)["ridge.descent"] == f"0 of {task(manifest, 'descent').points:g} not repaired yet"
    assert "ridge.descent:" not in said(shown)
    # An analysis runs on the notebook's own cells, which nothing has put into the package.
    assert rows(shown)["ridge.prostate"].endswith("passed")
    save(course, as_file(sources | {"ridge--start-student": 'student = "ada"'}, manifest))
    check_all("ridge")
    assert rows(shown)["ridge.two_columns"].endswith("well formed")
    assert rows(shown)["ridge.grows"].endswith("not well formed")
    assert "student id 'ada'" in said(shown)
    assert "[mind]" not in shown[-1]["text/plain"]
    start("ridge", student="bob")
    check_all("ridge")
    assert "first cell holds student id 'ada', and 'bob' was typed last" in said(shown)
