"""Around the check: opening a notebook, taking a saved function back, the table of functions."""

from __future__ import annotations

import difflib
import sys
from importlib.util import find_spec

from autograder import ids
from autograder.manifest import Chapter, TaskInfo
from autograder.student import history, identity, say, shelf
from autograder.student.folder import PACKAGE, Folder, Misuse, find


@say.misuse_as_sentence(None)
def start(slug: str, bundle: str = "", student: str = "") -> None:
    """Say whether notebook and folder belong together, and what to do; the first cell of a notebook.

    `student` is the id under which the course knows you: questions whose numbers differ from
    student to student take yours from it.
    """
    folder = find()
    chapter = folder.manifest.chapter(slug)
    if chapter is None:
        raise _no_chapter(slug, folder)
    if bundle and bundle != folder.manifest.bundle:
        raise Misuse(
            f"This notebook was made for bundle {bundle}, but {folder.root} holds bundle {folder.manifest.bundle}, "
            "and one of the two is older: open the notebook that came with this folder, or unpack the newest zip."
        )
    foreign = imported_elsewhere(folder)
    if foreign:
        raise Misuse(foreign)
    example = next((t.id for t in chapter.tasks if t.object), chapter.tasks[0].id if chapter.tasks else slug)
    lost = [t.id for c in folder.manifest.chapters for t in c.tasks if t.object and _lost(folder, t)]
    more = f" Saved work is missing from shrinkage/ ({', '.join(lost)}): restore() puts it back." if lost else ""
    if whose := identity.remember(folder, chapter, student):
        more = f" {whose}{more}"
    unknown = bool(whose) and not identity.student_of(folder)
    say.sentence(
        f"{chapter.title}: {len(chapter.tasks)} exercises. Run a cell, then its check, for example "
        f"`check({example!r})`; what passes is saved into {folder.package}.{more}",
        good=not (lost or unknown),
    )


def _lost(folder: Folder, info: TaskInfo) -> bool:
    files = folder.files()
    return shelf.is_stub(shelf.current(files[shelf.file_of(info, files)], info), info) and bool(
        history.last_saved(folder, info.id)
    )


@say.misuse_as_sentence(None)
def undo(task_id: str = "") -> None:
    """Put back what the last passed check of a task replaced in your package."""
    folder = find()
    info = lookup(task_id, folder, "undo")
    if not info.object:
        raise Misuse(f"{task_id} saves nothing into your package, so there is nothing to undo.")
    kept = history.undo(folder, info)
    if kept is None:
        raise Misuse(f"No saved version of {task_id} is left to undo.")
    forget()
    files = folder.files()
    held = "your version before that" if history.whose(folder, files, info) != "not yet" else "the stub"
    aside = f" What you had written by hand is kept in {kept}." if kept else ""
    place = f"shrinkage/{shelf.file_of(info, files)}"
    say.sentence(f"Undone: {place} holds {held} of `{info.object}` again.{aside}", good=True)


@say.misuse_as_sentence(None)
def restore() -> None:
    """Bring saved functions back where an unpacked zip has put stubs in their place."""
    folder = find()
    back = [t.id for c in folder.manifest.chapters for t in c.tasks if t.object and history.put_back(folder, t)]
    forget()
    nothing = "Nothing to put back: no saved function is missing."
    say.sentence(f"Put back: {', '.join(back)}; check them again." if back else nothing, good=True)


@say.misuse_as_sentence(None)
def table() -> None:
    """Print function, chapter, and whose code it is: yours, reference, or not yet."""
    folder = find()
    files = folder.files()
    rows = [("function", "chapter", "whose")]
    rows += [
        (f"shrinkage.{info.object}", chapter.title, history.whose(folder, files, info))
        for chapter in folder.manifest.chapters
        for info in chapter.tasks
        if info.object
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    say.lines("".join(f"{f:<{widths[0]}}  {c:<{widths[1]}}  {w}\n" for f, c, w in rows))


def lookup(task_id: object, folder: Folder, caller: str) -> TaskInfo:
    """The task of an id.

    Raises
    ------
    Misuse
        If there is none: with close matches, or saying that its chapter is not in the bundle.
    """
    known = [t.id for c in folder.manifest.chapters for t in c.tasks]
    if task_id == "":
        raise Misuse(f"{caller} takes the id of a task in quotes: {', '.join(map(repr, known))}.")
    if not isinstance(task_id, str):
        raise say.misfit(caller, task_id)
    info = folder.manifest.task(task_id)
    if info is not None:
        return info
    if chapter := folder.manifest.chapter(task_id):
        listed = ", ".join(repr(t.id) for t in chapter.tasks)
        raise Misuse(f"{task_id!r} is a chapter; {caller} takes one of its tasks: {listed}.")
    slug = task_id.split(".")[0]
    close = difflib.get_close_matches(task_id, known, n=3, cutoff=0.6)
    close += [k for k in known if k.split(".")[1] == task_id and k not in close]
    if close:
        raise Misuse(f"There is no task {task_id!r}; did you mean {' or '.join(map(repr, close))}?")
    if ids.TASK_ID.fullmatch(task_id) and folder.manifest.chapter(slug) is None:
        raise _no_chapter(slug, folder)
    raise Misuse(f"There is no task {task_id!r}; the tasks are {', '.join(known)}.")


def chapter_of(slug: object, folder: Folder, caller: str) -> Chapter:
    """The chapter of a slug; also of a task's id, and of nothing at all where there is one chapter alone.

    Raises
    ------
    Misuse
        If there is none, with close matches.
    """
    held = [chapter.slug for chapter in folder.manifest.chapters]
    if slug == "" and len(held) == 1:
        slug = held[0]
    if not isinstance(slug, str) or not slug:
        raise Misuse(f"{caller} takes a chapter in quotes: {' or '.join(f'`{caller}({h!r})`' for h in held)}.")
    found = folder.manifest.chapter(slug.split(".")[0])
    if found is not None:
        return found
    close = difflib.get_close_matches(slug, held, n=3, cutoff=0.6)
    if close:
        raise Misuse(f"There is no chapter {slug!r}; did you mean {' or '.join(map(repr, close))}?")
    raise _no_chapter(slug, folder)


def _no_chapter(slug: str, folder: Folder) -> Misuse:
    held = ", ".join(c.slug for c in folder.manifest.chapters)
    return Misuse(f"Chapter {slug!r} is not in this bundle, which holds {held}; it may come with a later one.")


def imported_elsewhere(folder: Folder) -> str:
    """A sentence where this Python's `shrinkage` is not the folder's, else nothing."""
    loaded = sys.modules.get(PACKAGE)
    try:
        spec = loaded.__spec__ if loaded is not None else find_spec(PACKAGE)
    except (ImportError, ValueError):
        return ""
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places or any(_same(place, folder) for place in places):
        return ""
    return (
        f"`import shrinkage` gives {places[0]} here, not your package in {folder.package}: start the kernel in "
        f"{folder.root} and remove the other one (pip uninstall shrinkage)."
    )


def _same(place: str, folder: Folder) -> bool:
    try:
        return folder.package.samefile(place)
    except OSError:
        return False


def forget() -> None:
    """Let the next import of `shrinkage` in this Python read the changed files."""
    for name in [m for m in sys.modules if m == PACKAGE or m.startswith(PACKAGE + ".")]:
        del sys.modules[name]
