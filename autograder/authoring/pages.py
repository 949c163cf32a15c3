"""From the book's pages to data: chapters, labelled sections, exercises.

Pages are read with MyST's own Markdown parser and the table of contents with the parser
the book is built with, so nothing is understood differently here than there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast, get_args

import numpy as np
import yaml
from markdown_it.token import Token

from autograder import casesets, ids, paths
from autograder.authoring import bodies, places, prerequisites, slicing
from autograder.checks import tasks as checks_of
from autograder.checks.answers import AnswerTask
from autograder.checks.base import Task
from autograder.errors import Foreseen
from autograder.manifest import Chapter, Kind, Manifest, Section, TaskInfo

Place = Callable[[str], Section | None]
WITH_OBJECT = ("implement", "diagnose")


class PageError(Foreseen):
    """Something on a page is not as the exercises' grammar asks; names page and line."""


@dataclass(frozen=True)
class PageCell:
    """A stretch of an exercise page, in order: prose, or one task with its prose."""

    kind: Literal["markdown", "task"]
    text: str
    task: TaskInfo | None = None


@dataclass(frozen=True)
class Sources:
    """What the exercises of one page are read beside: package, answers and places of the book."""

    package: dict[str, str]
    answers: str
    place: Place
    secrets: set[str]

    @classmethod
    def of(cls, slug: str, root: Path) -> Sources:
        package = prerequisites.sources(root / "solutions" / "shrinkage")
        answers = root / "solutions" / "answers" / f"{slug}.py"
        secrets = {line for text in package.values() for line in slicing.secrets(text)}
        text = answers.read_text(encoding="utf-8") if answers.is_file() else ""
        return cls(package, text, places.lookup(root), secrets)


def chapters(root: Path = paths.ROOT) -> list[str]:
    """Slugs in the order of ``_toc.yml``: the folders whose exercise page it lists."""
    pages = [Path(page) for page, _, _ in places.listed(root)]
    return [page.parent.name for page in pages if page.name == "exercises"]


def listed_pages(root: Path = paths.ROOT) -> list[str]:
    """Every page of the book, without ending, relative to ``book/``."""
    return [page for page, _, _ in places.listed(root)]


def _options(token: Token, page: str) -> tuple[str, dict[str, str], bodies.Body]:
    """Task id, options and body of a {task} directive."""
    line = (token.map or [0])[0] + 1
    task_id = token.info.split(maxsplit=1)[1].strip() if len(token.info.split()) > 1 else ""
    options: dict[str, str] = {}
    body = token.content.splitlines()
    while body and (option := re.fullmatch(r":([a-z]+):\s*(.*)", body[0])):
        options[option.group(1)] = option.group(2)
        body.pop(0)
    for needed in ("kind", "points", "title"):
        if needed not in options:
            raise PageError(f"book/{page}.md, line {line}: task {task_id!r} needs the option ':{needed}:'")
    if options["kind"] not in get_args(Kind):
        raise PageError(f"book/{page}.md, line {line}: kind {options['kind']!r} is none of {get_args(Kind)}")
    if not ids.TASK_ID.fullmatch(task_id):
        raise PageError(f"book/{page}.md, line {line}: {task_id!r} is not a task id like 'ridge.closed_form'")
    if (options["kind"] in WITH_OBJECT) != ("object" in options):
        needs = "needs" if options["kind"] in WITH_OBJECT else "takes no"
        raise PageError(f"book/{page}.md, line {line}: a task of kind {options['kind']!r} {needs} option ':object:'")
    return task_id, options, bodies.read("\n".join(body), line + 1 + len(token.content.splitlines()) - len(body))


def _task(
    task_id: str, options: Mapping[str, str], body: bodies.Body, sources: Sources, where: tuple[str, int]
) -> TaskInfo:
    """One task; `where` is its page and line."""
    target, files, place = options.get("object", ""), sources.package, sources.place
    at = "book/{}.md, line {}".format(*where)
    if body.broken and options["kind"] != "diagnose":
        raise PageError(f"book/{where[0]}.md, line {body.broken[0][0]}: only a task of kind 'diagnose' has {{broken}}")
    stub = imports = tool_line = ""
    needs: tuple[str, ...] = ()
    if target:
        module, name = target.rsplit(".", 1)
        file = prerequisites.module_file(module, files)
        if not prerequisites.is_task(target, files) or file is None:
            what = "is not a definition with solution markers in solutions/shrinkage"
            raise PageError(f"{at}: {task_id}: {target!r} {what}")
        stub = slicing.cut(files[file], name)
        if options["kind"] == "diagnose":
            try:
                stub = bodies.broken_stub(stub, tuple(text for _, text in body.broken), sources.secrets)
            except ValueError as problem:
                raise PageError(f"{at}: {task_id}: {problem}") from None
        stub = places.in_words(slicing.strip(stub), place)
        imports = slicing.needed_imports(files[file], f"{stub}\nnp\n")
        tools = slicing.given_names(files[file], stub) - {name}
        if tools:
            tool_line = f"from shrinkage.{module} import {', '.join(sorted(tools))}\n"
        needs = tuple(sorted(o for o in prerequisites.closure(target, files) if prerequisites.is_task(o, files)))
    check = checks_of(task_id.split(".")[0]).get(task_id)
    if isinstance(check, Task) and not target:
        needs = prerequisites.of_answer(task_id.split(".")[1], sources.answers, files)
    parameters = casesets.parameters(check) if isinstance(check, AnswerTask) else ()
    return TaskInfo(
        id=task_id,
        title=options["title"],
        kind=cast(Kind, options["kind"]),
        points=float(options["points"]),
        object=target,
        stub=stub,
        imports=imports,
        tools=tool_line,
        prerequisites=needs,
        hints=tuple(_words(hint, place) for hint in body.hints),
        parameters=parameters,
        asks=check.form.asks if isinstance(check, AnswerTask) else "" if target or check is None else "what is asked",
        inputs=tuple(parameters[0]) if parameters else _inputs(check) if isinstance(check, Task) and not target else (),
    )


@lru_cache(maxsize=64)
def _inputs(check: Task) -> tuple[str, ...]:
    """Names of an analysis' data, in the order in which its cases give them."""
    cases = check.draw(np.random.default_rng(0))
    return tuple(dict.fromkeys(name for case in cases for name in case.steps[-1].kwargs))


def exercise_cells(slug: str, root: Path = paths.ROOT) -> list[PageCell]:
    """An exercise page in order: prose as it stands, tasks with their prose and hints."""
    page = f"{slug}/exercises"
    text = (root / "book" / f"{page}.md").read_text(encoding="utf-8")
    sources = Sources.of(slug, root)
    place = sources.place
    cells: list[PageCell] = []
    lines, start = text.splitlines(), 0
    for token in places.parser().parse(text):
        if token.level or token.map is None:
            continue
        first, last = token.map
        if token.type == "front_matter" or token.type == "myst_target":
            start = last
        elif token.type in ("fence", "colon_fence") and token.info.strip().startswith("{task}"):
            cells += _prose(lines[start:first], place)
            task_id, options, body = _options(token, page)
            info = _task(task_id, options, body, sources, (page, first + 1))
            cells.append(PageCell("task", _words(body.prose, place), info))
            start = last
    cells += _prose(lines[start:], place)
    seen: set[str] = set()
    for cell in cells:
        if cell.task and cell.task.id in seen:
            raise PageError(f"book/{page}.md: task {cell.task.id!r} stands twice")
        seen |= {cell.task.id} if cell.task else set()
    return cells


def _prose(lines: list[str], place: Place) -> Iterator[PageCell]:
    text = _words("\n".join(line for line in lines if not re.fullmatch(r"\([\w-]+\)=\s*", line)), place)
    if text:
        yield PageCell("markdown", text)


def _words(text: str, place: Place) -> str:
    """Text of a page as a notebook can show it."""
    return places.in_words(places.without_comments(text), place).strip("\n")


def read_manifest(root: Path = paths.ROOT, bundle: str = "") -> Manifest:
    """What the book says of its exercises, as data."""
    sections = places.sections(root)
    titles = {s.page: s.title for s in reversed(sections)}
    found = []
    for slug in chapters(root):
        tasks = tuple(cell.task for cell in exercise_cells(slug, root) if cell.task)
        found.append(Chapter(slug, titles.get(f"{slug}/index", slug), tasks))
    return Manifest(bundle, tuple(found), sections, book_url(root))


def book_url(root: Path = paths.ROOT) -> str:
    """Where the folder ``book/`` of the published site is, if ``_config.yml`` says where the site is."""
    path = root / "_config.yml"
    config = (yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None) or {}
    sphinx = (config.get("sphinx") or {}).get("config") or {}
    base = (config.get("html") or {}).get("baseurl") or sphinx.get("html_baseurl") or ""
    return f"{base.rstrip('/')}/book/" if base else ""
