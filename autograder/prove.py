"""The authors' gate: do the checks tell right from wrong, and say which wrong?

For every implement task: the stub fails, the reference has full marks with a wide margin,
every mutant loses marks and is named, every correct variant has full marks and no
diagnosis, and the verdicts are the same over several case sets.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from autograder import casesets
from autograder.authoring import assemble, known, slicing
from autograder.casesets import CaseSet
from autograder.checks import tasks as checks_of
from autograder.checks.base import Caller, Check, Measure, Task, Trial
from autograder.checks.evaluate import evaluate
from autograder.manifest import Manifest, TaskInfo
from autograder.verdict import Verdict

MARGIN = 100.0
MUTANTS, VARIANTS = 4, 3


@dataclass(frozen=True)
class Finding:
    """One thing proved or not: `task`, what was tried, whether it holds, and what was seen."""

    task: str
    what: str
    holds: bool
    saw: str


def prove(manifest: Manifest, sets: int, only: str = "") -> Iterator[Finding]:
    """Everything the gate asks, task by task; nothing stops at the first failure."""
    for chapter in manifest.chapters:
        yield from _same_ids(chapter.slug, manifest)
    for info, check in assemble.implement_tasks(manifest):
        if not only or info.id == only:
            yield from prove_task(info, check, sets, manifest)


def _same_ids(slug: str, manifest: Manifest) -> Iterator[Finding]:
    chapter = manifest.chapter(slug)
    assert chapter is not None
    stated = {t.id for t in chapter.tasks if t.kind != "explain"}
    executed = set(checks_of(slug))
    saw = f"only on the page: {sorted(stated - executed)}; only in checks: {sorted(executed - stated)}"
    yield Finding(slug, "page and checks name the same tasks", stated == executed, saw)


def prove_task(info: TaskInfo, check: Task, sets: int, manifest: Manifest) -> Iterator[Finding]:
    """The gate for one task."""
    labels = {s.label for s in manifest.sections}
    mutants, variants = known.mutants(info.id), known.variants(info.id)
    yield Finding(info.id, f"at least {MUTANTS} mutants", len(mutants) >= MUTANTS, f"{len(mutants)}")
    yield Finding(info.id, f"at least {VARIANTS} variants", len(variants) >= VARIANTS, f"{len(variants)}")
    read = {c.section for c in check.checks} | {m.section for m in mutants}
    yield Finding(info.id, "sections to read exist", read <= labels, f"unknown labels: {sorted(read - labels)}")
    yield Finding(info.id, "some check has a weight, none a negative one", _weighed(check), "")
    forbids = check.forbids
    right = known.caller(info, forbids=forbids)
    callers = {"mutant": [(m, known.caller(info, m.cell, forbids)) for m in mutants]}
    callers["variant"] = [(v, known.caller(info, v.cell, forbids)) for v in variants]
    stub = known.caller(info, f"# task: {info.id}\n{info.imports}\n\n{info.stub}", forbids)
    for k in range(sets):
        headers = [(m.header, c) for m, c in callers["mutant"]]
        seed = casesets.seed("prove", info.id, str(k))
        cases = casesets.make(check, np.random.default_rng(seed), right, headers)
        where = f"case set {k}"
        blank = evaluate(check, cases, stub)
        yield Finding(info.id, f"the stub scores 0 ({where})", blank.earned == 0.0, f"earned {blank.earned}")
        yield from _reference(info, check, cases, right, where)
        for mutant, caller in callers["mutant"]:
            yield _mutant(info, mutant.name, evaluate(check, cases, caller), where)
        for variant, caller in callers["variant"]:
            yield _variant(info, variant.name, evaluate(check, cases, caller), where)


def _weighed(check: Task) -> bool:
    """A check without weight is advice: shown, and worth nothing."""
    weights = [c.weight for c in check.checks]
    return min(weights) >= 0.0 < sum(weights)


def _reference(info: TaskInfo, check: Task, cases: CaseSet, right: Caller, where: str) -> Iterator[Finding]:
    verdict = evaluate(check, cases, right)
    yield Finding(info.id, f"the reference has full marks ({where})", verdict.passed, _failed(verdict))
    narrow = replace(check, checks=tuple(_narrowed(c) for c in check.checks))
    verdict = evaluate(narrow, cases, right)
    what = f"tolerances are {MARGIN:.0f} times the reference's own error ({where})"
    yield Finding(info.id, what, verdict.passed, _failed(verdict))


def _narrowed(check: Check) -> Check:
    """The same law with a tolerance `MARGIN` times smaller."""

    def test(trial: Trial) -> Measure | None:
        measure = check.test(trial)
        return None if measure is None else replace(measure, tol=measure.tol / MARGIN)

    return replace(check, test=test)


def _mutant(info: TaskInfo, name: str, verdict: Verdict, where: str) -> Finding:
    named = [d.name for d in verdict.diagnoses]
    holds = not verdict.passed and verdict.earned < 1.0 and name in named and len(named) <= 2
    saw = f"earned {verdict.earned:.2f}, taken for {named or 'nothing'}; failed: {_failed(verdict)}"
    return Finding(info.id, f"mutant {name} is caught and named ({where})", holds, saw)


def _variant(info: TaskInfo, name: str, verdict: Verdict, where: str) -> Finding:
    holds = verdict.passed and not verdict.diagnoses
    return Finding(info.id, f"variant {name} has full marks ({where})", holds, _failed(verdict))


def _failed(verdict: Verdict) -> str:
    return "; ".join(f"{r.name} on “{r.asked}”: {r.came_back}" for r in verdict.results if not r.passed)


def leaks(texts: dict[str, str]) -> list[str]:
    """Where a line that must never leave stands after all: ``place: line``."""
    secret = {line for text in known.reference_files().values() for line in slicing.secrets(text)}
    found = []
    for place, text in texts.items():
        found += [f"{place}: {line}" for line in sorted(secret) if line in text]
    return found


def published(build: Path) -> dict[str, str]:
    """Every text file that leaves the house: site (search index included), bundle, releases."""
    folders = [build / "site", build / "bundle", build / "nbgrader" / "release"]
    endings = {".html", ".js", ".json", ".py", ".ipynb", ".md", ".txt", ".css", ".inv", ".svg"}
    files = [f for folder in folders for f in sorted(folder.rglob("*")) if f.suffix in endings]
    return {f.relative_to(build).as_posix(): _plain(f) for f in files}


def _plain(file: Path) -> str:
    """Text as its reader sees it: highlighting's tags and JSON's escapes would hide a line of code."""
    text = file.read_text(encoding="utf-8", errors="replace")
    if file.suffix == ".html":
        return html.unescape(re.sub(r"<[^<>]*>", "", text))
    if file.suffix == ".ipynb":
        return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    return text
