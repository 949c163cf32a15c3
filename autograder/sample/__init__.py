"""The sample class: twenty-four students assembled from reference, mutants, variants and damage, never typed twice.

Deterministic, so that its gradebook can be compared.  Two of them are hostile and are left
ungraded where there is no jail.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from autograder import gradebook, offering, paths, roster
from autograder.authoring import assemble, notebooks, pages
from autograder.collect import collect
from autograder.course import Course, write_atomically
from autograder.manifest import Manifest
from autograder.sample import answers, plan
from autograder.sample.damage import Notebook, plainly
from autograder.sample.plan import STUDENTS, Student

__all__ = ["STUDENTS", "inboxes", "make", "run", "whole"]


def whole(notebook: Notebook, manifest: Manifest, slug: str, student: str = "ada") -> None:
    """Fill in every task as the reference has it, right answers, and the model answer as written work."""
    answers.fill(notebook, manifest, slug, student, {})


def earlier(inbox: Path, k: int) -> Path:
    """Where the attempts before the last stand, beside the class's `inbox`; the first but one is 1."""
    return inbox.with_name(f"{inbox.name}-earlier-{k}")


def inboxes(inbox: Path) -> list[Path]:
    """Every folder of a class, in the order of handing in."""
    return [*sorted(inbox.parent.glob(f"{inbox.name}-earlier-*"), reverse=True), inbox]


def make(course: Course, slug: str, inbox: Path) -> dict[str, str]:
    """Write the class's work on one assignment into `inbox/<student>/` and mark the course as a sample.

    Returns
    -------
    dict
        The sha256 of what counts of each student who handed in something, by id.
    """
    released = json.loads((course.released / slug / f"{slug}.ipynb").read_text(encoding="utf-8"))
    manifest, chapter = course.release(slug).manifest, course.release(slug).chapter
    dealt = plan.deal(chapter)
    hashes = {}
    for place, student in enumerate(STUDENTS):
        notebook: Notebook = json.loads(json.dumps(released))
        for k, had in enumerate(plan.first_attempts(chapter, dealt) if student.twice else (), 1):
            first: Notebook = json.loads(json.dumps(released))
            unwritten = {task.id: answers.RELEASED for task in chapter.tasks}
            answers.fill(first, manifest, slug, student.id, unwritten | had)
            _stamped(plainly(earlier(inbox, k) / student.id, slug, _bytes(first)), student, place, days=8 + k)
        answers.fill(notebook, manifest, slug, student.id, dealt[student.id])
        student.spoil(notebook)
        path = student.store(inbox / student.id, slug, _bytes(notebook))
        if path is not None:
            _stamped(path, student, place)
            with path.open("rb") as file:
                hashes[student.id] = hashlib.file_digest(file, "sha256").hexdigest()
    trusted = {s.id: hashes[s.id] for s in STUDENTS if s.id in hashes and not plan.attacks(chapter, s)}
    before = (Course(course.root).sample or {}).get("trusted", {})
    marker = {"note": "a sample class; 'make course' may make it again", "trusted": {**before, slug: trusted}}
    write_atomically(course.root / ".sample", (json.dumps(marker, indent=1) + "\n").encode())
    return hashes


def _bytes(notebook: Notebook) -> bytes:
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def _stamped(path: Path, student: Student, place: int, days: int = 0) -> None:
    """Give a file its time of hand-in, a minute apart from the others', so that their order is defined."""
    moment = (student.handed_in + timedelta(minutes=place, days=-days)).timestamp()
    os.utime(path, (moment, moment))


def run(course: Course, *, out: Console, err: Console, bar: Callable[[], Progress], grade: Callable[..., bool]) -> bool:
    """Release, hand in, collect, grade, write feedback, and say what to open."""
    err.print(f"[bold]sample class[/]: {len(STUDENTS)} students, from the reference, mutants, variants and damage")
    course.create()
    write_atomically(course.root / ".sample", b"{}\n")
    slugs = pages.chapters()
    write_atomically(course.root / offering.FILE, plan.offering(slugs).encode(), 0o600)
    for slug in slugs:
        assemble.release(course, slug)
    inbox = paths.BUILD / "sample-class"
    listed = inbox.with_suffix(".csv")
    write_atomically(listed, plan.roster().encode())
    roster.take(course, listed)
    for folder in inboxes(inbox):
        shutil.rmtree(folder, ignore_errors=True)
    for slug in slugs:
        make(course, slug, inbox)
    # Made again from other checks or pages, a class would otherwise have handed in once more.
    for kept in ("attempts", "submitted"):
        shutil.rmtree(course.root / kept, ignore_errors=True)
    graded, shown = True, []
    for slug in slugs:
        out.print(f"[bold]{slug}[/]")
        # Who hands in twice does so oftener in one chapter than in another.
        for folder in (folder for folder in inboxes(inbox) if any(folder.glob(f"*/{slug}*.ipynb"))):
            _collect(course, slug, folder, err)
        graded &= grade(Course(course.root), slug, trust=False, workers=2, out=out, err=err, bar=bar)
        shown += [page for page in gradebook.feedback(course, slug) if "wei" in page.parts]
    out.print("[bold]Open[/]")
    out.print(f"  the book            {paths.BUILD / 'site' / 'index.html'}", soft_wrap=True)
    for page in shown:
        out.print(f"  a feedback page     {page.resolve()}", soft_wrap=True)
    out.print(f"  formgrader          {notebooks.formgrader_command(course.root)}", soft_wrap=True)
    return graded


def _collect(course: Course, slug: str, folder: Path, err: Console) -> None:
    for item in collect(course, slug, folder):
        said = [f"[red]refused[/] {escape(item.who)}: {escape(item.problem)}"] if item.problem else []
        for line in (*said, *(f"[yellow]{escape(item.who)}[/]: {escape(note)}" for note in item.notes)):
            err.print(line, soft_wrap=True)
