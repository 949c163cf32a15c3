"""Laws of a new exercise: what is laid out runs, is told to be unfinished line by line, and harms nothing else."""

import ast
import shutil
import subprocess
import sys
from typing import get_args

import pytest

from autograder import paths
from autograder.authoring import known, pages, scaffold, slicing, todo
from autograder.commands import authors
from autograder.errors import Foreseen
from autograder.manifest import Kind

KINDS = get_args(Kind)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """What of the house a new exercise touches, without its mutants."""
    root = tmp_path_factory.mktemp("house")
    for folder in ("book", "solutions", "autograder/checks"):
        shutil.copytree(paths.ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", "_static"))
    for name in ("_toc.yml", "_config.yml", "pyproject.toml"):
        shutil.copy(paths.ROOT / name, root)
    return root


@pytest.fixture(scope="module")
def before(house):
    return {path.relative_to(house).as_posix(): path.read_bytes() for path in house.rglob("*.*") if path.is_file()}


@pytest.fixture(scope="module")
def laid_out(house, before):
    """One exercise of each kind in an old chapter, and one in a new chapter."""
    done = {}
    for task, kind in [*((f"ridge.toy_{kind}", kind) for kind in KINDS), ("toy-chapter.thing", "implement")]:
        done[task] = scaffold.layout(task, kind, root=house)
        done[task].write()
    return done


def test_every_kind_stands_on_its_page_with_that_kind(house, laid_out):
    manifest = pages.read_manifest(house)
    for kind in KINDS:
        found = manifest.task(f"ridge.toy_{kind}")
        assert found is not None
        assert found.kind == kind
        assert bool(found.object) == (kind in scaffold.WITH_OBJECT)


def test_every_line_still_to_be_written_is_told(house, laid_out, before):
    manifest = pages.read_manifest(house)
    told = {}
    for task in laid_out:
        info = manifest.task(task)
        for line in todo.missing(task, info.object, house):
            told.setdefault(line.file, set()).add(line.line)
    for house_of in laid_out.values():
        for place in house_of.texts:
            lines = slicing.lines_of((house / place).read_text(encoding="utf-8"))
            assert {i for i, line in enumerate(lines, 1) if todo.TODO in line} == told.get(place, set()), place


def test_a_task_is_told_of_its_own_lines_only(house, laid_out):
    finished = pages.read_manifest(house).task("ridge.closed_form")
    assert todo.missing(finished.id, finished.object, house) == []


def test_what_stood_there_stands_there_still(house, laid_out, before):
    for place, data in before.items():
        now = (house / place).read_bytes()
        if place.endswith(".md"):
            assert now.startswith(data), place
        elif place.endswith(".py"):
            old, new = ast.parse(data), ast.parse(now)
            dumped = [ast.dump(node) for node in new.body]
            kept = [n for n in old.body if not isinstance(n, ast.Import | ast.ImportFrom | ast.AnnAssign)]
            assert all(ast.dump(node) in dumped for node in kept), place


def test_ruff_finds_nothing_in_what_is_laid_out(house, laid_out):
    files = sorted({p for done in laid_out.values() for p in done.texts if p.endswith(".py") and "tests/" not in p})
    command = [sys.executable, "-m", "ruff", "check", "--output-format=concise", *files]
    ran = subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)
    assert "toy" not in ran.stdout
    assert "thing" not in ran.stdout


def test_a_new_chapter_is_listed_after_the_last_one(house, laid_out):
    assert pages.chapters(house) == [*pages.chapters(), "toy-chapter"]


def test_the_tasks_of_a_new_chapter_can_be_imported(house, laid_out):
    namespace = {"__name__": "toy"}
    exec((house / "autograder/checks/toy_chapter.py").read_text(encoding="utf-8"), namespace)
    assert [task.id for task in namespace["TASKS"]] == ["toy-chapter.thing"]


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("ridge.closed_form", "already"),
        ("ridge.toy_implement", "already"),
        ("ridge.objective", "already"),
        ("ridge", "ids look like"),
        ("Ridge.x", "ids look like"),
    ],
)
def test_what_exists_is_never_overwritten(house, laid_out, task, said):
    files = {path: path.read_bytes() for path in house.rglob("*.*") if path.is_file()}
    with pytest.raises(scaffold.Refused, match=said):
        scaffold.layout(task, "implement", root=house)
    assert files == {path: path.read_bytes() for path in house.rglob("*.*") if path.is_file()}


def test_python_that_is_none_and_names_that_nothing_binds_are_said_before_anything_is_run(tmp_path, monkeypatch):
    checks = tmp_path / "autograder" / "checks"
    checks.mkdir(parents=True)
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "SOLUTIONS", tmp_path / "solutions")
    for text, said in (("x = (\n", "syntax"), ("x = foo\n", "Undefined name `foo`")):
        (checks / "toy.py").write_text(text)
        found = authors._unsound("toy")
        assert "toy.py:" in found
        assert said in found


def test_a_marker_without_its_other_half_is_told_with_file_and_line(monkeypatch):
    monkeypatch.setattr(known, "reference_files", lambda: {"toy.py": f"x = 1\n{slicing.END}\n"})
    assert authors._unsound("toy").startswith("solutions/shrinkage/toy.py, line 2: ")


def test_the_house_itself_can_be_read():
    assert authors._unsound() == ""


def test_a_draw_that_raises_is_a_sentence_with_its_place(monkeypatch):
    def raising():
        scaffold.checks_of("ridge")["ridge.grows"].draw(None)

    monkeypatch.setattr(pages, "read_manifest", raising)
    with pytest.raises(Foreseen, match=r"autograder/checks/ridge_questions\.py, line \d+: AttributeError"):
        authors._manifest()
