"""The ridge checks: what a case set holds, and what a diagnosis may say."""

import re

import numpy as np
import pytest

from autograder import casesets, paths
from autograder.authoring import known, pages, slicing
from autograder.checks import symptoms, tasks
from autograder.checks.answers import AnswerTask
from autograder.checks.base import Task
from autograder.checks.common import relative
from autograder.checks.evaluate import evaluate
from autograder.checks.ridge import ALMOST
from autograder.manifest import TaskInfo

IMPLEMENT = [t for t in tasks("ridge").values() if isinstance(t, Task)]
ANSWERS = [t for t in tasks("ridge").values() if isinstance(t, AnswerTask)]
each_task = pytest.mark.parametrize("task", IMPLEMENT, ids=lambda t: t.id)

OTHER_HANDWRITING = {
    ("ridge.closed_form", "lam-not-times-n"): """
        def closed_form(X, y, lam):
            values, V = np.linalg.eigh(X.T @ np.asarray(X, float))
            return V @ (V.T @ (X.T @ y) / (values + lam))
        """,
    ("ridge.with_intercept", "penalised-intercept"): """
        def with_intercept(X, y, lam):
            Z = np.c_[np.ones(len(X)), X]
            w = np.linalg.inv(Z.T @ Z + len(X) * lam * np.eye(Z.shape[1])) @ Z.T @ y
            return w[1:], w[0]
        """,
    ("ridge.filter_factors", "unsquared"): """
        def filter_factors(d, n, lam):
            return np.array([float(v) / (v + n * lam) if v else 0.0 for v in d])
        """,
    ("ridge.svd_path", "sorted-lams"): """
        def svd_path(X, y, lams):
            A = [np.vstack([X, np.sqrt(len(X) * l) * np.eye(X.shape[1])]) for l in sorted(lams, reverse=True)]
            return np.array([np.linalg.pinv(a) @ np.append(y, np.zeros(X.shape[1])) for a in A])
        """,
    ("ridge.svd_path", "normal-equations"): """
        def svd_path(X, y, lams):
            gram = X.T @ X
            return np.array([np.linalg.lstsq(gram + len(X) * l * np.eye(len(gram)), X.T @ y)[0] for l in lams])
        """,
    ("ridge.closed_form", "no-penalty"): """
        def closed_form(X, y, lam):
            return np.linalg.solve(X.T @ X, X.T @ y)
        """,
    ("ridge.closed_form", "identity-of-rows"): """
        def closed_form(X, y, lam):
            return np.linalg.inv(X.T @ X + len(X) * lam * np.identity(len(y))) @ X.T @ y
        """,
    ("ridge.filter_factors", "lam-not-times-n"): """
        def filter_factors(d, n, lam):
            return d**2 / (d**2 + lam)
        """,
    ("ridge.filter_factors", "padded-denominator"): """
        def filter_factors(d, n, lam):
            return np.where(d > 1e-6, 1.0 * d**2 / np.maximum(d**2 + n * lam, 1e-13), 0)
        """,
    ("ridge.filter_factors", "unset-memory"): """
        def filter_factors(d, n, lam):
            return np.divide(d**2, d**2 + n * lam, where=d > 0)
        """,
    ("ridge.svd_path", "rounding-divided"): """
        def svd_path(X, y, lams):
            U, d, Vt = np.linalg.svd(X, full_matrices=False)
            return np.array([Vt.T @ (filter_factors(d, len(X), l) * (U.T @ y) / d) for l in lams])
        """,
    ("ridge.svd_path", "length-for-n"): """
        def svd_path(X, y, lams):
            n, p = X.shape
            A = [np.vstack([X, np.sqrt(p * l) * np.eye(p)]) for l in lams]
            return np.array([np.linalg.pinv(a) @ np.append(y, np.zeros(p)) for a in A])
        """,
    ("ridge.dual_coef", "no-penalty"): """
        def dual_coef(X, y, lam):
            return np.linalg.inv(X @ X.T) @ y
        """,
    ("ridge.dual_coef", "residual-over-lam"): """
        def dual_coef(X, y, lam):
            return (y - X @ svd_path(X, y, [lam])[0]) / lam
        """,
    ("ridge.leave_one_out", "loo-no-intercept"): """
        def leave_one_out(X, y, lam):
            Z = X - X.mean(axis=0)
            H = Z @ np.linalg.solve(Z.T @ Z + len(X) * lam * np.eye(X.shape[1]), Z.T)
            return (y - y.mean() - H @ (y - y.mean())) / (1 - np.diag(H))
        """,
}


def info(task_id):
    source = known.reference_files()["ridge.py"]
    stub = slicing.strip(slicing.cut(source, task_id.split(".")[1]))
    return TaskInfo(task_id, "", "implement", 1, task_id, stub, slicing.needed_imports(source, stub), (), ())


@pytest.fixture(scope="module")
def sets():
    """One case set a task, as `build` makes it."""
    found = {}
    for task in IMPLEMENT:
        mutants = [
            ({f: getattr(m, f) for f in ("name", "mode", "message", "section")}, known.caller(info(task.id), m.cell))
            for m in known.mutants(task.id)
        ]
        found[task.id] = casesets.make(task, np.random.default_rng(8), known.caller(info(task.id)), mutants)
    return found


def verdict(sets, task, cell):
    return evaluate(task, sets[task.id], known.caller(info(task.id), f"# task: {task.id}\nimport numpy as np\n{cell}"))


def written(text):
    lines = text.strip("\n").splitlines()
    return "\n".join(line.removeprefix("        ") for line in lines) + "\n"


@pytest.mark.parametrize(("task_id", "mistake"), OTHER_HANDWRITING, ids=lambda s: s)
def test_a_mistake_in_another_handwriting_is_named(sets, task_id, mistake):
    task = tasks("ridge")[task_id]
    found = verdict(sets, task, written(OTHER_HANDWRITING[task_id, mistake]))
    assert found.earned < 1.0
    assert [d.name for d in found.diagnoses] == [mistake]


SENSELESS = {
    "raises": "    raise ValueError('X')\n",
    "no return": "    pass\n",
    "text": "    return 'w'\n",
    "noise": "    return np.random.default_rng(0).standard_normal(SHAPE)\n",
    "ones": "    return np.ones(SHAPE)\n",
    "zeros": "    return np.zeros(SHAPE)\n",
}
SIGNATURES = {
    "ridge.closed_form": ("X, y, lam", "X.shape[1]"),
    "ridge.with_intercept": ("X, y, lam", "X.shape[1]"),
    "ridge.filter_factors": ("d, n, lam", "len(d)"),
    "ridge.svd_path": ("X, y, lams", "(len(lams), X.shape[1])"),
    "ridge.dual_coef": ("X, y, lam", "len(X)"),
    "ridge.leave_one_out": ("X, y, lam", "len(X)"),
}


@each_task
@pytest.mark.parametrize("body", SENSELESS.values(), ids=SENSELESS)
def test_an_answer_without_sense_earns_little_and_gets_no_name(sets, task, body):
    arguments, shape = SIGNATURES[task.id]
    body = body.replace("SHAPE", shape)
    if task.id == "ridge.with_intercept" and "np." in body:
        body = body.rstrip("\n") + ", 0.0\n"
    found = verdict(sets, task, f"def {task.id.split('.')[1]}({arguments}):\n{body}")
    assert found.earned < 0.3
    assert found.diagnoses == ()


def test_input_changed_in_place_is_named_whatever_else_is_wrong(sets):
    cell = written("""
        def closed_form(X, y, lam):
            X *= 2
            return X.T @ y
        """)
    found = verdict(sets, tasks("ridge")["ridge.closed_form"], cell)
    assert [d.name for d in found.diagnoses] == ["mutates-input"]


def test_the_primal_system_is_refused_for_very_many_columns(sets):
    primal = next(m for m in known.mutants("ridge.dual_coef") if m.name == "by-the-primal")
    task = tasks("ridge")["ridge.dual_coef"]
    found = evaluate(task, sets[task.id], known.caller(info(task.id), primal.cell))
    assert [r.name for r in found.results if not r.passed] == ["wide"]


def test_a_solve_a_lam_on_the_normal_equations_is_refused_whatever_is_done_at_zero(sets):
    cell = written("""
        def svd_path(X, y, lams):
            G, c = X.T @ X, X.T @ y
            rows = [np.linalg.solve(G + len(X) * l * np.eye(len(G)), c) if l else np.linalg.pinv(X) @ y for l in lams]
            return np.array(rows)
        """)
    found = verdict(sets, tasks("ridge")["ridge.svd_path"], cell)
    assert [r.name for r in found.results if not r.passed] == ["digits"]
    assert [d.name for d in found.diagnoses] == ["normal-equations"]


ORDINARY_SLIPS = [
    ("ridge.dual_coef", "lam-not-times-n"),
    ("ridge.dual_coef", "lam-times-p"),
    ("ridge.dual_coef", "y-centred"),
    ("ridge.svd_path", "lam-not-times-n"),
    ("ridge.svd_path", "filter-twice"),
    ("ridge.svd_path", "rounding-divided"),
]


@pytest.mark.parametrize(("task_id", "name"), ORDINARY_SLIPS)
def test_a_slip_in_the_numbers_is_not_accused_of_the_wrong_method(sets, task_id, name):
    mutant = next(m for m in known.mutants(task_id) if m.name == name)
    found = evaluate(tasks("ridge")[task_id], sets[task_id], known.caller(info(task_id), mutant.cell))
    accused = {r.name for r in found.results if not r.passed and not r.waiting}
    assert not accused & {"wide", "digits"}


def test_a_mistake_wrong_everywhere_is_not_named_for_edge_cases_alone(sets):
    cell = written("""
        def filter_factors(d, n, lam):
            return np.divide(d**2, d**2 + n * lam, out=np.zeros(len(d)), where=lam > 0) if lam else np.zeros(len(d))
        """)
    assert verdict(sets, tasks("ridge")["ridge.filter_factors"], cell).diagnoses == ()


@each_task
def test_what_was_asked_is_told_with_its_sizes(sets, task):
    found = verdict(sets, task, "def {}({}):\n    return 1.0\n".format(task.id.split(".")[1], SIGNATURES[task.id][0]))
    (shape,) = [r for r in found.results if r.name == "shape"]
    assert re.search(r" \((n = \d+, p = \d+|length \d+)\)$", shape.asked)


def test_a_list_where_an_array_is_asked_earns_nothing_and_is_told_what_to_write(sets):
    cell = written("""
        def filter_factors(d, n, lam):
            return [v * v / (v * v + n * lam) if v else 0.0 for v in d.tolist()]
        """)
    found = verdict(sets, tasks("ridge")["ridge.filter_factors"], cell)
    (shape,) = [r for r in found.results if r.gate and not r.passed and not r.waiting]
    assert found.earned == 0.0
    assert re.fullmatch(r"a list of length \d+, where an array is asked: np.array\(...\)", shape.came_back)


@each_task
def test_plain_cases_differ_between_seeds_in_numbers_alone(task):
    one, other = (task.draw(np.random.default_rng(seed)) for seed in (1, 2))
    assert [c.name for c in one] == [c.name for c in other]
    assert not any(np.array_equal(a.args[0], b.args[0]) for a, b in zip(one, other, strict=True))
    assert len(one) >= 4
    assert not any(c.edge for c in one)


@each_task
def test_edge_cases_are_the_same_for_everyone(task, sets):
    one, other = task.edges(), task.edges()
    assert all(c.edge for c in one)
    for a, b in zip(one, other, strict=True):
        for p, q in zip(a.args, b.args, strict=True):
            np.testing.assert_array_equal(p, q)


@each_task
def test_names_of_cases_are_unlike_and_hold_no_numbers(task, sets):
    names = [case.name for case in sets[task.id].cases]
    assert len(set(names)) == len(names)
    assert not any(re.search(r"\d", name) for name in names)


@each_task
def test_a_case_set_is_small_enough_to_keep_sixteen(task, sets):
    assert len(sets[task.id].dumps()) < 400_000


@pytest.mark.parametrize("name", ["ridge.closed_form", "ridge.svd_path", "ridge.dual_coef"])
def test_tasks_on_centred_data_are_asked_centred_data(name):
    for case in tasks("ridge")[name].draw(np.random.default_rng(9)):
        X, y = case.args[:2]
        assert np.abs(X.mean(axis=0)).max() < 1e-12
        assert abs(y.mean()) < 1e-12


@each_task
def test_every_check_has_a_law_a_reason_and_a_section_to_read(task):
    for check in task.checks:
        assert check.law.endswith(".")
        assert check.why.endswith(".")
        assert check.section.startswith("sec-ridge-")


def test_every_symptom_is_one_a_mutant_shows():
    headers = [known.read(path) for path in (paths.TESTS / "mutants").glob("*/*.py")]
    named = {m.mode for m in headers} - {"agrees"}
    public = {n for n, f in vars(symptoms).items() if getattr(f, "__module__", "") == symptoms.__name__ and n[0] != "_"}
    assert named == public


@pytest.mark.parametrize("task", ANSWERS, ids=lambda t: t.id)
def test_an_answer_is_one_of_the_letters(task):
    assert task.form("a") == ""
    for wrong in ("e", "ab", "", None, 1, ["a"]):
        assert "must be one letter in quotes" in task.form(wrong)
    assert task.agrees("b", "b")
    assert not task.agrees("a", "b")


@pytest.mark.parametrize("task", ANSWERS, ids=lambda t: t.id)
def test_a_capital_letter_is_the_same_answer(task):
    assert task.form("B") == task.form(" b") == ""
    assert task.agrees("B", "b")


def test_the_digits_case_tells_x_from_its_square_with_room_on_both_sides(sets):
    (case,) = [c for c in sets["ridge.svd_path"].cases if c.name == ALMOST]
    X, y, lams = case.args
    (least,) = np.flatnonzero(lams == 0)
    direct = np.linalg.lstsq(X, y, rcond=None)[0]
    squared = np.linalg.solve(X.T @ X, X.T @ y)
    best = sets["ridge.svd_path"].expected[sets["ridge.svd_path"].cases.index(case)].value[least]
    assert relative(direct, best) < 1e-8
    assert relative(squared, best) > 1e-5


@each_task
def test_every_check_but_a_gate_is_failed_by_some_mutant(task, sets):
    failed = set()
    for mutant in known.mutants(task.id):
        found = evaluate(task, sets[task.id], known.caller(info(task.id), mutant.cell))
        failed |= {r.name for r in found.results if not r.passed}
    assert {c.name for c in task.checks if not c.gate} <= failed


def test_what_a_task_refuses_stands_in_its_text():
    texts = {cell.task.id: cell.text for cell in pages.exercise_cells("ridge") if cell.task}
    for task_id, task in tasks("ridge").items():
        for refused in getattr(task, "forbids", ()):
            assert f"`{refused.split('.')[1]}`" in texts[task_id].split("are refused here")[0], (task_id, refused)
