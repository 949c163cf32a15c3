"""The class as a table: who earned what, what was hard, which misconceptions were found."""

from __future__ import annotations

from collections.abc import Iterator

from rich.box import SIMPLE
from rich.markup import escape
from rich.table import Table

from autograder import gradebook, ids, judge, words
from autograder.course import Course
from autograder.manifest import TaskInfo
from autograder.results import UNREAD, SubmissionResult


def table(course: Course, assignment: str, judged: dict[str, SubmissionResult], failed: dict[str, str]) -> Table:
    """Student × task as the gradebook has it, marks given by hand included, and the jail's level."""
    tasks = course.release(assignment).chapter.tasks
    levels = sorted({result.level for result in judged.values()} - {UNREAD})
    jail = f", jail level {levels[0]}" if len(levels) == 1 else ""
    title = f"{assignment}: {len(judged)} of {len(judged) + len(failed)} graded{jail}"
    shown = Table(title=title, title_justify="left", header_style="bold", box=SIMPLE, padding=(0, 1, 0, 0))
    shown.add_column("student", no_wrap=True)
    for number, task in enumerate(tasks, 1):
        shown.add_column(f"{number}\n/{task.points:g}", justify="right", no_wrap=True)
    shown.add_column(f"total\n/{sum(t.points for t in tasks):g}", justify="right", no_wrap=True)
    if len(levels) > 1:
        shown.add_column("jail", no_wrap=True)
    standing = {score.student: score for score in gradebook.scores(course, assignment)} if judged else {}
    for student in sorted({*judged, *failed}):
        result, score = judged.get(student), standing.get(student)
        if result is None or score is None:
            shown.add_row(escape(student), *["–"] * len(tasks), "–")
            continue
        points = [_points(result, score, task) for task in tasks]
        level = [result.level] if len(levels) > 1 else []
        shown.add_row(escape(student), *points, words.number(score.score), *level)
    return shown


def _points(result: SubmissionResult, score: gradebook.Score, task: TaskInfo) -> str:
    """A task's points in the gradebook; `h` where a person has still to read it."""
    found = result.of(task.id)
    by_hand = found is not None and found.verdict is None
    points = score.cells.get(ids.cell(task.id) if by_hand else ids.check_cell(task.id), 0.0)
    if by_hand and score.needs_manual_grade and not points:
        return "[dim]h[/]"
    mark = "*" if found is not None and found.run != judge.OWN else ""
    return f"{words.number(points)}{mark}"


def _misconceptions(judged: dict[str, SubmissionResult]) -> Iterator[str]:
    """What was diagnosed, and in whose work."""
    whose: dict[str, list[str]] = {}
    for student in sorted(judged):
        for task in judged[student].tasks:
            for diagnosis in task.verdict.diagnoses if task.verdict else ():
                whose.setdefault(f"{diagnosis.name} ({task.task})", []).append(student)
    for name, students in sorted(whose.items(), key=lambda item: (-len(item[1]), item[0])):
        yield f"  {len(students):3d}  {name}: {', '.join(students)}"


def legend(course: Course, assignment: str, judged: dict[str, SubmissionResult]) -> str:
    """The tasks by number, what the marks mean, and the misconceptions found, most frequent first."""
    tasks = course.release(assignment).chapter.tasks
    names = "  ".join(f"{number} {task.id.split('.')[1]}" for number, task in enumerate(tasks, 1))
    marks = "h: to be graded by hand in formgrader   *: judged with the reference for a failed prerequisite"
    found = list(_misconceptions(judged))
    said = ["misconceptions found", *found] if found else ["no misconception was recognised"]
    return escape("\n".join([names, marks, "", *said, ""]))
