"""A course's own tasks and points reach notebook, bundle, judge and gradebook, and nothing graded is lost over them."""

import json
import zipfile

import nbformat
import pytest
from rich.console import Console

from autograder import course as courses
from autograder import dry_run as dry
from autograder import gradebook, ids, results, secret
from autograder.authoring import assemble, bundle, known, offered, pages
from autograder.authoring.offered import OtherTasks
from autograder.course import Course, write_atomically
from autograder.judge import base_files
from autograder.offering import Offering
from autograder.results import Stale
from autograder.submission import Unreadable

SET = ("ridge.dual_coef", "ridge.leave_one_out", "ridge.always_better")
OFFERED = """late = "accepted"
[ridge]
tasks = ["always_better", "dual_coef", "leave_one_out"]
points = {dual_coef = 7}
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A course that sets three tasks of the chapter, one of them for other points; two case sets are enough here."""
    patch = pytest.MonkeyPatch()
    for module in (courses, assemble):
        patch.setattr(module, "CASE_SETS", 2)
    course = Course(tmp_path_factory.mktemp("small") / "course")
    write_atomically(course.root / "offering.toml", OFFERED.encode())
    assemble.release(course, "ridge")
    yield course
    patch.undo()


@pytest.fixture
def offer(small):
    """Another offering file for the length of a test."""
    path = small.root / "offering.toml"
    yield lambda text: path.write_text(text)
    path.write_text(OFFERED)


def hand_in(course, student, changes):
    nb = json.loads((course.released / "ridge" / "ridge.ipynb").read_text())
    for cell in nb["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in changes:
            cell["source"] = changes[name]
    path = course.submitted / student / "ridge" / "ridge.ipynb"
    write_atomically(path, json.dumps(nb).encode())
    return path


@pytest.fixture
def solved(small):
    """The set tasks' references by cell."""
    tasks = [t for t in small.release("ridge").chapter.tasks if t.object]
    return {ids.cell(t.id): known.reference_cell(t) for t in tasks}


def test_notebook_bundle_and_judge_hold_the_set_tasks_alone(small):
    release = small.release("ridge")
    assert {t.id: t.points for t in release.chapter.tasks} == {SET[0]: 7.0, SET[1]: 3.0, SET[2]: 4.0}
    nb = nbformat.read(small.released / "ridge" / "ridge.ipynb", as_version=4)
    graded = {c.metadata.nbgrader.grade_id: c.metadata.nbgrader.points for c in nb.cells
              if c.metadata.get("nbgrader", {}).get("grade")}  # fmt: skip
    assert graded == {ids.check_cell(SET[0]): 7.0, ids.check_cell(SET[1]): 3.0, ids.cell(SET[2]): 4.0}
    assert {p.stem for p in (release.folder / "cases" / "01").glob("*.npz")} == set(SET[:2])
    with zipfile.ZipFile(small.root / "bundle" / "shrinkage-course.zip") as packed:
        files = {name.split("/", 1)[1]: packed.read(name) for name in packed.namelist()}
    assert files["ridge.ipynb"] == (small.released / "ridge" / "ridge.ipynb").read_bytes()
    assert files["autograder/manifest.json"].decode() == release.manifest.dumps()
    cases = {name for name in files if name.startswith("autograder/cases/ridge.")}
    assert cases == {f"autograder/cases/{task}.npz" for task in SET[:2]}
    full = json.loads((assemble.paths.BUILD / "manifest.json").read_text())["bundle"]
    assert full != release.manifest.bundle
    assert release.manifest.bundle in files["ridge.ipynb"].decode()


def test_what_set_tasks_build_on_comes_as_reference_and_the_rest_is_absent(small):
    package = small.release("ridge").package["ridge.py"]
    assert "def closed_form" not in package
    assert "def svd_path" not in package
    start = package.index("def filter_factors")
    assert "NotImplementedError" not in package[start : package.index("\ndef ", start + 1)]
    start = package.index("def leave_one_out")
    assert "NotImplementedError" in package[start:]
    assert base_files(small.release("ridge"))["ridge.py"] == package


@pytest.mark.parametrize("name", ["leave_one_out", "with_intercept", "longley", "always_better"])
def test_a_package_of_one_task_still_imports(name):
    full = pages.read_manifest()
    offerings = {c.slug: Offering(c.slug) for c in full.chapters} | {"ridge": Offering("ridge", (f"ridge.{name}",))}
    manifest = offered.manifest_of(full, offerings)
    package = bundle.student_package(manifest, offered.given(full, manifest))
    for file, text in package.items():
        compile(text, file, "exec")
    needs = {t.object: t.prerequisites for c in full.chapters for t in c.tasks if t.id == f"ridge.{name}"}
    for need in next(iter(needs.values())):
        assert f"def {need.split('.')[1]}(" in package["ridge.py"]


@pytest.mark.jail
def test_a_file_is_judged_and_shown_without_a_trace(small, sandbox, solved, tmp_path):
    path = tmp_path / "x.ipynb"
    whole = hand_in(small, "zoe", solved)
    whole.rename(path)
    whole.parent.rmdir()
    whole.parent.parent.rmdir()

    def everything():
        return {p: p.stat().st_mtime_ns for p in sorted(small.root.rglob("*"))}

    before = everything()
    result = dry.judged(small, "ridge", path, "ada", sandbox)
    console = Console(record=True, width=100)
    dry.show(small, result, console)
    said = console.export_text()
    assert "10 of 10 points, with ada's hidden cases; nothing has been written" in said
    assert "[by hand] ridge.always_better: 4 points" in said
    path.write_text("{")
    with pytest.raises(Unreadable, match=r"x\.ipynb"):
        dry.judged(small, "ridge", path, "ada", sandbox)
    with pytest.raises(Unreadable, match="cannot be opened"):
        dry.judged(small, "ridge", tmp_path / "nothing.ipynb", sandbox=sandbox)
    assert everything() == before


@pytest.mark.jail
def test_other_points_are_released_and_nothing_graded_is_lost(small, sandbox, solved, offer):
    hand_in(small, "ada", solved | {ids.cell(SET[2]): "A proof."})
    gradebook.commit(small, [results.judge_submission(small, "ridge", "ada", sandbox)])
    with gradebook.nbgrader_run.open_gradebook(small.root) as book:
        grade = book.find_grade(ids.cell(SET[2]), "ridge", "ridge", "ada")
        grade.manual_score, grade.needs_manual_grade = 3.5, False
        book.db.commit()
    assert gradebook.scores(small, "ridge")[0].score == 13.5
    offer(OFFERED.replace("dual_coef = 7", "dual_coef = 1.5, always_better = 0"))
    with pytest.raises(Stale, match="sets other tasks or points"):
        results.require_current(small.release("ridge"))
    assemble.release(small, "ridge")
    gradebook.commit(small, [results.judge_submission(small, "ridge", "ada", sandbox)])
    (score,) = gradebook.scores(small, "ridge")
    assert (score.score, score.max_score) == (1.5 + 3 + 3.5, 4.5)
    # Tasks cannot come or go any more: scores hang on them.
    released = (small.released / "ridge" / "ridge.ipynb").read_bytes()
    offer(OFFERED.replace('"dual_coef", ', "").replace("points", "# points"))
    with pytest.raises(OtherTasks, match=r"ridge\.dual_coef cannot come or go .* in the gradebook"):
        assemble.release(small, "ridge")
    assert (small.released / "ridge" / "ridge.ipynb").read_bytes() == released
    assert gradebook.scores(small, "ridge") == [score]


def test_after_a_new_secret_nothing_is_judged_until_all_is_drawn_anew(small, monkeypatch):
    release, kept = small.release("ridge"), small.root / "secret"
    before = release.case_file(SET[0], 1).read_bytes()
    old = secret.rotate(small.root)
    with pytest.raises(Stale, match="another secret"):
        results.require_current(small.release("ridge"))

    class Killed(BaseException):
        pass

    def kill(*args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(assemble, "stamps", kill)
        with pytest.raises(Killed):
            assemble.release(small, "ridge")
    assert release.case_file(SET[0], 1).read_bytes() != before
    # The old secret put back does not make the new cases its own.
    secret.restore(small.root, old)
    with pytest.raises(Stale, match="another secret"):
        results.require_current(small.release("ridge"))
    assemble.release(small, "ridge")
    results.require_current(small.release("ridge"))
    assert release.case_file(SET[0], 1).read_bytes() == before
    assert kept.stat().st_mode & 0o077 == 0
