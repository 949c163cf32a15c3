"""How each source names its files: a folder, Canvas, Moodle, nbgrader's exchange.

The forms are those that the platforms' own code writes: Canvas' ``lib/content_zipper.rb``,
Moodle's ``mod/assign/classes/downloader.php``, nbgrader's ``exchange/default/submit.py``.
Both Canvas and Moodle give the entries of their archives the moment of the download, so
these are no times of handing in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from autograder import cells
from autograder.inbox import Entry, NotCollected, unwrapped
from autograder.submission import Unreadable

# `lovelaceada_LATE_12345_67890_ridge-1.ipynb`; groups have the group's name, anonymous ones alone none: a number
# at the beginning is somebody's name for themselves, not the platform's number.
_WHO = r"(?:(?P<name>(?!LATE_anon_|anon_)\w+?)_)?(?P<late>LATE_)?(?P<user>(?(name)\d+|anon_[A-Za-z0-9]+))"
CANVAS = re.compile(rf"{_WHO}_(?P<number>\d+)_(?P<file>.+)", re.DOTALL)
CANVAS_TEXT = re.compile(rf"{_WHO}_(?P<file>text|link)\.html")
# Where else in a name of Canvas a student's number can be read, because people name themselves and their files.
CANVAS_NUMBER = re.compile(r"(?=_(\d+)_\d+_)")
# `Ada Lovelace_123456_assignsubmission_file/ridge.ipynb`; older ones write `file_/ridge.ipynb`, and flat archives
# `file_ridge.ipynb`; `Participant_123456_…` where marking is blind.
MOODLE = re.compile(
    r"(?P<name>.+?)(?:_(?P<user>\d+))?_assignsubmission_(?P<plugin>file|onlinetext)(?:_(?P<file>.*))?", re.DOTALL
)
PARTICIPANT = re.compile(r"participant[ _]?(\d+)?", re.IGNORECASE)
# `ada+ridge+2026-09-01 12:00:00.000000 UTC+c2VjcmV0`
EXCHANGE = re.compile(
    r"(?P<name>.+?)\+(?P<assignment>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^+]*)(?:\+(?P<random>[\w=-]+))?"
)
KINDS = ("folder", "canvas", "moodle", "exchange")


@dataclass(frozen=True)
class Parcel:
    """What one student handed in at one time.

    Parameters
    ----------
    label : str
        Who it is from, in the words of the source.
    names : tuple of str
        What the source tells of the student, the most certain first.
    files : tuple of Entry
    full_name : str
        As the platform writes it, where it does; two may share it.
    number : str
        The platform's number of the student, where the class list may hold it.
    handed_in : datetime or None
        Where the source itself says when.
    late : bool or None
        Whether the platform marked it so.
    order : int
        Of one student's parcels the larger is the later.
    rivals : tuple of str
        Other numbers that the name can be read with.
    """

    label: str
    names: tuple[str, ...]
    files: tuple[Entry, ...]
    full_name: str = ""
    number: str = ""
    handed_in: datetime | None = None
    late: bool | None = None
    order: int = 0
    rivals: tuple[str, ...] = ()


def kind_of(entries: Iterable[Entry]) -> str:
    """Which source these files come from."""
    tops = {entry.path[0] for entry in entries}
    if any(MOODLE.fullmatch(top) for top in tops):
        return "moodle"
    if any(EXCHANGE.fullmatch(top) for top in tops):
        return "exchange"
    flat = [entry.path[0] for entry in entries if len(entry.path) == 1 and not entry.is_folder]
    if any(CANVAS.fullmatch(name) or CANVAS_TEXT.fullmatch(name) for name in flat):
        return "canvas"
    return "folder"


def parcels(
    entries: tuple[Entry, ...], assignment: str, kind: str, siblings: Collection[str] = ()
) -> tuple[str, list[Parcel]]:
    """The kind of source, found where it is not given, and what it holds of each student.

    What is not named as its kind names files is nobody's parcel: `unmatched` names it.  `siblings` are the
    course's other assignments.
    """
    if kind and kind not in KINDS:
        raise NotCollected(f"{kind!r} is no kind of source; use {', '.join(KINDS)}")
    entries = _opened(entries, kind)
    kind = kind or kind_of(entries)
    if kind == "folder":
        return kind, list(_folder(entries, assignment, siblings))
    split = {"canvas": _canvas, "moodle": _moodle, "exchange": _exchange}[kind]
    return kind, list(split(entries, assignment))


def _opened(entries: tuple[Entry, ...], kind: str) -> tuple[Entry, ...]:
    """Without a folder round everything, where what is in it is named as a platform names it."""
    inner = unwrapped(entries)
    wanted = {kind} if kind else set(KINDS)
    return inner if kind_of(entries) == "folder" and kind_of(inner) in wanted - {"folder"} else entries


def unmatched(entries: tuple[Entry, ...], kind: str) -> list[str]:
    """Names of entries at the top that are not as a platform names them, and whose they are nobody can tell."""
    entries = _opened(entries, kind)
    if kind == "canvas":
        files = (entry for entry in entries if not entry.is_folder)
        return ["/".join(e.path) for e in files if not CANVAS.fullmatch(e.name) and not CANVAS_TEXT.fullmatch(e.name)]
    form = {"moodle": MOODLE, "exchange": EXCHANGE}.get(kind)
    return sorted({entry.path[0] for entry in entries if form and not form.fullmatch(entry.path[0])})


def _folder(entries: tuple[Entry, ...], assignment: str, siblings: Collection[str]) -> Iterator[Parcel]:
    """``<student>/…``, ``<student>_<assignment>.ipynb``, ``<student>.ipynb``.

    A notebook that is named as one of another assignment is nobody's of this one, unless its cells are.
    """
    ours = _named((assignment,))
    others = _named(siblings)
    for entry in entries:
        if len(entry.path) > 1:
            continue
        name = entry.name
        if entry.is_folder or (entry.problem and "." not in name):
            inside = tuple(e for e in entries if len(e.path) > 1 and e.path[0] == name)
            yield Parcel(name, (name,), inside or (() if entry.is_folder else (entry,)))
            continue
        stem, _, suffix = name.rpartition(".")
        found = ours.fullmatch(stem)
        if found is None and (elsewhere := others.fullmatch(stem)):
            if _belongs(entry, assignment):
                yield Parcel(elsewhere["name"], (elsewhere["name"], stem), (entry,))
            continue
        if suffix.lower() == "ipynb" or found:
            who = found["name"] if found else stem
            yield Parcel(who, (who,), (entry,))


def _named(assignments: Collection[str]) -> re.Pattern[str]:
    """Names of files, without ending, that hold a student and one of the assignments."""
    either = "|".join(map(re.escape, assignments)) or r"(?!)"
    return re.compile(rf"(?P<name>.+?)[_ -](?:{either}){COPY}", re.IGNORECASE | re.DOTALL)


def _belongs(entry: Entry, assignment: str) -> bool:
    try:
        return not entry.problem and cells.belongs(entry.read(), assignment)
    except Unreadable:
        return False


# What browsers, systems and people add to the name of a second copy.
COPY = r"(?:[ _-]*(?:\(\d+\)|\d+|final|copy|kopie|v\d+|neu|new|submission))*"


def _canvas(entries: tuple[Entry, ...], assignment: str) -> Iterator[Parcel]:
    for entry in entries:
        found = CANVAS.fullmatch(entry.name)
        text = None if found else CANVAS_TEXT.fullmatch(entry.name)
        one = found or text
        if entry.is_folder or one is None:
            continue
        name, user = one["name"] or "", one["user"]
        label = "_".join(part for part in (name, user) if part)
        inner = found["file"] if found else f"{one['file']}.html"
        renamed = replace(entry, path=(label, inner))
        anonymous = user.startswith("anon_")
        number, order = ("" if anonymous else user), (int(found["number"]) if found else 0)
        rivals = tuple(sorted({m[1] for m in CANVAS_NUMBER.finditer(entry.name)} - {user}))
        names = tuple(n for n in (label, "" if rivals else user, name) if n)
        late = bool(one["late"])
        yield Parcel(label, names, (renamed,), name, number, late=late, order=order, rivals=rivals)


def _moodle(entries: tuple[Entry, ...], assignment: str) -> Iterator[Parcel]:
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        found = MOODLE.fullmatch(entry.path[0])
        if found is None or (found["plugin"] == "onlinetext" and not entry.is_folder):
            continue
        files = groups.setdefault((found["name"].replace("_", " "), found["user"] or ""), [])
        if found["file"] and len(entry.path) == 1:
            files.append(replace(entry, path=(entry.name, found["file"])))
        elif len(entry.path) > 1:
            files.append(entry)
    for (name, user), files in groups.items():
        blind = PARTICIPANT.fullmatch(name)
        user = user or (blind[1] or "" if blind else "")
        label = f"Participant {user}" if blind else f"{name}_{user}" if user else name
        names = (label, f"{name}_{user}", f"Participant {user}", user, *(() if blind else (name,)))
        yield Parcel(label, tuple(n for n in dict.fromkeys(names) if n), tuple(files), "" if blind else name)


def _exchange(entries: tuple[Entry, ...], assignment: str) -> Iterator[Parcel]:
    from nbgrader.utils import parse_utc

    for entry in entries:
        found = EXCHANGE.fullmatch(entry.path[0])
        if len(entry.path) > 1 or found is None or found["assignment"] != assignment:
            continue
        try:
            handed_in = parse_utc(found["time"]).replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            handed_in = None
        files = tuple(e for e in entries if len(e.path) > 1 and e.path[0] == entry.path[0])
        what = files or (() if entry.is_folder else (entry,))
        yield Parcel(found["name"], (found["name"],), what, handed_in=handed_in)
