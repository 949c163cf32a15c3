"""From an exercise page to nbgrader's source notebook, and from that to the release.

The notebook never holds the reference: between the markers of a source cell stands the
stub itself, so what nbgrader's ClearSolutions makes of it *is* the stub of book and
bundle.  The same page always gives the same bytes.
"""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import ids
from autograder.authoring.clearing import AS_IT_STANDS
from autograder.authoring.pages import PageCell
from autograder.authoring.slicing import BEGIN, END, STUB
from autograder.course import write_atomically
from autograder.manifest import Manifest, TaskInfo

CONFIG = """\
# nbgrader reads this file in every command that runs in this folder.
from pathlib import Path

from autograder.nbgrader_plugin import configure

c = get_config()
configure(c, Path(__file__).resolve().parent)

# Your own settings go below, for example another database:
# c.CourseDirectory.db_url = "postgresql+psycopg://user@host/gradebook"
"""

HOW_TO_WORK = """\
**How to work.**
Run {above} once.
Replace each `# YOUR CODE HERE` and the line below it, run the cell, then run the `check(...)` cell under it:
it says what holds, what does not, and where to read.
Some cells hold a definition that is wrong: repair it there, and check it in the same way.
Keep the first line of a cell, which says whose solution it is.
A cell is judged inside its module of the package `shrinkage`, for instance `shrinkage/ridge.py`:
what that module defines or imports is at hand there, your functions that passed included.
What other cells of this notebook define is not,
so write the helpers and further imports that a solution needs into its cell.
To call a function by hand here, import what it uses first; a cell below does so for the lines that are given.
Trials at the left margin, such as `print(...)`, may stand in the cell: they are not taken over into the package.
A cell that ends in `answer = None` asks for an answer in the place of `None`.
What a question gives stands in `inputs`, and `inputs["n"]` is its `n`; such a cell may import from `shrinkage`,
and what other cells define is not at hand in it either.
Predictions and numbers are compared when the notebook is graded, and written answers are read by a person.
"""

STUDENT = """\
student = ""  # your student id in quotes, as your course knows it: it decides which numbers are yours\
"""

# Whoever runs the second cell alone is told of the first one instead of getting a NameError.
STUDENT_TYPED = ', student=globals().get("student", "")'

BEFORE_HANDING_IN = """\
**Before you hand in.**
Save this notebook, then run the cell below.
It judges every cell of this notebook as it was saved last, in a new Python, and says what is missing.
"""

# A notebook opened outside its folder finds no grader, so it must say so itself.
START = """\
from pathlib import Path

try:
    from autograder import check, check_all, hint, inputs_of, restore, start, table, undo
except ModuleNotFoundError as missing:
    print(f"{{missing.name}} is not found from {{Path.cwd()}}: open this notebook")
    print("inside the folder shrinkage-course, set up as its README.md says.")
else:
    start("{slug}", bundle="{bundle}"{student})\
"""

CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def _nbgrader(grade_id: str, **flags: Any) -> dict[str, Any]:
    """Cell metadata in nbgrader's schema 3."""
    if not CELL_ID.fullmatch(grade_id):
        raise ValueError(f"{grade_id!r} cannot be a cell id: letters, digits, '-' and '_', at most 64")
    defaults = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {"schema_version": 3, "grade_id": grade_id, **defaults, **flags}}


def _locked_text(grade_id: str, text: str) -> NotebookNode:
    cell: NotebookNode = new_markdown_cell(text.strip("\n"), id=grade_id, metadata=_nbgrader(grade_id, locked=True))
    return cell


def _prose(grade_id: str, text: str) -> NotebookNode:
    """Text between tasks, named after the task above it, and by Jupyter alone kept from being edited.

    nbgrader refuses a release that locks other cells than before once work is handed in; so this
    one, which nbgrader does not lock, can be added, changed and dropped while a class works.
    """
    about = {"editable": False, "deletable": False, **_nbgrader(grade_id)}
    cell: NotebookNode = new_markdown_cell(text.strip("\n"), id=grade_id, metadata=about)
    return cell


def _locked_code(grade_id: str, source: str, **flags: Any) -> NotebookNode:
    cell: NotebookNode = new_code_cell(source, id=grade_id, metadata=_nbgrader(grade_id, locked=True, **flags))
    return cell


def with_markers(stub: str) -> str:
    """The stub with each of its two-line gaps between nbgrader's markers."""
    comment, error = STUB.splitlines()
    gap = re.compile(rf"^([ \t]*){re.escape(comment)}\n\1{re.escape(error)}$", re.MULTILINE)
    marked, found = gap.subn(rf"\1{BEGIN}\n\1{error}\n\1{END}", stub)
    if not found:
        raise ValueError("the stub has no gap to fill in")
    return marked


def solution_source(task: TaskInfo) -> str:
    """The solution cell as it stands in the source notebook."""
    marker = f"# task: {task.id}\n"
    if task.object:
        stub = with_markers(task.stub) if task.has_gaps else task.stub
        return marker + task.imports + "\n" + stub.rstrip("\n")
    if task.inputs:
        marker += "# at hand: " + ", ".join(f'inputs["{name}"]' for name in task.inputs) + "\n"
    # Nothing here raises: an unanswered question must not end a run of the whole notebook.
    return f"{marker}answer = None  # replace None by {task.asks}"


def is_written(task: TaskInfo) -> bool:
    """Whether a person grades the task."""
    return task.kind == "explain" and not task.object


def _described(task: TaskInfo, text: str) -> str:
    """Title, kind, points, prose, and how to come by the hints, which are not written into the notebook."""
    points = f"{task.points:g} point" + ("" if task.points == 1 else "s")
    parts = [f"## {task.title}", f"*{task.kind.capitalize()}, {points}*, `{task.id}`", text.strip("\n")]
    if task.hints:
        held = "the only hint" if len(task.hints) == 1 else f"the {len(task.hints)} hints, one at a time"
        parts.append(f'`hint("{task.id}")` shows {held}.')
    return "\n\n".join(parts)


def _task_cells(task: TaskInfo) -> Iterator[NotebookNode]:
    name, check = ids.cell(task.id), ids.check_cell(task.id)
    if is_written(task):
        flags = _nbgrader(name, grade=True, solution=True, points=task.points)
        yield new_markdown_cell("YOUR ANSWER HERE", id=name, metadata=flags)
        return
    if task.inputs:
        yield _locked_code(f"{name}--inputs", f'inputs = inputs_of("{task.id}")')
    kept = {} if task.has_gaps else AS_IT_STANDS
    yield new_code_cell(solution_source(task), id=name, metadata=_nbgrader(name, solution=True) | kept)
    yield _locked_code(check, f'check("{task.id}")', grade=True, points=task.points)


def source_notebook(cells: Sequence[PageCell], manifest: Manifest, slug: str) -> NotebookNode:
    """nbgrader's source notebook of one exercise page.

    Parameters
    ----------
    cells : sequence of PageCell
        The page in order.
    manifest : Manifest
        Its `bundle` stamp is written into the notebook, so that an older one can be told.
    slug : str
        The chapter, which is also the assignment.

    Returns
    -------
    NotebookNode
        nbformat 4.5; every cell's id is its `grade_id`.
    """
    made = []
    varies = any(cell.task.parameters for cell in cells if cell.task)
    if varies:
        name = f"{slug}--start-student"
        made.append(new_code_cell(STUDENT, id=name, metadata=_nbgrader(name, solution=True) | AS_IT_STANDS))
    start = START.format(slug=slug, bundle=manifest.bundle, student=STUDENT_TYPED if varies else "")
    how = HOW_TO_WORK.format(above="the two cells above, in order," if varies else "the cell above")
    made += [_locked_code(f"{slug}--start-here", start), _locked_text(f"{slug}--how-to-work", how)]
    if tools := dict.fromkeys(cell.task.tools for cell in cells if cell.task and cell.task.tools):
        made.append(_locked_code(f"{slug}--start-tools", "# Used by cells below.\n" + "".join(tools).rstrip("\n")))
    after = f"{slug}--start"
    for cell in cells:
        if cell.task:
            after = ids.cell(cell.task.id)
            made.append(_locked_text(f"{after}--text", _described(cell.task, cell.text)))
            made += _task_cells(cell.task)
        else:
            made.append(_prose(ids.prose_after(after), cell.text))
    made.append(_locked_text(f"{slug}--before-handing-in", BEFORE_HANDING_IN))
    made.append(_locked_code(f"{slug}--check-all", f'check_all("{slug}")'))
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "shrinkage": {"assignment": slug, "bundle": manifest.bundle},
    }
    notebook: NotebookNode = new_notebook(cells=made, metadata=metadata)
    notebook.nbformat_minor = 5
    return notebook


def write_course_config(course: Path) -> None:
    """Put ``nbgrader_config.py`` into the course folder, unless it is there: it is the instructor's to edit."""
    path = course / "nbgrader_config.py"
    if not path.exists():
        write_atomically(path, CONFIG.encode())


def generate_assignment(course: Path, slug: str) -> Path:
    """Make the release of an assignment from its source with nbgrader's own converter; returns the notebook.

    Raises
    ------
    autograder.nbgrader_run.NbgraderFailed
        If nbgrader refuses, as it does when submitted work has other cells; the release stays as it was.
    """
    from nbgrader.converters import GenerateAssignment

    from autograder.nbgrader_run import convert

    # nbgrader empties its target before it starts and after a failure, and grading needs the release:
    # so it works beside it.
    beside = ".releasing"
    try:
        convert(GenerateAssignment, course, slug, release_directory=beside)
        made = (course / beside / slug / f"{slug}.ipynb").read_bytes()
    finally:
        shutil.rmtree(course / beside, ignore_errors=True)
    path = course / "release" / slug / f"{slug}.ipynb"
    if not path.exists() or path.read_bytes() != made:
        write_atomically(path, made)
    return path


def formgrader_command(course: Path) -> str:
    """What an instructor types to grade by hand in the browser."""
    jupyter = Path(sys.executable).with_name("jupyter")
    return f"cd {shlex.quote(str(course.resolve()))} && {shlex.quote(str(jupyter))} lab (menu Nbgrader, Formgrader)"
