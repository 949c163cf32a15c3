"""What leaves for students: enough to work with, and nothing more."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.authoring import bundle, known, places, shipped, slicing
from autograder.casesets import ENTRY, WITHHELD, CaseSet, MutantRecord
from autograder.checks.base import Outcome, answered
from autograder.manifest import Chapter, Manifest

TRUSTED = {"judge", "jail", "course", "results", "known", "assemble", "bundle", "notebooks"}


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_no_line_between_the_markers_leaves(built: Path) -> None:
    secrets = set().union(*(slicing.secrets(text) for text in known.reference_files().values()))
    assert len(secrets) > 10
    for name, data in contents(built).items():
        text = data.decode("utf-8", "ignore")
        assert not [line for line in secrets if line in text], name
        assert slicing.BEGIN not in text or name == "autograder/authoring/slicing.py"


def test_no_mutant_answer_key_or_part_of_the_judge_leaves(built: Path) -> None:
    for name, data in contents(built).items():
        assert not TRUSTED & {*Path(name).parts, Path(name).stem}, name
        assert not name.startswith(("solutions", "tests"))
        if name.endswith(".npz"):
            assert b"def " not in data


def test_hidden_cases_stay_behind(manifest: Manifest, cases: dict[str, CaseSet], tmp_path: Path) -> None:
    whole = cases["ridge.closed_form"]
    hidden = replace(whole.cases[0], name="a hidden one", hidden=True)
    outcome = Outcome("value", (0.0,))
    more = CaseSet(
        whole.task,
        (*whole.cases, hidden),
        (*whole.expected, outcome),
        tuple(replace(m, outcomes=(*m.outcomes, outcome)) for m in whole.mutants),
    )
    folder = bundle.build_bundle(manifest, {whole.task: more}, {}, tmp_path)
    stored = CaseSet.load(folder / "autograder" / "cases" / "ridge.closed_form.npz")
    assert [case.name for case in stored.cases] == [case.name for case in whole.cases]


def test_of_an_analysis_only_what_is_wrong_leaves(manifest: Manifest, tmp_path: Path) -> None:
    case = answered(name="a table", x=1.0)
    right = Outcome("value", ({"a": 1.0, "b": 2.0},))
    partly, wholly = (Outcome("value", ({"a": 1.0, "b": b},)) for b in (3.0, 2.0))
    crash = Outcome("error", detail="ValueError")
    mutants = [MutantRecord(str(i), "agrees", "m", "s", (o,)) for i, o in enumerate((partly, wholly, crash))]
    whole = CaseSet("ridge.some", (case,), (right,), tuple(mutants))
    folder = bundle.build_bundle(manifest, {whole.task: whole}, {}, tmp_path)
    stored = CaseSet.load(folder / "autograder" / "cases" / "ridge.some.npz")
    assert stored.expected == (WITHHELD,)
    assert [m.outcomes[0] for m in stored.mutants] == [
        Outcome("value", ({"a": ENTRY, "b": 3.0},)), WITHHELD, crash
    ]  # fmt: skip


def test_tasks_are_the_manifest_s_stubs_and_worked_functions_are_whole(built: Path, manifest: Manifest) -> None:
    text = (built / "shrinkage" / "ridge.py").read_text(encoding="utf-8")
    for task in manifest.chapters[0].tasks:
        if task.object:
            assert slicing.cut(text, task.object.split(".")[1]) == task.stub
    worked = slicing.cut(known.reference_files()["ridge.py"], "kkt_residual")
    assert slicing.cut(text, "kkt_residual") == worked.replace("{eq}`eq-ridge-kkt`", number("eq-ridge-kkt"))


def number(label: str) -> str:
    return next(s.number for s in places.sections() if s.label == label)


def test_the_package_cites_by_number_and_changes_nothing_else(built: Path) -> None:
    before, seen = known.reference_files(), 0
    for path in sorted((built / "shrinkage").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        source = slicing.strip(before[path.relative_to(built / "shrinkage").as_posix()])
        assert not re.search(r"\{\w+\}`", text), path
        assert not re.search(r"\(\(\d[\d.]*\)\)", text), path
        for old, new in zip(source.splitlines(), text.splitlines(), strict=False):
            if old != new and re.search(r"\{(?:eq|ref)\}`", old):
                seen += 1
                new = old
            if old.startswith("def svd_path"):  # no task of this manifest: from here the lines shift
                break
            assert old == new
    assert seen > 5
    ridge = (built / "shrinkage" / "ridge.py").read_text(encoding="utf-8")
    assert f"from the normal equations {number('eq-ridge-normal')}." in ridge


def test_the_readme_says_where_the_book_is(manifest: Manifest, cases: dict[str, CaseSet], tmp_path: Path) -> None:
    addresses = {"": "the book your instructor gave you", "https://a.org/book/": "<https://a.org/book/index.html>"}
    for url, said in addresses.items():
        folder = bundle.build_bundle(replace(manifest, book_url=url), cases, {}, tmp_path / said[:5])
        text = (folder / "README.md").read_text(encoding="utf-8")
        assert said in text
        assert bundle.BOOK not in text


def test_a_task_that_no_listed_chapter_sets_is_absent(built: Path) -> None:
    text = (built / "shrinkage" / "ridge.py").read_text(encoding="utf-8")
    assert "def leave_one_out" in known.reference_files()["ridge.py"]
    assert "def leave_one_out" not in text


def test_a_closed_chapter_comes_as_reference_and_the_table_says_so(
    manifest: Manifest, cases: dict[str, CaseSet], tmp_path: Path
) -> None:
    folder = bundle.build_bundle(manifest, cases, {}, tmp_path, closed=("ridge",))
    printed = terminal(folder, "-m", "shrinkage").stdout.splitlines()
    assert len(printed) == 4
    assert all(line.endswith("reference") for line in printed[1:])
    passed = terminal(folder, "-m", "shrinkage", "check", "ridge.closed_form").stdout
    assert passed.startswith("[passed]")


def terminal(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, encoding="utf-8", env=env, check=True
    )


def test_the_bundle_needs_nothing_but_itself_and_numpy(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / bundle.NAME
    shutil.copytree(built, folder)
    code = (
        "import sys; before = set(sys.modules); import autograder.student, autograder.checks.ridge, shrinkage.ridge\n"
        "new = [m for m in sys.modules if m not in before and getattr(sys.modules[m], '__file__', None)]\n"
        "print(*sorted({m.split('.')[0] for m in new} - sys.stdlib_module_names))\n"
        "print(autograder.__file__)"
    )
    roots, place = terminal(folder, "-c", code).stdout.splitlines()
    assert set(roots.split()) == {"autograder", "numpy", "shrinkage"}
    assert Path(place).is_relative_to(folder)


def test_what_travels_is_read_by_python_3_10_and_asks_for_no_posix(manifest: Manifest) -> None:
    later = re.compile(r"\b(StrEnum|tomllib|ExceptionGroup|assert_never|typing import.*\bSelf|datetime import UTC)\b")
    posix = {"fcntl", "resource", "pwd", "grp", "signal", "termios", "ctypes", "multiprocessing"}
    for path in shipped.grader_files(manifest):
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text, feature_version=(3, 10))
        assert not later.search(text), path
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [a.name for a in node.names] + [getattr(node, "module", "") or ""]
                assert not posix & {n.split(".")[0] for n in names}, path
            if isinstance(node, ast.Attribute):
                # Their encoding depends on the machine unless it is given; `folder.read` and `write` give it.
                assert node.attr != "write_text", f"{path}:{node.lineno}"
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "read_text":
                assert any(k.arg == "encoding" for k in node.keywords), f"{path}:{node.lineno}"


def test_building_twice_gives_the_same_bytes_and_writes_nothing(
    manifest: Manifest, cases: dict[str, CaseSet], tmp_path: Path
) -> None:
    folder = bundle.build_bundle(manifest, cases, {}, tmp_path / "one")
    again = bundle.build_bundle(manifest, cases, {}, tmp_path / "two")
    packed = folder.with_name(f"{bundle.NAME}.zip")
    assert packed.read_bytes() == again.with_name(packed.name).read_bytes()
    times = {p: p.stat().st_mtime_ns for p in (packed, *folder.rglob("*"))}
    bundle.build_bundle(manifest, cases, {}, tmp_path / "one")
    assert times == {p: p.stat().st_mtime_ns for p in (packed, *folder.rglob("*"))}


def test_the_zip_holds_the_folder_and_what_a_trial_left_behind_is_removed(
    manifest: Manifest, cases: dict[str, CaseSet], tmp_path: Path
) -> None:
    folder = bundle.build_bundle(manifest, cases, {}, tmp_path)
    (folder / "shrinkage" / "__pycache__").mkdir()
    (folder / "shrinkage" / "ridge.py").write_text("solved = True\n")
    (folder / "shrinkage" / "extra.py").write_text("solved = True\n")
    bundle.build_bundle(manifest, cases, {}, tmp_path)
    with zipfile.ZipFile(tmp_path / f"{bundle.NAME}.zip") as packed:
        inside = {n.removeprefix(f"{bundle.NAME}/"): packed.read(n) for n in packed.namelist()}
    assert inside == contents(folder)
    assert "shrinkage/extra.py" not in inside
    assert not (folder / "shrinkage" / "__pycache__").exists()


def test_the_stamp_changes_with_any_name_or_byte() -> None:
    contents = ({"a": b"1"}, {"a": b"2"}, {"b": b"1"}, {"a": b"1", "b": b""}, {"a1": b""})
    assert len({bundle.stamp(files) for files in contents}) == 5
    assert bundle.stamp({"a": b"1", "b": b"2"}) == bundle.stamp({"b": b"2", "a": b"1"})


def test_the_version_depends_on_the_content_and_not_on_the_stamp(
    manifest: Manifest, cases: dict[str, CaseSet], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.authoring.pages.exercise_cells", lambda slug: [])
    version = bundle.version(manifest, cases)
    assert version == bundle.version(replace(manifest, bundle="other"), cases)
    retitled = replace(manifest, chapters=(Chapter("ridge", "Ridge, again", manifest.chapters[0].tasks),))
    assert version != bundle.version(retitled, cases)
    assert version != bundle.version(manifest, {k: v for k, v in cases.items() if k != "ridge.closed_form"})
