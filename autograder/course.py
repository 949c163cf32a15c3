"""An instructor's course folder: where things are, its secret, and what was released.

nbgrader's own folders (source, release, submitted, autograded, feedback) keep nbgrader's
layout.  Beside them: ``secret``, ``judge/<assignment>/`` (what the judge needs of a
release) and ``results/`` (what it decided).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.casesets import CaseSet
from autograder.errors import Foreseen
from autograder.manifest import Chapter, Manifest

CASE_SETS = 16


def write_atomically(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write beside and rename, so a reader or a crash never meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


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

    @property
    def db_url(self) -> str:
        """Where nbgrader keeps the gradebook."""
        return f"sqlite:///{self.root / 'gradebook.db'}"

    def create(self) -> None:
        """Make the folder (mode 0700) and its secret (mode 0600) where they do not exist."""
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)
        if not self._secret_file.exists():
            write_atomically(self._secret_file, secrets.token_hex(32).encode(), 0o600)

    @property
    def _secret_file(self) -> Path:
        return self.root / "secret"

    def draw(self, *parts: str) -> int:
        """A 64-bit number from the course's secret and some words: the same on every regrade."""
        key = self._secret_file.read_bytes()
        return int.from_bytes(hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).digest()[:8], "big")

    def case_set_of(self, student: str) -> int:
        """Which of the hidden case sets a student gets."""
        return self.draw("student", student) % CASE_SETS

    def release(self, assignment: str) -> Release:
        folder = self.root / "judge" / assignment
        if not (folder / "manifest.json").exists():
            raise NotReleased(
                f"assignment {assignment!r} is not released in {self.root}; run 'autograder release {assignment}'"
            )
        return Release(assignment, folder)

    def submissions(self, assignment: str) -> dict[str, Path]:
        """Collected notebooks by student, in alphabetical order."""
        found = sorted(self.submitted.glob(f"*/{assignment}/{assignment}.ipynb"))
        return {path.parent.parent.name: path for path in found}

    @cached_property
    def sample(self) -> dict[str, Any] | None:
        """The marker of a sample class, or None in a course of real students.

        It holds ``trusted``: the sha256 of each of our own honest submissions by student.
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
        """Where a case set is kept; of an analysis, whose data everybody has, there is one for all."""
        info = self.manifest.task(task)
        number = number if info is None or info.object else 0
        return self.folder / "cases" / f"{number:02d}" / f"{task}.npz"

    def cases(self, task: str, number: int) -> CaseSet:
        return CaseSet.load(self.case_file(task, number))
