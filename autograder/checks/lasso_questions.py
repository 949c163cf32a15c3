"""Questions of the lasso chapter: choices that are the same for all, and numbers that are each student's own."""

from __future__ import annotations

from autograder.checks.answers import AnswerTask

QUESTIONS: tuple[AnswerTask, ...] = ()
