"""The command line: help for every command, a sentence and an exit code for every foreseen error."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from autograder import secret
from autograder.cli import app

COMMANDS = ("build", "new", "check", "suggest", "release", "collect", "grade", "feedback", "doctor", "prove", "sample")
COMMANDS += ("report", "export", "agree", "export-student-repo")


def run(*words):
    command = [sys.executable, "-m", "autograder.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command):
    shown = run(command, "--help")
    assert shown.returncode == 0
    assert "Usage" in shown.stdout


def test_the_help_names_every_command():
    shown = run("--help").stdout
    assert all(command in shown for command in COMMANDS)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("grade", "ridge", "--course", "{tmp}"), 3, "autograder release ridge"),
        (("release", "ridgy", "--course", "{tmp}"), 3, "the book lists: ridge"),
        (("prove", "--task", "ridge.nothing"), 3, "ridge.closed_form"),
        (("grade",), 2, "Missing argument"),
        (("frobnicate",), 2, "No such command"),
    ],
)
def test_a_foreseen_error_is_a_sentence_without_a_traceback(words, code, said, tmp_path):
    shown = run(*(word.format(tmp=tmp_path) for word in words))
    assert shown.returncode == code, shown.stderr
    assert said in shown.stderr
    assert "Traceback" not in shown.stderr


def test_a_command_that_is_stopped_says_what_is_kept(tmp_path, monkeypatch):
    def stop(root):
        raise KeyboardInterrupt

    monkeypatch.setattr(secret, "require_course", stop)
    done = CliRunner().invoke(app, ["secret", "--course", str(tmp_path)])
    assert done.exit_code == 130
    assert "what was done is kept: the same command goes on from here" in done.output
