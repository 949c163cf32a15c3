"""The checks, one module a chapter; `tasks(slug)` is the way in."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from types import FunctionType
from typing import Any

from autograder.checks.answers import AnswerTask
from autograder.checks.base import Task


def tasks(slug: str) -> dict[str, Task | AnswerTask]:
    """Every task of a chapter that executes, by id; empty where the chapter has no checks."""
    module = _module(slug)
    if find_spec(module) is None:
        return {}
    return {task.id: task for task in import_module(module).TASKS}


class _Callbacks:
    """What a `Callback` names: ``slug.function`` is a function that the chapter's own module defines."""

    def __getitem__(self, name: str) -> Callable[..., Any]:
        slug, _, function = name.partition(".")
        module = _module(slug)
        found = None if find_spec(module) is None else getattr(import_module(module), function, None)
        # What a module imports was written for other ends, and may do more than answer.
        if type(found) is not FunctionType or found.__module__ != module or function.startswith("_"):
            raise KeyError(f"no callback {name!r}: {module} defines no public function of that name")
        return found


CALLBACKS = _Callbacks()


def _module(slug: str) -> str:
    return f"autograder.checks.{slug.replace('-', '_')}"
