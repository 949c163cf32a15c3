"""The public copy holds no solution, works by itself, and never writes over anybody's files."""

import json
import os
import subprocess
import sys

import pytest

from autograder import leaks, student_repo
from autograder.authoring import assemble, known, slicing
from autograder.student_repo import MARKER, NotExported


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """What `build --no-site` makes, and a page in the place of the site."""
    folder = tmp_path_factory.mktemp("build")
    (folder / "cases").symlink_to(assemble.paths.BUILD / "cases")
    assemble.build_bundle(folder)
    (folder / "site").mkdir()
    (folder / "site" / "index.html").write_text("<p>The book</p>", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def copy(build, tmp_path_factory):
    target = tmp_path_factory.mktemp("out") / "repo"
    return target, student_repo.export(target, build, git=True)


def files(target):
    return [p for p in target.rglob("*") if p.is_file() and ".git" not in p.relative_to(target).parts]


def test_nothing_in_it_must_not_leave(copy):
    texts = {str(p): p.read_text(encoding="utf-8", errors="replace") for p in files(copy[0])}
    assert leaks.leaks(texts) == []
    assert not any(student_repo.PRIVATE & set(p.relative_to(copy[0]).parts) for p in files(copy[0]))


def test_it_is_one_commit_that_knows_nothing_of_the_house(copy):
    def git(*words):
        return subprocess.run(["git", "-C", copy[0], *words], capture_output=True, text=True, check=True).stdout

    assert len(git("log", "--oneline").splitlines()) == 1
    assert git("status", "--porcelain") == ""
    tracked = set(git("ls-files").splitlines())
    assert tracked == {*copy[1], MARKER}


def test_check_works_from_the_copy_alone(copy, tmp_path):
    here = copy[0] / "shrinkage-course"
    said = subprocess.run(
        [sys.executable, "-c", "import autograder; print(autograder.__file__); autograder.check('ridge.closed_form')"],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(here)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert str(here) in said.stdout
    assert "not written yet" in said.stdout + said.stderr
    assert (here / "ridge.ipynb").is_file()


def test_exporting_again_takes_the_place_of_the_earlier_copy(build, tmp_path):
    target = tmp_path / "repo"
    student_repo.export(target, build)
    marker = json.loads((target / MARKER).read_text())
    marker["files"] += ["old/page.html", "../outside.txt"]
    (target / MARKER).write_text(json.dumps(marker))
    (target / "old").mkdir()
    (target / "old" / "page.html").write_text("gone with the next export")
    (tmp_path / "outside.txt").write_text("somebody's")
    (target / "mine.txt").write_text("somebody's")
    student_repo.export(target, build)
    assert not (target / "old").exists()
    assert (tmp_path / "outside.txt").exists()
    assert (target / "mine.txt").exists()


def test_a_folder_of_somebodys_is_left_alone(build, tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(NotExported, match="no earlier export"):
        student_repo.export(tmp_path, build)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]
    with pytest.raises(NotExported, match="is a file"):
        student_repo.export(tmp_path / "thesis.tex", build)


@pytest.mark.parametrize("what", ["solution line", "mutant line", "private name"])
def test_a_leak_stops_it_before_anything_is_written(build, tmp_path, what):
    spoilt = build / "site" / ("solutions/ridge.html" if what == "private name" else "page.html")
    line = sorted(slicing.secrets(known.reference_files()["ridge.py"]))[0]
    if what == "mutant line":
        line = sorted(leaks.secrets() - {s for t in known.reference_files().values() for s in slicing.secrets(t)})[0]
    spoilt.parent.mkdir(exist_ok=True)
    spoilt.write_text(f"<p>{line}</p>" if what != "private name" else "<p>a page</p>", encoding="utf-8")
    try:
        with pytest.raises(NotExported, match="must not leave"):
            student_repo.export(tmp_path / "repo", build)
        assert not (tmp_path / "repo").exists()
    finally:
        spoilt.unlink()


def test_without_a_build_it_says_what_to_run(tmp_path):
    with pytest.raises(NotExported, match="autograder build"):
        student_repo.export(tmp_path / "repo", tmp_path / "nothing")


def test_it_does_not_go_where_the_next_commit_of_the_clone_would_take_it_up(tmp_path):
    house = tmp_path / "house"
    house.mkdir()
    subprocess.run(["git", "init", "-q", house], check=True)
    (house / ".gitignore").write_text("build/\n")
    with pytest.raises(NotExported, match="own work tree"):
        student_repo.export(house / "public" / "copy", tmp_path / "nothing", house)
    assert not (house / "public").exists()
    # Where git ignores it, and outside, what is said is that nothing is built.
    for target in (house / "build" / "copy", tmp_path / "copy"):
        with pytest.raises(NotExported, match="autograder build"):
            student_repo.export(target, tmp_path / "nothing", house)
