"""The sample class: six students assembled from the reference and the mutants, never typed twice.

Deterministic, so that its gradebook can be compared.  One of them is hostile and is left
ungraded where there is no jail.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from autograder import gradebook, ids, paths
from autograder.authoring import assemble, known, notebooks
from autograder.authoring.places import in_words
from autograder.collect import collect
from autograder.course import Course, write_atomically
from autograder.manifest import Manifest

ASSIGNMENT = "ridge"
# One second apart, so that the order of hand-in is defined; 2026-09-01 12:00 UTC.
HANDED_IN = 1_788_264_000

Notebook = dict[str, Any]
Fill = Callable[[Notebook, Manifest], None]


def _by_id(notebook: Notebook) -> dict[str, dict[str, Any]]:
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: cell
        for cell in notebook["cells"]
        if "nbgrader" in cell.get("metadata", {})
    }


def whole(notebook: Notebook, manifest: Manifest) -> None:
    """Every task as the reference has it, right answers, and the model answer as written work."""
    cells = _by_id(notebook)
    chapter = manifest.chapter(ASSIGNMENT)
    assert chapter is not None
    keys = assemble.answer_keys(ASSIGNMENT)
    place = {section.label: section for section in manifest.sections}.get
    for task in chapter.tasks:
        cell = cells[ids.cell(task.id)]
        if task.object:
            cell["source"] = in_words(known.reference_cell(task), place)
        elif task.id in keys:
            cell["source"] = f"# task: {task.id}\nanswer = {keys[task.id]!r}\n"
        else:
            cell["source"] = _written_answer(task.id)


def _written_answer(task: str) -> str:
    """The model answer of a written task, without its marking notes."""
    text = (paths.SOLUTIONS / "answers" / f"{ASSIGNMENT}.md").read_text(encoding="utf-8")
    section = text.split(f"## {task}\n", 1)[1].split("\n## ", 1)[0]
    return section.split("\n### ", 1)[0].strip() + "\n"


def with_mutant(name: str, task: str) -> Fill:
    """Whole but for one task, where a mutant stands."""

    def fill(notebook: Notebook, manifest: Manifest) -> None:
        whole(notebook, manifest)
        mutant = next(m for m in known.mutants(task) if m.name == name)
        _by_id(notebook)[ids.cell(task)]["source"] = mutant.cell

    return fill


def blank(notebook: Notebook, manifest: Manifest) -> None:
    """Handed in as released."""


def duplicated(notebook: Notebook, manifest: Manifest) -> None:
    """Whole, with a graded cell pasted a second time: stock nbgrader stops the class at this one."""
    whole(notebook, manifest)
    graded = _by_id(notebook)[ids.check_cell("ridge.closed_form")]
    notebook["cells"].insert(notebook["cells"].index(graded) + 1, copy.deepcopy(graded))


def hostile(notebook: Notebook, manifest: Manifest) -> None:
    """Whole but for one cell, which attacks the grader."""
    whole(notebook, manifest)
    attack = (paths.TESTS / "hostile" / "greedy.py").read_text(encoding="utf-8")
    _by_id(notebook)[ids.cell("ridge.closed_form")]["source"] = attack


HOSTILE = "mallory"
STUDENTS: dict[str, Fill] = {
    "ada": whole,
    "ben": with_mutant("lam-not-times-n", "ridge.filter_factors"),
    "chloe": with_mutant("penalised-intercept", "ridge.with_intercept"),
    "dan": blank,
    "eve": duplicated,
    HOSTILE: hostile,
}


def run(course: Course, *, out: Console, err: Console, bar: Callable[[], Progress], grade: Callable[..., bool]) -> bool:
    """Release, hand in, collect, grade, write feedback, and say what to open."""
    err.print("[bold]sample class[/]: six students, assembled from the reference and the mutants")
    course.create()
    write_atomically(course.root / ".sample", b"{}\n")
    assemble.release(course, ASSIGNMENT)
    inbox = paths.BUILD / "sample-class"
    make(course, course.release(ASSIGNMENT).manifest, inbox)
    collect(course, ASSIGNMENT, inbox)
    graded = grade(Course(course.root), ASSIGNMENT, trust=False, workers=2, out=out, err=err, bar=bar)
    pages = gradebook.feedback(course, ASSIGNMENT)
    shown = next((page for page in pages if "ben" in page.parts), None)
    out.print("[bold]Open[/]")
    out.print(f"  the book            {paths.BUILD / 'site' / 'index.html'}", soft_wrap=True)
    if shown:
        out.print(f"  a feedback page     {shown.resolve()}", soft_wrap=True)
    out.print(f"  formgrader          {notebooks.formgrader_command(course.root)}", soft_wrap=True)
    return graded


def make(course: Course, manifest: Manifest, inbox: Path) -> dict[str, str]:
    """Write the six notebooks into `inbox/<student>/` and mark the course as a sample; returns their sha256."""
    released = course.released / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    shutil.rmtree(inbox, ignore_errors=True)
    hashes = {}
    for place, (student, fill) in enumerate(STUDENTS.items()):
        notebook: Notebook = json.loads(released.read_text(encoding="utf-8"))
        fill(notebook, manifest)
        data = (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()
        path = inbox / student / f"{ASSIGNMENT}.ipynb"
        write_atomically(path, data)
        os.utime(path, (HANDED_IN + place, HANDED_IN + place))
        hashes[student] = hashlib.sha256(data).hexdigest()
    trusted = {student: sha for student, sha in hashes.items() if student != HOSTILE}
    marker = {"note": "a sample class; 'make course' may make it again", "trusted": trusted}
    write_atomically(course.root / ".sample", (json.dumps(marker, indent=1) + "\n").encode())
    return hashes
