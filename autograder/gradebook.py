"""The judge's results in nbgrader's gradebook and folders, so that formgrader, feedback and export work.

Written straight to nbgrader's own tables, one transaction a batch; what is written is what
``nbgrader autograde`` with our plug-in would write.  The gradebook comes first and the files
second: stopped in between, the next run finds the files old and writes both again, with the
same end.  Scores and comments given by hand are never touched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import GenerateFeedback
from nbgrader.preprocessors import AssignLatePenalties

from autograder import gradebook_file, gradebook_rows, nbgrader_run, repair
from autograder.course import Course, NotReleased, write_atomically
from autograder.manifest import Manifest
from autograder.nbgrader_plugin import apply
from autograder.offering import Offering
from autograder.results import SubmissionResult
from autograder.submission import Unreadable, read_plain_file

TIMESTAMP = "timestamp.txt"


def commit(course: Course, results: Sequence[SubmissionResult]) -> None:
    """Write results into ``gradebook.db`` and ``autograded/``; repeating it changes nothing.

    Raises
    ------
    autograder.course.NotReleased
        If an assignment is not released in this course.
    """
    if not results:
        return
    pages: dict[tuple[str, str], NotebookNode] = {}
    masters: dict[str, NotebookNode] = {}
    manifests: dict[str, Manifest] = {}
    keep_copy(course)
    with nbgrader_run.open_gradebook(course.root) as book:
        late = {slug: late_rule(course, slug) for slug in {result.assignment for result in results}}
        whose = [(result.student, result.assignment) for result in results]
        rows_of = {who: gradebook_rows.submission_of(book, *reversed(who)) for who in whose}
        for slug in late:
            gradebook_rows.set_dates(book, Offering.of(course, slug))
        for result in results:
            who = (result.student, result.assignment)
            if result.assignment not in masters:
                masters[result.assignment] = repair.read_master(course.released, result.assignment)
                manifests[result.assignment] = course.release(result.assignment).manifest
            nb = repair.load(_submitted(course, *who), masters[result.assignment])
            pages[who] = apply(nb, result, manifests[result.assignment])
            before = _written_before(_folder(course, *who) / f"{result.assignment}.ipynb")
            gradebook_rows.record(rows_of[who], pages[who], before, timestamp(course, *who), late[result.assignment])
        book.db.commit()
    for (student, assignment), nb in pages.items():
        _write(course, student, assignment, nb)


def late_rule(course: Course, assignment: str) -> Any:
    """nbgrader's plug-in for an assignment: the offering's rule, or the instructor's own."""
    penalties = AssignLatePenalties(config=nbgrader_run.settings(course.root))
    penalties.assignment_id = assignment
    penalties.init_plugin()
    return penalties.plugin_inst


def keep_copy(course: Course) -> None:
    """A copy of the gradebook as it stands, with all that people gave."""
    gradebook_file.keep_copy(nbgrader_run.course_directory(course.root).db_url, course.root)


def set_dates(course: Course, assignment: str, students: Sequence[str] | None = None) -> None:
    """Bring nbgrader's due date and extensions up to the course's offering."""
    offering = Offering.of(course, assignment)
    with nbgrader_run.open_gradebook(course.root) as book:
        gradebook_rows.set_dates(book, offering, students)
        book.db.commit()


def _submitted(course: Course, student: str, assignment: str) -> Path:
    return Path(course.submitted) / student / assignment / f"{assignment}.ipynb"


def _folder(course: Course, student: str, assignment: str) -> Path:
    return Path(course.autograded) / student / assignment


def _write(course: Course, student: str, assignment: str, nb: NotebookNode) -> None:
    folder = _folder(course, student, assignment)
    files = {f"{assignment}.ipynb": (nbformat.writes(nb, version=4) + "\n").encode()}
    stamp = timestamp(course, student, assignment)
    if stamp:
        files[TIMESTAMP] = stamp.encode()
    for name, data in files.items():
        if not (folder / name).exists() or (folder / name).read_bytes() != data:
            # Read-only, as nbgrader leaves them.
            write_atomically(folder / name, data, 0o444)


def timestamp(course: Course, student: str, assignment: str) -> str:
    """When the work was handed in, as `collect` wrote it down."""
    try:
        data = read_plain_file(_submitted(course, student, assignment).with_name(TIMESTAMP), limit=200)
        return data.decode("utf-8").strip()
    except (Unreadable, UnicodeDecodeError):
        return ""


def _written_before(path: Path) -> dict[str, str]:
    """The solution cells of an earlier grading, by id."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError):
        return {}
    found = {}
    for cell in cells:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name:
            found[name] = "".join(cell["source"])
    return found


def feedback(course: Course, assignment: str, students: Sequence[str] | None = None) -> list[Path]:
    """Write the feedback pages with nbgrader's converter; all graded students unless some are named."""
    graded = [path.parent.name for path in sorted(course.autograded.glob(f"*/{assignment}"))]
    if not graded:
        cure = course.command(f"grade {assignment}")
        raise NotReleased(f"nothing of {assignment!r} is graded in {course.root}; run {cure}")
    keep_copy(course)
    for name in ["*"] if students is None else students:
        nbgrader_run.convert(GenerateFeedback, course.root, assignment, name)
    wanted = graded if students is None else students
    return [Path(course.feedback) / student / assignment / f"{assignment}.html" for student in wanted]


@dataclass(frozen=True)
class Score:
    """A student's standing in the gradebook, hand-given scores included.

    `late` is what lateness cost, `seconds_late` how late the work was after the student's own due date;
    `unread` names the cells that wait for a person, and whether a score given by hand stands meanwhile.
    """

    student: str
    score: float
    max_score: float
    needs_manual_grade: bool
    late: float
    cells: dict[str, float]
    seconds_late: float = 0.0
    unread: Mapping[str, bool] = field(default_factory=dict)


def scores(course: Course, assignment: str) -> list[Score]:
    """Everybody's scores, in the order of their names; what lateness costs is brought up to date first."""
    found = []
    offering, rule = Offering.of(course, assignment), late_rule(course, assignment)
    with nbgrader_run.open_gradebook(course.root) as book:
        gradebook_rows.set_dates(book, offering)
        for submission in book.assignment_submissions(assignment):
            gradebook_rows.settle(submission, rule)
            grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
            late = sum(notebook.late_submission_penalty or 0.0 for notebook in submission.notebooks)
            cells = {grade.cell.name: gradebook_rows.counts(grade) for grade in grades}
            unread = {grade.cell.name: grade.manual_score is not None for grade in grades if grade.needs_manual_grade}
            most = sum(float(grade.cell.max_score) for grade in grades)
            score, by = sum(cells.values()) - late, float(submission.total_seconds_late)
            found.append(Score(submission.student_id, score, most, bool(unread), late, cells, by, unread))
        book.db.commit()
    return sorted(found, key=lambda score: score.student)
