"""The package as a whole: its modules, its command, its docstrings."""

import ast
import doctest
import importlib
import inspect
import io
import os
import re
import shutil
import subprocess
import sys
import tokenize
import tomllib
from pathlib import Path

import numpy as np
import pytest
import shrinkage
import sklearn.linear_model
from packaging.requirements import Requirement

pytestmark = pytest.mark.filterwarnings("error")
ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "solutions" / "shrinkage"
CORE = sorted(path.stem for path in FOLDER.glob("[!_]*.py"))
ESTIMATORS = sorted(f"estimators.{path.stem}" for path in (FOLDER / "estimators").glob("[!_]*.py"))
MODULES = CORE + ESTIMATORS
FUNCTIONS = [
    pytest.param(function, id=f"{module}.{name}")
    for module in MODULES
    for name, function in inspect.getmembers(importlib.import_module(f"shrinkage.{module}"), inspect.isfunction)
    if function.__module__ == f"shrinkage.{module}" and not name.startswith("_")
]
CLASSES = [
    pytest.param(kind, id=f"{module}.{name}")
    for module in MODULES
    for name, kind in inspect.getmembers(importlib.import_module(f"shrinkage.{module}"), inspect.isclass)
    if kind.__module__ == f"shrinkage.{module}" and not name.startswith("_")
]
SOURCES = {
    ".".join(path.relative_to(FOLDER).with_suffix("").parts): path.read_text(encoding="utf-8")
    for path in sorted(FOLDER.rglob("*.py"))
}
TREES = {module: ast.parse(text) for module, text in SOURCES.items() if not module.startswith("estimators.")}


def lines_of_code(text):
    """Lines that are not blank, no comment and not of a docstring."""
    without = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            without |= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and not token.line[: token.start[1]].strip():
            without.add(token.start[0])
    lines = enumerate(text.splitlines(), 1)
    return [line for number, line in lines if line.strip() and number not in without]


def names_in(tree):
    """Every identifier of a syntax tree: names, attributes, arguments, keywords, what is imported and defined."""
    found = set()
    for node in ast.walk(tree):
        found |= {getattr(node, field, None) for field in ("id", "attr", "arg", "name", "asname")}
    return {name for name in found if name}


def imported_by(code, folder):
    """The distributions' packages that a fresh interpreter loads for `code` beyond the standard library."""
    shutil.copytree(FOLDER, folder / "shrinkage")
    # Compiled modules leave names behind that belong to no file.
    code = (
        f"import sys; before = set(sys.modules); {code};"
        "new = {m for m in sys.modules.keys() - before if getattr(sys.modules[m], '__file__', None)};"
        "print(*sorted({m.split('.')[0] for m in new} - sys.stdlib_module_names))"
    )
    done = run("-c", code, cwd=folder)
    assert done.stderr == ""
    return set(done.stdout.split())


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


@pytest.mark.parametrize("kind", CLASSES)
def test_every_public_class_and_its_public_methods_say_what_they_do(kind):
    public = [value for name, value in vars(kind).items() if not name.startswith("_")]
    methods = [value for value in public if inspect.isfunction(value) or isinstance(value, property)]
    # A dataclass without a docstring gets its signature for one.
    assert not inspect.getdoc(kind).startswith(f"{kind.__name__}(")
    assert [method for method in methods if not inspect.getdoc(method)] == []
    named = re.findall(r"^(\w+) : ", inspect.getdoc(kind), re.M)
    assert [name for name in inspect.signature(kind).parameters if name not in named] == []


@pytest.mark.parametrize("module", SOURCES)
def test_a_module_has_at_most_150_lines_of_code(module):
    assert len(lines_of_code(SOURCES[module])) <= 150


def test_docstrings_comments_and_blank_lines_are_no_code():
    text = '"""Of a module,\nin two lines."""\n\n# why\ndef f():\n    """Of f."""\n    # why\n    return """\n#"""\n'
    assert lines_of_code(text) == ["def f():", '    return """', '#"""']


def test_importing_the_package_imports_the_standard_library_alone(tmp_path):
    assert imported_by("import shrinkage", tmp_path) == {"shrinkage"}


def test_importing_every_module_imports_numpy_alone(tmp_path):
    assert imported_by(f"from shrinkage import {', '.join(CORE)}, estimators", tmp_path) == {"shrinkage", "numpy"}


@pytest.mark.parametrize("module", ESTIMATORS)
def test_estimators_import_scikit_learn_and_scipy_and_the_core_alone(module):
    for node in ast.walk(ast.parse(SOURCES[module])):
        if isinstance(node, ast.Import | ast.ImportFrom):
            assert not getattr(node, "level", 0), "an import that says where it starts from is easier to follow"
            names = [node.module] if isinstance(node, ast.ImportFrom) else [name.name for name in node.names]
            others = {name.split(".")[0] for name in names} - sys.stdlib_module_names
            assert others <= {"numpy", "scipy", "sklearn", "shrinkage"}, ast.unparse(node)


@pytest.mark.parametrize("module", CORE)
def test_the_core_knows_no_estimator(module):
    imported = [n for n in ast.walk(TREES[module]) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert not [ast.unparse(node) for node in imported if "estimators" in ast.unparse(node)]


def test_every_estimator_is_a_name_of_the_package():
    here = {
        name: module.removeprefix("estimators.")
        for module in ESTIMATORS
        for name, value in vars(importlib.import_module(f"shrinkage.{module}")).items()
        if getattr(value, "__module__", "") == f"shrinkage.{module}" and not name.startswith("_")
    }
    # What they have in common is nobody's to import by itself.
    there = {name: home for name, home in here.items() if home != "linear" and hasattr(sklearn.linear_model, name)}
    assert there == shrinkage.estimators.HOMES
    assert shrinkage.estimators.HOMES.keys() <= set(dir(shrinkage))
    for name, home in shrinkage.estimators.HOMES.items():
        assert getattr(shrinkage, name).__module__ == f"shrinkage.estimators.{home}"


def test_what_is_pinned_is_admitted():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = dict(re.findall(r"^([\w-]+)==([\w.]+)$", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.M))
    admitted = [Requirement(text) for text in project["dependencies"]]
    assert {each.name for each in admitted} == {"numpy", "scikit-learn"}
    assert [each for each in admitted if pins[each.name] not in each.specifier] == []


def test_package_works_without_its_estimators(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "shrinkage")
    shutil.rmtree(tmp_path / "shrinkage" / "estimators")
    code = "import shrinkage; print(shrinkage.conversions.ridge_alpha(0.5, 20), hasattr(shrinkage, 'Ridge'))"
    done = run("-c", code, cwd=tmp_path)
    assert (done.stdout.strip(), done.stderr) == ("10.0 False", "")


@pytest.mark.parametrize("module", TREES)
def test_scipy_is_imported_inside_functions_and_nothing_else_of_others_anywhere(module):
    tree = TREES[module]
    inside = {
        id(node) for function in ast.walk(tree) if isinstance(function, ast.FunctionDef) for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            assert not getattr(node, "level", 0), "an import that says where it starts from is easier to follow"
            names = [node.module] if isinstance(node, ast.ImportFrom) else [name.name for name in node.names]
            others = {name.split(".")[0] for name in names} - sys.stdlib_module_names - {"numpy", "shrinkage"}
            # The command hands over to the course where there is one.
            allowed = {"autograder"} if module == "__main__" else {"scipy"}
            assert not others or (others <= allowed and id(node) in inside), ast.unparse(node)


@pytest.mark.parametrize("module", TREES)
def test_no_matrix_is_inverted(module):
    assert not names_in(TREES[module]) & {"inv", "pinv"}


@pytest.mark.parametrize("module", sorted(TREES.keys() - {"penalties"}))
def test_no_other_module_knows_a_penalty_by_name(module):
    assert not names_in(TREES[module]) & {"L1", "L2", "ElasticNet"}
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("isinstance", "type"):
            assert not names_in(node.args[0]) & {"penalty", "loss"}, ast.unparse(node)


@pytest.mark.parametrize("module", sorted(TREES.keys() - {"conversions"}))
def test_no_other_module_calls_anything_alpha(module):
    assert "alpha" not in names_in(TREES[module])


def test_the_readme_s_example_prints_what_the_readme_says():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    code, said = re.search(r"^```python\n(.*?)^```$.*?^```text\n(.*?)^```$", text, re.MULTILINE | re.DOTALL).groups()
    done = run("-c", code, cwd=ROOT / "solutions")
    assert (done.stdout, done.stderr) == (said, "")


def test_package_works_without_the_module_of_a_dropped_chapter(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "shrinkage")
    (tmp_path / "shrinkage" / "ridge.py").unlink()
    code = (
        "import shrinkage; print(shrinkage.conversions.ridge_alpha(0.5, 20), hasattr(shrinkage, 'ridge'),"
        "'ridge' in dir(shrinkage), 'conversions' in dir(shrinkage))"
    )
    done = run("-c", code, cwd=tmp_path)
    assert (done.stdout.strip(), done.stderr) == ("10.0 False False True", "")


def test_a_module_that_needs_a_missing_one_says_which(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "shrinkage")
    (tmp_path / "shrinkage" / "least_squares.py").unlink()
    done = run("-c", "import shrinkage; shrinkage.ridge", cwd=tmp_path)
    assert "No module named 'shrinkage.least_squares'" in done.stderr


def test_unknown_attribute_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'lasso_of_the_future'"):
        _ = shrinkage.lasso_of_the_future


def test_command_says_where_to_start_when_the_autograder_is_absent(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "shrinkage")
    # -S keeps an installed autograder out; the command must not need numpy to say this.
    done = run("-S", "-m", "shrinkage", cwd=tmp_path)
    assert done.returncode == 2
    assert "start this in the course's folder" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [("check",), ("undo",), ("grade", "ridge.closed_form"), ("table", "ridge")])
def test_command_answers_misuse_with_its_usage(arguments, tmp_path):
    shutil.copytree(FOLDER, tmp_path / "shrinkage")
    done = run("-S", "-m", "shrinkage", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m shrinkage")


def test_command_forwards_to_the_student_package(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "shrinkage")
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
