"""The main job: judge a class, write the gradebook, print what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from autograder import attempts, cells, gradebook, ids, results
from autograder.checks import tasks as checks_of
from autograder.class_table import legend, table
from autograder.course import Course
from autograder.errors import Foreseen, sentence
from autograder.files import NotWritten
from autograder.lock import NotNow, alone
from autograder.offering import Offering
from autograder.offering_edit import strangers
from autograder.results import UNREAD, SubmissionResult
from autograder.roster import Roster
from autograder.sandbox.jail import Level, Sandbox, probe
from autograder.standing import sources
from autograder.submission import Unreadable, read_plain_file

__all__ = ["NotNow", "grade"]

BATCH = 50
UNTRUSTED = "not run: no jail here, and nobody vouches for this code"
CURE = "{} left ungraded: install bubblewrap (level A), or vouch for every submission with --i-trust-this-code"


class NotCommitted(Foreseen):
    """Work was judged and its results are kept, but the gradebook did not take them."""


@dataclass
class _Run:
    """What came of a run so far; `waiting` is judged and not yet in the gradebook."""

    course: Course
    assignment: str
    judged: dict[str, SubmissionResult] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    waiting: list[SubmissionResult] = field(default_factory=list)

    def settle(self, student: str, job: Future[SubmissionResult]) -> None:
        """One submission's trouble is a line in the report, never the end of the class.

        Raises
        ------
        autograder.files.NotWritten
            If the disk takes no more: the next submission would meet the same.
        """
        try:
            self.judged[student] = job.result()
        except NotWritten:
            raise
        except results.Untrusted:
            self.failed[student] = UNTRUSTED
        except Unreadable as problem:
            # The student has handed in, so the gradebook says so, with nothing earned and the reason.
            self.judged[student] = SubmissionResult(student, self.assignment, "", UNREAD, (), (str(problem),))
            self.waiting.append(self.judged[student])
        except Foreseen as problem:
            self.failed[student] = f"could not be judged: {sentence(problem)}"
        except Exception as problem:
            self.failed[student] = f"could not be judged: {type(problem).__name__}: {problem}"
        else:
            self.waiting.append(self.judged[student])

    def commit(self) -> None:
        """Write what waits; where a batch is refused, one by one, so that one submission holds up nobody else.

        Raises
        ------
        NotCommitted
            If the gradebook takes nothing at all, with its own reason.
        """
        try:
            gradebook.commit(self.course, self.waiting)
        except Foreseen as problem:
            raise self._refused(problem) from problem
        except Exception:
            self._one_by_one()
        self.waiting = []

    def _one_by_one(self) -> None:
        for result in self.waiting:
            try:
                gradebook.commit(self.course, [result])
            except Foreseen as problem:
                raise self._refused(problem) from problem
            except Exception as problem:
                del self.judged[result.student]
                self.failed[result.student] = f"could not be written: {type(problem).__name__}: {problem}"

    def _refused(self, problem: Foreseen) -> NotCommitted:
        return NotCommitted(
            f"{sentence(problem)}; {len(self.judged)} submissions are judged and kept, "
            f"and {self.course.command(f'grade {self.assignment}')} goes on from there"
        )


def grade(
    course: Course,
    assignment: str,
    *,
    trust: bool,
    workers: int,
    out: Console,
    err: Console,
    bar: Callable[[], Progress],
) -> bool:
    """Judge, commit in batches, print the table; False when some submission could not be graded."""
    release, offering = course.release(assignment), Offering.of(course, assignment)
    results.require_current(release)
    with alone(course):
        stuck = attempts.settle(course, assignment, offering)
        students = list(course.submissions(assignment))
        if not students:
            cure = course.command(f"collect {assignment} SOURCE")
            raise NotNow(f"no submissions of {assignment!r} in {course.submitted}; run {cure} first")
        found = probe()
        if found.level is None:
            raise NotNow("student code cannot be run here at all; 'autograder doctor' says why")
        if found.level is Level.D:
            why = escape(found.details[Level.A])
            err.print(f"[black on yellow] level D: no jail on this machine [/] {why}", soft_wrap=True)
        run = _Run(course, assignment, failed=dict(stuck))
        _judge_all(run, [s for s in students if s not in stuck], offering, Sandbox(found.level), trust, workers, bar)
    out.print(table(course, assignment, run.judged, run.failed), crop=False)
    out.print(legend(course, assignment, run.judged), soft_wrap=True)
    for student, said in (*_oddities(run, offering), *sorted(run.failed.items())):
        err.print(f"[yellow]{escape(student)}[/]: {escape(said)}", soft_wrap=True)
    if unknown := strangers(course, offering):
        err.print(f"[yellow]extensions[/]: {escape(unknown)}", soft_wrap=True)
    untrusted = [s for s, problem in run.failed.items() if problem == UNTRUSTED]
    if untrusted:
        err.print(CURE.format(len(untrusted)), soft_wrap=True)
    # In a sample class the hostile student is meant to be left out; in a real one it is a lack.
    return not run.failed or (course.sample is not None and len(untrusted) == len(run.failed))


def _judge_all(
    run: _Run,
    students: list[str],
    offering: Offering,
    sandbox: Sandbox,
    trust: bool,
    workers: int,
    bar: Callable[[], Progress],
) -> None:
    with ThreadPoolExecutor(workers) as pool, bar() as show:
        step = show.add_task(f"judging {run.assignment}", total=len(students))
        jobs = {pool.submit(_judge, run.course, offering, s, sandbox, trust): s for s in students}
        try:
            for job in as_completed(jobs):
                run.settle(jobs[job], job)
                show.advance(step)
                if len(run.waiting) >= BATCH:
                    run.commit()
            show.update(step, description="writing the gradebook")
            run.commit()
        except BaseException:
            show.update(step, description="stopping after the submissions at work")
            pool.shutdown(cancel_futures=True)
            raise


def _judge(course: Course, offering: Offering, student: str, sandbox: Sandbox, trust: bool) -> SubmissionResult:
    """One student's result; where the best attempt counts, every attempt is judged and the best one placed."""
    kept, broken = attempts.of(course, offering.assignment, student), []
    if offering.attempts == "best" and len(kept) > 1:
        due, best = offering.due(student), (-1.0, 0)
        for number, attempt in enumerate(kept, 1):
            try:
                found = results.judge_submission(
                    course, offering.assignment, student, sandbox, trust=trust, path=attempt.path
                )
            except Unreadable:
                continue
            except Foreseen:
                raise
            except Exception as problem:
                why = f"{type(problem).__name__}: {problem}"
                broken.append(f"attempt {number} of {len(kept)} could not be judged ({why}), and does not count")
                continue
            earned = sum(task.points for task in found.tasks)
            late = max((attempt.counted(due) - due).total_seconds(), 0.0) if due else 0.0
            # Of equals the later: it is what the student meant last.
            best = max(best, (earned - offering.late.penalty(earned, late), number))
        if best[0] >= 0:
            attempts.place(course, offering.assignment, student, kept[best[1] - 1], due)
    found = results.judge_submission(course, offering.assignment, student, sandbox, trust=trust)
    return replace(found, problems=(*found.problems, *broken))


def _written_elsewhere(run: _Run, kept: Sequence[attempts.Attempt], chosen: attempts.Attempt) -> Iterator[str]:
    """Written answers that the best attempt lacks: the judge reads none, so they had no part in the choice."""
    released = sources(run.course.released / run.assignment / f"{run.assignment}.ipynb")
    executed = checks_of(run.assignment)
    tasks = {ids.cell(t.id): t.id for t in run.course.release(run.assignment).chapter.tasks if t.id not in executed}

    def written(attempt: attempts.Attempt) -> set[str]:
        try:
            given, _ = cells.read(read_plain_file(attempt.path), attempt.file)
        except Unreadable:
            return set()
        texts = ((cell.grade_id, cell.source.strip()) for cell in given if cell.grade_id in tasks)
        return {name for name, text in texts if text and text != released.get(name, "").strip()}

    own = written(chosen) if len(kept) > 1 else set()
    for number, attempt in enumerate(kept, 1):
        lacking = written(attempt) - own if attempt != chosen and len(kept) > 1 else set()
        if lacking:
            names = ", ".join(sorted(tasks[name] for name in lacking))
            yield f"attempt {number} of {len(kept)} holds written work that the best lacks ({names}): {attempt.path}"


def _oddities(run: _Run, offering: Offering) -> Iterator[tuple[str, str]]:
    """What an instructor should know of those who were graded."""
    roster, file = Roster.load(run.course), f"{run.assignment}.ipynb"
    for student in sorted(run.judged):
        who = f"{student} ({file})"
        for problem in run.judged[student].problems:
            yield who, problem.removeprefix(f"{file}: ")
        kept = attempts.of(run.course, run.assignment, student)
        chosen = attempts.placed(run.course, run.assignment, student, kept)
        if chosen and (said := attempts.said(kept, chosen, offering, offering.due(student))):
            yield student, said
        if chosen and offering.attempts == "best":
            for said in _written_elsewhere(run, kept, chosen):
                yield student, said
        if roster is not None and student not in roster:
            yield student, "not on the class list; graded all the same, because the work is in submitted/"
