"""Commands of an author: build the book and the bundle, prove the checks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder import paths
from autograder.commands.shared import app, err, out


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
