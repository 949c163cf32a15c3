"""`hint`: one step at a time, remembered in the folder, free."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import render, words
from autograder.manifest import Chapter, Manifest
from autograder.student import check, hint
from autograder.verdict import Verdict
from tests.autograder.student.conftest import Shell, cell, info
from tests.autograder.student.test_check import terminal

Notebook = tuple[Shell, list[dict[str, str]]]
FIRST, SECOND = info("closed_form").hints


def text(shown: list[dict[str, str]]) -> str:
    return " ".join(shown[-1]["text/plain"].split())


def test_each_call_opens_the_next_step_and_behind_the_last_all_are_shown(notebook: Notebook) -> None:
    _, shown = notebook
    steps = []
    for _ in range(4):
        hint("ridge.closed_form")
        steps.append((FIRST in shown[-1]["text/markdown"], SECOND in shown[-1]["text/markdown"]))
        assert "hints cost nothing" in text(shown)
    assert steps == [(True, False), (False, True), (True, True), (True, True)]


def test_again_repeats_what_was_seen_and_opens_nothing(notebook: Notebook) -> None:
    _, shown = notebook
    hint("ridge.closed_form", again=True)
    assert "No hint of ridge.closed_form was shown yet" in text(shown)
    assert FIRST not in text(shown)
    hint("ridge.closed_form")
    for _ in range(2):
        hint("ridge.closed_form", again=True)
        assert "Hint 1 of 2" in text(shown)
        assert SECOND not in text(shown)
    hint("ridge.closed_form")
    hint("ridge.closed_form", again=True)
    assert FIRST in text(shown)
    assert SECOND in text(shown)


def test_what_was_shown_is_remembered_by_another_python_and_by_a_newer_bundle(
    course: Path, notebook: Notebook, manifest: Manifest
) -> None:
    _, shown = notebook
    hint("ridge.closed_form")
    newer = replace(manifest, bundle="feedfeedfeed")
    (course / "autograder" / "manifest.json").write_text(newer.dumps(), encoding="utf-8")
    printed = terminal(course, "-m", "shrinkage", "hint", "ridge.closed_form", PYTHONIOENCODING="utf-8")
    assert SECOND in printed.stdout
    assert printed.stderr == ""
    hint("ridge.with_intercept")
    assert "Hint 1 of 2 for ridge.with_intercept" in text(shown)


def test_a_newer_bundle_with_fewer_hints_shows_those(course: Path, notebook: Notebook, manifest: Manifest) -> None:
    _, shown = notebook
    hint("ridge.closed_form")
    hint("ridge.closed_form")
    chapter = manifest.chapters[0]
    first, *rest = chapter.tasks
    fewer = Chapter(chapter.slug, chapter.title, (replace(first, hints=("Only one.",)), *rest))
    (course / "autograder" / "manifest.json").write_text(replace(manifest, chapters=(fewer,)).dumps(), encoding="utf-8")
    hint("ridge.closed_form")
    assert "Hint 1 of 1" in text(shown)
    assert "Only one." in text(shown)


@pytest.mark.parametrize("damaged", ["", "{", "[3]", '{"ridge.closed_form": "x"}', '{"ridge.closed_form": -3}'])
def test_a_damaged_memory_costs_no_more_than_hints_shown_once_more(
    course: Path, notebook: Notebook, damaged: str
) -> None:
    _, shown = notebook
    path = course / ".shrinkage" / "hints.json"
    path.parent.mkdir()
    path.write_text(damaged, encoding="utf-8")
    hint("ridge.closed_form")
    assert "Hint 1 of 2" in text(shown)
    assert json.loads(path.read_text(encoding="utf-8")) == {"ridge.closed_form": 1}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("ridge.close_form", "did you mean 'ridge.closed_form'"),
        ("ridge", "hint takes one of its tasks"),
        ("", "the id of a task in quotes"),
        (len, "like hint('ridge.closed_form')"),
        ("ridge.zeros", "ridge.zeros has no hints"),
    ],
)
def test_an_unknown_id_is_answered_with_what_was_meant(notebook: Notebook, asked: str, expected: str) -> None:
    _, shown = notebook
    hint(asked)
    assert expected in text(shown)


def test_the_shared_folder_of_a_grader_is_left_alone(
    course: Path, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, shown = notebook
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    hint("ridge.closed_form")
    assert shown == []
    assert not (course / ".shrinkage").exists()


def test_a_verdict_says_how_far_one_is(notebook: Notebook) -> None:
    shell, shown = notebook
    shell.run(cell("closed_form", "lam-not-times-n"))
    expected = [
        "`hint('ridge.closed_form')` shows the first of 2 steps; it costs nothing.",
        "1 of 2 hints seen: `hint('ridge.closed_form')` shows the next; it costs nothing.",
        "All 2 hints seen: `hint('ridge.closed_form')` shows them again.",
    ]
    for line in expected:
        check("ridge.closed_form")
        assert text(shown).endswith(line)
        assert "<code>hint(&#x27;ridge.closed_form&#x27;)</code>" in shown[-1]["text/html"]
        hint("ridge.closed_form")


def test_where_there_is_no_desk_the_place_of_the_hints_is_said(manifest: Manifest) -> None:
    failed = Verdict("ridge.closed_form", 0.0)
    (line,) = words.closing(failed, manifest, "")
    assert line.startswith("2 hints stand under the exercise in the book")
    assert "in your course folder" in line
    assert "in the book" in render.html(failed, manifest, level="A")
    assert words.closing(Verdict("ridge.closed_form", 1.0), manifest, "") == []
