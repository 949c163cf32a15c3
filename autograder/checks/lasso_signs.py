"""The solver of the lasso chapter that is to be repaired: what it promises, as laws."""

from __future__ import annotations

from autograder.checks.base import Task

SIGNS: tuple[Task, ...] = ()
