"""What nbgrader runs of ours, so that its commands and formgrader's buttons use the judge.

nbgrader would execute a submission in a kernel beside the tests.  Instead `Reader` reads it
as hostile data, `Repair` puts it in order, and `ApplyJudge` writes the judge's verdict under
each graded cell: nothing of the student's is run by nbgrader.
"""

from __future__ import annotations

import math
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.preprocessors.base import NbGraderPreprocessor
from traitlets.config import Config

from autograder import ids, render, repair
from autograder.authoring.slicing import STUB
from autograder.course import Course
from autograder.manifest import Manifest

if TYPE_CHECKING:
    from autograder.results import SubmissionResult, TaskResult

Resources = dict[str, Any]
HERE = "autograder.nbgrader_plugin"


def configure(c: Config, root: Path) -> None:
    """Our settings for a course in the folder `root`: the whole of what its ``nbgrader_config.py`` needs."""
    c.CourseDirectory.root = str(root)
    c.CourseDirectory.course_id = "shrinkage"
    c.CourseDirectory.db_url = Course(root).db_url
    c.ClearSolutions.code_stub = {"python": STUB}
    # The list is nbgrader's own, with our ClearSolutions in the place of its.
    c.GenerateAssignment.preprocessors = [
        "nbgrader.preprocessors.IncludeHeaderFooter",
        "nbgrader.preprocessors.InstantiateTests",
        "nbgrader.preprocessors.LockCells",
        "autograder.authoring.clearing.ClearSolutions",
        "nbgrader.preprocessors.ClearOutput",
        "nbgrader.preprocessors.CheckCellMetadata",
        "nbgrader.preprocessors.ComputeChecksums",
        "nbgrader.preprocessors.SaveCells",
        "nbgrader.preprocessors.ClearHiddenTests",
        "nbgrader.preprocessors.ClearMarkScheme",
        "nbgrader.preprocessors.ComputeChecksums",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.Autograde.exporter_class = f"{HERE}.Reader"
    # First, because duplicate ids would stop nbgrader before anything else of ours runs.
    c.Autograde.sanitize_preprocessors = [f"{HERE}.Repair"] + [
        f"nbgrader.preprocessors.{name}"
        for name in ("ClearOutput", "DeduplicateIds", "OverwriteKernelspec", "OverwriteCells", "CheckCellMetadata")
    ]
    # The list is nbgrader's own, with our plug-in where Execute stands.
    c.Autograde.autograde_preprocessors = [
        f"{HERE}.ApplyJudge",
        "nbgrader.preprocessors.IgnorePattern",
        "nbconvert.preprocessors.ClearMetadataPreprocessor",
        "nbgrader.preprocessors.LimitOutput",
        "nbgrader.preprocessors.SaveAutoGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.AssignLatePenalties.plugin_class = "autograder.late_plugin.LateRule"
    c.LateRule.root = str(root)
    c.GenerateFeedback.exporter_class = "autograder.feedback_page.FeedbackExporter"
    c.GenerateFeedback.preprocessors = ["autograder.feedback_page.Grades"]
    # Formgrader renders student Markdown with this filter, in a page that is logged in as the instructor.
    c.HTMLExporter.filters = {"markdown2html": "autograder.feedback_page.safe_markdown"}
    from autograder.nbgrader_run import find_tools

    find_tools()


def course_of(exporter: Any) -> Course:
    """The course in whose folder nbgrader is working; outside a converter, the current folder."""
    directory = getattr(exporter.parent, "coursedir", None)
    return Course(Path(directory.root if directory else "."))


class Reader(NotebookExporter):
    """Reads a submission as hostile data: links, huge and damaged files become the release, saying why."""

    def from_filename(self, filename: str, resources: Resources | None = None, **kw: Any) -> Any:
        """Read and convert; only the first of nbgrader's two passes sees the student's file."""
        if not getattr(self.parent, "_sanitizing", True):
            return super().from_filename(filename, resources=resources, **kw)
        resources = {} if resources is None else resources
        path = Path(filename)
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        master = repair.read_master(course_of(self).released, resources["nbgrader"]["assignment"])
        nb = repair.load(path, master)
        # nbconvert has no types, and the exemption in pyproject.toml does not reach through `super()`.
        return super().from_notebook_node(nb, resources=resources, **kw)  # type: ignore[no-untyped-call]


class Repair(NbGraderPreprocessor):
    """Puts a submission in order before anything in nbgrader can stumble over it."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Rebuild the notebook from the release, unless `Reader` has done so."""
        if "repairs" in nb.metadata.get("shrinkage", {}) and isinstance(self.parent, Reader):
            return nb, resources
        master = repair.read_master(course_of(self.parent).released, resources["nbgrader"]["assignment"])
        return repair.repaired(repair.given(list(nb.cells)), master), resources


class ApplyJudge(NbGraderPreprocessor):
    """Stands where nbgrader's Execute stood: asks the judge and writes what it decided."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Give every graded code cell a verdict and one score."""
        from autograder import results
        from autograder.errors import Foreseen

        about, course = resources["nbgrader"], course_of(self.parent)
        result = None
        try:
            result = results.result_for(course, about["assignment"], about["student"])
        except Foreseen:
            # Not the submission's fault (no jail, checks newer than the release): no score is better than zeros.
            raise
        except Exception:
            # One submission's trouble must neither end the class nor leave a cell without a score.
            self.log.exception("%s could not be judged", about["student"])
        if result is None:
            self.log.warning("no result for %s: every graded cell gets 0.0", about["student"])
        return apply(nb, result, course.release(about["assignment"]).manifest if result else None), resources


def apply(nb: NotebookNode, result: SubmissionResult | None, manifest: Manifest | None) -> NotebookNode:
    """Write verdicts and scores into `nb`, replacing every output.

    nbgrader fails open: a graded cell without a score has full marks.  So every graded code
    cell gets exactly one ``execute_result``, the bare decimal, and ``0.0`` where nothing was judged.
    """
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs, cell.execution_count = [], None
        flags = cell.metadata.get("nbgrader", {})
        if not flags.get("grade") or flags.get("solution"):
            continue
        task = ids.task(flags.grade_id)
        found = result.of(task) if result and task else None
        score = _score(found, float(flags.points))
        said = _said(found, manifest, float(score), result.level if result else "")
        cell.outputs = [
            _output("display_data", {"text/html": said, "text/plain": f"Verdict on {task}"}),
            _output("execute_result", {"text/plain": score}, execution_count=None),
        ]
    if result:
        noted = nb.metadata.get("shrinkage", {})
        repairs = dict.fromkeys([*noted.get("repairs", []), *result.problems])
        nb.metadata.shrinkage = {**noted, "repairs": list(repairs), "level": result.level}
    return nb


def _output(kind: str, data: dict[str, str], **more: Any) -> NotebookNode:
    # nbformat's new_output validates each one, which is half of the time a submission takes.
    return NotebookNode(output_type=kind, data=NotebookNode(data), metadata=NotebookNode(), **more)


def _score(found: TaskResult | None, most: float) -> str:
    """The bare decimal that nbgrader reads: never an exponent, never more than the cell's points."""
    if found is None or found.verdict is None or not math.isfinite(found.points):
        return "0.0"
    text = f"{min(max(found.points, 0.0), most):.4f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


def _said(found: TaskResult | None, manifest: Manifest | None, points: float, level: str) -> str:
    if found is None or found.verdict is None or manifest is None:
        return f"<p>{escape('This task has not been judged, so it has no points yet.')}</p>"
    return render.html(found.verdict, manifest, points, level)


