"""From the house to what leaves it: manifest, case sets, notebooks, bundle, and a course's release."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from autograder import casesets, offering, paths, secret
from autograder.authoring import bundle, known, offered, pages, prerequisites, slicing, todo
from autograder.casesets import CaseSet
from autograder.checks import tasks as checks_of
from autograder.checks.answers import AnswerTask
from autograder.checks.base import Caller, Task
from autograder.checks.evaluate import evaluate
from autograder.course import CASE_SETS, Course, Release, write_atomically
from autograder.errors import Foreseen
from autograder.fingerprint import fingerprint
from autograder.lock import in_turn
from autograder.manifest import Manifest, TaskInfo
from autograder.results import stamps

VISIBLE = "visible"


class NoSuch(Foreseen):
    """A chapter or task that the book does not list."""


class Unfinished(Foreseen):
    """A task of which something is still to be written, and which would leave."""


def unfinished(tasks: Iterable[TaskInfo]) -> list[str]:
    """One line for each task of which something is still to be written: how much, where first, and what lists it."""
    found = []
    for task in tasks:
        if left := todo.missing(task.id, task.object):
            lines = "1 line is" if len(left) == 1 else f"{len(left)} lines are"
            found.append(f"{task.id}: {lines} still to be written, the first at {left[0].file}:{left[0].line}; "
                         f"make check TASK={task.id}")  # fmt: skip
    return found


def implement_tasks(manifest: Manifest) -> list[tuple[TaskInfo, Task]]:
    """Every task judged by calls, with its checks, in the book's order."""
    found = []
    for chapter in manifest.chapters:
        checks = checks_of(chapter.slug)
        for info in chapter.tasks:
            check = checks.get(info.id)
            if isinstance(check, Task):
                found.append((info, check))
    return found


@dataclass(frozen=True)
class Maker:
    """Makes case sets of one task: the reference and the mutants, loaded once."""

    info: TaskInfo
    check: Task

    @cached_property
    def known(self) -> list[known.Known]:
        return known.mutants(self.info.id)

    @cached_property
    def callers(self) -> tuple[Caller, list[tuple[dict[str, str], Caller]]]:
        forbids = self.check.forbids
        mutants = [(m.header, known.caller(self.info, m.cell, forbids)) for m in self.known]
        return known.caller(self.info, forbids=forbids), mutants

    def make(self, seed: int) -> CaseSet:
        """One case set: drawn, answered by the reference and by each mutant."""
        return casesets.make(self.check, np.random.default_rng(seed), *self.callers)

    @cached_property
    def rests_on(self) -> list[str]:
        """What a case set depends on besides its seed: checks, reference, mutants, how it is made, numpy."""
        checks = [fingerprint(self.check), fingerprint(evaluate), fingerprint(casesets.make)]
        files = json.dumps(known.reference_files(), sort_keys=True)
        answers = "" if self.info.object else known.answers_source(self.info.id.split(".")[0])
        return [*checks, files, answers, repr(self.known), np.__version__]


def keep_cases(path: Path, maker: Maker, seed: int) -> Path:
    """Store a case set at `path`, made again only where anything it rests on has changed."""
    stamp_file = path.with_suffix(".stamp")
    stamp = bundle.stamp({str(i): part.encode() for i, part in enumerate([*maker.rests_on, str(seed)])})
    if not (path.exists() and stamp_file.exists() and stamp_file.read_text() == stamp):
        write_atomically(path, maker.make(seed).dumps())
        write_atomically(stamp_file, stamp.encode())
    return path


def visible_cases(manifest: Manifest, build: Path = paths.BUILD) -> dict[str, CaseSet]:
    """What goes into the bundle."""
    found = {}
    for info, check in implement_tasks(manifest):
        path = build / "cases" / f"{info.id}.npz"
        keep_cases(path, Maker(info, check), casesets.seed(VISIBLE, info.id))
        found[info.id] = CaseSet.load(path).visible()
    for path in (build / "cases").glob("*.*"):
        if path.stem not in found:  # of a task that the book no longer has
            path.unlink()
    return found


def build_bundle(build: Path = paths.BUILD) -> Manifest:
    """Manifest, visible cases, release notebooks and the student bundle; returns the stamped manifest."""
    with in_turn(build / "bundle.lock"):
        manifest = pages.read_manifest()
        stamped = pack(manifest, visible_cases(manifest, build), Course(build / "nbgrader"), build / "bundle")
        write_atomically(build / "manifest.json", stamped.dumps().encode())
        return stamped


def pack(
    manifest: Manifest, cases: dict[str, CaseSet], scratch: Course, out: Path, given: Collection[str] = ()
) -> Manifest:
    """Release notebooks, made in a course of their own, and the bundle in `out`; returns the stamped manifest."""
    # Here and below, because what knows notebooks takes seconds to import, and most commands make none.
    from autograder.authoring import notebooks

    cases = {task: case_set for task, case_set in cases.items() if manifest.task(task)}
    stamped = replace(manifest, bundle=bundle.version(manifest, cases, given))
    scratch.create()
    notebooks.write_course_config(scratch.root)
    released = {}
    for folder in (scratch.source, scratch.released):
        for path in folder.glob("*"):
            if manifest.chapter(path.name) is None:  # of a chapter that is no longer listed or set
                shutil.rmtree(path)
    for chapter in stamped.chapters:
        write_source(scratch, stamped, chapter.slug)
        released[chapter.slug] = notebooks.generate_assignment(scratch.root, chapter.slug)
    bundle.build_bundle(stamped, cases, released, out, given)
    return stamped


def write_source(course: Course, manifest: Manifest, slug: str) -> Path:
    """The nbgrader source notebook of an assignment."""
    import nbformat

    from autograder.authoring import notebooks

    notebook = notebooks.source_notebook(offered.cells_of(manifest, slug), manifest, slug)
    path: Path = course.source / slug / f"{slug}.ipynb"
    data = nbformat.writes(notebook).encode()
    if not path.exists() or path.read_bytes() != data:
        write_atomically(path, data)
    return path


def answer_keys(slug: str) -> dict[str, Any]:
    """Keys of a chapter's answer tasks, from the functions in ``solutions/answers/<slug>.py``.

    A task whose numbers differ from student to student has a list: one key for each variant.
    """
    tasks = [task for task in checks_of(slug).values() if isinstance(task, AnswerTask)]
    if not tasks:
        return {}
    keys: dict[str, Any] = {}
    with known.on_reference():
        functions = known.answer_functions(slug)
        for task in tasks:
            key, variants = functions[task.id.split(".")[1]], casesets.parameters(task)
            keys[task.id] = _plain([key(**drawn) for drawn in variants] if variants else key())
    return keys


def _plain(value: Any) -> Any:
    """A key as JSON holds it."""
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.item() if isinstance(value, np.generic) else value


def _silent(step: str) -> None:
    """Nobody listens."""


def release(course: Course, slug: str, build: Path = paths.BUILD, said: Callable[[str], None] = _silent) -> Path:
    """Source and release in the course, and everything the judge will need, under its secret's seeds.

    The course's offering file says which tasks are set and for how many points; its bundle is in ``bundle/``.
    `said` hears of each step as it begins.

    Raises
    ------
    Unfinished
        If something of a task that is set is still to be written.
    """
    # Here, because nbgrader takes two seconds to import.
    from autograder.authoring import notebooks
    from autograder.gradebook import set_dates

    if slug not in (listed := pages.chapters()):
        raise NoSuch(f"no assignment {slug!r}; the book lists: {', '.join(listed)}")
    said("the whole bundle, as the book has it")
    full = build_bundle(build)
    page = full.chapter(slug)
    assert page is not None
    offerings = offering.check_all(course, full.chapters)
    manifest = offered.manifest_of(full, offerings)
    given = offered.given(full, manifest)
    offered.require_same_tasks(course, manifest, slug)
    if left := unfinished(t for c in manifest.chapters if c.slug == slug for t in c.tasks):
        raise Unfinished("\n".join(["nothing was released, because it would show what is not written yet:", *left]))
    said("the bundle of this course")
    course.create()
    offering.write_example(course, full.chapters)
    with in_turn(build / "bundle.lock"):
        manifest = pack(manifest, visible_cases(full, build), Course(build / "offered"), course.root / "bundle", given)
    notebooks.write_course_config(course.root)
    folder = course.root / "judge" / slug
    drawn = {"secret": secret.tag(course.root)}
    if Release(slug, folder).drawn != drawn:
        # Until all of them are drawn anew, no case set may pass for one of the old secret.
        (folder / "drawn.json").unlink(missing_ok=True)
    for info, check in implement_tasks(manifest):
        if info.id.split(".")[0] != slug:
            continue
        said(f"case sets of {info.id}")
        maker = Maker(info, check)
        for k in range(CASE_SETS):
            seed = course.draw("cases", slug, info.id, str(k))
            keep_cases(folder / "cases" / f"{k:02d}" / f"{info.id}.npz", maker, seed)
    files = known.reference_files()
    reference = {t.object: _definition(t.object, files) for c in manifest.chapters for t in c.tasks if t.object}
    stored: dict[str, Any] = {
        "package.json": bundle.student_package(manifest, given),
        "reference.json": reference,
        "keys.json": answer_keys(slug),
        "checks.json": stamps(slug),
        "drawn.json": drawn,
        "asked.json": {task.id: task.points for task in page.tasks},
    }
    said("the notebook, by nbgrader")
    # nbgrader first: what it refuses must leave the earlier release whole.
    write_source(course, manifest, slug)
    released = notebooks.generate_assignment(course.root, slug)
    for name, content in stored.items():
        write_atomically(folder / name, json.dumps(content, sort_keys=True, indent=1).encode(), 0o600)
    # Last, because its presence says that the release is whole and nbgrader has accepted it.
    write_atomically(folder / "manifest.json", manifest.dumps().encode())
    set_dates(course, slug)
    return released


def _definition(target: str, files: dict[str, str]) -> str:
    module, name = target.rsplit(".", 1)
    file = prerequisites.module_file(module, files)
    assert file is not None
    return known.without_markers(slicing.cut(files[file], name))
