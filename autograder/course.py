"""An instructor's course folder: where things are, its secret, and what was released.

nbgrader's own folders (source, release, submitted, autograded, feedback) keep nbgrader's
layout.  Beside them: ``secret``, ``judge/<assignment>/`` (what the judge needs of a
release) and ``results/`` (what it decided).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder import secret
from autograder.casesets import CaseSet
from autograder.errors import Foreseen, command
from autograder.files import not_written
from autograder.files import write_atomically as write_atomically
from autograder.manifest import Chapter, Manifest

CASE_SETS = 16


class NotReleased(Foreseen):
    """The assignment has no release in this course."""


@dataclass(frozen=True)
class Course:
    """The folder `root`; nothing is read before it is asked for."""

    root: Path

    source = property(lambda self: self.root / "source")
    released = property(lambda self: self.root / "release")
    submitted = property(lambda self: self.root / "submitted")
    autograded = property(lambda self: self.root / "autograded")
    feedback = property(lambda self: self.root / "feedback")
    results = property(lambda self: self.root / "results")

    def command(self, words: str) -> str:
        """What to type to act on this course, in quotes as messages have it."""
        return command(words, self.root)

    @property
    def db_url(self) -> str:
        """Where nbgrader keeps the gradebook."""
        return f"sqlite:///{self.root / 'gradebook.db'}"

    def create(self) -> None:
        """Make the folder (mode 0700) and its secret (mode 0600) where they do not exist.

        Raises
        ------
        autograder.secret.SecretTrouble
            If the secret of earlier releases is gone or damaged.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self.root.chmod(0o700)
        except OSError as problem:
            raise not_written(self.root, problem) from problem
        secret.make(self.root)

    def draw(self, *parts: str) -> int:
        """A 64-bit number from the course's secret and some words: the same on every regrade."""
        key = secret.read(self.root)
        return int.from_bytes(hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).digest()[:8], "big")

    def case_set_of(self, student: str) -> int:
        """Which of the hidden case sets a student gets."""
        return self.draw("student", student) % CASE_SETS

    def release(self, assignment: str) -> Release:
        folder = self.root / "judge" / assignment
        if not (folder / "manifest.json").exists():
            raise NotReleased(
                f"assignment {assignment!r} is not released in {self.root}; run {self.command(f'release {assignment}')}"
            )
        return Release(assignment, folder)

    def assignments(self) -> list[str]:
        """Everything that is released here."""
        return sorted(path.parent.name for path in (self.root / "judge").glob("*/manifest.json"))

    def submissions(self, assignment: str) -> dict[str, Path]:
        """Collected notebooks by student, in alphabetical order."""
        found = sorted(self.submitted.glob(f"*/{assignment}/{assignment}.ipynb"))
        return {path.parent.parent.name: path for path in found}

    @cached_property
    def sample(self) -> dict[str, Any] | None:
        """The marker of a sample class, or None in a course of real students.

        It holds ``trusted``: the sha256 of each of our own honest submissions, by assignment and student.
        """
        marker = self.root / ".sample"
        if not marker.exists():
            return None
        stored: dict[str, Any] = json.loads(marker.read_text(encoding="utf-8"))
        return stored


@dataclass(frozen=True)
class Release:
    """What the judge needs of one released assignment, stored beside the gradebook.

    ``manifest.json``; ``package.json`` (the student package's files, stripped);
    ``reference.json`` (task object -> reference definition, for prerequisites);
    ``keys.json`` (answers of predict tasks); ``checks.json`` (what the case sets were drawn for);
    ``drawn.json`` (from which secret); ``asked.json`` (every task of the page, set or not, with its points);
    ``cases/<k>/<task>.npz``.
    """

    assignment: str
    folder: Path

    @cached_property
    def manifest(self) -> Manifest:
        return Manifest.load(self.folder / "manifest.json")

    @property
    def chapter(self) -> Chapter:
        found = self.manifest.chapter(self.assignment)
        assert found is not None
        return found

    def _json(self, name: str) -> dict[str, Any]:
        stored: dict[str, Any] = json.loads((self.folder / name).read_text(encoding="utf-8"))
        return stored

    @property
    def course(self) -> Course:
        return Course(self.folder.parent.parent)

    @cached_property
    def drawn(self) -> dict[str, str]:
        """From which secret the case sets were drawn; nothing in a release that is not whole."""
        return self._json("drawn.json") if (self.folder / "drawn.json").exists() else {}

    @cached_property
    def asked(self) -> dict[str, float]:
        """Every task of the assignment's page with the points it has there."""
        return self._json("asked.json")

    @cached_property
    def package(self) -> dict[str, str]:
        return self._json("package.json")

    @cached_property
    def reference(self) -> dict[str, str]:
        return self._json("reference.json")

    @cached_property
    def checks(self) -> dict[str, str]:
        """What each task's verdicts rested on in the code when its case sets were drawn."""
        return self._json("checks.json")

    @cached_property
    def keys(self) -> dict[str, Any]:
        return self._json("keys.json")

    def case_file(self, task: str, number: int) -> Path:
        """Where a case set is kept."""
        return self.folder / "cases" / f"{number:02d}" / f"{task}.npz"

    def cases(self, task: str, number: int) -> CaseSet:
        return CaseSet.load(self.case_file(task, number))
