"""Where each student stands: the gradebook's points, the attempt that counted, lateness, and what was tried.

Read by the class table, `report` and `export`; nothing is judged here.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder import attempts, gradebook, ids, judge
from autograder.checks.answers import VARIANTS, variant_of
from autograder.course import Course
from autograder.late import in_words
from autograder.manifest import TaskInfo
from autograder.offering import Offering
from autograder.results import SubmissionResult

TYPED = re.compile(r"""^student\s*=\s*(["'])(.*?)\1""", re.MULTILINE)


@dataclass(frozen=True)
class Mark:
    """One task: `waiting` for a reader, `helped` by the reference of a prerequisite, `tried` at all.

    `again` is waiting for a reader while a mark stands that was given by hand to an earlier answer.
    """

    points: float
    most: float
    waiting: bool = False
    helped: bool = False
    tried: bool = True
    again: bool = False

    @property
    def share(self) -> float:
        return self.points / self.most if self.most else 0.0


@dataclass(frozen=True)
class Standing:
    """One student; `lost` is what lateness cost, `attempt` says which of how many counted.

    `basis` is what the time of handing in rests on, `typed` the id in the notebook's first cell where it has
    other numbers than the student's own.
    """

    student: str
    marks: dict[str, Mark]
    total: float
    lost: float
    handed_in: datetime | None = None
    seconds_late: float = 0.0
    attempt: tuple[int, int] = (1, 1)
    basis: str = ""
    typed: str = ""

    @property
    def waiting(self) -> bool:
        return any(mark.waiting or mark.again for mark in self.marks.values())

    @property
    def is_guess(self) -> bool:
        """Whether the time is that of a download, later than the handing in."""
        return self.basis in (attempts.DOWNLOAD, attempts.COLLECTING)


def standings(course: Course, assignment: str, judged: dict[str, SubmissionResult]) -> dict[str, Standing]:
    """Everybody who is in the gradebook, by id; `judged` adds how each result came about."""
    tasks, offering = course.release(assignment).chapter.tasks, Offering.of(course, assignment)
    released = sources(course.released / assignment / f"{assignment}.ipynb")
    varies = any(task.parameters for task in tasks)
    found = {}
    for score in gradebook.scores(course, assignment):
        written = sources(course.autograded / score.student / assignment / f"{assignment}.ipynb")
        result = judged.get(score.student)
        marks = {task.id: _mark(task, score, result, written, released) for task in tasks}
        kept = attempts.of(course, assignment, score.student)
        chosen = _chosen(course, assignment, score.student, kept, result)
        due = offering.due(score.student)
        handed_in = chosen.counted(due) if chosen else None
        late = max((handed_in - due).total_seconds(), 0.0) if handed_in and due else 0.0
        which = (kept.index(chosen) + 1, len(kept)) if chosen else (1, 1)
        basis = chosen.basis if chosen else ""
        typed = typed_in(written.get(f"{assignment}--start-student", "")) if varies else ""
        typed = typed if typed and variant_of(typed) != variant_of(score.student) else ""
        found[score.student] = Standing(
            score.student, marks, score.score, score.late, handed_in, late, which, basis, typed
        )
    return found


def typed_in(source: str) -> str:
    """The id that the student typed in the notebook's first cell, or nothing."""
    found = TYPED.search(source)
    return found.group(2).strip() if found else ""


def _mark(
    task: TaskInfo,
    score: gradebook.Score,
    result: SubmissionResult | None,
    written: dict[str, str],
    released: dict[str, str],
) -> Mark:
    cell = ids.cell(task.id)
    by_hand = ids.check_cell(task.id) not in score.cells
    points = score.cells.get(cell if by_hand else ids.check_cell(task.id), 0.0)
    tried = written.get(cell, "").strip() != released.get(cell, "").strip()
    judged = result.of(task.id) if result else None
    helped = judged is not None and judged.run != judge.OWN
    stands = score.unread.get(cell if by_hand else ids.check_cell(task.id))
    return Mark(points, task.points, by_hand and stands is False, helped, tried, stands is True)


def _chosen(
    course: Course,
    assignment: str,
    student: str,
    kept: list[attempts.Attempt],
    result: SubmissionResult | None,
) -> attempts.Attempt | None:
    """The attempt that stands in ``submitted/``, told by its time and content."""
    if len(kept) < 2:
        return kept[0] if kept else None
    if result is not None and (same := [a for a in kept if a.sha256 == result.sha256]):
        return same[0]
    path = attempts.submitted(course, assignment, student)
    return next((a for a in kept if path.is_file() and a.path.read_bytes() == path.read_bytes()), None)


def sources(path: Path) -> dict[str, str]:
    """The cells of a notebook that nbgrader or we have written, by grade id."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except FileNotFoundError:
        return {}
    named = ((cell["metadata"].get("nbgrader", {}).get("grade_id", ""), cell["source"]) for cell in cells)
    return {name: "".join(source) for name, source in named}


def _when(chosen: attempts.Attempt, offering: Offering, due: datetime | None, extended: bool) -> str:
    """When work was handed in, as far as that is known, and whether it was late."""
    local = offering.local
    late = (chosen.counted(due) - due).total_seconds() if due else 0.0
    date = f"the due date{' with your extension' if extended else ''}, {local(due)}" if due else ""
    if chosen.basis == attempts.IN_TIME:
        return f"Handed in in time, as Canvas says{f', for {date}' if date else ''}."
    if chosen.basis == attempts.DOWNLOAD:
        told = f"When you handed in is not known: the time is that of the download, {local(chosen.handed_in)}"
    else:
        told = f"{'Collected' if chosen.basis == attempts.COLLECTING else 'Handed in'} {local(chosen.handed_in)}"
    if due:
        told += f", {in_words(late)} after {date}; {offering.late.words}" if late >= 1 else f", in time for {date}"
    if chosen.is_guess and late >= 1:
        told += "; if you handed in earlier, say so"
    return f"{told}."


def handed_in(course: Course, assignment: str, student: str, typed: str | None) -> list[str]:
    """What a student is told of when they handed in, which attempt counted, and whose numbers they had.

    `typed` is the id in the notebook's first cell, or None where that cell asks for none.
    """
    offering, said = Offering.of(course, assignment), []
    kept, due = attempts.of(course, assignment, student), offering.due(student)
    chosen = _chosen(course, assignment, student, kept, None)
    if chosen is not None:
        said.append(_when(chosen, offering, due, student in offering.extensions))
        if several := attempts.said(kept, chosen, offering, due):
            said.append(f"{several[0].upper()}{several[1:]}.")
    if any(task.parameters for task in course.release(assignment).chapter.tasks):
        own = variant_of(student)
        said.append(f"The numbers of your questions are variant {own + 1} of {VARIANTS}, from the id {student!r}.")
        if typed and variant_of(typed) != own:
            said.append(f"Your notebook was set up for {typed!r:.60}, who has other numbers: compare the two.")
    return said
