"""Verdicts as data: what the judge decided and what a student is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CheckResult:
    """How one check went; `asked` and `came_back` describe its first failing case (or the last one).

    `waiting` marks a failure that an earlier check explains: its law was not looked at.
    """

    name: str
    law: str
    passed: bool
    weight: float
    gate: bool
    asked: str
    came_back: str
    why: str
    section: str
    seconds: float
    waiting: bool = False


@dataclass(frozen=True)
class Diagnosis:
    """A named misconception whose outcomes match the student's."""

    name: str
    message: str
    section: str


@dataclass(frozen=True)
class Verdict:
    """One task judged.  `earned` is the fraction of its points, between 0 and 1.

    `refused` says why a cell could not be used at all (a magic, a name already taken, an
    error at import); then there are no results.  `notes` are sentences for the student.
    """

    task: str
    earned: float
    results: tuple[CheckResult, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    refused: str = ""
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return self.earned == 1.0
