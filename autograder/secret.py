"""The course's secret, from which hidden cases are drawn: reading, keeping and changing it.

Every hidden case of a release follows from it, so a secret that is lost or damaged is never
replaced in silence: that would judge the same work by other cases than before.  Its value is
never shown.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from autograder.errors import Foreseen, command
from autograder.files import not_written, write_atomically

FILE = "secret"
# What tells a course's folder whose secret is gone from any other folder.
TRACES = ("judge", "nbgrader_config.py", "offering.toml", "gradebook.db")
WHOLE = re.compile(rb"[0-9a-f]{64}\n?")


class SecretTrouble(Foreseen):
    """The secret cannot be used, or not be put where it was asked; the message names the cure."""


def releases(root: Path) -> list[str]:
    """Assignments whose hidden cases rest on the secret."""
    return sorted(path.parent.name for path in root.glob("judge/*/manifest.json"))


def require_course(root: Path) -> None:
    """Refuse a folder that holds nothing of a course: a secret put there would be nobody's.

    Raises
    ------
    SecretTrouble
        With the cure; nothing has been made.
    """
    if not any(os.path.lexists(root / name) for name in (FILE, *TRACES)) and not backups(root):
        raise SecretTrouble(
            f"{root} is no course; name the course's folder with --course DIR, or make one there with "
            + command("release ASSIGNMENT", root)
        )


def read(root: Path) -> bytes:
    """The secret of the course in the folder `root`.

    Raises
    ------
    SecretTrouble
        If it is missing, readable by others, or not whole.
    """
    return _checked(root / FILE, root, f"; restore it with {command('secret restore FILE', root)}")


def _checked(path: Path, root: Path, cure: str) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise SecretTrouble(f"{path} is missing{cure}") from None
    except OSError as problem:
        raise SecretTrouble(f"{path} cannot be read ({problem.strerror}); links are not followed{cure}") from None
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        os.close(handle)
        raise SecretTrouble(f"{path} is not a file{cure}")
    with os.fdopen(handle, "rb") as file:
        mode = stat.S_IMODE(status.st_mode)
        if mode & 0o077:
            raise SecretTrouble(
                f"{path} has mode {mode:o}, so others on this machine may have read it; type 'chmod 600 {path}', "
                f"and {command('secret rotate', root)} if that matters"
            )
        data = file.read(200)
    if not WHOLE.fullmatch(data):
        what = "empty" if not data else "not a whole secret (64 hexadecimal digits)"
        raise SecretTrouble(f"{path} is {what}{cure}")
    return data.strip()


def make(root: Path) -> None:
    """Make the secret of a new course; one that has releases must have it already.

    Raises
    ------
    SecretTrouble
        If there are releases and no secret, or one that cannot be used.
    """
    if os.path.lexists(root / FILE):
        read(root)
        return
    drawn = releases(root)
    if drawn:
        raise SecretTrouble(
            f"{root / FILE} is missing, and the hidden cases of {', '.join(drawn)} were drawn from it; restore it with "
            f"{command('secret restore FILE', root)}, or draw everything anew with {command('secret rotate', root)}"
        )
    write_atomically(root / FILE, secrets.token_hex(32).encode(), 0o600)


def tag(root: Path) -> str:
    """What tells one secret from another without saying anything of it."""
    return hmac.new(read(root), b"which secret is this", hashlib.sha256).hexdigest()[:16]


def backups(root: Path) -> list[Path]:
    """Earlier secrets that `rotate` has kept, oldest first."""
    return sorted(root.glob(f"{FILE}.*"))


def backup(root: Path, target: Path) -> None:
    """Copy the secret to a file of mode 0600 that does not exist yet and that git would not take up."""
    require_course(root)
    data = read(root)
    if os.path.lexists(target):
        raise SecretTrouble(f"{target} exists and is not overwritten; name another file")
    if not target.parent.is_dir():
        raise SecretTrouble(f"{target.parent} is not a folder; make it first, or name another file")
    if tree := seen_by_git(target):
        raise SecretTrouble(
            f"{target} is in the git work tree {tree}, whose next commit could publish it; "
            "name a file elsewhere, or one that git ignores"
        )
    try:
        # Exclusive, so that a link put there meanwhile is not followed.
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as out:
            out.write(data + b"\n")
            out.flush()
            os.fsync(out.fileno())
    except FileExistsError:
        raise SecretTrouble(f"{target} exists and is not overwritten; name another file") from None
    except OSError as problem:
        target.unlink(missing_ok=True)
        raise not_written(target, problem) from problem


def restore(root: Path, source: Path) -> bool:
    """Put a secret that was kept elsewhere back; False where it is the present one already.

    A present secret that is another and whole is kept beside, as `rotate` does.
    """
    require_course(root)
    data = _checked(source, root, "; name the file that 'autograder secret backup' wrote")
    try:
        present = read(root)
    except SecretTrouble:
        present = b""
    if present == data:
        return False
    _set_aside(root)
    write_atomically(root / FILE, data, 0o600)
    return True


def rotate(root: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Path | None:
    """Draw a new secret; the old one, whole or not, is kept as ``secret.<time>``, which is returned."""
    require_course(root)
    kept = _set_aside(root, now)
    write_atomically(root / FILE, secrets.token_hex(32).encode(), 0o600)
    return kept


def _set_aside(root: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Path | None:
    """Copy what stands as the secret to a name of its own, so that at no moment there is none."""
    path = root / FILE
    if path.is_symlink() or not path.is_file():
        return None
    kept = root / f"{FILE}.{now():%Y-%m-%dT%H%M%SZ}"
    number = 2
    while kept.exists():
        kept = root / f"{FILE}.{now():%Y-%m-%dT%H%M%SZ}-{number}"
        number += 1
    write_atomically(kept, path.read_bytes(), 0o600)
    return kept


def seen_by_git(path: Path) -> str:
    """The git work tree whose next commit could take a file or folder up that is to be; nothing where there is none."""
    there = next(folder for folder in path.absolute().parents if folder.is_dir())
    tree = work_tree(there)
    return "" if tree and _ignored(there, path.absolute()) else tree


def _git(folder: Path, *words: str) -> subprocess.CompletedProcess[str] | None:
    try:
        return subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=False)
    except OSError:
        return None


def work_tree(folder: Path) -> str:
    """The work tree that a folder is in; where git is not there to ask, the folder that holds a ``.git``."""
    said = _git(folder, "rev-parse", "--show-toplevel")
    if said is not None and said.returncode == 0:
        return said.stdout.strip()
    here = folder.resolve()
    return next((str(p) for p in (here, *here.parents) if (p / ".git").exists()), "")


def _ignored(folder: Path, path: Path) -> bool:
    said = _git(folder, "check-ignore", "--quiet", str(path.relative_to(folder)))
    return said is not None and said.returncode == 0


def age(root: Path) -> datetime:
    """When the secret was made or put back."""
    read(root)
    return datetime.fromtimestamp((root / FILE).stat().st_mtime, UTC)
