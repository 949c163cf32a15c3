"""The ridge checks: what a case set holds, and what a diagnosis may say."""

import re

import numpy as np
import pytest

from autograder import casesets, paths
from autograder.authoring import known, pages
from autograder.checks import certificates as cert
from autograder.checks import symptoms, tasks
from autograder.checks.answers import AnswerTask
from autograder.checks.base import Limits, Task
from autograder.checks.common import LIBRARY, relative
from autograder.checks.evaluate import evaluate
from autograder.checks.ridge import ALMOST

INFO = {cell.task.id: cell.task for cell in pages.exercise_cells("ridge") if cell.task}
# What calls a definition; the analyses have tests of their own in test_checks_ridge_data.py.
CALLED = [t for t in tasks("ridge").values() if isinstance(t, Task) and INFO[t.id].object]
CHOICES = [t for t in tasks("ridge").values() if isinstance(t, AnswerTask) and t.draw is None]
each_task = pytest.mark.parametrize("task", CALLED, ids=lambda t: t.id)

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
    ("ridge.descent", "lam-over-n"): """
        def descent(X, y, lam, tol, max_iter):
            G, c = X.T @ X / len(y) + lam / len(y) * np.eye(X.shape[1]), X.T @ y / len(y)
            w, k, L = np.zeros(len(c)), 0, np.linalg.norm(X, 2) ** 2 / len(y) + lam
            while np.linalg.norm(G @ w - c) > lam * tol and k < max_iter:
                w, k = w - (G @ w - c) / L, k + 1
            bound = np.linalg.norm(G @ w - c) / lam
            return w, bound, k, bool(bound <= tol)
        """,
    ("ridge.descent", "stop-on-change-unclaimed"): """
        def descent(X, y, lam, tol, max_iter):
            G, c = X.T @ X / len(y) + lam * np.eye(X.shape[1]), X.T @ y / len(y)
            L = np.linalg.eigvalsh(G)[-1]
            w, k = 0 * c, 0
            while np.linalg.norm(G @ w - c) > L * tol and k < max_iter:
                w, k = w - (G @ w - c) / L, k + 1
            bound = np.linalg.norm(G @ w - c) / lam
            return w, bound, k, bool(bound <= tol)
        """,
    ("ridge.leave_one_out", "loo-no-intercept"): """
        def leave_one_out(X, y, lam):
            Z = X - X.mean(axis=0)
            H = Z @ np.linalg.solve(Z.T @ Z + len(X) * lam * np.eye(X.shape[1]), Z.T)
            return (y - y.mean() - H @ (y - y.mean())) / (1 - np.diag(H))
        """,
}


@pytest.fixture(scope="module")
def sets():
    """One case set a task, as `build` makes it."""
    found = {}
    for task in CALLED:
        mutants = [
            ({f: getattr(m, f) for f in ("name", "mode", "message", "section")}, known.caller(INFO[task.id], m.cell))
            for m in known.mutants(task.id)
        ]
        found[task.id] = casesets.make(task, np.random.default_rng(8), known.caller(INFO[task.id]), mutants)
    return found


def verdict(sets, task, cell):
    return evaluate(task, sets[task.id], known.caller(INFO[task.id], f"# task: {task.id}\nimport numpy as np\n{cell}"))


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
    "ridge.descent": ("X, y, lam, tol, max_iter", "X.shape[1]"),
}
BESIDE = {"ridge.with_intercept": ", 0.0", "ridge.descent": ", 0.0, 0, True"}


@each_task
@pytest.mark.parametrize("body", SENSELESS.values(), ids=SENSELESS)
def test_an_answer_without_sense_earns_little_and_gets_no_name(sets, task, body):
    arguments, shape = SIGNATURES[task.id]
    body = body.replace("SHAPE", shape)
    if "np." in body:
        body = body.rstrip("\n") + BESIDE.get(task.id, "") + "\n"
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
    found = evaluate(task, sets[task.id], known.caller(INFO[task.id], primal.cell))
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
    found = evaluate(tasks("ridge")[task_id], sets[task_id], known.caller(INFO[task_id], mutant.cell))
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


@pytest.mark.parametrize("name", ["ridge.closed_form", "ridge.svd_path"])
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
    # The gallery of forms of call has mutants of its own.
    headers = [known.read(path) for path in paths.TESTS.rglob("mutants/*/*.py")]
    named = {m.mode for m in headers} - {"agrees"}
    public = {n for n, f in vars(symptoms).items() if getattr(f, "__module__", "") == symptoms.__name__ and n[0] != "_"}
    assert named == public


@pytest.mark.parametrize("task", CHOICES, ids=lambda t: t.id)
def test_an_answer_is_one_of_the_letters(task):
    assert task.form("a") == ""
    for wrong in ("e", "ab", "", None, 1, ["a"]):
        assert "must be one letter in quotes" in task.form(wrong)
    assert task.agrees("b", "b")
    assert not task.agrees("a", "b")


@pytest.mark.parametrize("task", CHOICES, ids=lambda t: t.id)
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
        found = evaluate(task, sets[task.id], known.caller(INFO[task.id], mutant.cell))
        failed |= {r.name for r in found.results if not r.passed}
    assert {c.name for c in task.checks if not c.gate} <= failed


def test_the_page_says_before_the_first_exercise_that_the_library_is_refused():
    before = (paths.BOOK / "ridge" / "exercises.md").read_text().split("```{task}")[0]
    # What is inside of a module that the page names is named with it.
    assert all(any(f"`{outer}`" in before and name.startswith(outer) for outer in LIBRARY) for name in LIBRARY)
    executed = [task for task in tasks("ridge").values() if isinstance(task, Task)]
    assert all(set(LIBRARY) <= set(task.forbids) for task in executed)


def test_what_a_task_refuses_stands_in_its_text():
    texts = {cell.task.id: cell.text for cell in pages.exercise_cells("ridge") if cell.task}
    for task_id, task in tasks("ridge").items():
        for refused in set(getattr(task, "forbids", ())) - set(LIBRARY):
            assert f"`{refused.split('.')[1]}`" in texts[task_id].split("are refused here")[0], (task_id, refused)


def test_the_solver_as_it_is_handed_out_earns_nothing(sets):
    task = tasks("ridge")["ridge.descent"]
    found = evaluate(task, sets[task.id], known.caller(INFO[task.id], f"# task: {task.id}\nimport numpy as np\n"
                     + INFO[task.id].stub))  # fmt: skip
    assert found.earned == 0.0
    assert [r.name for r in found.results if r.gate and not r.passed and not r.waiting] == ["solves"]


REPAIRED = {
    "gradient": "gradient = X.T @ (X @ w - y) / n + lam * w",
    "step": "step = 1 / (np.linalg.norm(X, 2) ** 2 / n + lam)",
    "stop": "if bound <= tol or n_iter == max_iter: break",
}


def test_each_repair_of_the_solver_earns_more_once_it_solves_the_right_problem(sets):
    task, cell = tasks("ridge")["ridge.descent"], INFO["ridge.descent"].stub
    earned = []
    cell = cell.replace("gradient = (X.T @ (X @ w - y) + lam * w) / n", REPAIRED["gradient"])
    for wrong, right in (
        ("", ""),
        ("step = 1 / np.linalg.norm(X, 2) ** 2", REPAIRED["step"]),
        ("w = w - change", f"{REPAIRED['stop']}\n        w = w - change"),
        ("if np.linalg.norm(change) <= tol:\n            break", "pass"),
        ("converged = n_iter < max_iter", "converged = bound <= tol"),
    ):
        assert wrong in cell
        cell = cell.replace(wrong, right) if wrong else cell
        earned.append(verdict(sets, task, cell).earned)
    assert earned == sorted(earned)
    assert 0.0 < earned[0] < 0.6
    assert earned[-1] == 1.0


@pytest.mark.parametrize("seed", range(20))
def test_the_way_that_theory_promises_is_walked_in_every_case_set(seed):
    for case in tasks("ridge")["ridge.descent"].draw(np.random.default_rng(seed)):
        X, y, lam, tol, max_iter = case.args
        steps = cert.ridge_steps(X, y, lam, tol)
        bound, rounding = cert.ridge_bound(X, y, cert.ridge_descent(X, y, lam, steps), lam)
        assert bound <= tol
        assert rounding < tol / 100
        assert (max_iter >= 2 * steps) == (case.name not in ("too few steps", "met by the last step allowed"))
        assert steps < 1500


@pytest.mark.parametrize("seed", range(20))
def test_one_case_is_met_by_the_last_step_that_is_allowed_and_by_none_before(seed):
    cases = tasks("ridge")["ridge.descent"].draw(np.random.default_rng(seed))
    (X, y, lam, tol, max_iter) = next(c.args for c in cases if c.name == "met by the last step allowed")
    before, there = (cert.ridge_bound(X, y, cert.ridge_descent(X, y, lam, k), lam)[0] for k in (max_iter - 1, max_iter))
    assert there < 0.99 * tol < 1.01 * tol < before


def test_convergence_told_by_a_count_of_steps_breaks_its_own_law(sets):
    count = next(m for m in known.mutants("ridge.descent") if m.name == "converged-by-count")
    task = tasks("ridge")["ridge.descent"]
    found = evaluate(task, sets[task.id], known.caller(INFO[task.id], count.cell))
    assert [r.name for r in found.results if not r.passed and not r.waiting] == ["converged"]


def test_a_solved_system_is_no_descent_whatever_it_says_of_its_steps(sets):
    for said in (0, 1, 10):
        cell = written(f"""
        def descent(X, y, lam, tol, max_iter):
            w = np.linalg.solve(X.T @ X / len(y) + lam * np.eye(X.shape[1]), X.T @ y / len(y))
            bound = float(np.linalg.norm(X.T @ (X @ w - y) / len(y) + lam * w)) / lam
            return w, bound, min({said}, max_iter), bool(bound <= tol)
        """)
        found = verdict(sets, tasks("ridge")["ridge.descent"], cell)
        assert found.earned == 0.0
        assert [r.name for r in found.results if r.gate and not r.passed and not r.waiting] == ["walked"]


def test_a_large_intercept_does_not_hide_the_gradient(sets):
    cell = "def with_intercept(X, y, lam):\n    return np.zeros(X.shape[1]), 1e15\n"
    found = verdict(sets, tasks("ridge")["ridge.with_intercept"], cell)
    assert not {"optimal", "free", "agrees"} & {r.name for r in found.results if r.passed}


ONE_LINERS = {
    "ridge.closed_form": """
        def closed_form(X, y, lam):
            return Ridge(alpha=len(y) * lam, fit_intercept=False).fit(X, y).coef_
        """,
    "ridge.with_intercept": """
        def with_intercept(X, y, lam):
            model = Ridge(alpha=len(y) * lam).fit(X, y)
            return model.coef_, model.intercept_
        """,
    "ridge.filter_factors": """
        def filter_factors(d, n, lam):
            return np.array([Ridge(alpha=n * lam, fit_intercept=False).fit([[v]], [v]).coef_[0] for v in d])
        """,
    "ridge.svd_path": """
        def svd_path(X, y, lams):
            return np.array([Ridge(alpha=len(y) * l, fit_intercept=False, solver="svd").fit(X, y).coef_ for l in lams])
        """,
    "ridge.dual_coef": """
        def dual_coef(X, y, lam):
            from sklearn.kernel_ridge import KernelRidge
            return KernelRidge(alpha=len(y) * lam).fit(X, y).dual_coef_
        """,
    "ridge.leave_one_out": """
        def leave_one_out(X, y, lam):
            from sklearn.model_selection import LeaveOneOut, cross_val_predict
            return y - cross_val_predict(Ridge(alpha=len(y) * lam), X, y, cv=LeaveOneOut())
        """,
    "ridge.descent": """
        def descent(X, y, lam, tol, max_iter):
            from sklearn.linear_model import ridge_regression
            return ridge_regression(X, y, len(y) * lam), 0.0, max_iter, True
        """,
}


@each_task
def test_the_library_does_not_do_a_task(sets, task):
    cell = f"# task: {task.id}\nimport numpy as np\nfrom sklearn.linear_model import Ridge\n" + written(
        ONE_LINERS[task.id]
    )
    found = evaluate(task, sets[task.id], known.caller(INFO[task.id], cell, task.forbids))
    (runs,) = [r for r in found.results if r.gate and not r.passed and not r.waiting]
    assert found.earned == 0.0
    assert runs.came_back == "no value: the call used a function that this task is there to replace"


def test_the_library_does_not_do_a_task_in_the_jail(sets, sandbox):
    task = tasks("ridge")["ridge.closed_form"]
    cell = "from sklearn.linear_model import Ridge\n" + written(ONE_LINERS[task.id])
    with sandbox.open({"ridge.py": cell}) as jail, jail.task(Limits(20.0, 20.0), task.forbids) as call:
        outcome = call(sets[task.id].cases[0])
    assert (outcome.kind, outcome.detail) == ("error", "Forbidden")
