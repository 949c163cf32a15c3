"""The ridge chapter's questions with each student's own numbers, and its analyses of real data."""

import numpy as np
import pytest
from shrinkage import ridge
from shrinkage.least_squares import standardise

from autograder import casesets
from autograder.authoring import known, pages
from autograder.checks import tasks
from autograder.checks.answers import AnswerTask
from autograder.checks.evaluate import evaluate
from autograder.checks.ridge_analyses import LONGLEY, PROSTATE

INFO = {cell.task.id: cell.task for cell in pages.exercise_cells("ridge") if cell.task}
OWN = {t.id: t for t in tasks("ridge").values() if isinstance(t, AnswerTask) and t.draw}
each_analysis = pytest.mark.parametrize("task", [PROSTATE, LONGLEY], ids=lambda t: t.id)


@pytest.fixture(scope="module")
def keys():
    """Parameters and key of every variant, by task."""
    functions = known.answer_functions("ridge")
    return {
        name: [(own, functions[name.split(".")[1]](**own)) for own in casesets.parameters(task)]
        for name, task in OWN.items()
    }


def two_columns(n, r):
    """Standardised columns of exactly that correlation."""
    rng = np.random.default_rng(n)
    centred = rng.standard_normal((n, 2))
    Q = np.linalg.qr(centred - centred.mean(axis=0))[0] * n**0.5
    return Q @ np.array([[1.0, r], [0.0, (1 - r**2) ** 0.5]])


@pytest.mark.parametrize("name", ["ridge.two_columns", "ridge.break_even"])
def test_no_student_can_hand_in_the_number_of_another_variant(keys, name):
    numbers = [key for _, key in keys[name]]
    for i, answer in enumerate(numbers):
        assert [OWN[name].agrees(answer, key) for key in numbers] == [i == k for k in range(len(numbers))]


@pytest.mark.parametrize("name", ["ridge.two_columns", "ridge.break_even"])
def test_four_significant_digits_are_enough_and_three_are_not_promised(keys, name):
    for _, key in keys[name]:
        assert OWN[name].agrees(float(f"{key:.4g}"), key)
        digits = 3 - int(np.floor(np.log10(key)))
        assert OWN[name].agrees(float(np.floor(key * 10.0**digits) / 10.0**digits), key)
        assert not OWN[name].agrees(key * 1.002, key)


def test_two_columns_of_that_correlation_count_as_the_degrees_of_freedom_asked(keys):
    for own, lam in keys["ridge.two_columns"]:
        X = two_columns(own["n"], own["r"])
        np.testing.assert_allclose(standardise(X)[0], X, atol=1e-12)
        np.testing.assert_allclose(ridge.degrees_of_freedom(X, [lam]), own["df"], rtol=1e-12)


def test_at_the_break_even_the_expected_errors_are_equal(keys):
    for own, lam in keys["ridge.break_even"]:
        n, sxx, beta, sigma2 = own.values()
        x = np.random.default_rng(n).standard_normal((n, 1))
        x = (x - x.mean()) * (sxx / np.sum((x - x.mean()) ** 2)) ** 0.5
        share = ridge.closed_form(x, x[:, 0], lam)[0]  # of a target that is x itself
        error = ((share - 1) * beta) ** 2 + share**2 * sigma2 / sxx
        np.testing.assert_allclose(error, sigma2 / sxx, rtol=1e-12)


def usual_slips(name, own):
    """Answers of the formulas that are usually found in the place of the right one."""
    if name == "ridge.two_columns":
        n, r, t = own.values()

        def positive_root(t, a, b):
            """The lam at which a/(a + lam) + b/(b + lam) = t."""
            roots = np.roots([t, (t - 1) * (a + b), (t - 2) * a * b])
            return roots.max()

        lam = positive_root(t, 1 + r, 1 - r)
        return [n * lam, lam / n, lam / 2, 2 * lam, positive_root(t - 1, 1 + r, 1 - r),
                positive_root(t, (1 + r) ** 2, (1 - r) ** 2), positive_root(t, 1 + r**2, 1 - r**2)]  # fmt: skip
    n, s, beta, sigma2 = own.values()
    lam = 2 * sigma2 * s / (n * (s * beta**2 - sigma2))
    least, variance = sigma2 / (n * beta**2), s / n
    return [n * lam, lam / 2, 2 * lam, least, 2 * least, n * least, 2 * sigma2 * s / (n * (s * beta**2 + sigma2)),
            2 * sigma2 * variance / (variance * beta**2 - sigma2)]  # fmt: skip


@pytest.mark.parametrize("name", ["ridge.two_columns", "ridge.break_even"])
def test_usual_slips_are_far_from_every_key(keys, name):
    for own, key in keys[name]:
        for slip in usual_slips(name, own):
            assert abs(slip / key - 1) > 0.01, (own, slip, key)


def test_the_sign_is_that_of_the_change_of_the_coefficient(keys):
    for own, sign in keys["ridge.grows"]:
        X = two_columns(40, own["r"])
        z = np.array([own["z1"], own["z2"]])
        y = X @ np.linalg.solve(X.T @ X, 40 * z)
        at_zero, later = np.abs(ridge.svd_path(X, y, [0.0, 1e-3])[:, 0])
        assert at_zero > 0.1
        assert abs(later - at_zero) > 1e-4 * at_zero
        assert sign == np.sign(later - at_zero)


def test_signs_of_both_kinds_are_common_and_no_one_looks_like_its_parameters(keys):
    signs = np.array([sign for _, sign in keys["ridge.grows"]])
    assert {-1, 1} == set(signs.tolist())
    assert min(np.sum(signs == 1), np.sum(signs == -1)) >= 5
    assert len({tuple(own.values()) for own, _ in keys["ridge.grows"]}) == len(signs)
    larger = np.array([abs(own["z2"]) > abs(own["z1"]) for own, _ in keys["ridge.grows"]])
    assert 3 <= np.sum(larger == (signs == 1)) <= 13


@pytest.fixture(scope="module")
def sets():
    """One case set an analysis, as `build` makes it."""
    found = {}
    for task in (PROSTATE, LONGLEY):
        mutants = [(m.header, known.caller(INFO[task.id], m.cell)) for m in known.mutants(task.id)]
        found[task.id] = casesets.make(task, np.random.default_rng(8), known.caller(INFO[task.id]), mutants)
    return found


def right(task):
    """The reference's outcome on the whole table."""
    return known.caller(INFO[task.id])(task.draw(np.random.default_rng(0))[0])


@each_analysis
def test_everybody_sees_the_whole_table_and_no_two_case_sets_share_the_others(task, sets):
    one, other = (task.draw(np.random.default_rng(seed)) for seed in (1, 2))
    assert [case.name for case in one] == [case.name for case in other]
    same = [
        all(np.array_equal(value, b.steps[-1].kwargs[name]) for name, value in a.steps[-1].kwargs.items())
        for a, b in zip(one, other, strict=True)
    ]
    assert same == [True] + [False] * (len(same) - 1)
    assert len(sets[task.id].dumps()) < 400_000


@each_analysis
@pytest.mark.parametrize(
    "cell",
    [
        "answer = None",
        "answer = 0.1",
        "answer = {}",
        "answer = {name: 0.0 for name in {names}}",
        "answer = {name: 'x' for name in {names}}",
        "answer = {name: float('nan') for name in {names}}",
        "raise ValueError(inputs)",
        "pass",
    ],
)
def test_an_answer_without_sense_earns_nothing_and_gets_no_name(task, sets, cell):
    names = sorted(right(task).value)
    cell = f"# task: {task.id}\n" + cell.replace("{names}", repr(names))
    found = evaluate(task, sets[task.id], known.caller(INFO[task.id], cell))
    assert found.earned == 0.0
    assert found.diagnoses == ()


@each_analysis
def test_every_check_but_a_gate_is_failed_by_some_mutant_that_is_right_elsewhere(task, sets):
    failed = set()
    for mutant in known.mutants(task.id):
        found = evaluate(task, sets[task.id], known.caller(INFO[task.id], mutant.cell))
        wrong = {r.name for r in found.results if not r.passed}
        failed |= wrong
        assert wrong != {c.name for c in task.checks}
    assert {c.name for c in task.checks if not c.gate} <= failed


@each_analysis
def test_an_answer_copied_from_one_table_does_not_pass_on_the_others(task, sets):
    listed = {name: np.asarray(value).tolist() for name, value in right(task).value.items()}
    cell = f"# task: {task.id}\nimport numpy as np\nanswer = {{k: np.array(v) for k, v in {listed!r}.items()}}\n"
    found = evaluate(task, sets[task.id], known.caller(INFO[task.id], cell))
    assert found.earned < 0.5


def test_what_the_model_answers_say_of_the_data_is_so():
    functions = known.answer_functions("ridge")
    with known.on_reference():
        men = functions["prostate"](**PROSTATE.draw(np.random.default_rng(0))[0].steps[-1].kwargs)
        whole = dict(LONGLEY.draw(np.random.default_rng(0))[0].steps[-1].kwargs)
        half = functions["longley"](**whole)
        million = functions["longley"](**{**whole, "unit": 1000.0, "rounded": 1000 * np.round(whole["y"] / 1000)})
    told = [round(men["lam"], 3), round(men["df"], 1), round(men["loo"], 2), round(half["condition"], -1)]
    assert told == [0.063, 7.1, 0.73, 110]
    assert round(half["lam"], 4) == round(million["lam"], 4) == 0.0178
    assert million["expected"][0] / million["moved"][0] == pytest.approx(9.3, abs=0.05)


@pytest.mark.parametrize("name", ["ridge.two_columns", "ridge.break_even"])
def test_a_penalty_that_is_not_positive_is_no_answer(name):
    assert OWN[name].form(0.5) == ""
    for wrong in (0, -0.5, float("nan")):
        assert "above 0" in OWN[name].form(wrong)


@pytest.mark.parametrize("lam", [0.0, 1e30])
def test_a_fit_at_a_penalty_that_was_not_offered_earns_nothing(sets, lam):
    cell = f"""# task: ridge.prostate
import numpy as np
X, y, n, lam = inputs["X"], inputs["y"], len(inputs["y"]), {lam}
mean, scale = X.mean(axis=0), X.std(axis=0)
U, d, Vt = np.linalg.svd((X - mean) / scale, full_matrices=False)
f = d**2 / (d**2 + n * lam)
w = (f / d * (U.T @ (y - y.mean()))) @ Vt / scale
b = y.mean() - mean @ w
e = (y - b - X @ w) / (1 - 1 / n - U**2 @ f)
answer = {{"lam": lam, "w": w, "b": b, "loo": np.sqrt(np.mean(e**2)), "df": f.sum()}}
"""
    found = evaluate(PROSTATE, sets[PROSTATE.id], known.caller(INFO[PROSTATE.id], cell))
    assert found.earned == 0.0
    assert [r.name for r in found.results if r.gate and not r.passed and not r.waiting] == ["grid"]


def test_the_library_does_not_do_an_analysis(sets):
    cell = """# task: ridge.prostate
from sklearn.linear_model import RidgeCV
answer = RidgeCV(alphas=inputs["lams"] * len(inputs["y"])).fit(inputs["X"], inputs["y"])
"""
    found = evaluate(PROSTATE, sets[PROSTATE.id], known.caller(INFO[PROSTATE.id], cell, PROSTATE.forbids))
    assert found.earned == 0.0
    assert found.results[0].came_back == "no value: the call used a function that this task is there to replace"
