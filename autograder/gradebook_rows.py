"""nbgrader's tables: the rows of one submission, and what the judge decided written into them.

Nothing here commits, so that a batch is one transaction.  What a person gave (a manual
score, a comment, extra credit) is never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from nbformat import NotebookNode
from nbgrader import api, utils

from autograder.course import NotReleased
from autograder.offering import Offering
from autograder.roster import Roster


def _parsed(stamp: str) -> datetime | None:
    try:
        parsed: datetime | None = utils.parse_utc(stamp) if stamp else None
    except (ValueError, OverflowError):
        return None
    return parsed


def record(submission: Any, nb: NotebookNode, before: Mapping[str, str], handed_in: str, late_rule: Any) -> None:
    """Write one graded notebook into its rows, as nbgrader's SaveAutoGrades and AssignLatePenalties do.

    Parameters
    ----------
    submission : nbgrader.api.SubmittedAssignment
    nb : NotebookNode
        With a score under every graded cell.
    before : mapping
        Sources of an earlier grading by cell id.
    handed_in : str
        nbgrader's timestamp, or nothing.
    late_rule : nbgrader.plugins.LateSubmissionPlugin
        The instructor's.
    """
    stamp = _parsed(handed_in)
    if stamp is not None:
        submission.timestamp = stamp
    notebook = next(n for n in submission.notebooks if n.notebook.name == submission.assignment.name)
    grades = {grade.cell.name: grade for grade in notebook.grades}
    comments = {comment.cell.name: comment for comment in notebook.comments}
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name in grades and utils.is_grade(cell):
            grade = grades[name]
            score, _ = utils.determine_grade(cell)
            fresh = grade.auto_score != score or (utils.is_solution(cell) and before.get(name) != cell.source)
            # A score given by hand stands; a person is asked to look again only at what has changed since.
            if grade.manual_score is None or fresh:
                grade.needs_manual_grade = score is None or grade.manual_score is not None
            grade.auto_score = score
        if name in comments and utils.is_solution(cell):
            blank = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
            comments[name].auto_comment = "No response." if blank else None
    settle(submission, late_rule)


def settle(submission: Any, late_rule: Any) -> None:
    """What lateness costs, from the points earned so far; again after a person has graded.

    Unchanged rows are left alone, so that asking costs no transaction.
    """
    for notebook in submission.notebooks:
        late = None
        if submission.total_seconds_late > 0:
            earned = sum(counts(grade) for grade in notebook.grades)
            late = late_rule.late_submission_penalty(submission.student_id, earned, submission.total_seconds_late)
            late = None if late is None else min(max(late, 0.0), earned)
        if notebook.late_submission_penalty != late:
            notebook.late_submission_penalty = late


def set_dates(book: Any, offering: Offering, students: Iterable[str] | None = None) -> None:
    """Due dates and extensions as the course's offering has them, in nbgrader's form; the caller commits.

    nbgrader keeps naive times in UTC, and an extension as the time after the assignment's due date.
    Without a due date in the file the gradebook's own, which formgrader can set, stands.
    """
    assignment = book.db.query(api.Assignment).filter(api.Assignment.name == offering.assignment).one_or_none()
    if assignment is None or not offering.dated:
        return
    due = offering.deadline and offering.deadline.astimezone(UTC).replace(tzinfo=None)
    if assignment.duedate != due:
        assignment.duedate = due
    wanted = None if students is None else set(students)
    for submission in assignment.submissions:
        if wanted is None or submission.student_id in wanted:
            own = offering.extensions.get(submission.student_id)
            extension = own - offering.deadline if own and offering.deadline else None
            if submission.extension != extension:
                submission.extension = extension


def counts(grade: Any) -> float:
    """The points of a grade: those given by hand before those given by the judge."""
    score = grade.manual_score if grade.manual_score is not None else grade.auto_score
    return float(score or 0.0) + float(grade.extra_credit or 0.0)


def submission_of(book: Any, assignment_name: str, student: str) -> Any:
    """The submission's rows, made where there are none (nbgrader's own call would commit each)."""
    db = book.db
    assignment = db.query(api.Assignment).filter(api.Assignment.name == assignment_name).one_or_none()
    if assignment is None:
        raise NotReleased(f"{assignment_name!r} is not in the gradebook; run 'autograder release {assignment_name}'")
    add_students(book, [student])
    submission = (
        db.query(api.SubmittedAssignment)
        .filter_by(assignment_id=assignment.id, student_id=student)
        .one_or_none()
    )
    if submission is None:
        submission = api.SubmittedAssignment(assignment=assignment, student_id=student)
        db.add(submission)
        for notebook in assignment.notebooks:
            rows = api.SubmittedNotebook(notebook=notebook, assignment=submission)
            db.add(rows)
            for cell in notebook.grade_cells:
                db.add(api.Grade(cell=cell, notebook=rows))
            for cell in notebook.solution_cells:
                db.add(api.Comment(cell=cell, notebook=rows))
        db.flush()
    return submission


def add_students(book: Any, students: Iterable[str], roster: Roster | None = None) -> None:
    """Put students into the gradebook who are not there yet, with what the roster knows; the caller commits."""
    for student in students:
        row = book.db.get(api.Student, student)
        if row is None:
            row = api.Student(id=student)
            book.db.add(row)
        known = roster.get(student) if roster else None
        if known is not None:
            for column in ("first_name", "last_name", "email", "lms_user_id"):
                # What the list does not say stays as a person may have typed it in formgrader.
                setattr(row, column, getattr(known, column) or getattr(row, column))
    book.db.flush()
