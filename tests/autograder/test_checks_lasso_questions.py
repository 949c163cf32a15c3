"""The lasso chapter's questions: each key against an exact solution, and each choice against an example."""

import numpy as np
import pytest

from autograder import casesets
from autograder.authoring import known
from autograder.checks import certificates as cert
from autograder.checks import tasks
from autograder.checks.answers import AnswerTask

TASKS = {t.id: t for t in tasks("lasso").values() if isinstance(t, AnswerTask)}
NUMBERS = ["lasso.enters", "lasso.budget"]


@pytest.fixture(scope="module")
def keys():
    """Parameters and key of every variant, by task."""
    functions = known.answer_functions("lasso")
    return {
        name: [(own, functions[name.split(".")[1]](**own)) for own in casesets.parameters(task)]
        for name, task in TASKS.items()
        if task.draw
    }


def problem(gram, z):
    """Centred columns with exactly these products, divided by the number of rows, and a target with these."""
    n, rng = 30, np.random.default_rng(3)
    rows = rng.standard_normal((n, len(z)))
    X = np.linalg.qr(rows - rows.mean(axis=0))[0] * n**0.5 @ np.linalg.cholesky(np.asarray(gram)).T
    return X, X @ np.linalg.solve(gram, z)


def two(r):
    return np.array([[1.0, r], [r, 1.0]])


def three(r12, r13, r23):
    return np.array([[1.0, r12, r13], [r12, 1.0, r23], [r13, r23, 1.0]])


def test_the_second_coefficient_is_zero_above_the_key_and_not_below(keys):
    for own, lam in keys["lasso.enters"]:
        X, y = problem(two(own["r"]), [own["z1"], own["z2"]])
        assert abs(own["z1"]) > abs(own["z2"])
        for share in (1.001, 1.1):
            assert (cert.lasso_exact(X, y, share * lam) != 0).tolist() == [True, False]
        for share in (0.999, 0.5):
            assert (cert.lasso_exact(X, y, share * lam) != 0).all()


def test_the_second_column_comes_in_on_either_side_with_either_sign_of_everything(keys):
    seen = [(np.sign(own["r"]), np.sign(own["z1"]), np.sign(own["z2"] * own["z1"] - own["r"] * own["z1"] ** 2))
            for own, _ in keys["lasso.enters"]]  # fmt: skip
    for which in zip(*seen, strict=True):
        assert 4 <= sum(one > 0 for one in which) <= 12


def test_one_case_taken_for_both_is_right_in_about_half(keys):
    right = {"+": 0, "-": 0}
    for own, lam in keys["lasso.enters"]:
        rest = abs(own["z2"] - own["r"] * own["z1"])
        right["+"] += bool(np.isclose(rest / (1 + abs(own["r"])), lam))
        right["-"] += bool(np.isclose(rest / (1 - abs(own["r"])), lam))
    assert sum(right.values()) == len(keys["lasso.enters"])
    assert min(right.values()) >= 6


def test_the_coefficients_at_the_key_spend_the_budget_and_some_are_zero(keys):
    left = []
    for own, lam in keys["lasso.budget"]:
        *z, t = own.values()
        w = cert.lasso_exact(*problem(np.eye(4), z), lam)
        assert np.abs(w).sum() == pytest.approx(t, rel=1e-12)
        left.append(int(np.count_nonzero(w)))
    assert set(left) == {2, 3}


def test_the_sign_is_that_of_the_change_of_the_coefficient(keys):
    for own, sign in keys["lasso.grows"]:
        r12, r13, r23, *s = own.values()
        gram = three(r12, r13, r23)
        X, y = problem(gram, gram @ (5.0 * np.array(s)) + 0.2 * np.array(s))
        now, later = cert.lasso_exact(X, y, 0.2), cert.lasso_exact(X, y, 0.21)
        assert (np.sign(now) == s).all()
        assert (np.sign(later) == s).all()
        assert abs(abs(later[0]) - abs(now[0])) > 1e-3
        assert np.sign(abs(later[0]) - abs(now[0])) == sign


def test_both_signs_are_common_and_no_short_cut_gives_them_away(keys):
    signs = np.array([sign for _, sign in keys["lasso.grows"]])
    assert abs(np.sum(signs)) <= 2
    r12, r13, r23, s1, s2, s3 = np.array([list(own.values()) for own, _ in keys["lasso.grows"]]).T
    h12, h13, h23 = s1 * s2 * r12, s1 * s3 * r13, s2 * s3 * r23
    for guess in (h23 <= 0, h12 + h13 > 1, r12 + r13 > 1 + r23, r12 * r13 > 0, r12 + r13 > 1, r23 <= 0):
        assert 6 <= np.sum(guess == (signs == 1)) <= 10
    # Without any sign at all, which is right wherever the three resemble each other once turned.
    assert np.sum((abs(r12) + abs(r13) > 1 + abs(r23)) == (signs == 1)) <= 12


@pytest.mark.parametrize("name", NUMBERS)
def test_no_student_can_hand_in_the_number_of_another_variant(keys, name):
    numbers = [key for _, key in keys[name]]
    for i, answer in enumerate(numbers):
        assert [TASKS[name].agrees(answer, key) for key in numbers] == [i == k for k in range(len(numbers))]


def usual_slips(name, own):
    """Answers of the formulas that are usually found in the place of the right one."""
    if name == "lasso.enters":
        r, z1, z2 = own.values()
        rest = abs(z2 - r * z1)
        return [abs(z1), abs(z2), rest, rest / (1 - r**2), *sorted((rest / (1 - r), rest / (1 + r)))]
    *z, t = own.values()
    sizes = np.sort(np.abs(z))[::-1]
    shares = (np.cumsum(sizes)[:, None] - t) / np.arange(1, 5)
    return [sizes.sum() / t - 1, abs(abs(sum(z)) - t), *shares.ravel()]


@pytest.mark.parametrize("name", NUMBERS)
def test_usual_slips_are_far_from_every_key(keys, name):
    for own, key in keys[name]:
        near = [slip for slip in usual_slips(name, own) if abs(slip / key - 1) < 0.02]
        # One formula of each list is the right one of its case.
        assert near == pytest.approx([key]), own


def test_three_columns_do_what_two_never_do():
    X, y = problem(three(0.6, 0.6, 0.0), [0.9, 0.8, 0.8])
    free = np.linalg.lstsq(X, y, rcond=None)[0]
    path = {lam: cert.lasso_exact(X, y, lam) for lam in (0.8, 0.6, 0.4, 0.2, 0.02)}
    assert [int(np.count_nonzero(w)) for w in path.values()] == [1, 3, 3, 2, 3]
    assert np.argmin(np.abs(free)) == 0 == np.argmax(np.abs(path[0.8]))
    assert free[0] < 0 < path[0.6][0]
    assert path[0.4][0] < path[0.6][0]
    assert path[0.02][0] < 0


def test_two_columns_never_leave_as_lam_falls():
    rng = np.random.default_rng(7)
    for _ in range(100):
        r, z = rng.uniform(-0.95, 0.95), rng.standard_normal(2)
        X, y = problem(two(r), z)
        sizes = np.abs([cert.lasso_exact(X, y, lam) for lam in np.abs(z).max() * np.linspace(0.99, 0.01, 25)])
        assert np.all(np.diff(sizes, axis=0) >= -1e-12)


def test_what_the_model_answer_says_of_gene_b_is_so():
    X, y = problem(two(0.95), [1.01, 1.00])
    alone = cert.lasso_exact(X, y, 0.9)
    assert alone == pytest.approx([0.11, 0.0], abs=1e-12)
    assert X[:, 1] @ (y - X @ alone) / len(y) == pytest.approx(0.8955)
    assert (cert.lasso_exact(X, y, 0.8) != 0).all()
