"""What a verdict says, before it is dressed as HTML or text."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from autograder.manifest import Manifest
from autograder.verdict import CheckResult, Verdict

COMPARISON = "agrees"  # the check that `autograder.checks.common.agrees` makes


def score(verdict: Verdict, manifest: Manifest, points: float | None = None) -> str:
    """``1.5 of 2 points``; `points` are those earned, where a judge has decided them."""
    info = manifest.task(verdict.task)
    if info is None:
        return f"{verdict.earned:.0%}"
    earned = verdict.earned * info.points if points is None else points
    return f"{number(earned)} of {number(info.points)} {'point' if info.points == 1 else 'points'}"


def word(verdict: Verdict) -> str:
    if verdict.passed:
        return "passed"
    return "partly passed" if verdict.earned > 0 else "not passed"


def details(result: CheckResult, manifest: Manifest) -> list[tuple[str, str]]:
    slow = f" ({result.seconds:.1f} s)" if result.seconds >= 1 else ""
    rows = [("Asked", result.asked), ("Came back", result.came_back + slow), ("Why it matters", result.why)]
    rows += [("Read", where(result.section, manifest))] if result.section else []
    return [(term, said) for term, said in rows if said]


def law(result: CheckResult) -> str:
    return result.law + (" (without this, nothing counts)" if result.gate else "")


def closing(verdict: Verdict, manifest: Manifest, level: str, seen: int | None = None) -> list[str]:
    """Last lines: where hints are, and the jail level; `seen` hints were shown at the desk this is read at.

    Without `seen` there is no desk at hand, as on a feedback page.
    """
    info = manifest.task(verdict.task)
    lines = []
    if not verdict.passed and info and info.hints:
        lines.append(_hints(info.id, len(info.hints), seen))
    if level:
        lines.append(f"Judged at jail level {level}.")
    return lines


def _hints(task: str, held: int, seen: int | None) -> str:
    shows = f"`hint({task!r})` shows"
    if seen is None:
        stand, them = ("hint stands", "it") if held == 1 else ("hints stand", "them in steps")
        return f"{held} {stand} under the exercise in the book; {shows} {them} in your course folder."
    if seen == 0:
        return f"{shows} {'the only hint' if held == 1 else f'the first of {held} steps'}; it costs nothing."
    if seen < held:
        return f"{seen} of {held} hints seen: {shows} the next; it costs nothing."
    all_of, them = ("The only hint", "it") if held == 1 else (f"All {held} hints", "them")
    return f"{all_of} seen: {shows} {them} again."


def split(verdict: Verdict) -> tuple[list[CheckResult], list[CheckResult], list[CheckResult]]:
    """Failed, waiting and passed: what an earlier failure explains would say the same once more.

    So would the comparison with an independent solution, where a law says already what is off.
    """
    passed = [r for r in verdict.results if r.passed]
    failed = [r for r in verdict.results if not r.passed]
    gate = next((r for r in failed if r.gate), None)
    if gate:
        return [gate], [r for r in failed if r is not gate], passed
    waiting = [r for r in failed if r.waiting]
    waiting += [r for r in failed if not r.waiting and r.name == COMPARISON and len(failed) > len(waiting) + 1]
    return [r for r in failed if r not in waiting], waiting, passed


def once(failed: Sequence[CheckResult]) -> str:
    """What waiting checks wait for."""
    return "can be made once that one passes" if len(failed) == 1 else "can be made once those pass"


def count(results: Sequence[CheckResult]) -> str:
    return f"{len(results)} {'check' if len(results) == 1 else 'checks'}"


def fail(results: Sequence[CheckResult]) -> str:
    """What is said of several failed checks whose common cause is named above them."""
    return f"{count(results)} not passed, with the likely cause named above"


def where(section: str, manifest: Manifest) -> str:
    """A place to read; without the book's address its relative one would lead nowhere."""
    found = manifest.where(section)
    return found if manifest.book_url else re.sub(r" \(\S+#\S+\)$", "", found)


def number(value: float) -> str:
    """Two decimals, cut off rather than rounded, so that only full marks look like full marks."""
    return f"{math.floor(value * 100 + 1e-6) / 100:.2f}".rstrip("0").rstrip(".")
