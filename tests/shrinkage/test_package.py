"""The package as a whole: its modules, its command, its docstrings."""

import doctest
import importlib
import inspect
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import shrinkage

pytestmark = pytest.mark.filterwarnings("error")
ROOT = Path(__file__).parents[2]
MODULES = sorted(path.stem for path in (ROOT / "solutions" / "shrinkage").glob("[!_]*.py"))
FUNCTIONS = [
    pytest.param(function, id=f"{module}.{name}")
    for module in MODULES
    for name, function in inspect.getmembers(importlib.import_module(f"shrinkage.{module}"), inspect.isfunction)
    if function.__module__ == f"shrinkage.{module}" and not name.startswith("_")
]


def run(*arguments, cwd, **environment):
    """A fresh interpreter that finds only the package in `cwd`."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | environment
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments], cwd=cwd, env=clean, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("module", MODULES)
def test_examples_of_the_docstrings_run(module):
    loaded = importlib.import_module(f"shrinkage.{module}")
    result = doctest.testmod(loaded, extraglobs={"np": np})
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_public_function_states_shapes_returns_errors_and_an_example(function):
    doc = inspect.getdoc(function)
    assert "Parameters\n----------" in doc
    assert "Examples\n--------" in doc
    assert ">>> " in doc
    # A function gives something back or refuses something; both must be told.
    assert "Returns\n-------" in doc or "Raises\n------" in doc
    documented = set(re.findall(r"^([\w, ]+) : ", doc.split("Parameters\n")[1].split("\n\n")[0], re.M))
    named = {name.strip() for names in documented for name in names.split(",")}
    for name in inspect.signature(function).parameters:
        assert name in named or re.search(rf"^{name} : ", doc, re.M), f"{name} is not documented"


def test_core_imports_numpy_alone(tmp_path):
    shutil.copytree(ROOT / "solutions" / "shrinkage", tmp_path / "shrinkage")
    code = (
        f"import sys; from shrinkage import {', '.join(MODULES)};"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'scipy', 'sklearn', 'pandas', 'autograder'}))"
    )
    done = run("-c", code, cwd=tmp_path)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_package_works_without_the_module_of_a_dropped_chapter(tmp_path):
    shutil.copytree(ROOT / "solutions" / "shrinkage", tmp_path / "shrinkage")
    (tmp_path / "shrinkage" / "ridge.py").unlink()
    code = (
        "import shrinkage; print(shrinkage.conversions.ridge_alpha(0.5, 20), hasattr(shrinkage, 'ridge'),"
        "'ridge' in dir(shrinkage), 'conversions' in dir(shrinkage))"
    )
    done = run("-c", code, cwd=tmp_path)
    assert (done.stdout.strip(), done.stderr) == ("10.0 False False True", "")


def test_a_module_that_needs_a_missing_one_says_which(tmp_path):
    shutil.copytree(ROOT / "solutions" / "shrinkage", tmp_path / "shrinkage")
    (tmp_path / "shrinkage" / "least_squares.py").unlink()
    done = run("-c", "import shrinkage; shrinkage.ridge", cwd=tmp_path)
    assert "No module named 'shrinkage.least_squares'" in done.stderr


def test_unknown_attribute_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'lasso_of_the_future'"):
        _ = shrinkage.lasso_of_the_future


def test_command_says_where_to_start_when_the_autograder_is_absent(tmp_path):
    shutil.copytree(ROOT / "solutions" / "shrinkage", tmp_path / "shrinkage")
    # -S keeps an installed autograder out; the command must not need numpy to say this.
    done = run("-S", "-m", "shrinkage", cwd=tmp_path)
    assert done.returncode == 2
    assert "start this in the course's folder" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [("check",), ("undo",), ("grade", "ridge.closed_form"), ("table", "ridge")])
def test_command_answers_misuse_with_its_usage(arguments, tmp_path):
    shutil.copytree(ROOT / "solutions" / "shrinkage", tmp_path / "shrinkage")
    done = run("-S", "-m", "shrinkage", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m shrinkage")


def test_command_forwards_to_the_student_package(tmp_path):
    shutil.copytree(ROOT / "solutions" / "shrinkage", tmp_path / "shrinkage")
    (tmp_path / "autograder").mkdir()
    (tmp_path / "autograder" / "__init__.py").touch()
    (tmp_path / "autograder" / "student.py").write_text(
        "def table(): print('table')\n"
        "def restore(): print('restore')\n"
        "def undo(id): print('undo', id)\n"
        "def earned(id): print('check', id); return 2.0 if id == 'ridge.closed_form' else 0.0\n"
    )
    asked = [(), ("restore",), ("undo", "ridge.x"), ("check", "ridge.closed_form"), ("check", "ridge.x")]
    done = [run("-S", "-m", "shrinkage", *arguments, cwd=tmp_path) for arguments in asked]
    assert [d.stdout.strip() for d in done] == [
        "table",
        "restore",
        "undo ridge.x",
        "check ridge.closed_form",
        "check ridge.x",
    ]
    assert [d.returncode for d in done] == [0, 0, 0, 0, 1]
