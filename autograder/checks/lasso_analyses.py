"""The analyses of the lasso chapter: data judged by laws of the answer and never by a stored one."""

from __future__ import annotations

from autograder.checks.base import Task

ANALYSES: tuple[Task, ...] = ()
