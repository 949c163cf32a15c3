"""Do the judge and stock nbgrader give the same points for the same honest work?

Submissions are drawn from the reference, the variants and the mutants, so that no task that fails
has another task built on it: there the two differ on purpose (the judge runs such a task once more
on the reference).  nbgrader sees the visible cases, the judge the hidden ones; `prove` demands that
whoever is judged earns the same on all of them, so every cell that differs is a fault.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from autograder import agreement_stock, paths, results
from autograder.agreement_stock import NOT_PASSED, Graded
from autograder.authoring import known, prerequisites
from autograder.checks import tasks as checks_of
from autograder.checks.answers import AnswerTask
from autograder.course import Course, write_atomically
from autograder.manifest import Chapter, Manifest
from autograder.results import SubmissionResult
from autograder.sample import answers
from autograder.sample.answers import REFERENCE, RELEASED, WRONG
from autograder.sandbox.jail import open_sandbox

# The judge cuts off after hundredths of a point, nbgrader keeps four digits.
CUT = 0.0101
# Of the tasks on which nothing is built this share is wrong; of the others less, or their successors stay unwritten.
WRONG_ALONE, WRONG_BELOW = 0.5, 0.2
ANSWER = "an answer whose key nbgrader must not have"
BY_HAND = "written work, graded by hand in both"

T = TypeVar("T")


@dataclass(frozen=True)
class Difference:
    """A graded cell with different points; `only_judge` and `only_stock` are laws that failed in one alone."""

    task: str
    choice: str
    judge: float
    stock: float | None
    only_judge: tuple[str, ...] = ()
    only_stock: tuple[str, ...] = ()


@dataclass
class Agreement:
    """What was compared, what was not and why, and every difference."""

    submissions: int = 0
    equal: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    @property
    def cells(self) -> int:
        return self.equal + len(self.differences)


def draw(chapter: Chapter, student: str, seed: int) -> dict[str, str]:
    """What one honest student hands in, by task: right, wrong in a known way, or not written."""
    rng = random.Random(f"{seed}/{student}")
    found: dict[str, str] = {}
    broken: set[str] = set()
    needed = {need.id for task in chapter.tasks for need in chapter.needs(task)}
    for task in in_order(chapter):
        check = checks_of(chapter.slug).get(task)
        mutants, variants = _names(task)
        if isinstance(check, AnswerTask):
            found[task] = rng.choice((REFERENCE, WRONG))
        elif mutants and rng.random() < (WRONG_BELOW if task in needed else WRONG_ALONE):
            found[task] = rng.choice(mutants)
        else:
            found[task] = rng.choice([REFERENCE, *variants])
        if found[task] in mutants:
            broken.add(task)
    # A variant or a mutant may build on other tasks than the reference does.
    while unsound := {task for task, choice in found.items() if _builds_on(task, choice, chapter) & broken}:
        found |= dict.fromkeys(unsound, RELEASED)
        broken |= unsound
    return found


def _builds_on(task: str, choice: str, chapter: Chapter) -> set[str]:
    """The tasks that what was handed in for `task` calls."""
    info = next(t for t in chapter.tasks if t.id == task)
    if choice in (RELEASED, WRONG):
        return set()
    cell = _cells(task).get(choice)
    if cell is None:
        return {need.id for need in chapter.needs(info)}
    return {need.id for need in chapter.having(_called(info.object, cell))} - {task}


@cache
def _called(target: str, cell: str) -> set[str]:
    return prerequisites.of_cell(target, cell, known.reference_files())


@cache
def _names(task: str) -> tuple[list[str], list[str]]:
    """Its mutants and its variants."""
    return [m.name for m in known.mutants(task)], [v.name for v in known.variants(task)]


@cache
def _cells(task: str) -> dict[str, str]:
    return {k.name: k.cell for k in (*known.mutants(task), *known.variants(task))}


def in_order(chapter: Chapter) -> list[str]:
    """The tasks, each after those it builds on."""
    ordered: list[str] = []
    waiting = {task.id: {need.id for need in chapter.needs(task)} for task in chapter.tasks}
    while waiting:
        ready = [task for task, needs in waiting.items() if needs <= set(ordered)]
        ordered += ready
        waiting = {task: needs for task, needs in waiting.items() if task not in ready}
    return ordered


def compare(
    course: Course,
    scratch: Path,
    slug: str,
    students: int,
    workers: int,
    seed: int = 0,
    build: Path = paths.BUILD,
    tick: Callable[[], object] = lambda: None,
) -> Agreement:
    """Grade `students` drawn submissions both ways and compare every graded cell.

    Parameters
    ----------
    course : Course
        Where the assignment is released; the submissions are written into it.
    scratch : Path
        An empty folder for nbgrader's courses.
    slug : str
        The assignment.
    students, workers, seed : int
    build : Path
        Where the student bundle is built.
    tick : callable
        Called once for each submission that one of the two has graded.
    """
    manifest = course.release(slug).manifest
    chapter = course.release(slug).chapter
    chosen = {f"s{number:04d}": draw(chapter, f"s{number:04d}", seed) for number in range(1, students + 1)}
    names, roots = list(chosen), [scratch / f"stock-{k}" for k in range(workers)]
    agreement_stock.prepare(roots[0], course.source / slug / f"{slug}.ipynb", slug, build)
    for root in roots[1:]:
        shutil.copytree(roots[0], root)
    for place, (student, choices) in enumerate(chosen.items()):
        data = _notebook(course, manifest, slug, student, choices)
        for root in (course.root, roots[place % workers]):
            write_atomically(root / "submitted" / student / slug / f"{slug}.ipynb", data)
    sandbox = open_sandbox()
    judge = partial(results.judge_submission, course, slug, sandbox=sandbox, trust=True)
    with ThreadPoolExecutor(workers) as pool:
        ours = _each({pool.submit(judge, student): student for student in names}, tick)
    stock = _stock(roots, slug, names, tick)
    found = Agreement(submissions=students)
    for student in names:
        _compare(found, chapter, chosen[student], ours[student], stock[student])
    return found


def _notebook(course: Course, manifest: Manifest, slug: str, student: str, choices: Mapping[str, str]) -> bytes:
    notebook = json.loads((course.released / slug / f"{slug}.ipynb").read_text(encoding="utf-8"))
    answers.fill(notebook, manifest, slug, student, choices)
    return (json.dumps(notebook, indent=1) + "\n").encode()


def _stock(
    roots: Sequence[Path], slug: str, students: Sequence[str], tick: Callable[[], object]
) -> dict[str, dict[str, Graded]]:
    """One process for each course: nbgrader's imports are paid once, and no gradebook is shared."""
    context = multiprocessing.get_context("spawn")
    pools = [ProcessPoolExecutor(1, mp_context=context, initializer=agreement_stock.start) for _ in roots]
    try:
        jobs: dict[Future[dict[str, Graded]], str] = {}
        for place, student in enumerate(students):
            here = place % len(roots)
            jobs[pools[here].submit(agreement_stock.autograde, roots[here], slug, student)] = student
        return _each(jobs, tick)
    finally:
        for pool in pools:
            pool.shutdown(cancel_futures=True)


def _each(jobs: Mapping[Future[T], str], tick: Callable[[], object]) -> dict[str, T]:
    found = {}
    for job in as_completed(jobs):
        found[jobs[job]] = job.result()
        tick()
    return found


def _compare(
    found: Agreement,
    chapter: Chapter,
    choices: Mapping[str, str],
    ours: SubmissionResult,
    stock: Mapping[str, Graded],
) -> None:
    executes = checks_of(chapter.slug)
    for task in chapter.tasks:
        judged = ours.of(task.id)
        if task.id not in executes or judged is None or judged.verdict is None:
            found.left_out[BY_HAND] += 1
            continue
        if isinstance(executes[task.id], AnswerTask):
            found.left_out[ANSWER] += 1
            continue
        theirs = stock[task.id]
        if theirs.points is not None and abs(judged.points - theirs.points) < CUT:
            found.equal += 1
            continue
        # What waits for another check is folded away in what nbgrader shows.
        failed = {result.law for result in judged.verdict.results if not result.passed and not result.waiting}
        shown = {" ".join(law.split()) for law in NOT_PASSED.findall(theirs.shown)}
        only_judge = tuple(sorted(law for law in failed if not any(law in said for said in shown)))
        only_stock = tuple(sorted(said for said in shown if not any(law in said for law in failed)))
        found.differences.append(
            Difference(task.id, choices[task.id], judged.points, theirs.points, only_judge, only_stock)
        )


def sentences(found: Agreement) -> Iterator[str]:
    """The report: totals, what was left out, and each kind of difference with its reason."""
    yield f"{found.submissions} submissions, {found.cells} graded cells compared: {found.equal} agree, " + (
        f"{len(found.differences)} differ"
    )
    for reason, count in found.left_out.items():
        yield f"  not compared: {count} cells, {reason}"
    for difference, count in Counter(found.differences).most_common():
        stock = "no points" if difference.stock is None else f"{difference.stock:g}"
        yield f"  {count} × {difference.task}, {difference.choice}: judge {difference.judge:g}, nbgrader {stock}"
        for where, laws in (("judge", difference.only_judge), ("nbgrader", difference.only_stock)):
            for law in laws:
                yield f"      not passed in {where} alone: {law}"
