"""The checks, one module a chapter; `tasks(slug)` is the way in."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from autograder.checks.answers import AnswerTask
from autograder.checks.base import Task


def tasks(slug: str) -> dict[str, Task | AnswerTask]:
    """Every task of a chapter that executes, by id; empty where the chapter has no checks."""
    module = f"autograder.checks.{slug.replace('-', '_')}"
    if find_spec(module) is None:
        return {}
    return {task.id: task for task in import_module(module).TASKS}
