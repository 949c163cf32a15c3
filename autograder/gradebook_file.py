"""The gradebook's database: whether it can be used, said in one sentence, and a copy of it every day.

What the judge decided can be made again from ``results/``; what a person gave stands in the
database alone.  So a database that is damaged, missing or of another version is never
replaced, and the cure names the copies.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import nbgrader
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from autograder.errors import Foreseen, command
from autograder.files import not_written

# Longer than any of our own transactions: whoever still holds the database then has forgotten it.
BUSY_SECONDS = 30
COPIES = "gradebook-copies"
KEPT = 14


class GradebookTrouble(Foreseen):
    """The gradebook cannot be read or written; the message names it and the cure."""


def file_of(url: str) -> Path | None:
    """The file of a SQLite gradebook; None for another database."""
    found = re.fullmatch(r"sqlite(?:\+\w+)?:///(?!file:)([^?]+)(?:\?.*)?", url)
    return Path(found[1]) if found else None


def patient(url: str) -> str:
    """The same gradebook, waited for while another program writes to it."""
    return f"{url}?timeout={BUSY_SECONDS}" if file_of(url) and "?" not in url else url


def _copies(root: Path) -> str:
    newest = max((root / COPIES).glob("*.db"), default=None)
    where = f"put the newest copy, {newest}, in its place" if newest else "put a copy of your own in its place"
    return f"{where} and run {command('grade ASSIGNMENT', root)} again, which judges nothing twice"


def sentence(url: str, root: Path, problem: Exception) -> str:
    """What a database's error means and what to do."""
    name = file_of(url) or make_url(url).render_as_string(hide_password=True)
    said = str(getattr(problem, "orig", None) or problem).strip().splitlines()[0]
    if "locked" in said or "busy" in said:
        return (
            f"{name}: another program has been writing to it for {BUSY_SECONDS} seconds; "
            "close what uses the gradebook (formgrader, another 'autograder' or 'nbgrader') and try again"
        )
    if "disk is full" in said:
        return f"{name}: the disk is full; make room and try again; nothing that was graded is lost"
    if "readonly" in said or "read-only" in said:
        return f"{name}: cannot be written; give yourself the right to write it and its folder, and try again"
    if "unable to open" in said:
        return f"{name}: cannot be opened; see that it is a file which you may read and write, in a folder likewise"
    if any(words in said for words in ("not a database", "malformed", "no such table", "no such column")):
        return f"{name}: damaged ({said}); move it away, {_copies(root)}"
    return f"{name}: the database refused: {said}; see that it runs and that nbgrader_config.py names it rightly"


@contextmanager
def sentences(url: str, root: Path) -> Iterator[None]:
    """A database's errors as sentences."""
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as problem:
        raise GradebookTrouble(sentence(url, root, problem)) from problem
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as problem:
        raise GradebookTrouble(
            f"{root / 'nbgrader_config.py'}: db_url {url.split('@')[-1]!r} cannot be used ({problem}); correct it"
        ) from problem


def require_usable(url: str, root: Path) -> None:
    """Refuse a gradebook that is gone, damaged, or made by another version of nbgrader.

    Raises
    ------
    GradebookTrouble
        With the cure; the database has not been touched.
    """
    path = file_of(url)
    if path is not None and (not path.exists() or path.stat().st_size == 0):
        graded = next(root.glob("autograded/*/*"), None)
        if graded is not None:
            what = "is empty" if path.exists() else "is missing"
            raise GradebookTrouble(
                f"{path} {what}, although {graded.parent.name} has been graded; {_copies(root)}; "
                f"only to begin anew, move {root / 'autograded'} away"
            )
        return
    with sentences(url, root):
        engine = create_engine(patient(url))
        try:
            with engine.connect() as connection:
                found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except DatabaseError as problem:
            said = str(problem.orig)
            if "alembic_version" not in said:
                raise
            # No table at all: a new database, which nbgrader fills; PostgreSQL says "does not exist".
            found = None
        finally:
            engine.dispose()
    known, newest = _versions()
    if found is not None and found != newest:
        cure = (
            f"run 'nbgrader db upgrade' in {root}, which keeps a backup"
            if found in known
            else "use that nbgrader, or restore a copy from before"
        )
        age = "an older" if found in known else "a newer"
        raise GradebookTrouble(
            f"{path or url.split('@')[-1]}: made by {age} nbgrader than version {version('nbgrader')} here; {cure}"
        )


@lru_cache(maxsize=1)
def _versions() -> tuple[frozenset[str], str]:
    """The database versions that this nbgrader knows, and the newest of them."""
    scripts = ScriptDirectory(str(Path(nbgrader.__file__).parent / "alembic"))
    return frozenset(script.revision for script in scripts.walk_revisions()), str(scripts.get_current_head())


def require_writable(url: str, root: Path) -> None:
    """Wait until nobody else writes, and refuse now what would fail later in the middle of nbgrader's work."""
    path = file_of(url)
    if path is None or not path.exists():
        return
    with sentences(url, root), closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        database.execute("ROLLBACK")


def keep_copy(url: str, root: Path, today: date | None = None) -> Path | None:
    """Keep a sound copy of a SQLite gradebook as it stands before our next change: one a day, the last ones stay.

    Other databases have their own means.
    """
    path = file_of(url)
    if path is None or not path.exists():
        return None
    folder = root / COPIES
    kept = folder / f"{today or date.today()}.db"
    if kept.exists() and kept.stat().st_mtime_ns > path.stat().st_mtime_ns:
        return kept
    made = folder / f".{kept.name}.{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as source, closing(sqlite3.connect(made)) as target:
            # A damaged one must not push the sound copies out.
            said = source.execute("PRAGMA quick_check(1)").fetchone()[0]
            if said != "ok":
                raise sqlite3.DatabaseError(f"malformed: {said}")
            source.backup(target)
        made.chmod(0o600)
        made.replace(kept)
    except OSError as problem:
        raise not_written(kept, problem) from problem
    except sqlite3.DatabaseError as problem:
        raise GradebookTrouble(sentence(url, root, problem)) from problem
    finally:
        made.unlink(missing_ok=True)
    for old in sorted(folder.glob("*.db"))[:-KEPT]:
        old.unlink()
    return kept
