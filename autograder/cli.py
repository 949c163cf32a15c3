"""The command line: build · release · collect · grade · feedback · doctor · prove · sample.

Exit codes: 0 all well; 1 something was found wrong (a named submission, a failed proof);
2 the command was called wrongly; 3 the machine or the course lacks something, and the
message names the cure.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from autograder import paths

app = typer.Typer(
    help="Build the course, release assignments, and grade them in a jail.",
    epilog="Exit codes: 0 all well; 1 something was found wrong; 2 called wrongly; 3 something is missing.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

CourseDir = Annotated[Path, typer.Option("--course", help="The course folder.", metavar="DIR")]
HERE = Path("course")
Assignment = Annotated[str, typer.Argument(help="Chapter whose assignment is meant, as in _toc.yml: 'ridge'.")]
Trust = Annotated[
    bool,
    typer.Option("--i-trust-this-code", help="Run submissions without a jail (level D): only for code you vouch for."),
]


def progress() -> Progress:
    """A bar on a terminal; nothing that repeats itself in a log."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err)


@app.command()
def build(
    site: Annotated[bool, typer.Option(help="Build the book's pages too.")] = True,
) -> None:
    """Build the site, the case sets, the notebooks and the student bundle into build/."""
    from autograder.authoring import assemble
    from autograder.authoring.site import build_site

    if site:
        err.print("[bold]book[/]: building build/site (the first build runs every page; later ones what changed)")
        build_site(paths.ROOT, Path(sys.executable))
    err.print("[bold]bundle[/]: case sets, notebooks, student bundle")
    manifest = assemble.build_bundle()
    out.print(f"bundle {manifest.bundle}: {paths.BUILD / 'bundle'}")


@app.command()
def release(assignment: Assignment, course: CourseDir = HERE) -> None:
    """Generate an assignment's source and release in a course, and draw its hidden case sets."""
    from autograder.authoring import assemble
    from autograder.course import Course

    err.print(f"[bold]release[/]: {assignment} (16 hidden case sets from the course's secret)")
    path = assemble.release(Course(course), assignment)
    out.print(f"released: {path}")


@app.command()
def collect(
    assignment: Assignment,
    source: Annotated[
        Path,
        typer.Argument(
            help="Folder of <student>/<assignment>.ipynb, <student>_<assignment>.ipynb or <student>.ipynb."
        ),
    ],
    course: CourseDir = HERE,
) -> None:
    """Take submissions from a folder into the course; a bad file costs only itself."""
    from autograder.collect import collect as take
    from autograder.course import Course

    Course(course).release(assignment)  # a class is collected for something that was released, and nowhere else
    taken = take(Course(course), assignment, source)
    refused = [item for item in taken if item.problem]
    for item in refused:
        err.print(f"[red]refused[/] {escape(item.student)}: {escape(item.problem)}", soft_wrap=True)
    out.print(f"collected {len(taken) - len(refused)} of {len(taken)} submissions into {course / 'submitted'}")
    if refused or not taken:
        raise typer.Exit(1)


@app.command()
def grade(
    assignment: Assignment,
    course: CourseDir = HERE,
    trust: Trust = False,
    workers: Annotated[int, typer.Option(help="Submissions judged at the same time.", min=1)] = 2,
) -> None:
    """Judge every collected submission in the jail and write nbgrader's gradebook.

    Interrupted, it goes on where it stopped: start it again.
    """
    from autograder import grading
    from autograder.course import Course

    if not grading.grade(Course(course), assignment, trust=trust, workers=workers, out=out, err=err, bar=progress):
        raise typer.Exit(1)


@app.command()
def feedback(assignment: Assignment, course: CourseDir = HERE) -> None:
    """Write each student's feedback page with nbgrader, scripts removed."""
    from autograder import gradebook
    from autograder.course import Course

    err.print("[bold]feedback[/]: one page a student")
    pages = gradebook.feedback(Course(course), assignment)
    out.print(f"{len(pages)} feedback pages in {course / 'feedback'}")


@app.command()
def doctor(course: CourseDir = HERE) -> None:
    """Say what this machine can do: jail level, tools, limits; each lack with its cure."""
    from autograder.health import report

    if not report(course, out):
        raise typer.Exit(3)


@app.command()
def prove(
    sets: Annotated[int, typer.Option(help="Case sets over which verdicts must be the same.", min=1)] = 3,
    task: Annotated[str, typer.Option(help="One task only, as 'ridge.closed_form'.")] = "",
    verbose: Annotated[bool, typer.Option("--verbose", help="Show what holds, too.")] = False,
) -> None:
    """Prove that the checks tell right from wrong: stubs, reference, mutants, variants, leaks."""
    from autograder import prove as gate
    from autograder.authoring import pages
    from autograder.authoring.assemble import NoSuch

    manifest = pages.read_manifest()
    if task and manifest.task(task) is None:
        ids = ", ".join(t.id for c in manifest.chapters for t in c.tasks)
        raise NoSuch(f"no task {task!r}; the book has: {ids}")
    failed = total = 0
    for finding in gate.prove(manifest, sets, task):
        total += 1
        failed += not finding.holds
        if verbose or not finding.holds:
            mark = "[green]holds[/]" if finding.holds else "[red]FAILS[/]"
            (out if finding.holds else err).print(f"{mark} {finding.task}: {finding.what}", soft_wrap=True)
            if not finding.holds:
                err.print(f"      {finding.saw}", soft_wrap=True, markup=False)
    found = [] if task else gate.leaks(gate.published(paths.BUILD))
    for leak in found:
        err.print(f"[red]FAILS[/] what must not leave has left: {leak}", soft_wrap=True)
    out.print(f"prove: {total - failed} of {total} findings hold over {sets} case sets, {len(found)} leaks")
    if failed or found:
        raise typer.Exit(1)


@app.command()
def sample(course: CourseDir = HERE) -> None:
    """Make, collect, grade and report the sample class; never touches a course of real students."""
    from autograder import grading
    from autograder import sample as class_of_six
    from autograder.course import Course

    if course.exists() and Course(course).sample is None:
        out.print(
            f"[bold]{course}[/] holds a course that is not a sample: left alone. "
            "The book and the bundle are built; use --course DIR for a sample elsewhere."
        )
        return
    if not class_of_six.run(Course(course), out=out, err=err, bar=progress, grade=grading.grade):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; a foreseen error is a sentence, never a traceback."""
    from autograder.errors import Foreseen, sentence

    try:
        app()
    except KeyboardInterrupt:
        err.print("stopped; what was judged is kept: the same command goes on from here")
        raise SystemExit(130) from None
    except (Foreseen, OSError) as problem:
        err.print(f"[red]error:[/] {escape(sentence(problem))}", soft_wrap=True)
        raise SystemExit(3) from None


if __name__ == "__main__":
    main()
