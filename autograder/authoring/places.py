"""The labelled places of the book with the numbers they have in it, and cross references in words.

Chapters, sections and equations are counted here as Sphinx counts them, so that notebook and
package can cite what the page shows, without a build of the book.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from pybtex.database import parse_file
from sphinx_external_toc.parsing import parse_toc_yaml

from autograder import paths
from autograder.manifest import Section

EXTENSIONS = {"amsmath", "dollarmath", "colon_fence", "deflist", "attrs_inline", "attrs_block"}
ROLE = re.compile(r"\{(?P<role>[a-z:]+)\}`(?:(?P<text>[^`<]+?)\s*<(?P<to>[^`>]+)>|(?P<label>[^`]+))`")
FENCES = ("fence", "colon_fence")
# What sets a label: anything; a heading, with its title; a task, with its own.
LABEL = re.compile(r"^\s*\(([\w.:-]+)\)=\s*$|^\s*:?(?:name|label):\s*(\S+)|\$\$\s*\(([\w.:-]+)\)\s*$", re.MULTILINE)
HEADED = re.compile(r"^\(([\w.-]+)\)=\s*\n#+ +(.+?) *$", re.MULTILINE)
TASK = re.compile(r"^[`:]{3,}\{task\} +(\S+)\n(?::[a-z]+:.*\n)*?:title: *(.+?) *$", re.MULTILINE)
DEPTH = 99  # of a part that is numbered without saying how deep


def parser() -> MarkdownIt:
    """MyST's own parser, with the extensions of the book."""
    return create_md_parser(MdParserConfig(enable_extensions=EXTENSIONS), RendererHTML)


def listed(root: Path = paths.ROOT) -> list[tuple[str, tuple[int, ...], int]]:
    """Every page in the order of ``_toc.yml``, with its chapter's number (empty if none) and depth of numbering.

    A page is its path without ending, relative to ``book/``; a page below a chapter's first has
    a second number of 1, 2, … for its place among those.
    """
    toc = parse_toc_yaml(root / "_toc.yml")
    pages: list[tuple[str, tuple[int, ...], int]] = []
    chapters = 0

    def add(name: str, number: tuple[int, ...], depth: int) -> None:
        nonlocal chapters
        pages.append((Path(name).relative_to("book").as_posix(), number, depth))
        below = 0
        for tree in toc[name].subtrees:
            for item in map(str, tree.items):
                if number:
                    below += 1
                    add(item, (*number, below), depth)
                elif tree.numbered:
                    chapters += 1
                    add(item, (chapters,), DEPTH if tree.numbered is True else int(tree.numbered))
                else:
                    add(item, (), 0)

    add(toc.root.docname, (), 0)
    return pages


def unlisted(root: Path = paths.ROOT) -> dict[str, str]:
    """Labels that only pages left out of ``_toc.yml`` set, with the title of what bears one and else no words."""
    here = {page for page, _, _ in listed(root)}
    found: tuple[dict[str, str], dict[str, str]] = {}, {}
    for path in sorted((root / "book").rglob("[!_]*.md")):
        page, text = path.relative_to(root / "book").with_suffix("").as_posix(), path.read_text(encoding="utf-8")
        labels = found[page in here]
        labels |= {label: "" for groups in LABEL.findall(text) for label in groups if label}
        labels |= {label: plain(title) for label, title in HEADED.findall(text)}
        labels |= {f"task-{task.replace('.', '-')}": plain(title) for task, title in TASK.findall(text)}
    return {label: title for label, title in found[False].items() if label not in found[True]}


def plain(title: str) -> str:
    """A title without the marks of its mathematics and code."""
    return re.sub(r"[`*$]", "", title).replace("\\lambda", "λ")


def sections(root: Path = paths.ROOT) -> tuple[Section, ...]:
    """Labelled headings, and labelled equations and theorems under the title of their section."""
    found: list[Section] = []
    equations: Counter[int] = Counter()
    headings: Counter[int] = Counter()
    for page, number, depth in listed(root):
        chapter = number[0] if number else 0
        for section, level, is_equation in _page(page, (root / "book" / f"{page}.md").read_text(encoding="utf-8")):
            if is_equation:
                equations[chapter] += 1
                said = f"{chapter}.{equations[chapter]}" if chapter else f"{equations[chapter]}"
                found.append(replace(section, number=f"({said})"))
                continue
            # Pages below a chapter's first continue its sections: their titles are headings of the second level.
            depth_here = level + min(len(number), 2) - 1
            headings[chapter] += depth_here == 2
            said = str(chapter) if depth_here == 1 else f"{chapter}.{headings[chapter]}"
            numbered = bool(number) and depth_here in (1, 2) and depth_here <= depth
            found.append(replace(section, number=said if level and numbered else ""))
    return tuple(section for section in found if section.label)


def _page(page: str, text: str) -> Iterator[tuple[Section, int, bool]]:
    """What a page holds in order: headings with their level (labelled or not), equations, other labels (level 0)."""
    waiting, title = "", ""
    tokens = parser().parse(text)
    for token, inner in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "myst_target":
            waiting = token.content
        elif token.type == "heading_open":
            title = plain(inner.content if inner else "")
            yield Section(waiting, title, page), int(token.tag[1:]), False
            waiting = ""
        elif token.type in FENCES:
            for label, is_equation in _labels(token.info, token.content):
                yield Section(label, title, page), 0, is_equation
        elif token.type == "math_block_label":
            yield Section(token.info, title, page), 0, True


def _labels(info: str, content: str) -> Iterator[tuple[str, bool]]:
    """Labels of a directive and of those inside it, and whether each is an equation's."""
    name = info.strip().split(" ")[0]
    if not name.startswith("{") or name in ("{code-cell}", "{raw}"):
        return
    options = re.match(r"(?:\s*:[\w-]+:.*\n?)*", content)
    if options and (label := re.search(r"^\s*:label:\s*(\S+)", options[0], re.MULTILINE)):
        yield label[1], name == "{math}"
    if name != "{math}":
        for token in parser().parse(content):
            if token.type in FENCES:
                yield from _labels(token.info, token.content)
            elif token.type == "math_block_label":
                yield token.info, True


def in_words(text: str, place: Callable[[str], Section | None]) -> str:
    """Cross references, which only Sphinx resolves, as words that a notebook or a listing can show.

    An equation becomes its number, ``(1.3)``; a section its number and title; a citation authors
    and year.  Text without references comes back as it is.
    """

    def words(match: re.Match[str]) -> str:
        label = match["to"] or match["label"]
        if match["role"].startswith("cite"):
            return _cited(match["role"], label.split(","), place)
        found = place(label)
        if match["text"] and not match["text"].startswith("%"):
            return str(match["text"])
        if match["role"] == "eq":
            return found.number if found and found.number else f"equation {label}"
        if found is None:
            return str(label)
        return f"{found.number}, “{found.title}”" if found.number else f"“{found.title}”"

    return ROLE.sub(words, text)


def without_comments(text: str) -> str:
    """MyST without its lines of comment, which no other reader of Markdown leaves out; code keeps its ``%``."""
    lines = text.split("\n")
    for token in reversed(parser().parse(text)):
        if token.type == "myst_line_comment" and token.map is not None:
            del lines[slice(*token.map)]
    return "\n".join(lines)


def _cited(role: str, keys: list[str], place: Callable[[str], Section | None]) -> str:
    """``[Longley, 1967]``, or ``Longley [1967]`` where the authors are a part of the sentence."""
    found = [source.title if (source := place(key.strip())) else key.strip() for key in keys]
    if role in ("cite:t", "cite:ts"):
        return ", ".join(re.sub(r", (\w+)$", r" [\1]", said) for said in found)
    return f"[{'; '.join(found)}]"


def author_and_year(entry: Any) -> str:
    """How the course cites a source, as in “Hoerl and Kennard, 1970”."""
    names = [" ".join([*person.prelast_names, *person.last_names]) for person in entry.persons["author"]]
    names = [name.replace("{", "").replace("}", "") for name in names]
    authors = " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
    return f"{authors}, {entry.fields['year']}"


def cited(root: Path = paths.ROOT) -> dict[str, Section]:
    """The sources of the book by their keys, with authors and year as titles."""
    path = root / "book" / "references.bib"
    entries = parse_file(path).entries if path.is_file() else {}
    return {key: Section(key, author_and_year(entry), "") for key, entry in entries.items()}


def lookup(root: Path = paths.ROOT) -> Callable[[str], Section | None]:
    """The place of a label, or the source of a key, for `in_words`; of a label of an unlisted page only the title."""
    elsewhere = {label: Section(label, title, "") for label, title in unlisted(root).items() if title}
    return (cited(root) | elsewhere | {section.label: section for section in sections(root)}).get
