"""A public copy of the course for students: the book as built, the bundle, the data, and no solution.

It is put together from what `build` made for readers and students, never from the house's own
folders, and searched for everything that must not leave before a file is written.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from autograder import leaks, paths, secret
from autograder.authoring import bundle
from autograder.course import write_atomically
from autograder.errors import Foreseen

MARKER = ".exported.json"
# Names that have no business in a public copy, wherever they come from.
PRIVATE = {"solutions", "mutants", "variants", "hostile", "answers", "keys.json", "secret", "gradebook.db", ".git"}
README = """\
# Shrinkage: a course on L1 and L2 regularization

| folder | holds |
|---|---|
| `site/` | the book; open `site/index.html` in a browser, no network needed |
| `{bundle}/` | the exercises: notebooks, the package `shrinkage` that grows with your solutions, and the checks |
| `data/` | the data sets of the book, with their sources |

Start with `{bundle}/README.md`; `{bundle}.zip` is the same folder, packed.
The bundle's version is {version}.
"""


class NotExported(Foreseen):
    """The copy cannot be made; the message says why."""


def export(target: Path, build: Path = paths.BUILD, root: Path = paths.ROOT, git: bool = False) -> list[str]:
    """Write the public copy into `target`, in the place of an earlier one; returns its files.

    Parameters
    ----------
    target : Path
        A folder that is absent, empty, or an earlier export.
    build : Path
        What ``autograder build`` made.
    root : Path
        The clone, for licences and data.
    git : bool
        Commit the copy in a repository of its own, which knows nothing of the house's history.

    Raises
    ------
    NotExported
        If something is not built, the folder is somebody's, or anything in the copy must not leave.
    """
    before = _earlier(target)
    house = secret.work_tree(root)
    if house and secret.seen_by_git(target) == house:
        raise NotExported(
            f"{target} is in this clone's own work tree {house}, whose next commit would take the copy up; "
            "give a folder elsewhere, or one that git ignores"
        )
    files = dict(_files(build, root))
    version = json.loads(files[f"{bundle.NAME}/autograder/manifest.json"].read_text(encoding="utf-8"))["bundle"]
    _refuse_secrets(files)
    readme = README.format(bundle=bundle.NAME, version=version)
    for name, path in files.items():
        _copy(path, target / name)
    write_atomically(target / "README.md", readme.encode())
    names = sorted([*files, "README.md"])
    for name in sorted(before - set(names)):
        _remove(target, name)
    write_atomically(target / MARKER, (json.dumps({"bundle": version, "files": names}, indent=1) + "\n").encode())
    if git:
        _commit(target, version)
    return names


def _earlier(target: Path) -> set[str]:
    """The files of an earlier export in `target`."""
    if not target.exists():
        return set()
    if not target.is_dir():
        raise NotExported(f"{target} is a file; give a folder that is empty or does not exist yet")
    marker = target / MARKER
    if marker.is_file() and not marker.is_symlink():
        return set(json.loads(marker.read_text(encoding="utf-8"))["files"])
    if any(target.iterdir()):
        raise NotExported(f"{target} holds files that are no earlier export; give a folder that is empty or absent")
    return set()


def _files(build: Path, root: Path) -> Iterator[tuple[str, Path]]:
    """What the copy holds: place in it, and where it comes from."""
    for folder, name in ((build / "site", "site"), (build / "bundle" / bundle.NAME, bundle.NAME)):
        if not folder.is_dir():
            raise NotExported(f"{folder} is not there; run 'autograder build' first")
        yield from _below(folder, name)
    yield f"{bundle.NAME}.zip", build / "bundle" / f"{bundle.NAME}.zip"
    yield from _below(root / "book" / "_data", "data")
    for pattern in ("LICEN[CS]E*", "COPYING*", "CITATION*"):
        for path in sorted(root.glob(pattern)):
            yield path.name, path


def _below(folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not path.is_symlink() and "__pycache__" not in inside.parts:
            yield f"{name}/{inside.as_posix()}", path


def _refuse_secrets(files: dict[str, Path]) -> None:
    """Nothing leaves where anything would leave that must not."""
    named = [name for name in files if PRIVATE & set(PurePosixPath(name).parts)]
    if named:
        raise NotExported(f"{named[0]} must not leave; nothing was written")
    found = leaks.leaks({name: leaks.readable(path) for name, path in files.items() if leaks.is_text(path)})
    found += leaks.answers(files)
    if found:
        place, line = found[0].split(": ", 1)
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise NotExported(
            f"{place} holds a line that must not leave, {line!r}{more}; build again, or reword it; nothing was written"
        )


def _copy(path: Path, to: Path) -> None:
    data = path.read_bytes()
    if to.is_symlink() or not to.is_file() or to.read_bytes() != data:
        write_atomically(to, data)


def _remove(target: Path, name: str) -> None:
    """Take away a file that the copy no longer has, and folders that it leaves empty."""
    inside = PurePosixPath(name)
    if inside.is_absolute() or ".." in inside.parts:
        return
    path = target / name
    path.unlink(missing_ok=True)
    for folder in path.parents:
        if folder == target or not folder.is_dir() or any(folder.iterdir()):
            return
        folder.rmdir()


def _commit(target: Path, version: str) -> None:
    """One commit of the copy as it is now, by nobody in particular and without this machine's hooks."""
    if shutil.which("git") is None:
        raise NotExported("the copy is written, but git is not installed here, so there is no repository")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    who = ["-c", "user.name=Shrinkage", "-c", "user.email=course@localhost", "-c", "core.hooksPath=/dev/null"]
    who += ["-c", "commit.gpgSign=false", "-c", "core.autocrlf=false", "-c", "core.excludesFile=/dev/null"]

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = ["git", *who, "-C", str(target), *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    message = f"Course materials, bundle {version}"
    steps = [["add", "--all", "--force"], ["commit", "-q", "--allow-empty", "-m", message]]
    if not (target / ".git").exists():
        steps.insert(0, ["init", "-q", "-b", "main", "--template="])
    for step in steps:
        done = run(*step)
        if done.returncode:
            raise NotExported(f"the copy is written, but git {step[0]} failed: {done.stderr.strip()}")
