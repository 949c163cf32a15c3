"""Judging in a new Python process, so that nothing a notebook has at hand counts, and any task can be ended.

The process is started in the course folder and told on its standard input what to judge; what it
finds comes back line by line, one JSON each.  It works with pipes and a thread alone, because
Windows has neither forks nor alarms.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from autograder.authoring import calls
from autograder.checks import tasks as checks_of
from autograder.checks.answers import AnswerTask
from autograder.manifest import Manifest, TaskInfo
from autograder.sandbox.package import ImportProblem
from autograder.sandbox.runner import Package, run_answer
from autograder.student import inputs, shelf
from autograder.student.folder import MANIFEST, Folder, Misuse
from autograder.student.judging import answer_error, import_said, judged
from autograder.verdict import Verdict

START = 120.0  # seconds for Python and numpy to come up: a cold disk with a virus scanner needs some
IMPORT = 20.0  # for the package, in which a loop may stand as well
POLL = 0.1  # on Windows a longer wait could not be interrupted


@dataclass(frozen=True)
class Row:
    """What came of one task: the fraction of its points (None: not for a machine), in few words, and more."""

    earned: float | None
    said: str
    more: str = ""


@dataclass(frozen=True)
class Job:
    """Tasks to judge on a package; `cells` holds the sources of answers and analyses."""

    files: Mapping[str, str]
    cells: Mapping[str, str]
    student: str
    tasks: Sequence[str]


class Unimportable(Exception):
    """The package does not import; the text says why, and `problem` where, if Python itself went on."""

    def __init__(self, said: str, problem: ImportProblem | None = None) -> None:
        super().__init__(said)
        self.problem = problem


# In the place of a notebook's shell: lines are counted within the cell, and nothing of a notebook is at hand.
NOBODY = SimpleNamespace(user_ns={})


def problem_of(folder: Folder, files: Mapping[str, str], info: TaskInfo | None = None) -> str:
    """Why a package cannot be imported, in words; in those of the task's cell where it is at fault."""
    try:
        list(rows(folder, Job(files, {}, "", ()), probe=True))
    except Unimportable as found:
        if found.problem is None or info is None:
            return str(found)
        return import_said(found.problem, info, dict(files), NOBODY)
    return ""


def rows(folder: Folder, job: Job, probe: bool = False) -> Iterator[tuple[str, Row]]:
    """Judge the tasks in order; one that is cut off or ends Python itself costs only its own row.

    Raises
    ------
    Unimportable
        If the package does not import; with `probe` that is found out also where no task is to be judged.
    """
    left = list(job.tasks)
    while left or probe:
        probe = False
        with _Process(folder, replace(job, tasks=tuple(left))) as process:
            process.imported()
            while left:
                task = left.pop(0)
                limit = limit_of(task)
                try:
                    found = process.next(limit)
                except TimeoutError:
                    more = f"It had not ended after {limit:.0f} s: look for a loop whose condition never becomes false."
                    yield task, Row(0.0, "stopped: no end", more)
                else:
                    if found is not None:
                        yield task, Row(**found)
                        continue
                    more = f"Running it ended Python itself ({process.ended()})."
                    yield task, Row(0.0, "stopped: Python ended", more)
                # What builds on it would end in the same way: behind its stub, only what really calls it fails.
                job = replace(job, files=_with_stub(folder, job.files, task))
                break


def _with_stub(folder: Folder, files: Mapping[str, str], task: str) -> dict[str, str]:
    info = folder.manifest.task(task)
    assert info is not None
    found = dict(files)
    if info.object:
        file = shelf.file_of(info, found)
        found[file] = shelf.put(found[file], info, info.stub)
    return found


def limit_of(task: str) -> float:
    """Seconds that one task may take, as in grading."""
    check = checks_of(task.split(".")[0])[task]
    return check.limits.task_seconds


class _Process:
    """A Python in the course folder that judges a job."""

    def __init__(self, folder: Folder, job: Job) -> None:
        place = str(folder.root)
        env = {k: v for k, v in os.environ.items() if k not in ("PYTHONSAFEPATH", "PYTHONSTARTUP")}
        env["PYTHONPATH"] = os.pathsep.join(filter(None, [place, env.get("PYTHONPATH", "")]))
        # As under nbgrader: what passes is not written, and a solution that calls `check_all` starts nothing.
        env |= {"NBGRADER_EXECUTION": "autograde", "PYTHONUTF8": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from autograder.student.alone import main; main()"],
            cwd=place,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # of Windows alone
        )
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._reader = threading.Thread(target=self._read, args=(json.dumps(asdict(job)).encode(),), daemon=True)
        self._reader.start()

    def _read(self, job: bytes) -> None:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with process.stdin as pipe:
                pipe.write(job)
        except OSError:
            pass  # it ended before it had read: the empty line below says so
        for line in process.stdout:
            self._lines.put(line)
        self._lines.put(b"")

    def next(self, seconds: float) -> Any:
        """What the process says next; None where it has ended.

        Raises
        ------
        TimeoutError
            If it says nothing for so long.
        """
        until = time.monotonic() + seconds
        while True:
            try:
                line = self._lines.get(timeout=POLL)
            except queue.Empty:
                if time.monotonic() > until:
                    raise TimeoutError from None
                continue
            return json.loads(line) if line else None

    def imported(self) -> None:
        """Wait until the package is imported.

        Raises
        ------
        Unimportable
            If it is not.
        """
        try:
            if self.next(START) is None:
                raise Unimportable(f"a new Python could not be started ({self.ended()})")
            said = self.next(IMPORT)
        except TimeoutError:
            raise Unimportable(f"importing it had not ended after {IMPORT:.0f} s") from None
        if said is None:
            raise Unimportable(f"importing it ended Python ({self.ended()})")
        if said:
            problem = ImportProblem(*said)
            raise Unimportable(str(problem), problem)

    def ended(self) -> str:
        return f"code {self._process.wait()}"

    def __enter__(self) -> _Process:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join(5)
        if self._process.stdout is not None and not self._reader.is_alive():
            self._process.stdout.close()


def main() -> None:
    """What the new process does."""
    # The pipe is kept for our own words: whatever else is printed, by C code too, goes nowhere.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)

    def say(found: Any) -> None:
        out.write(json.dumps(found) + "\n")
        out.flush()

    job = Job(**json.load(sys.stdin.buffer))
    # Should the notebook's own process be gone, nobody else ends a loop in this one.
    last = threading.Timer(START + IMPORT + sum(map(limit_of, job.tasks)), os._exit, (1,))
    last.daemon = True
    last.start()
    root = Path.cwd()
    folder = Folder(root, Manifest.load(root / MANIFEST))
    say("started")
    package = Package(job.files)
    try:
        package.load()
    except ImportProblem as problem:
        say([problem.module, problem.line, problem.type, problem.message, problem.text])
        return
    say([])
    for task in job.tasks:
        info = folder.manifest.task(task)
        assert info is not None
        say(asdict(_row(folder, info, job)))


def _row(folder: Folder, info: TaskInfo, job: Job) -> Row:
    check = checks_of(info.id.split(".")[0])[info.id]
    try:
        if isinstance(check, AnswerTask):
            return _answer(folder, info, check, job)
        cell = calls.of_answer(job.cells[info.id]) if not info.object else ""
        return _in_few_words(judged(folder, info, check, dict(job.files), NOBODY, answer=cell))
    except Misuse as misuse:
        return Row(0.0, "not judged", str(misuse))


def _answer(folder: Folder, info: TaskInfo, check: AnswerTask, job: Job) -> Row:
    try:
        given = inputs.inputs(folder, info, job.student)
    except Misuse:  # said once above the table
        return Row(None, "not judged: no student id")
    cell, package = calls.of_answer(job.cells[info.id]), Package(job.files)
    outcome = run_answer(cell, given, package)
    if outcome.kind != "value":
        return Row(0.0, f"ends in {outcome.detail}", f"{answer_error(package, info, cell, outcome)}.")
    if outcome.value is None:
        return Row(0.0, "not answered")
    if fault := check.form(outcome.value):
        return Row(0.0, "not well formed", f"{fault}.")
    return Row(None, "well formed")


def _in_few_words(found: Verdict) -> Row:
    if found.refused:
        return Row(0.0, "refused", found.refused)
    if found.passed:
        return Row(1.0, "passed")
    held = sum(result.passed for result in found.results)
    word = "partly passed" if found.earned > 0 else "not passed"
    more = next(iter([*(d.message for d in found.diagnoses), *found.notes]), "")
    return Row(found.earned, f"{word}: {held} of {len(found.results)} checks", more)
