"""Commands of an author: build the book and the bundle; lay out, check and prove exercises."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from autograder import paths
from autograder.commands.shared import app, err, out

STARTED = time.monotonic()  # of the process, as near as a module of it can tell

if TYPE_CHECKING:
    from autograder.manifest import Manifest, TaskInfo
    from autograder.prove import Finding


@app.command()
def build(
    site: Annotated[bool, typer.Option(help="Build the book's pages too.")] = True,
) -> None:
    """Build the site, the case sets, the notebooks and the student bundle into build/."""
    from autograder.authoring import assemble
    from autograder.authoring.site import build_site

    _require_sound()
    if site:
        err.print("[bold]book[/]: building build/site (the first build runs every page; later ones what changed)")
        build_site(paths.ROOT, Path(sys.executable))
    err.print("[bold]bundle[/]: case sets, notebooks, student bundle")
    manifest = assemble.build_bundle()
    out.print(f"bundle {manifest.bundle}: {paths.BUILD / 'bundle'}")
    for line in assemble.unfinished(t for c in manifest.chapters for t in c.tasks):
        err.print(f"[yellow]unfinished:[/] {escape(line)}", soft_wrap=True)


Task = Annotated[str, typer.Argument(help="Id of an exercise, as 'ridge.closed_form'.", metavar="SLUG.NAME")]
Sets = Annotated[int, typer.Option(help="Case sets over which verdicts must be the same.", min=1)]
KIND = "One of implement, diagnose, derive, predict, analyse, explain."


@app.command()
def new(
    task: Task,
    kind: Annotated[str, typer.Option(help=KIND)] = "implement",
    module: Annotated[str, typer.Option(help="Module of the package; without it, the slug's.")] = "",
) -> None:
    """Lay out a new exercise: definition, page, checks, mutants, variants, answers, each with its TODO."""
    from typing import cast, get_args

    from autograder.authoring import scaffold
    from autograder.manifest import Kind

    if kind not in get_args(Kind):
        raise typer.BadParameter(KIND, param_hint="--kind")
    house = scaffold.layout(task, cast(Kind, kind), module)
    house.write()
    for place in house.texts:
        out.print(f"{'changed' if place in house.changed else 'made   '} {place}", soft_wrap=True)
    out.print(f"everything runs already; what is still to be written: make check TASK={task}", soft_wrap=True)


@app.command()
def check(task: Task, sets: Sets = 3) -> None:
    """The gate for one exercise, in seconds and without a build: style, page, checks, mutants, variants, leaks."""
    from autograder import leaks
    from autograder import prove as gate

    if unsound := _unsound(task.split(".")[0]):
        _tell([gate.Finding(task, "its files can be read", False, unsound)])
        raise typer.Exit(1)
    manifest = _manifest()
    info = _info(manifest, task)
    told = [finding for finding in gate.prove(manifest, sets, task) if finding.task == task]
    style = _style(info.object, task)
    told.append(gate.Finding(task, "ruff finds nothing in its files", not style, style))
    try:
        left = leaks.leaks(leaks.leaving(), leaks.secrets(of=info))
    except Exception as problem:  # a file that another finding is about, such as answers without the key
        left = [gate.traced(problem)]
    told.append(gate.Finding(task, "no line of a solution stands where it would leave", not left, "\n".join(left)))
    failed = _tell(told)
    out.print(f"check {task}: {len(told) - failed} of {len(told)} findings hold, {time.monotonic() - STARTED:.1f} s")
    if failed:
        raise typer.Exit(1)


@app.command()
def suggest(
    task: Task,
    all_: Annotated[bool, typer.Option("--all", help="Show what is caught and named, too.")] = False,
) -> None:
    """Put small slips of a reference to its checks: which survive, and which are caught without a name."""
    from autograder import suggest as slips
    from autograder.checks import tasks as checks_of
    from autograder.checks.base import Task as Judged
    from autograder.sandbox.jail import open_sandbox

    _require_sound(task.split(".")[0])
    info, judged = _info(_manifest(), task), checks_of(task.split(".")[0]).get(task)
    if not isinstance(judged, Judged):
        raise slips.NoSlips(f"{task} is not judged by laws: there is no code to make slips of, and no check to try")
    with open_sandbox() as sandbox:
        tried = list(slips.attempts(info, judged, sandbox))
    found = slips.report(judged, tried, slips.declared(task))
    for line in slips.told(found, all_):
        out.print(line, soft_wrap=True, markup=False)


@app.command()
def prove(
    sets: Sets = 3,
    task: Annotated[str, typer.Option(help="One task only, as 'ridge.closed_form'.")] = "",
    verbose: Annotated[bool, typer.Option("--verbose", help="Show what holds, too.")] = False,
) -> None:
    """Prove that the checks tell right from wrong: stubs, reference, mutants, variants, keys, leaks."""
    from autograder import leaks
    from autograder import prove as gate

    _require_sound(task.split(".")[0])
    manifest = _manifest()
    if task:
        _info(manifest, task)
    findings = list(gate.prove(manifest, sets, task))
    failed = _tell(findings, verbose)
    found = [] if task else [
        *gate.leaks(gate.published(paths.BUILD)), *leaks.answers(leaks.published_cases(paths.BUILD))
    ]  # fmt: skip
    for leak in found:
        err.print(f"[red]FAILS[/] what must not leave has left: {escape(leak)}", soft_wrap=True)
    total = len(findings)
    out.print(f"prove: {total - failed} of {total} findings hold over {sets} case sets, {len(found)} leaks")
    if failed or found:
        raise typer.Exit(1)


def _manifest() -> Manifest:
    from autograder.authoring import pages
    from autograder.errors import Foreseen
    from autograder.prove import of_an_author, traced

    try:
        return pages.read_manifest()
    except Exception as problem:  # it draws numbers and data, by functions that can raise anything
        if isinstance(problem, Foreseen | OSError) or not of_an_author(problem):
            raise
        raise Foreseen(traced(problem)) from problem


def _info(manifest: Manifest, task: str) -> TaskInfo:
    from autograder.authoring.assemble import NoSuch
    from autograder.authoring.wording import meant

    if (info := manifest.task(task)) is None:
        ids = [t.id for c in manifest.chapters for t in c.tasks]
        raise NoSuch(f"no page has an exercise {task!r}{meant(task, ids)}; the book has: {', '.join(ids)}")
    return info


def _require_sound(slug: str = "") -> None:
    """Stop with a sentence where a file of the exercises could not be read."""
    from autograder.errors import Foreseen

    if unsound := _unsound(slug):
        raise Foreseen(f"the exercises' files cannot be read:\n{unsound}")


def _unsound(slug: str = "") -> str:
    """What keeps a chapter's files (without `slug`, every chapter's) from being read at all: file, line, what.

    Python that is none and names that nothing binds, as ruff finds them; checks that do not
    import; markers without their other half.
    """
    from autograder.authoring import known, pages, slicing
    from autograder.checks import tasks as checks_of
    from autograder.prove import traced

    module = slug.replace("-", "_")
    files = sorted((paths.ROOT / "autograder" / "checks").glob(f"{module}*.py"))
    files += sorted((paths.SOLUTIONS / "answers").glob(f"{slug or '*'}.py"))
    files += sorted((paths.SOLUTIONS / "shrinkage").glob("**/*.py"))
    # A cell is run inside its module and beside its inputs, so a name that it does not bind may be no slip.
    cells = [f for kind in ("mutants", "variants") for f in (paths.ROOT / "tests" / kind).glob(f"{slug or '*'}/*.py")]
    if said := _ruff(files, "--select=E9,F821,F822,F823") + _ruff(sorted(cells), "--select=E9"):
        return said
    for name, text in known.reference_files().items():
        try:
            list(slicing.regions(text))
        except ValueError as problem:
            return f"solutions/shrinkage/{name}, {problem}"
    for chapter in [slug] if slug else pages.chapters():
        try:
            checks_of(chapter)
        except Exception as problem:  # an author's module can raise anything while it is imported
            return traced(problem)
    return ""


def _tell(findings: Iterable[Finding], verbose: bool = False) -> int:
    """Show findings that fail (or all); how many failed."""
    failed = 0
    for finding in findings:
        failed += not finding.holds
        if verbose or not finding.holds:
            mark = "[green]holds[/]" if finding.holds else "[red]FAILS[/]"
            console = out if finding.holds else err
            console.print(f"{mark} {escape(finding.task)}: {escape(finding.what)}", soft_wrap=True)
            if not finding.holds:
                err.print(indent(finding.saw, "      "), soft_wrap=True, markup=False)
    return failed


def _style(target: str, task: str) -> str:
    """What ruff says of the Python files in which an exercise lives."""
    slug = task.split(".")[0].replace("-", "_")
    checks = (paths.ROOT / "autograder" / "checks").glob(f"{slug}*.py")
    places = [place for place in checks if f'"{task}"' in place.read_text(encoding="utf-8")]
    places.append(paths.SOLUTIONS / "answers" / f"{task.split('.')[0]}.py")
    if target:
        places.append(paths.SOLUTIONS / "shrinkage" / f"{target.rsplit('.', 1)[0].replace('.', '/')}.py")
    return _ruff([place for place in places if place.is_file()])


def _ruff(files: Iterable[Path], *options: str) -> str:
    """What ruff says of some files, one line for each finding; nothing of no files, where it would look at all."""
    names = [str(file) for file in files]
    if not names:
        return ""
    command = [sys.executable, "-m", "ruff", "check", "--quiet", "--output-format=concise", *options, *names]
    ran = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=False)
    return (ran.stdout + ran.stderr).strip()
