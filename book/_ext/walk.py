"""The directive {walk}: commands run while the book is built, in a throw-away copy of the house, with their output.

A walk may first put the page's own code blocks into the copy: each block whose caption is a
path takes the place of what `autograder new` laid out there.  So the page cannot tell of a
command or a file that does not work.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from autograder.authoring import site, slicing

HOUSE = ("autograder", "book", "solutions", "tests/mutants", "tests/variants")
# `site.py` builds anew when one of these changes, and Sphinx reads the page again.
COMMANDS = site.COMMANDS
FILES = ("_toc.yml", "_config.yml", "pyproject.toml")
BLOCK = re.compile(r"^(`{3,})\{code-block\} [a-z]+\n:caption: `(\S+)`\n\n?(.*?)^\1$", re.MULTILINE | re.DOTALL)
WIDTH = "110"


class WalkDirective(SphinxDirective):
    """Each line of the content is a command; what it prints is shown under it."""

    has_content = True
    option_spec: ClassVar = {"quiet": directives.flag}

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        root = Path(self.env.srcdir)
        for path in sources(root):
            self.env.note_dependency(str(path))
        page = Path(self.env.doc2path(self.env.docname)).read_text(encoding="utf-8")
        if "walk" not in self.env.temp_data:  # one copy a page: a walk goes on where the one before it ended
            folder = tempfile.TemporaryDirectory()
            self.env.temp_data["walk"] = (folder, copied(root, Path(folder.name)))
        house = self.env.temp_data["walk"][1]
        said = []
        for line in self.content:
            if line == "apply":  # not a command: the reader does it by hand, from the blocks above
                apply(page, house)
                continue
            code, output = ran(line, house)
            if code not in (0, 1):
                raise self.error(f"{line!r} ended with code {code}:\n{output}")
            said.append((output if "quiet" in self.options else f"$ {line}\n{output}").strip("\n"))
        text = "\n\n".join(said)
        return [nodes.literal_block(text, text, language="text", classes=["walk"])]


def sources(root: Path) -> Iterator[Path]:
    """What the output of a command rests on, pages apart."""
    for name in COMMANDS:
        path = root / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in files if file.is_file() and "__pycache__" not in file.parts)


def copied(root: Path, folder: Path) -> Path:
    """A copy of what the authors' commands work on."""
    for name in HOUSE:
        ignore = shutil.ignore_patterns("__pycache__", "_static", "_data")
        shutil.copytree(root / name, folder / name, ignore=ignore)
    for name in FILES:
        shutil.copy(root / name, folder)
    # The page holds what it puts into the house, and would be found there to give solutions away.
    (folder / "book" / "authors" / "index.md").write_text("# Writing an exercise\n", encoding="utf-8")
    (folder / "book" / "_data").symlink_to((root / "book" / "_data").resolve())
    return folder


def ran(line: str, house: Path) -> tuple[int, str]:
    """Exit code and output of one command in the copy."""
    program, *words = shlex.split(line)
    command = [sys.executable, *(["-m", "autograder.cli"] if program == "autograder" else []), *words]
    settings = {"COLUMNS": WIDTH, "NO_COLOR": "1", "TERM": "dumb", "PYTHONPATH": str(house)}
    done = subprocess.run(
        command, cwd=house, env=os.environ | settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def apply(page: str, house: Path) -> None:
    """Put every captioned block of a page into its file."""
    for draft in [*house.glob("tests/mutants/*/todo-*"), *house.glob("tests/variants/*/todo-*")]:
        draft.unlink()
    for _, caption, block in BLOCK.findall(page):
        path = house / caption
        before = path.read_text(encoding="utf-8") if path.is_file() else ""
        path.write_text(put(before, block), encoding="utf-8")


def put(before: str, block: str) -> str:
    """`block` in the place of what it replaces: an exercise, definitions of the same names, or the whole file."""
    if task := re.match(r"(`{3,})\{task\} \S+$", block, re.MULTILINE):
        start = before.index(task.group())
        end = before.index(f"\n{task.group(1)}\n", start) + len(task.group(1)) + 2
        return before[:start] + block + before[end:]
    if not before:
        return block
    for node in ast.parse(block).body:
        text = "\n".join(slicing.lines_of(block)[node.lineno - 1 : node.end_lineno])
        if isinstance(node, ast.FunctionDef):
            before = slicing.replace(before, node.name, slicing.cut(block, node.name))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            before = _assigned(before, node.targets[0].id, text)
    return before


def _assigned(before: str, name: str, text: str) -> str:
    lines = slicing.lines_of(before)
    for node in ast.parse(before).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name:
            lines[node.lineno - 1 : node.end_lineno] = slicing.lines_of(text)
            return "\n".join(lines) + "\n"
    raise KeyError(name)


def setup(app: Sphinx) -> dict[str, object]:
    app.add_directive("walk", WalkDirective)
    env_version = zlib.crc32(Path(__file__).read_bytes())
    return {"version": "1", "env_version": env_version, "parallel_read_safe": False, "parallel_write_safe": True}
