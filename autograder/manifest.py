"""What the book says of its exercises, as data: made by `build`, read by everything else.

It travels in the student bundle (as ``autograder/manifest.json``) and in a course, so
neither needs the book's sources or a Markdown parser.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

Kind = Literal["implement", "derive", "predict", "diagnose", "analyse", "explain"]


@dataclass(frozen=True)
class Section:
    """A labelled place of the book: where a check or a misconception sends its reader."""

    label: str
    title: str
    page: str  # "ridge/index"
    number: str = ""  # as the book shows it: "1.3", of an equation "(1.3)"


@dataclass(frozen=True)
class TaskInfo:
    """One exercise as its page states it; `object` is ``module.name`` or empty."""

    id: str
    title: str
    kind: Kind
    points: float
    object: str
    stub: str  # definition as the student gets it, without imports; empty unless `object`
    imports: str  # import lines the stub needs, and numpy
    prerequisites: tuple[str, ...]  # objects of the tasks its reference calls: ids may name another module
    hints: tuple[str, ...]
    # Of a task whose numbers differ from student to student: the 16 public variants.
    parameters: tuple[Mapping[str, Any], ...] = ()
    tools: str = ""  # an import line of what the stub uses of its own module, for calls by hand in a notebook
    asks: str = ""  # of a task that sets `answer`: what to put there, in a few words
    inputs: tuple[str, ...] = ()  # of a task that sets `answer`: names of what its cell finds in `inputs`

    @property
    def has_gaps(self) -> bool:
        """Whether the stub holds gaps that raise until they are filled; what is to be repaired runs as it stands."""
        return bool(self.object) and self.kind != "diagnose"


@dataclass(frozen=True)
class Chapter:
    slug: str
    title: str
    tasks: tuple[TaskInfo, ...]

    def needs(self, task: TaskInfo) -> tuple[TaskInfo, ...]:
        """The tasks of this chapter on which one is built."""
        return self.having(task.prerequisites)

    def having(self, objects: Collection[str]) -> tuple[TaskInfo, ...]:
        """The tasks of this chapter that ask for one of some objects, ``module.name``."""
        return tuple(task for task in self.tasks if task.object and task.object in objects)


@dataclass(frozen=True)
class Manifest:
    """`bundle` is the version stamp: a hash of everything a student receives."""

    bundle: str
    chapters: tuple[Chapter, ...]
    sections: tuple[Section, ...]
    book_url: str = ""

    def task(self, task_id: str) -> TaskInfo | None:
        return next((t for c in self.chapters for t in c.tasks if t.id == task_id), None)

    def needs(self, task: TaskInfo) -> tuple[TaskInfo, ...]:
        """The tasks of every chapter on which one is built."""
        return tuple(need for chapter in self.chapters for need in chapter.needs(task))

    def chapter(self, slug: str) -> Chapter | None:
        return next((c for c in self.chapters if c.slug == slug), None)

    def where(self, label: str) -> str:
        """A section in words, with its address where the book has one."""
        found = next((s for s in self.sections if s.label == label), None)
        if found is None:
            return label
        chapter = self.chapter(found.page.split("/")[0])
        title = ", ".join(part for part in (found.number, f"“{found.title}”") if part)
        title = f"{chapter.title}, {title}" if chapter else title
        return f"{title} ({self.book_url}{found.page}.html#{found.label})"

    def dumps(self) -> str:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False, sort_keys=True) + "\n"

    @classmethod
    def loads(cls, text: str) -> Manifest:
        raw: dict[str, Any] = json.loads(text)
        chapters = tuple(
            Chapter(
                c["slug"],
                c["title"],
                tuple(_task(t) for t in c["tasks"]),
            )
            for c in raw["chapters"]
        )
        sections = tuple(Section(**s) for s in raw["sections"])
        return cls(raw["bundle"], chapters, sections, raw.get("book_url", ""))

    @classmethod
    def load(cls, path: Path) -> Manifest:
        return cls.loads(path.read_text(encoding="utf-8"))


def _task(raw: Mapping[str, Any]) -> TaskInfo:
    """A task as any version wrote it: what it did not know yet has its default, what is gone is passed over."""
    names = {field.name for field in fields(TaskInfo)}
    known: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items() if k in names}
    return TaskInfo(**known)
