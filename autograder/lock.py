"""One command at a time changes a course, and one process at a time what all of them build."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.course import Course
from autograder.errors import Foreseen


class NotNow(Foreseen):
    """The command cannot start; the message says what to do first."""


@contextmanager
def alone(course: Course) -> Iterator[None]:
    """Two at once would write each other's gradebook: the second is told so.

    The lock is the kernel's, so it ends with its process, however that ends.
    """
    path = course.root / ".grading"
    try:
        lock = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as problem:
        raise NotNow(
            f"{course.root} cannot be written ({problem.strerror}); make it writable, or work on a copy that is"
        ) from None
    with os.fdopen(lock, "w"):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotNow(f"another 'grade' or 'collect' is running on {course.root}; wait for it or stop it") from None
        yield


@contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """Whoever comes second waits: what it wants may be there already when its turn comes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
