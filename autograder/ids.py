"""Task ids (``slug.name``) and nbgrader's cell ids (no dots): the one place that maps both ways."""

from __future__ import annotations

import re

TASK_ID = re.compile(r"[a-z][a-z0-9-]*\.[a-z][a-z0-9_]*")


def split(task: str) -> tuple[str, str]:
    """``ridge.closed_form`` -> (``ridge``, ``closed_form``)."""
    if not TASK_ID.fullmatch(task):
        raise ValueError(f"{task!r} is not a task id; ids look like 'ridge.closed_form'")
    slug, name = task.split(".")
    return slug, name


def cell(task: str) -> str:
    """nbgrader id of the solution cell: ``ridge--closed_form``."""
    return "--".join(split(task))


def check_cell(task: str) -> str:
    """nbgrader id of the graded cell: ``ridge--closed_form--check``."""
    return cell(task) + "--check"


def prose_after(place: str) -> str:
    """nbgrader id of the text that follows a task's cells, or the beginning: ``ridge--closed_form--after``."""
    return f"{place}--after"


def is_prose(cell_id: str) -> bool:
    """Whether a cell is text between tasks, which a later release may have changed or dropped."""
    return cell_id.endswith("--after")


def task(cell_id: str) -> str | None:
    """The task of a solution or graded cell, or None for any other cell."""
    parts = cell_id.removesuffix("--check").split("--")
    name = ".".join(parts)
    return name if len(parts) == 2 and TASK_ID.fullmatch(name) else None
