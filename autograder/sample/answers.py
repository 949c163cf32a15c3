"""A notebook filled in: by the reference, a variant, a mutant or an attack, with right or wrong answers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from autograder import ids, paths
from autograder.authoring import assemble, known
from autograder.authoring.places import in_words
from autograder.checks import tasks as checks_of
from autograder.checks.answers import AnswerTask, variant_of
from autograder.manifest import Manifest, TaskInfo
from autograder.sample.damage import Notebook, by_id

# Words for what stands in a cell, besides the names of mutants and variants.
REFERENCE, RELEASED, WRONG = "reference", "released", "wrong"


def fill(notebook: Notebook, manifest: Manifest, slug: str, student: str, choices: Mapping[str, str]) -> None:
    """Write a student's work into a released notebook.

    Parameters
    ----------
    notebook : dict
        As released; changed in place.
    manifest : Manifest
    slug : str
        The assignment.
    student : str
        Whose work it is; decides the variant of tasks that have parameters.
    choices : mapping
        By task: `REFERENCE` (also where nothing is said), `RELEASED`, `WRONG`, the name of a mutant
        or variant, or ``hostile:<name>``.
    """
    cells = by_id(notebook)
    chapter = manifest.chapter(slug)
    assert chapter is not None
    if start := cells.get(f"{slug}--start-student"):
        start["source"] = f"student = {student!r}"
    for task in chapter.tasks:
        choice = choices.get(task.id, REFERENCE)
        if choice != RELEASED:
            cells[ids.cell(task.id)]["source"] = source_of(task, choice, student, manifest)


def source_of(task: TaskInfo, choice: str, student: str, manifest: Manifest) -> str:
    """What stands in the cell of a task."""
    slug = task.id.split(".")[0]
    check = checks_of(slug).get(task.id)
    if choice.startswith("hostile:"):
        return (paths.TESTS / "hostile" / f"{choice.removeprefix('hostile:')}.py").read_text(encoding="utf-8")
    if check is None:
        return _written(task.id, whole=choice == REFERENCE)
    if isinstance(check, AnswerTask):
        key = right_answer(task, student)
        return f"# task: {task.id}\nanswer = {key if choice == REFERENCE else other_than(key)!r}\n"
    if choice == REFERENCE:
        return in_words(known.reference_cell(task), {s.label: s for s in manifest.sections}.get)
    found = next(k for k in (*_mutants(task.id), *_variants(task.id)) if k.name == choice)
    return found.cell


_mutants = lru_cache(maxsize=None)(known.mutants)
_variants = lru_cache(maxsize=None)(known.variants)
_keys = lru_cache(maxsize=None)(assemble.answer_keys)


def right_answer(task: TaskInfo, student: str) -> Any:
    """The key of an answer task, of the student's own variant where there are variants."""
    key = _keys(task.id.split(".")[0])[task.id]
    return key[variant_of(student)] if task.parameters else key


def other_than(key: Any) -> Any:
    """A well-formed answer that is not the key."""
    if isinstance(key, str):
        return "a" if key != "a" else "b"
    if key in (-1, 0, 1) and isinstance(key, int):
        return -key if key else 1
    return 2 * float(key) + 1


def _written(task: str, whole: bool) -> str:
    """The model answer of a written task without its marking notes, or how it begins."""
    text = (paths.SOLUTIONS / "answers" / f"{task.split('.')[0]}.md").read_text(encoding="utf-8")
    section = text.split(f"## {task}\n", 1)[1].split("\n## ", 1)[0]
    answer = section.split("\n### ", 1)[0].strip()
    return (answer if whole else answer[: len(answer) // 3].rsplit("\n", 1)[0]) + "\n"
