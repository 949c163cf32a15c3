"""The course's late rule where nbgrader asks for one, so that its commands and ours take off the same points."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Unicode

from autograder.course import Course
from autograder.offering import Offering


class LateRule(LateSubmissionPlugin):
    """What the offering file says that lateness costs; the assignment is the preprocessor's."""

    root = Unicode(".", help="The course folder.").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        """The points lost; nbgrader has taken the student's extension off already."""
        asked_for: Any = self.parent  # nbgrader's AssignLatePenalties
        offering = Offering.of(Course(Path(self.root)), asked_for.assignment_id)
        return offering.late.penalty(score, total_seconds_late)
