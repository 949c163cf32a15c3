"""A small nbgrader course made from the book's own pages, and results that no judge had to give."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.authoring import notebooks, pages
from autograder.course import Course, write_atomically
from autograder.manifest import Manifest
from autograder.results import SubmissionResult, TaskResult
from autograder.verdict import CheckResult, Verdict

SLUG = "ridge"


@pytest.fixture(scope="session")
def manifest() -> Manifest:
    return pages.read_manifest(bundle="test-bundle")


@pytest.fixture(scope="session")
def source(manifest):
    """The source notebook of the ridge exercises."""
    return notebooks.source_notebook(pages.exercise_cells(SLUG), manifest, SLUG)


@pytest.fixture(scope="session")
def released_course(tmp_path_factory, manifest, source) -> Path:
    """A course with one release and no submissions; tests work on copies of it."""
    course = Course(tmp_path_factory.mktemp("course") / "course")
    course.create()
    notebooks.write_course_config(course.root)
    write_atomically(course.source / SLUG / f"{SLUG}.ipynb", nbformat.writes(source).encode())
    write_atomically(course.root / "judge" / SLUG / "manifest.json", manifest.dumps().encode())
    notebooks.generate_assignment(course.root, SLUG)
    return course.root


@dataclass
class Classroom:
    """A course with helpers to hand in and to make results."""

    course: Course
    manifest: Manifest

    def release(self) -> dict[str, Any]:
        return json.loads((self.course.released / SLUG / f"{SLUG}.ipynb").read_text(encoding="utf-8"))

    def hand_in(self, student: str, change: Callable[[dict[str, Any]], None] = lambda nb: None) -> Path:
        nb = self.release()
        change(nb)
        path = self.course.submitted / student / SLUG / f"{SLUG}.ipynb"
        write_atomically(path, json.dumps(nb).encode())
        write_atomically(path.with_name("timestamp.txt"), b"2026-09-01 12:00:00.000000 UTC\n")
        return path

    def result(self, student: str, earned: float = 1.0, **by_task: float) -> SubmissionResult:
        """Every task judged at the fraction `earned`, some otherwise; written work left to a person."""
        tasks = []
        chapter = self.manifest.chapter(SLUG)
        for task in chapter.tasks:
            if notebooks.is_written(task):
                tasks.append(TaskResult(task.id, 0.0, task.points, None))
                continue
            part = by_task.get(task.id.split(".")[1], earned)
            law = CheckResult("law", "The gradient vanishes.", part == 1, 1.0, False, "a case", "a value", "", "", 0.1)
            verdict = Verdict(task.id, part, (law,))
            tasks.append(TaskResult(task.id, round(part * task.points, 4), task.points, verdict))
        return SubmissionResult(student, SLUG, "0" * 64, "A", tuple(tasks))


def fresh_copy(original: Path, to: Path) -> Course:
    shutil.copytree(original, to)
    return Course(to)


@pytest.fixture
def classroom(released_course, manifest, tmp_path) -> Classroom:
    return Classroom(fresh_copy(released_course, tmp_path / "course"), manifest)


@pytest.fixture
def master(released_course):
    path = released_course / "release" / SLUG / f"{SLUG}.ipynb"
    return copy.deepcopy(nbformat.read(path, as_version=4))


@pytest.fixture(scope="session")
def by_id():
    """Cells of a notebook (dict or node) by grade id."""

    def find(nb: Any) -> dict[str, Any]:
        ours = [(c["metadata"].get("nbgrader", {}), c) for c in nb["cells"]]
        return {about["grade_id"]: c for about, c in ours if "grade_id" in about}

    return find
