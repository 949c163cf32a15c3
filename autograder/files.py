"""Writing files whole or not at all, and saying what to do where a disk or a folder does not allow it."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from autograder.errors import Foreseen


class NotWritten(Foreseen, OSError):
    """A file could not be written, and what stood there before still does."""


CURES = {
    errno.ENOSPC: "the disk is full; make room on it and type the same command again",
    errno.EDQUOT: "your share of the disk is used up; make room and type the same command again",
    errno.EROFS: "it is on a read-only file system; mount it writable, or work on a copy of the folder",
    errno.EACCES: "you may not write there; give yourself the right (chmod u+w), or work as the folder's owner",
    errno.EPERM: "you may not write there; give yourself the right (chmod u+w), or work as the folder's owner",
}


def not_written(path: Path, problem: OSError) -> NotWritten:
    """The sentence for a failed write; nothing that was there is lost."""
    cure = CURES.get(problem.errno or 0, f"it could not be written ({problem.strerror or problem}); see to that first")
    return NotWritten(f"{path}: {cure}; what was there before is unchanged")


def refused(problem: OSError, where: Path) -> NotWritten | None:
    """What disk or folder did not take, with the cure; None for any other error.

    `where` is named if the error itself names no file, as on a full disk.
    """
    cure = CURES.get(problem.errno or 0)
    return NotWritten(f"{problem.filename or where}: {cure}") if cure else None


def write_atomically(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write beside and rename, so a reader or a crash never meets half a file.

    Raises
    ------
    NotWritten
        With the reason and the cure; the file is as it was.
    """
    name = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except OSError as problem:
        raise not_written(path, problem) from problem
    finally:
        if name:
            Path(name).unlink(missing_ok=True)
