"""Who handed something in: told by the instructor's map, then the class list, then the source's own name."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from autograder.inbox import printable, same_name
from autograder.platforms import Parcel
from autograder.roster import KINDS, Roster, Student

SETTLED = "say whose it is with --map names.csv (found,id)"
# In what a class list may hold a name of the platform, where students choose theirs: never one's e-mail or number.
OWN_NAMES = {"moodle": ("name",), "canvas": ("id",)}
CURE = "give --map names.csv (found,id), or take them under these names with --enrol"


class People:
    """Who a parcel is from, by the map, then the class list, then its own name."""

    def __init__(
        self, roster: Roster | None, mapped: dict[str, list[str]], enrol: bool, found: list[Parcel]
    ) -> None:
        self.roster, self.mapped, self.enrol = roster, mapped, enrol
        people = {(same_name(p.full_name), p.label) for p in found if p.full_name}
        self.full_names = Counter(name for name, _ in people)

    def identify(self, parcel: Parcel, kind: str) -> list[tuple[str, str]]:
        """Students' ids, each with a problem or nothing; several where a group is mapped."""
        told = next((self.mapped[same_name(n)] for n in parcel.names if same_name(n) in self.mapped), None)
        if told is not None:
            return [self._mapped(name, parcel) for name in told]
        if other := next((s for s in self.roster or () if s.lms_user_id in parcel.rivals), None):
            said = f"not taken, because its name can also be read as one of {other.id!r}; {SETTLED}"
            return [(printable(parcel.label), said)]
        if self.roster is not None and (known := self._listed(parcel, kind)):
            return [(known.id, "")]
        name = parcel.label
        if kind == "moodle" and parcel.full_name and not self._shared(parcel):
            # Moodle's number is the assignment's, not the student's: the next one has another.
            name = parcel.full_name
        if kind in ("canvas", "moodle"):
            name = " ".join(re.sub(r"[^\w.@+ -]", "", name).split()).strip(". -_+@") or parcel.label
        return [self._one(name, parcel, kind)]

    def is_mapped(self, parcel: Parcel) -> bool:
        """Whether the instructor's map says who it is."""
        return any(same_name(name) in self.mapped for name in parcel.names)

    def _mapped(self, name: str, parcel: Parcel) -> tuple[str, str]:
        known = self.roster.find(name) if self.roster is not None else None
        if known is None and self.roster is not None and not self.enrol:
            return name, f"not taken, because --map calls it {printable(name)!r}, who is not on the class list"
        return (known.id if known else unicodedata.normalize("NFC", name)), ""

    def _one(self, name: str, parcel: Parcel, kind: str) -> tuple[str, str]:
        kinds = OWN_NAMES.get(kind, KINDS)
        known = self.roster.find(name, kinds) if self.roster is not None and not self._shared(parcel) else None
        if known is not None:
            return known.id, ""
        student = unicodedata.normalize("NFC", name)
        if self.roster is not None and (other := self.roster.find(name, ("id",))):
            label = printable(parcel.label)
            return student, f"not taken, because {label!r} has the id {other.id!r} as a name; {SETTLED}"
        if self.roster is not None and not self.enrol:
            twice = ", which two in this source are called" if self._shared(parcel) else ""
            label = printable(parcel.label)
            return student, f"not taken, because nobody on the class list is {label!r}{twice}; {CURE}"
        return student, ""

    def _listed(self, parcel: Parcel, kind: str) -> Student | None:
        assert self.roster is not None
        if parcel.number and (found := _only(s for s in self.roster if s.lms_user_id == parcel.number)):
            return found
        if self._shared(parcel):
            return None
        if kind == "canvas":
            # Canvas runs "Lovelace, Ada" together; its number, not found above, is never one of our ids, and
            # whoever has another number on the list is somebody else.
            name, unnumbered = _squeezed(parcel.full_name), [s for s in self.roster if not s.lms_user_id]
            return _only(s for s in unnumbered if name and _squeezed(s.last_name + s.first_name) == name)
        name = parcel.full_name if kind == "moodle" else parcel.label
        return self.roster.find(name, OWN_NAMES.get(kind, KINDS)) if name else None

    def _shared(self, parcel: Parcel) -> bool:
        return bool(parcel.full_name) and self.full_names.get(same_name(parcel.full_name), 0) > 1


def _only(found: Iterable[Student]) -> Student | None:
    several = list(found)
    return several[0] if len(several) == 1 else None


def _squeezed(name: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFC", name)).casefold()
