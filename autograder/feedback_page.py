"""A student's feedback page: nbgrader's grades and comments, our verdicts, no script, nothing loaded.

Everything a student wrote is rendered as Markdown or code and then sanitised; the page
forbids scripts and requests by its own content security policy as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import Any

import nh3
from jinja2 import Environment, FileSystemLoader, Template
from nbconvert.exporters import Exporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors.base import NbGraderPreprocessor
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers.python import PythonLexer
from traitlets import default

from autograder import ids, mathml, words
from autograder.nbgrader_plugin import course_of
from autograder.standing import handed_in, typed_in

# Beyond these, rendering would take longer than anybody reads: shown as plain text.
MAX_MARKDOWN, MAX_CODE = 20_000, 60_000
OWN = "own-"  # how `repair` begins the ids of cells that are not the release's
TAGS = {"p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote"}
TAGS |= {"pre", "code", "em", "strong", "del", "sub", "sup", "a", "details", "summary", "span", "div"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href", "title"}, "code": {"class"}, "span": {"class"}, "div": {"class"}, "ol": {"start"}}
# Only the highlighter's short classes: with others, text could dress up as a verdict.
HIGHLIGHT = re.compile(r"highlight|hl-[a-z]+|language-[a-z]+|[a-z][a-z0-9]{0,2}")


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name != "class":
        return value
    return " ".join(word for word in value.split() if HIGHLIGHT.fullmatch(word)) or None


def sanitised(html: str, mathematics: bool = False) -> str:
    """HTML with nothing that runs, loads or poses as part of the page; MathML only of our own making."""
    tags, attributes = TAGS, ATTRIBUTES
    if mathematics:
        tags = TAGS | mathml.ELEMENTS
        attributes = ATTRIBUTES | dict.fromkeys(mathml.ELEMENTS, mathml.ATTRIBUTES)
    return nh3.clean(
        html, tags=tags, attributes=attributes, attribute_filter=_attribute, url_schemes={"http", "https", "mailto"}
    )


# The exercises' prose and the stubs are the same on everybody's page.
@lru_cache(maxsize=256)
def safe_markdown(source: str) -> str:
    """Markdown as sanitised HTML, formulas as MathML."""
    if len(source) <= MAX_MARKDOWN:
        try:
            renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
            shown = sanitised(MarkdownWithMath(renderer=renderer).render(source))
            # Tags left open are opened again in every paragraph: some lines then make many megabytes.
            if len(shown) > 20 * len(source) + 10_000:
                raise ValueError("the page would be far longer than the text")
            # What vanishes altogether (comments, forbidden tags) is still what was handed in.
            if shown.strip() or not source.strip():
                return sanitised(mathml.with_mathml(shown), mathematics=True)
        except Exception:
            # A text made to break the parser is still somebody's answer: it is shown as it stands.
            pass
    return f"<pre>{escape(source)}</pre>"


@lru_cache(maxsize=256)
def code(source: str) -> str:
    """Python source as HTML."""
    if len(source) > MAX_CODE:
        return f"<pre>{escape(source)}</pre>"
    return str(highlight(source, PythonLexer(), HtmlFormatter(nowrap=False)))


class Grades(NbGraderPreprocessor):
    """nbgrader's GetGrades in one reading of the gradebook, and whether a person has still to read an answer."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Put scores and comments into the cells, and the total into the resources."""
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as book:
            notebook: Any = book.find_submission_notebook(about["notebook"], about["assignment"], about["student"])
            late = notebook.late_submission_penalty or 0.0
            about.update(score=notebook.score - late, max_score=notebook.max_score, late_penalty=late)
            about["needs_reading"] = any(grade.needs_manual_grade for grade in notebook.grades)
            grades = {grade.cell.name: grade for grade in notebook.grades}
            comments = {comment.cell.name: comment.comment for comment in notebook.comments}
            for cell in nb.cells:
                flags = cell.metadata.get("nbgrader", {})
                flags.update(comment=comments.get(flags.get("grade_id")))
                grade = grades.get(flags.get("grade_id"))
                if grade is not None:
                    waiting = grade.manual_score is None and grade.auto_score is None
                    flags.update(score=grade.score, points=grade.max_score, awaiting=waiting)
        return nb, resources


@dataclass
class TaskOnPage:
    """One task as the page shows it; `exercise`, `comment` and the contents of `parts` are HTML."""

    title: str
    anchor: str
    exercise: str = ""
    parts: list[tuple[str, str, str]] = field(default_factory=list)  # heading, kind of box, content
    comment: str = ""
    score: float | None = None
    points: float = 0.0
    awaiting: bool = False


def tasks_of(nb: NotebookNode) -> list[TaskOnPage]:
    """What an autograded notebook says, task by task."""
    found: list[TaskOnPage] = []
    text = ""
    for cell in nb.cells:
        about = cell.metadata.get("nbgrader", {})
        # The first cell, which takes the student's id, is filled in like a solution and is no task.
        if about.get("solution") and ids.task(about.grade_id):
            heading, _, rest = text.partition("\n")
            title = heading.lstrip("# ") or ids.task(about.grade_id) or about.grade_id
            found.append(TaskOnPage(title, about.grade_id, safe_markdown(rest)))
            found[-1].parts.append(("Your answer", *_shown(cell)))
            found[-1].comment = safe_markdown(about.get("comment") or "")
        elif not about and str(cell.get("id", "")).startswith(OWN) and found:
            found[-1].parts.append(("Another cell of yours", *_shown(cell)))
        elif cell.cell_type == "markdown" and not about.get("solution"):
            text = cell.source
        if about.get("grade") and found:
            found[-1].score, found[-1].points = about.get("score"), about.get("points")
            found[-1].awaiting = bool(about.get("awaiting"))
            verdicts = [o.data["text/html"] for o in cell.get("outputs", []) if "text/html" in o.get("data", {})]
            # First what was found, then what it was found in: an answer with its docstring is long.
            found[-1].parts = [("", "verdict", verdict) for verdict in verdicts] + found[-1].parts
    return found


def _shown(cell: NotebookNode) -> tuple[str, str]:
    return ("code", code(cell.source)) if cell.cell_type == "code" else ("written", safe_markdown(cell.source))


def _typed(nb: NotebookNode, assignment: str) -> str | None:
    """The id that the student typed in the notebook's first cell; None where it asks for none."""
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == f"{assignment}--start-student":
            return typed_in(cell.source)
    return None


@cache
def _template() -> Template:
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
    environment.filters["number"] = words.number
    return environment.get_template("feedback.html.j2")


class FeedbackExporter(Exporter):
    """Writes the page; nbgrader's GenerateFeedback drives it."""

    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:
        """Run the preprocessors, which bring the grades, and fill the template."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        about, noted = resources["nbgrader"], nb.metadata.get("shrinkage", {})
        page = _template().render(
            assignment=about["assignment"],
            student=about["student"],
            score=about["score"],
            most=about["max_score"],
            late=about["late_penalty"],
            needs_reading=about["needs_reading"],
            tasks=tasks_of(nb),
            history=handed_in(course_of(self), about["assignment"], about["student"], _typed(nb, about["assignment"])),
            repairs=noted.get("repairs", []),
        )
        return page, resources
