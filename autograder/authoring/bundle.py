"""The student bundle: notebooks, the package with stubs, the check, and how to use them.

Everything in it is computed first, as bytes by path; then only what changed is written.
It holds no solution line, no answer key, no hidden case and nothing of the judge.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import re
import shutil
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from autograder import paths
from autograder.authoring import known, pages, places, prerequisites, slicing
from autograder.authoring.shipped import grader_files
from autograder.casesets import CaseSet
from autograder.course import write_atomically
from autograder.manifest import Manifest
from autograder.student.history import REFERENCE
from autograder.student.shelf import digest

NAME = "shrinkage-course"
TEXTS = Path(__file__).parent / "bundle_texts"  # README and requirements, as students get them
BOOK = "[the book]"  # stands in those texts where its address belongs
IMPORTS = re.compile(r"^\s*(?:from|import) shrinkage(?:\.(\w+)| import ([\w, ]+))", re.MULTILINE)
REFERRED = re.compile(r"\bRef\(\s*\"([\w.]+)\.\w+\"")  # what checks have built on the student's side


def stamp(files: Mapping[str, bytes]) -> str:
    """Twelve hexadecimal digits that change when any name or byte does."""
    whole = hashlib.sha256()
    for name, data in sorted(files.items()):
        for part in (name.encode(), data):
            whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()[:12]


def version(manifest: Manifest, cases: Mapping[str, CaseSet], closed: Collection[str] = ()) -> str:
    """The stamp of a bundle: of all that a student receives but the stamp itself.

    The notebooks carry the stamp, so the exercise pages they are made from count in their place.
    """
    files = _files(replace(manifest, bundle=""), cases, closed)
    for chapter in manifest.chapters:
        for i, cell in enumerate(pages.exercise_cells(chapter.slug)):
            files[f"{chapter.slug}.ipynb/{i:03d}"] = repr((cell.kind, cell.text, cell.task)).encode()
    return stamp(files)


def build_bundle(
    manifest: Manifest,
    cases: Mapping[str, CaseSet],
    release_notebooks: Mapping[str, Path],
    out: Path,
    closed: Collection[str] = (),
) -> Path:
    """Write ``out/shrinkage-course/`` and ``out/shrinkage-course.zip``; return the folder.

    Parameters
    ----------
    manifest : Manifest
        Stamped with `version`.
    cases : mapping of task id to CaseSet
    release_notebooks : mapping of slug to path
        What ``nbgrader generate_assignment`` made.
    out : Path
        Files that belong to no bundle are removed from its folder ``shrinkage-course``.
    closed : collection of str
        Chapters whose functions come as reference, and single such functions (``ridge.closed_form``).
    """
    files = _files(manifest, cases, closed)
    files |= {f"{slug}.ipynb": path.read_bytes() for slug, path in release_notebooks.items()}
    folder = out / NAME
    changed = _clear(folder, set(files))
    for name, data in files.items():
        changed |= _write(folder / name, data)
    packed = out / f"{NAME}.zip"
    if changed or not packed.exists():
        _write(packed, _zip(files))
    return folder


def student_package(manifest: Manifest, closed: Collection[str] = ()) -> dict[str, str]:
    """Files of `shrinkage` as a student gets them, by path within the package.

    Modules of the listed chapters and what these import; tasks as stubs, those of `closed`
    chapters as reference; tasks that no listed chapter sets are left out.  Docstrings cite the
    book by the numbers it shows.
    """
    sources, place = known.reference_files(), places.lookup()
    listed = {task.object: task.stub for chapter in manifest.chapters for task in chapter.tasks if task.object}
    given = _given(manifest, closed)
    package = {}
    for file in sorted(prerequisites.modules(roots(manifest), sources)):
        text = sources[file]
        module = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for name in _marked(text):
            target = f"{module}.{name}"
            if target in given:
                text = slicing.replace(text, name, known.without_markers(slicing.cut(text, name)))
            else:
                text = slicing.replace(text, name, listed.get(target, ""))
        package[file] = places.in_words(slicing.strip(text), place)
    return package


def _given(manifest: Manifest, closed: Collection[str]) -> set[str]:
    """Functions that come as reference; a chapter's slug has no dot."""
    of_chapters = {t.object for c in manifest.chapters if c.slug in closed for t in c.tasks if t.object}
    return of_chapters | {target for target in closed if "." in target}


def _marked(source: str) -> list[str]:
    """Top-level definitions that hold a marked region."""
    names = [n.name for n in ast.parse(source).body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    return [name for name in names if slicing.is_task(source, name)]


def roots(manifest: Manifest) -> set[str]:
    """Modules of the chapters: named like them, holding their tasks, or used by their exercises or checks.

    What only a chapter's page imports is there for its figures, and may belong to a chapter yet to come.
    """
    found = set()
    for chapter in manifest.chapters:
        found.add(chapter.slug.replace("-", "_"))
        found |= {task.object.rsplit(".", 1)[0] for task in chapter.tasks if task.object}
        page = paths.BOOK / chapter.slug / "exercises.md"
        for one, several in IMPORTS.findall(page.read_text(encoding="utf-8") if page.is_file() else ""):
            found |= {name.strip() for name in (one or several).split(",")}
        for checks in (paths.ROOT / "autograder" / "checks").glob(f"{chapter.slug.replace('-', '_')}*.py"):
            found |= set(REFERRED.findall(checks.read_text(encoding="utf-8")))
    return found


def _files(manifest: Manifest, cases: Mapping[str, CaseSet], closed: Collection[str] = ()) -> dict[str, bytes]:
    """Everything but the notebooks, by path within the bundle."""
    package = student_package(manifest, closed)
    files = {f"shrinkage/{name}": text.encode() for name, text in package.items()}
    for path in grader_files(manifest):
        files[path.relative_to(paths.ROOT).as_posix()] = path.read_bytes()
    files["autograder/manifest.json"] = manifest.dumps().encode()
    for task, case_set in cases.items():
        files[f"autograder/cases/{task}.npz"] = case_set.visible().dumps()
    if closed:
        files[f"autograder/{REFERENCE}"] = _references(manifest, package, closed)
    for path in sorted(TEXTS.iterdir()):
        files[path.name] = path.read_text(encoding="utf-8").replace(BOOK, _book(manifest)).encode()
    return files


def _book(manifest: Manifest) -> str:
    """Where the book is, in a sentence's place."""
    return f"<{manifest.book_url}index.html>" if manifest.book_url else "the book your instructor gave you"


def _references(manifest: Manifest, package: Mapping[str, str], closed: Collection[str]) -> bytes:
    found = {}
    for target in sorted(_given(manifest, closed)):
        module, name = target.rsplit(".", 1)
        file = prerequisites.module_file(module, package)
        assert file is not None
        found[target] = digest(slicing.cut(package[file], name))
    return (json.dumps(found, indent=1, sort_keys=True) + "\n").encode()


def _write(path: Path, data: bytes) -> bool:
    if path.is_file() and path.read_bytes() == data:
        return False
    write_atomically(path, data)
    return True


def _clear(folder: Path, names: set[str]) -> bool:
    """Remove what is not of the bundle, so that nothing of an earlier one, or of a trial, leaves with it."""
    removed = False
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() and not path.is_symlink():
            if not any(other.startswith(f"{name}/") for other in names):
                shutil.rmtree(path)
                removed = True
        elif name not in names:
            path.unlink()
            removed = True
    return removed


def _zip(files: Mapping[str, bytes]) -> bytes:
    """The same bytes for the same files: fixed order, date and rights."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{NAME}/{name}", date_time=(2026, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix, also when built elsewhere: only then do the rights below count
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, data)
    return buffer.getvalue()
