"""The book's exercises as one course sets them: its tasks, its points, and what comes as reference instead.

A task that is left out has no cell in the notebook.  Its function comes as reference where
something that the course does set is built on it, and is absent otherwise.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace

from autograder.authoring import bundle, known, pages, prerequisites, slicing
from autograder.course import Course, NotReleased
from autograder.errors import Foreseen
from autograder.manifest import Manifest
from autograder.offering import FILE, Offering


class OtherTasks(Foreseen):
    """The tasks of an assignment cannot change any more."""


def manifest_of(full: Manifest, offerings: Mapping[str, Offering]) -> Manifest:
    """The manifest with each chapter's tasks and points as offered; unstamped where that changes anything."""
    chapters = tuple(offerings[c.slug].applied(c) for c in full.chapters)
    return full if chapters == full.chapters else replace(full, chapters=chapters, bundle="")


def cells_of(manifest: Manifest, slug: str) -> list[pages.PageCell]:
    """An exercise page in order, with the tasks that are set as the manifest has them."""
    chapter = manifest.chapter(slug)
    assert chapter is not None
    chosen = {task.id: task for task in chapter.tasks}
    cells = pages.exercise_cells(slug)
    return [
        replace(cell, task=chosen[cell.task.id]) if cell.task else cell
        for cell in cells
        if cell.task is None or cell.task.id in chosen
    ]


def given(full: Manifest, offered: Manifest) -> frozenset[str]:
    """Objects of tasks that are left out and that the course's package cannot do without."""
    left_out = {t.object: t for c in full.chapters for t in c.tasks if t.object and offered.task(t.id) is None}
    if not left_out:
        return frozenset()
    needed = {need for c in full.chapters for t in c.tasks if offered.task(t.id) for need in t.prerequisites}
    files = known.reference_files()
    for file in prerequisites.modules(bundle.roots(offered), files):
        module = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for node in slicing.parsed(files[file]).body:
            # What a module imports must be there, or the module itself would not be.
            needed |= set(_imported(node))
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                target = f"{module}.{node.name}"
                needed |= set() if slicing.is_task(files[file], node.name) else prerequisites.closure(target, files)
    found = needed & set(left_out)
    return frozenset(found.union(*(set(left_out[o].prerequisites) & set(left_out) for o in found)))


def require_same_tasks(course: Course, manifest: Manifest, slug: str) -> None:
    """Refuse other tasks than work has been collected for: nbgrader would, and scores hang on them.

    Raises
    ------
    OtherTasks
        Naming the tasks that came or went since the last release.
    """
    try:
        before = {task.id for task in course.release(slug).chapter.tasks}
    except NotReleased:
        return
    chapter = manifest.chapter(slug)
    assert chapter is not None
    changed = before ^ {task.id for task in chapter.tasks}
    if not changed:
        return
    # Here, because nbgrader takes two seconds to import.
    from autograder.nbgrader_run import open_gradebook

    with open_gradebook(course.root) as book:
        handed_in = sorted(s.student_id for s in book.assignment_submissions(slug))
    if handed_in:
        names = ", ".join(sorted(changed))
        raise OtherTasks(
            f"{course.root / FILE}: [{slug}] tasks: {names} cannot come or go any more, because work is in the "
            f"gradebook (of {len(handed_in)}); set the tasks as before, and give a task that shall not count 0 points"
        )


def _imported(node: ast.stmt) -> Iterator[str]:
    """Objects of the package that a top-level statement imports by name."""
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{prerequisites.PACKAGE}."):
        origin = (node.module or "").removeprefix(f"{prerequisites.PACKAGE}.")
        yield from (f"{origin}.{alias.name}" for alias in node.names)
