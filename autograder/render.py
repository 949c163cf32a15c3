"""A verdict for people: HTML for notebooks and feedback pages, plain text for terminals.

Everything a verdict says may come from a student's code, so everything is escaped.  The
HTML has no script and no style sheet, and takes text colour and background from the page
around it: it reads the same on light and dark.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from html import escape

from autograder import words
from autograder.manifest import Manifest
from autograder.verdict import CheckResult, Verdict

# White on these two has a contrast above 4.5, whatever page they stand on.
GREEN, RED = "#1a7f37", "#b3261e"
LINE = "1px solid rgba(128,128,128,.45)"
# JupyterLab lets terms float in a fifth of the width; these take that back.
CELL = "float:none;width:auto;margin:0;padding:0"
WIDTH = 88


def html(
    verdict: Verdict, manifest: Manifest, points: float | None = None, level: str = "", seen: int | None = None
) -> str:
    """The verdict as one self-contained, escaped piece of HTML.

    Parameters
    ----------
    verdict : Verdict
    manifest : Manifest
        For titles, points, hints and the places to read.
    points : float, optional
        Points earned; the verdict's fraction of the task's points by default.
    level : str, optional
        The jail level at which the code ran, when it was graded.
    seen : int, optional
        How many hints were shown so far, where `hint` is at hand.
    """
    parts = [_head(verdict, manifest, points)]
    for found in verdict.diagnoses:
        parts.append(_box(f"<strong>This looks like:</strong> {code(found.message)}", _read(found.section, manifest)))
    if verdict.refused:
        parts.append(_box(f"This cell could not be used: {code(verdict.refused)}", ""))
    parts += [f'<p style="margin:.5em 0">{code(note)}</p>' for note in verdict.notes]
    failed, waiting, passed = words.split(verdict)
    if failed:
        items = "".join(_failed(result, manifest) for result in failed)
        blocks = f'<ul aria-label="Checks not passed" style="list-style:none;margin:.6em 0;padding:0">{items}</ul>'
        # One cause, several consequences: they are there for who wants to see them.
        one_cause = bool(verdict.diagnoses) and len(failed) > 1
        parts.append(_details(words.fail(failed), blocks) if one_cause else blocks)
    if waiting:
        parts.append(_folded(f"{words.count(waiting)} {words.once(failed)}", waiting))
    if passed:
        parts.append(_folded(f"{len(passed)} of {words.count(verdict.results)} passed", passed))
    ends = words.closing(verdict, manifest, level, seen)
    parts += [f'<p style="margin:.5em 0;opacity:.85">{code(line)}</p>' for line in ends]
    style = f"border:{LINE};border-radius:8px;padding:.7em 1em;margin:.4em 0;max-width:56em;line-height:1.45"
    return f'<section aria-label="Verdict on {escape(verdict.task)}" style="{style}">{"".join(parts)}</section>'


def text(
    verdict: Verdict, manifest: Manifest, points: float | None = None, level: str = "", seen: int | None = None
) -> str:
    """The verdict for a terminal: no colour, no symbols, at most 88 columns."""
    info = manifest.task(verdict.task)
    title = f"{verdict.task}, {info.title}" if info else verdict.task
    lines = [f"[{words.word(verdict)}] {title}: {words.score(verdict, manifest, points)}"]
    for found in verdict.diagnoses:
        lines += ["", *wrapped(f"This looks like: {found.message}", "  | ", "  | ")]
        if found.section:
            lines += wrapped(f"Read: {words.where(found.section, manifest)}", "  | ", "  | ")
    if verdict.refused:
        lines += ["", *wrapped(f"This cell could not be used: {verdict.refused}", "  | ", "  | ")]
    for note in verdict.notes:
        lines += ["", *wrapped(note, "  ", "  ")]
    failed, waiting, passed = words.split(verdict)
    for number, result in enumerate(failed):
        lines += ["", *wrapped(f"[not passed] {words.law(result)}", "  ", "    ")]
        if number and verdict.diagnoses:  # one cause, several consequences: the first stands for all
            continue
        for term, said in words.details(result, manifest):
            lines += wrapped(f"{term}: {said}", "    ", "      ")
    if waiting:
        lines += ["", f"  {words.count(waiting)} {words.once(failed)}."]
    if passed:
        lines += ["", f"  [passed] {len(passed)} of {words.count(verdict.results)}"]
        if failed:
            lines += [line for result in passed for line in wrapped(f"- {result.law}", "    ", "      ")]
    for line in words.closing(verdict, manifest, level, seen):
        lines += ["", *wrapped(line, "  ", "  ")]
    return "\n".join(lines) + "\n"


def notice(sentence: str, *, good: bool = False) -> str:
    """One sentence as HTML, for whatever is not a verdict."""
    colour = GREEN if good else RED
    return _box(code(sentence), "", colour)


def _head(verdict: Verdict, manifest: Manifest, points: float | None) -> str:
    info = manifest.task(verdict.task)
    title = f"<strong>{escape(info.title)}</strong> " if info else ""
    colour = GREEN if verdict.passed else RED
    pill = f"background:{colour};color:#fff;border-radius:1em;padding:.1em .7em;margin-right:.6em;font-weight:600"
    return (
        f'<p style="margin:.1em 0"><span style="{pill}">{words.word(verdict)}</span>{title}'
        f"<code>{escape(verdict.task)}</code>: {escape(words.score(verdict, manifest, points))}</p>"
    )


def _box(said: str, read: str, colour: str = RED) -> str:
    style = f"border:{LINE};border-left:5px solid {colour};border-radius:6px;padding:.5em .9em;margin:.6em 0"
    style += ";max-width:56em"
    return f'<div role="note" style="{style}">{said}{read}</div>'


def _failed(result: CheckResult, manifest: Manifest) -> str:
    rows = "".join(
        f'<dt style="{CELL};font-weight:600">{term}</dt><dd style="{CELL}">'
        f"{_link(said) if term == 'Read' else code(said)}</dd>"
        for term, said in words.details(result, manifest)
    )
    grid = "display:grid;grid-template-columns:max-content 1fr;gap:.15em .9em;margin:.3em 0 0 0"
    return (
        f'<li style="border-top:{LINE};padding:.5em 0;margin:0"><span style="border-bottom:3px solid {RED}">'
        f"not passed</span> <strong>{code(words.law(result))}</strong><dl style=\"{grid}\">{rows}</dl></li>"
    )


def _folded(said: str, results: Sequence[CheckResult]) -> str:
    items = "".join(f'<li style="margin:.1em 0">{code(result.law)}</li>' for result in results)
    return _details(said, f'<ul style="margin:.3em 0 .2em 1.2em;padding:0">{items}</ul>')


def _details(said: str, inner: str) -> str:
    return (
        f'<details style="margin:.5em 0;border-top:{LINE};padding-top:.4em">'
        f'<summary style="cursor:pointer">{said}</summary>{inner}</details>'
    )


def _read(section: str, manifest: Manifest) -> str:
    return f'<div style="margin-top:.3em">Read: {_link(words.where(section, manifest))}</div>' if section else ""


def _link(where: str) -> str:
    """A place to read, clickable where the book's address is known."""
    found = re.fullmatch(r"(.*) \(((?:https?|file)://\S+)\)", where)
    if found is None:
        return escape(where)
    return f'<a href="{escape(found[2], quote=True)}">{escape(found[1])}</a>'


def code(said: str) -> str:
    """Escaped text, with `backticks` as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(said))


def wrapped(said: str, first: str, then: str) -> Iterable[str]:
    """Lines of a terminal's width."""
    return textwrap.wrap(
        " ".join(said.split()),
        WIDTH,
        initial_indent=first,
        subsequent_indent=then,
        break_long_words=False,
        break_on_hyphens=False,  # an address must stay whole
    )
