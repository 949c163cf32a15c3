"""The course folder on a student's disk: where it is, what its package holds, safe writing.

A file keeps its own line endings and byte-order mark; everything is UTF-8; a write either
happens whole or not at all.
"""

from __future__ import annotations

import codecs
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from autograder.manifest import Manifest

PACKAGE = "shrinkage"
MANIFEST = Path("autograder") / "manifest.json"


class Misuse(Exception):
    """Something the student can put right; its text is the one sentence they read."""

    def _render_traceback_(self) -> list[str]:  # IPython asks for it, and shows this in the place of a traceback
        return [str(self)]


@dataclass(frozen=True)
class Folder:
    """The folder that holds both ``shrinkage/`` and ``autograder/manifest.json``."""

    root: Path
    manifest: Manifest

    @property
    def package(self) -> Path:
        return self.root / PACKAGE

    def files(self) -> dict[str, str]:
        """Text of the student's package by path within it, with plain line ends."""
        found = {}
        for path in sorted(self.package.rglob("*.py")):
            name = path.relative_to(self.package).as_posix()
            found[name] = KEPT[path] if path in KEPT else read(path)[0]
        return found

    def write(self, name: str, text: str) -> None:
        """Put a file of the package in place, whole, with the line ends it had."""
        path = self.package / name
        if grading():
            KEPT[path] = text
        else:
            write(path, text)


# What passed while nbgrader itself runs a notebook: kept for later cells of that notebook,
# and never written, because the folder is then shared by every submission.
KEPT: dict[Path, str] = {}


def grading() -> bool:
    """Whether this kernel runs under nbgrader's own `autograde`."""
    return os.environ.get("NBGRADER_EXECUTION") == "autograde"


def scored() -> bool:
    """Whether nbgrader runs this notebook, to grade or to validate it: it then reads a cell's value as its points."""
    return bool(os.environ.get("NBGRADER_EXECUTION"))


def find() -> Folder:
    """The course folder: the current directory, else the one this package lies in.

    Raises
    ------
    Misuse
        If neither is a course folder, or the manifest in it cannot be read.
    """
    here = Path.cwd()
    home = Path(__file__).resolve().parents[2]
    root = next((p for p in (here, home) if (p / PACKAGE).is_dir() and (p / MANIFEST).is_file()), None)
    if root is None:
        parent = next((p for p in here.parents if (p / PACKAGE).is_dir() and (p / MANIFEST).is_file()), None)
        cure = f"open {parent}" if parent else "open the folder 'shrinkage-course' that you unpacked"
        raise Misuse(
            f"This kernel looks in {here}, which is not the course folder (no shrinkage/ and autograder/ "
            f"side by side): {cure}, and start the notebook from there."
        )
    try:
        return Folder(root, Manifest.load(root / MANIFEST))
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise Misuse(f"{root / MANIFEST} is damaged ({problem}); unpack the course's zip again.") from None


def read(path: Path) -> tuple[str, str, bool]:
    """Text with plain line ends, the line end it had, and whether it began with a byte-order mark."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as problem:
        raise Misuse(f"{path} cannot be read ({problem.strerror}).") from None
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        raise Misuse(f"{path}, line {line}, is not UTF-8; save it in your editor with the encoding UTF-8.") from None
    end = "\r\n" if "\r\n" in text else "\n"
    return text.replace("\r\n", "\n"), end, raw.startswith(codecs.BOM_UTF8)


def write(path: Path, text: str) -> None:
    """Write through a temporary file beside `path`, so that no half-written file is ever seen."""
    end, bom = "\n", False
    if path.exists():
        _, end, bom = read(path)
    raw = text.replace("\r\n", "\n").replace("\n", end).encode("utf-8-sig" if bom else "utf-8")
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
        with os.fdopen(handle, "wb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            os.chmod(temporary, path.stat().st_mode & 0o777)
        else:
            os.chmod(temporary, 0o644)  # mkstemp's 0600 would hide the file from a group that shares the folder
        _put_in_place(temporary, path)
    except OSError as problem:
        raise Misuse(f"{path} cannot be written ({problem.strerror}); nothing was changed.") from None
    finally:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)


def _put_in_place(temporary: str, path: Path) -> None:
    # On Windows an editor or virus scanner that has the file open refuses the change for a moment.
    for wait in (0.05, 0.1, 0.2, 0.4):
        try:
            os.replace(temporary, path)
            return
        except PermissionError:
            time.sleep(wait)
    os.replace(temporary, path)
