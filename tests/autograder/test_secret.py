"""The secret is never shown, never replaced in silence, and never used when it may not be the one."""

import os
import stat
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder import secret
from autograder.cli import app
from autograder.course import Course, NotReleased
from autograder.lock import NotNow, alone
from autograder.secret import SecretTrouble


@pytest.fixture
def course(tmp_path):
    made = Course(tmp_path / "course")
    made.create()
    return made


def release(course, slug="ridge"):
    folder = course.root / "judge" / slug
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")


def test_a_new_course_has_a_secret_of_its_own_that_stays(course, tmp_path):
    path = course.root / "secret"
    kept = path.read_bytes()
    course.create()
    assert path.read_bytes() == kept
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    other = Course(tmp_path / "other")
    other.create()
    assert secret.tag(other.root) != secret.tag(course.root)
    assert kept.decode() not in secret.tag(course.root)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda p: p.write_bytes(b""), "is empty"),
        (lambda p: p.write_bytes(p.read_bytes()[:40]), "not a whole secret"),
        (lambda p: p.write_bytes(b"z" * 64), "not a whole secret"),
        (lambda p: p.chmod(0o644), "chmod 600"),
        (lambda p: p.unlink(), "is missing"),
        (lambda p: (p.unlink(), p.mkdir()), "is not a file"),
        (lambda p: (p.rename(p.with_name("kept")), p.symlink_to("kept")), "links are not followed"),
    ],
)
def test_a_spoilt_secret_is_named_with_its_cure_and_left_as_it_is(course, spoil, said):
    release(course)
    path = course.root / "secret"
    spoil(path)
    before = (os.path.lexists(path), path.is_file() and path.read_bytes())
    for use in (course.create, lambda: course.draw("x"), lambda: secret.tag(course.root)):
        with pytest.raises(SecretTrouble, match=said) as refused:
            use()
        assert str(path) in str(refused.value)
    assert (os.path.lexists(path), path.is_file() and path.read_bytes()) == before


def test_a_backup_is_private_and_restores_the_same_draws(course, tmp_path):
    release(course)
    drawn, kept = course.draw("case", "1"), tmp_path / "kept"
    secret.backup(course.root, kept)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert not secret.restore(course.root, kept)
    (course.root / "secret").unlink()
    assert secret.restore(course.root, kept)
    assert course.draw("case", "1") == drawn


def test_a_backup_overwrites_nothing_and_goes_into_no_commit(course, tmp_path):
    there = tmp_path / "there"
    there.write_text("mine")
    tree = tmp_path / "tree"
    tree.mkdir()
    subprocess.run(["git", "init", "-q", tree], check=True)
    (tree / ".gitignore").write_text("*.secret\n")
    nowhere = tmp_path / "no" / "x"
    for target, said in ((there, "not overwritten"), (tree / "kept", "git work tree"), (nowhere, "folder")):
        with pytest.raises(SecretTrouble, match=said):
            secret.backup(course.root, target)
    assert there.read_text() == "mine"
    assert not (tree / "kept").exists()
    secret.backup(course.root, tree / "kept.secret")


@pytest.mark.parametrize("damage", [b"", b"half", None])
def test_what_is_no_secret_is_not_restored(course, tmp_path, damage):
    before, source = (course.root / "secret").read_bytes(), tmp_path / "kept"
    if damage is not None:
        source.write_bytes(damage)
        source.chmod(0o600)
    with pytest.raises(SecretTrouble, match="kept"):
        secret.restore(course.root, source)
    assert (course.root / "secret").read_bytes() == before


def test_rotating_changes_every_draw_and_keeps_the_old_one(course):
    def now():
        return datetime(2026, 9, 1, 12, tzinfo=UTC)

    old, drawn = (course.root / "secret").read_bytes(), course.draw("x")
    first, second = secret.rotate(course.root, now), secret.rotate(course.root, now)
    assert [p.name for p in secret.backups(course.root)] == ["secret.2026-09-01T120000Z", "secret.2026-09-01T120000Z-2"]
    assert first.read_bytes() == old
    assert {stat.S_IMODE(p.stat().st_mode) for p in (first, second)} == {0o600}
    assert course.draw("x") != drawn
    secret.restore(course.root, first)
    assert course.draw("x") == drawn


def run(*words):
    """The command in this process, with a course of the default name that it must not touch beside it."""
    return CliRunner().invoke(app, ["secret", *map(str, words)])


@pytest.mark.parametrize("words", [("--course", "A", "rotate"), ("rotate", "--course", "A")])
def test_the_course_may_be_named_before_or_after_the_command(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    named, other = Course(tmp_path / "A"), Course(tmp_path / "course")
    named.create()
    other.create()
    before, untouched = secret.tag(named.root), secret.tag(other.root)
    done = run(*words)
    assert done.exit_code == 0, done.output
    assert secret.tag(named.root) != before
    assert (secret.tag(other.root), secret.backups(other.root)) == (untouched, [])
    assert run("--course", "A", "backup", "kept").exit_code == 0
    assert (tmp_path / "kept").read_text().strip() == (named.root / "secret").read_text()
    assert run("--course", "A", "restore", *secret.backups(named.root)).exit_code == 0
    assert secret.tag(named.root) == before


@pytest.mark.parametrize("make", [False, True])
def test_a_folder_that_is_no_course_stays_as_it_is(course, tmp_path, make):
    kept, folder = tmp_path / "kept", tmp_path / "elsewhere"
    secret.backup(course.root, kept)
    if make:
        folder.mkdir()
    for words in ((), ("rotate",), ("backup", tmp_path / "copy"), ("restore", kept)):
        done = run("--course", folder, *words)
        assert isinstance(done.exception, SecretTrouble)
        assert f"{folder} is no course" in str(done.exception)
    assert folder.exists() == make
    assert not make or not list(folder.iterdir())


def test_no_new_secret_while_work_is_judged_by_the_old_one(course):
    before = secret.tag(course.root)
    with alone(course):
        done = run("rotate", "--course", course.root)
    assert isinstance(done.exception, NotNow)
    assert secret.tag(course.root) == before


def test_what_to_type_names_the_course_unless_it_is_the_one_that_is_meant(tmp_path):
    assert Course(Path("course")).command("release ridge") == "'autograder release ridge'"
    with pytest.raises(NotReleased, match=r"run 'autograder release ridge --course /\S+/my'"):
        Course(tmp_path / "my").release("ridge")
    assert Course(Path("a b")).command("grade ridge") == "\"autograder grade ridge --course 'a b'\""
