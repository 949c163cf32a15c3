"""Every form of argument and of result, asked in the notebook and in the jail: the same verdicts on both sides."""

import sys
from contextlib import contextmanager
from functools import cache

import numpy as np
import pytest

import autograder.checks
from autograder import casesets
from autograder.authoring import known, pages, prerequisites, slicing
from autograder.checks import tasks
from autograder.checks.base import Limits, Outcome, Trial
from autograder.checks.evaluate import evaluate
from autograder.paths import TESTS
from autograder.sandbox.runner import Package

GALLERY = TESTS / "gallery"
TASKS = ("descend", "minimise", "estimator", "iterates", "certified_mean")
SIDES = ("notebook", pytest.param("jail", marks=pytest.mark.jail))
# Which check each mutant must fail.
FAILS = {
    ("descend", "asks-twice"): "asks",
    ("descend", "unrooted-norm"): "certified",
    ("minimise", "prox-of-lam"): "fixed",
    ("minimise", "always-lasso"): "fixed",
    ("estimator", "scales-alpha-in-place"): "leaves",
    ("estimator", "fits-once"): "refits",
    ("estimator", "returns-a-copy"): "refits",
    ("estimator", "adds-the-mean"): "predicts",
    ("iterates", "all-at-once"): "asks",
    ("iterates", "skips-the-start"): "walks",
    ("iterates", "climbs"): "walks",
    ("certified_mean", "never-to-zero"): "optimal",
    ("certified_mean", "gap-without-penalty"): "closed",
}
LIMITS = Limits(10.0, 30.0)


@pytest.fixture(scope="module", autouse=True)
def gallery():
    """The gallery's checks stand beside the chapters' for as long as this module runs."""
    autograder.checks.__path__.append(str(GALLERY / "checks"))
    yield
    autograder.checks.__path__.remove(str(GALLERY / "checks"))
    sys.modules.pop("autograder.checks.gallery", None)


@cache
def info(name):
    return next(c.task for c in pages.exercise_cells("gallery", GALLERY) if c.task and c.task.id == f"gallery.{name}")


def task(name):
    return tasks("gallery")[f"gallery.{name}"]


@cache
def case_set(name):
    """Drawn, answered by reference and mutants, and through the bytes in which it is kept."""
    found, forbids = info(name), task(name).forbids
    mutants = [
        (m.header, known.caller(found, m.cell, forbids, GALLERY)) for m in known.mutants(f"gallery.{name}", GALLERY)
    ]
    right = known.caller(found, forbids=forbids, root=GALLERY)
    return casesets.make(task(name), np.random.default_rng(3), right, mutants)


def package(name, cell):
    files = known.reference_files(GALLERY)
    module, definition = info(name).object.rsplit(".", 1)
    file = prerequisites.module_file(module, files)
    return {**files, file: slicing.splice(files[file], definition, cell)}


@contextmanager
def caller(side, name, cell, request):
    files = package(name, cell)
    if side == "notebook":
        here = Package(files)
        here.load()
        yield here.caller(forbids=task(name).forbids)
        return
    with request.getfixturevalue("sandbox").open(files) as session, session.task(LIMITS, task(name).forbids) as there:
        yield there


def judged(side, name, cell, request):
    with caller(side, name, cell, request) as call:
        return evaluate(task(name), case_set(name), call)


def failed(verdict):
    return [result.name for result in verdict.results if not result.passed and not result.waiting]


def test_the_page_and_the_checks_name_the_same_tasks():
    listed = {t.id for t in pages.read_manifest(GALLERY).chapter("gallery").tasks}
    assert listed == set(tasks("gallery")) == {f"gallery.{name}" for name in TASKS}


def test_every_mutant_of_the_gallery_is_expected_to_fail_some_check():
    found = {(m.task.split(".")[1], m.name) for name in TASKS for m in known.mutants(f"gallery.{name}", GALLERY)}
    assert found == set(FAILS)
    assert all(sum(name == task_name for task_name, _ in FAILS) >= 2 for name in TASKS)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", TASKS)
def test_the_reference_passes_every_check_and_the_stub_none(name, side, request):
    right = judged(side, name, known.reference_cell(info(name), GALLERY), request)
    assert right.passed, failed(right)
    stub = judged(side, name, f"# task: gallery.{name}\n{info(name).imports}\n\n{info(name).stub}", request)
    assert (stub.earned, failed(stub)) == (0.0, ["runs"])


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("name", "mutant"), FAILS)
def test_a_mutant_fails_the_check_it_should_and_is_named(name, mutant, side, request):
    cell = next(m.cell for m in known.mutants(f"gallery.{name}", GALLERY) if m.name == mutant)
    verdict = judged(side, name, cell, request)
    assert FAILS[name, mutant] in failed(verdict)
    assert [d.name for d in verdict.diagnoses] == [mutant], failed(verdict)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", TASKS)
def test_another_right_way_passes_and_is_taken_for_no_mutant(name, side, request):
    variants = known.variants(f"gallery.{name}", GALLERY)
    assert variants
    for variant in variants:
        verdict = judged(side, name, variant.cell, request)
        assert verdict.passed, (variant.name, failed(verdict), [r.came_back for r in verdict.results])
        assert verdict.diagnoses == ()


@pytest.mark.parametrize("name", TASKS)
def test_a_case_set_comes_back_from_its_bytes_as_it_was(name, tmp_path):
    made = case_set(name)
    made.save(tmp_path / "cases.npz")
    back = made.load(tmp_path / "cases.npz")
    assert back.dumps() == made.dumps()
    assert [o.asked for o in back.expected] == [o.asked for o in made.expected]
    assert repr(back.cases) == repr(made.cases)


def test_questions_are_counted_alike_on_both_sides(request, sandbox):
    cell = known.reference_cell(info("descend"), GALLERY)
    counts = {}
    for side in ("notebook", "jail"):
        with caller(side, "descend", cell, request) as call:
            counts[side] = [call(case).asked for case in case_set("descend").cases]
    assert counts["notebook"] == counts["jail"] == [o.asked for o in case_set("descend").expected]
    assert all(count["gallery.quadratic"] > 10 for count in counts["jail"])


@pytest.mark.jail
def test_code_that_asks_for_ever_is_stopped_and_its_count_is_told(request, sandbox):
    cell = "def descend(gradient, w, L, tol):\n    while True:\n        try:\n            gradient(w)\n" \
           "        except Exception:\n            pass\n"  # fmt: skip
    with sandbox.open(package("descend", cell)) as session, session.task(Limits(0.5, 2.0)) as call:
        outcome = call(case_set("descend").cases[0])
    assert outcome.kind == "limit"
    assert outcome.asked["gallery.quadratic"] > 2 * case_set("descend").expected[0].asked["gallery.quadratic"]
    measured = next(c for c in task("descend").checks if c.name == "asks")
    found = measured.test(Trial(case_set("descend").cases[0], outcome, Outcome("value"), lambda case: outcome))
    assert not found.passed
    assert "times, where" in found.said


@pytest.mark.parametrize("side", SIDES)
def test_a_record_arrives_with_its_declared_fields_alone(side, request):
    cell = (
        "class Odd(Mean):\n    secret = 'x'\n\n\n"
        "def certified_mean(y, lam):\n    made = Odd(0.0, 0.0)\n    object.__setattr__(made, 'extra', 1)\n"
        "    return made\n"
    )
    with caller(side, "certified_mean", cell, request) as call:
        assert call(case_set("certified_mean").cases[0]).value == {"m": 0.0, "gap": 0.0}


REPLACED = """
import shrinkage.gallery_penalties as penalties


class Nothing:
    def __init__(self, l1_ratio=1.0):
        pass

    def prox(self, z, t):
        return z


penalties.ElasticNet = Nothing


"""


@pytest.mark.parametrize("side", SIDES)
def test_a_class_put_in_the_place_of_a_named_one_fails_the_law(side, request):
    reference = known.reference_cell(info("minimise"), GALLERY)
    verdict = judged(side, "minimise", reference.replace("\n\ndef ", f"{REPLACED}def ", 1), request)
    assert failed(verdict)[0] == "fixed"


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("estimator", "from sklearn.linear_model import Ridge as Theirs\n\n\nclass Ridge(Theirs):\n    pass\n"),
        (
            "minimise",
            "def minimise(loss, penalty, X, y, lam):\n    from sklearn.linear_model import ElasticNet\n"
            "    return ElasticNet(alpha=lam, fit_intercept=False).fit(X, y).coef_\n",
        ),
    ],
)
def test_the_library_is_no_way_round_a_task(name, cell, side, request):
    verdict = judged(side, name, cell, request)
    assert verdict.earned == 0.0
    assert "there to replace" in verdict.results[0].came_back
