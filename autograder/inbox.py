"""The files of a folder or a zip archive, read as data from anybody: nothing is unpacked to disk.

Each file that cannot be read costs only itself and says why.  Hidden files and what macOS adds
to archives are passed over.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from autograder.errors import Foreseen
from autograder.submission import MAX_BYTES, Unreadable, read_plain_file

DEPTH, MOST_FILES, MOST_TOTAL = 6, 20_000, 8 << 30
# Notebooks shrink to a tenth, pictures in them not at all; what shrinks to a thousandth was made to.
RATIO, RATIO_FROM = 500, 1 << 20
ZIP_UNIX, EXTENDED_TIME = 3, 0x5455


class NotCollected(Foreseen):
    """Nothing can be collected from where it was asked."""


@dataclass(frozen=True)
class Entry:
    """One file: its path inside the source, `time` as the source has it, `problem` why it cannot be read."""

    path: tuple[str, ...]
    read: Callable[[], bytes]
    time: datetime | None = None
    problem: str = ""
    is_folder: bool = False
    place: Path | None = None  # where it is on disk, of a folder's files

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path[-1]


@dataclass(frozen=True)
class Inbox:
    """What a source holds; `remarks` are sentences on the source itself."""

    source: Path
    entries: tuple[Entry, ...]
    is_zip: bool
    remarks: tuple[str, ...] = ()


def printable(name: str) -> str:
    """A name that cannot rearrange the line it is printed in."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
    return shown if len(shown) <= 80 else shown[:77] + "..."


def look(source: Path, zone: tzinfo | None) -> Inbox:
    """List a folder or a zip archive.

    Parameters
    ----------
    source : Path
    zone : tzinfo or None
        What the local times in an archive are read in; None for this machine's own.
    """
    if source.is_dir():
        try:
            found = tuple(_in_folder(source, ()))
        except OSError as problem:
            raise NotCollected(f"{source} cannot be listed ({problem.strerror}); make it readable") from None
        return Inbox(source, found, False)
    if not source.exists():
        raise NotCollected(f"{source} is not a folder or a zip archive: there is nothing of that name")
    try:
        archive = zipfile.ZipFile(source)
    # `zipfile` raises NotImplementedError for an archive whose format version is newer than it can read.
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error):
        what = "a damaged zip archive, perhaps cut off; download it again"
        if source.suffix.lower() != ".zip":
            what = "not a folder or a zip archive; give the folder that holds the submissions"
        raise NotCollected(f"{source} is {what}") from None
    return _in_zip(source, archive, zone)


def _passed_over(name: str) -> bool:
    return name.startswith(".") or name in ("__MACOSX", "Thumbs.db", "desktop.ini")


def _in_folder(folder: Path, above: tuple[str, ...]) -> Iterator[Entry]:
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        if _passed_over(entry.name):
            continue
        path, at = Path(entry.path), (*above, entry.name)

        def read(path: Path = path) -> bytes:
            return read_plain_file(path)

        if entry.is_symlink():
            # A link may show anything on this machine as somebody's work.
            yield Entry(at, read, problem="a link; links are not followed")
        elif entry.is_dir():
            yield Entry(at, read, problem="a folder", is_folder=True)
            if len(at) < DEPTH:
                try:
                    yield from _in_folder(path, at)
                except OSError as problem:
                    yield Entry((*at, "?"), read, problem=f"its folder cannot be listed ({problem.strerror})")
        else:
            try:
                time = datetime.fromtimestamp(path.lstat().st_mtime, UTC)
            except (OSError, OverflowError, ValueError):
                time = None
            yield Entry(at, read, time, place=path)


def _in_zip(source: Path, archive: zipfile.ZipFile, zone: tzinfo | None) -> Inbox:
    found: list[Entry] = []
    remarks: list[str] = []
    infos = archive.infolist()
    if len(infos) > MOST_FILES:
        remarks.append(f"{source.name} holds {len(infos)} files; only the first {MOST_FILES} were looked at")
    budget = [MOST_TOTAL]
    seen: dict[tuple[str, ...], int] = {}
    folders: set[tuple[str, ...]] = set()
    too_deep = 0
    for info in infos[:MOST_FILES]:
        name = _name(info)
        parts = tuple(part for part in name.split("/") if part)
        if not parts or any(_passed_over(part) for part in parts if part not in ("..", ".")):
            continue
        for depth in range(1, min(len(parts) + info.is_dir(), DEPTH + 1)):
            # The outer ones may be students', or be round those; of more there is no need.
            if depth <= 2 or len(folders) < MOST_FILES:
                folders.add(parts[:depth])
        if info.is_dir():
            continue
        if len(parts) > DEPTH:
            too_deep += 1
            continue
        problem = _unsafe(name, parts, info)
        seen[parts] = seen.get(parts, 0) + 1
        if seen[parts] == 2:
            remarks.append(f"{printable('/'.join(parts))} is in the archive more than once; every one was looked at")
        found.append(Entry(parts, _reader(archive, info, budget), _time(info, zone), problem))
    if too_deep:
        remarks.append(f"{source.name} holds {too_deep} files deeper than {DEPTH - 1} folders; they were not looked at")
    found += [Entry(folder, bytes, problem="a folder", is_folder=True) for folder in folders]
    return Inbox(source, tuple(sorted(found, key=lambda entry: entry.path)), True, tuple(remarks))


def _name(info: zipfile.ZipInfo) -> str:
    """The entry's name; UTF-8 that does not say so is what most archivers write."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _unsafe(name: str, parts: tuple[str, ...], info: zipfile.ZipInfo) -> str:
    """Why an entry is not even opened, or nothing."""
    mode = info.external_attr >> 16 if info.create_system == ZIP_UNIX else 0
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in parts:
        return "its path leads out of the archive"
    if stat.S_ISLNK(mode):
        return "a link; links are not followed"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "not a regular file"
    if info.flag_bits & 0x1:
        return "encrypted; it is needed without a password"
    if info.file_size > MAX_BYTES:
        return f"{info.file_size >> 20} MB; the limit is {MAX_BYTES >> 20} MB"
    if info.file_size > RATIO_FROM and info.file_size > RATIO * max(info.compress_size, 1):
        return f"packed {info.file_size // max(info.compress_size, 1)} times smaller, as no notebook is"
    return ""


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: list[int]) -> Callable[[], bytes]:
    def read() -> bytes:
        name = printable(_name(info).rsplit("/", 1)[-1])
        if budget[0] <= 0:
            raise Unreadable(f"{name}: the archive holds over {MOST_TOTAL >> 30} GB; unpack it and give the folder")
        try:
            with archive.open(info) as file:
                # The sizes that an archive states are anybody's: what comes out is counted.
                data = file.read(MAX_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
            raise Unreadable(f"{name}: damaged inside the archive; download it again") from None
        except MemoryError:
            raise Unreadable(f"{name}: too large to read") from None
        budget[0] -= len(data)
        if len(data) > MAX_BYTES:
            raise Unreadable(f"{name}: larger than {MAX_BYTES >> 20} MB")
        return data

    return read


def _time(info: zipfile.ZipInfo, zone: tzinfo | None) -> datetime | None:
    """When the entry was last changed: the extended field in UTC where it has one, else its local time."""
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == EXTENDED_TIME and size >= 5 and len(extra) >= 9 and extra[4] & 1:
            seconds: int = struct.unpack_from("<l", extra, 5)[0]
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        extra = extra[4 + size :]
    try:
        local = datetime(*info.date_time)
        return (local.replace(tzinfo=zone) if zone else local).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def unwrapped(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Without the folder round everything that packing a folder anew adds to an archive."""
    tops = {entry.path[0] for entry in entries}
    if len(tops) != 1 or not all(entry.is_folder for entry in entries if len(entry.path) == 1):
        return entries
    return tuple(
        replace(e, path=e.path[1:]) for e in entries if len(e.path) > 1
    )


def same_name(name: str) -> str:
    """What two spellings of one name have in common: capitals and the encoding of accents do not tell them apart."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
