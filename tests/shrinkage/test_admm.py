"""Laws of ADMM beside those of every solver, of its consensus over shards, and steps by hand."""

import warnings
from types import SimpleNamespace

import cvxpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from shrinkage import coordinate_descent, losses
from shrinkage.admm import consensus, minimise, refusal
from shrinkage.duality import gap
from shrinkage.least_squares import centre
from shrinkage.losses import QUADRATIC
from shrinkage.penalties import L1, L2, ElasticNet
from shrinkage.sparse import Centred

from tests.shrinkage.problems import (
    BAD_DATA,
    BAD_LAMS,
    X6,
    cases,
    exact,
    generic,
    quietly,
    y6,
)

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=40, deadline=None)
PENALTIES = [L1(), L2(), ElasticNet(0.5, [0.0, 1.0, 2.0, 1.0, 0.5]), L1(positive=True)]


def objective(X, y, lam, penalty, w):
    return losses.objective(X, y, w, lam, penalty)


def split(X, y, *ends):
    """Shards of the rows up to each of the ends."""
    return list(zip(np.split(X, ends), np.split(y, ends), strict=True))


def run(*problem, **options):
    return quietly(minimise, *problem, **options)


# Laws


@examples
@given(cases())
def test_at_a_minimiser_no_step_leads_away(case):
    X, y, _, _ = case
    best = exact(*case)[1]
    found = run(*case, w=best, max_iter=3, tol=0.0).w
    # Every minimiser has the same predictions.
    assert np.linalg.norm(X @ (found - best)) <= 1e-7 * (1 + np.linalg.norm(y))
    assert objective(*case, found) <= objective(*case, best) + 1e-10 * (1 + y @ y)


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("shape", [(30, 5), (5, 5), (4, 5)])
def test_the_conditions_of_a_minimum_hold_where_shards_agree(penalty, shape):
    X, y = generic(*shape)
    w = consensus(split(X, y, 1, 3), 0.3, penalty, tol=1e-13).w
    distance = penalty.subdifferential_distance(w, X.T @ (X @ w - y) / len(y), 0.3)
    assert distance.max() <= 1e-5 * np.linalg.norm(X) * np.linalg.norm(y) / len(y)


@pytest.mark.parametrize("penalty", [L1(), L2(), ElasticNet(0.5, [0.0, 1.0], positive=True)])
def test_shards_of_zeros_are_fitted_by_zeros_at_once(penalty):
    for X, y in ((X6, np.zeros(6)), (X6 * 0, y6)):
        result = consensus([(X, y)] * 2, 0.1, penalty, w=[3.0, 4.0])
        assert (result.w.tolist(), result.n_iter) == ([0.0, 0.0], 0)
        assert abs(result.gap) <= 1e-15 * (y @ y)


# Shards


@examples
@given(cases(), st.data())
def test_consensus_is_one_solve_however_the_rows_are_split(case, data):
    X, y, lam, penalty = case
    ends = data.draw(
        st.lists(st.integers(1, len(y) - 1), unique=True, max_size=3).map(sorted) if len(y) > 1 else st.just([])
    )
    shards = data.draw(st.permutations(split(X, y, *ends)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        result = consensus(shards, lam, penalty, tol=1e-9, max_iter=2000)
    # The gap is that of all rows, in whatever order they come.
    assert_allclose(result.gap, gap(X, y, result.w, lam, penalty), rtol=1e-3, atol=1e-10 * (1 + y @ y) * (1 + lam))
    above = objective(*case, result.w) - exact(*case)[0]
    assert above <= result.gap + 1e-10 * (1 + y @ y)
    if not ends:
        assert_array_equal(result.w, run(*case, tol=1e-9, max_iter=2000).w)


@pytest.mark.parametrize(("lam", "penalty"), [(0.0, L1()), *((0.3, penalty) for penalty in PENALTIES)])
@pytest.mark.parametrize(
    "ends", [[], [10], [1], [2, 4, 19], list(range(1, 20))], ids=["one", "halves", "one row", "four", "rows"]
)
def test_every_split_ends_where_one_solve_does(lam, penalty, ends):
    X, y = generic(20)
    one, result = minimise(X, y, lam, penalty, tol=1e-12), consensus(split(X, y, *ends), lam, penalty, tol=1e-12)
    assert result.converged
    assert result.solver == "consensus"
    # Of the gap both are the root apart, in predictions.
    assert np.linalg.norm(X @ (result.w - one.w)) <= 2 * np.sqrt(1e-12 * y @ y)


def test_the_order_of_shards_changes_rounding_alone():
    X, y = generic()
    shards = split(X, y, 4, 11, 12)
    one, other = consensus(shards, 0.3, L1()), consensus(shards[::-1], 0.3, L1())
    assert one.n_iter == other.n_iter
    assert_allclose(other.w, one.w, rtol=1e-9)


def test_a_shard_counts_by_its_rows():
    # Every shard twice is the same mean; one of them three times is a weight of its rows.
    X, y = generic()
    shards = split(X, y, 10)
    assert_allclose(consensus(shards * 2, 0.3, L1()).w, minimise(X, y, 0.3, L1()).w, atol=1e-6)
    root = np.where(np.arange(30) < 10, 3, 1)[:, None] ** 0.5 * (30 / 50) ** 0.5
    expected = coordinate_descent.minimise(X * root, y * root[:, 0], 0.3, L1()).w
    assert_allclose(consensus([shards[0]] * 3 + shards[1:], 0.3, L1()).w, expected, atol=1e-6)


@pytest.mark.parametrize("ends", [[], [4], [2, 9, 20]])
def test_every_shard_is_factorised_once_whatever_rho_does(ends, monkeypatch):
    X, y = generic()
    sides, eigh = [], np.linalg.eigh
    monkeypatch.setattr(np.linalg, "eigh", lambda A: sides.append(len(A)) or eigh(A))
    assert consensus(split(X, y, *ends), 0.01, L1()).n_iter > 16
    assert sides == [min(5, rows) for rows in np.diff([0, *ends, 30])]


def test_the_balance_of_rho_makes_up_for_a_start_that_is_far_off():
    # The mean eigenvalue is that of a column which is none of the others' business.
    X, y = generic()
    X = np.column_stack([X, np.linalg.norm(X) * 1e3 * np.where(np.arange(30) == 29, 1.0, 0.0)])
    result = minimise(X, y, 0.3, L1([1, 1, 1, 1, 1, 1e3]), tol=1e-9)
    assert result.n_iter < 1500


@pytest.mark.parametrize("penalty", PENALTIES)
def test_shards_may_be_sparse_centred_and_of_unlike_kinds(penalty):
    X, y = generic()
    X[::2, 1] = X[1::3, 2] = X[3:, 3] = 0
    m, expected = X.mean(axis=0), minimise(X - X.mean(axis=0), y, 0.3, penalty, tol=1e-13)
    for kinds in (["sparse"] * 3, ["dense", "sparse", "sparse"], ["sparse", "dense", "dense"]):
        parts = zip(split(X, y, 3, 20), kinds, strict=True)
        shards = [(A - m if kind == "dense" else Centred(sparse.csc_array(A), m), b) for (A, b), kind in parts]
        result = consensus(shards, 0.3, penalty, tol=1e-13)
        assert_allclose(result.w, expected.w, atol=1e-5)
        assert_allclose(result.gap, gap(X - m, y, result.w, 0.3, penalty), atol=1e-13 * (y @ y))
    shards = [(sparse.csr_array(A), b) for A, b in split(X, y, 3, 20)]
    assert_allclose(consensus(shards, 0.3, penalty).w, minimise(X, y, 0.3, penalty).w, atol=1e-5)


# Agreement


@pytest.mark.parametrize("share", [0.5, 1.0])
@pytest.mark.parametrize("positive", [False, True])
def test_agrees_with_a_general_solver(share, positive):
    X, y = generic()
    f, w = np.array([1.0, 2.0, 0.0, 1.0, 3.0]), cvxpy.Variable(5, nonneg=positive)
    charge = share * f @ cvxpy.abs(w) + (1 - share) / 2 * f @ cvxpy.square(w)
    cvxpy.Problem(cvxpy.Minimize(cvxpy.sum_squares(y - X @ w) / 60 + 0.3 * charge)).solve(solver=cvxpy.CLARABEL)
    penalty = ElasticNet(share, f, positive)
    assert_allclose(minimise(X, y, 0.3, penalty).w, w.value, atol=1e-4)
    assert_allclose(consensus(split(X, y, 7, 9), 0.3, penalty).w, w.value, atol=1e-4)


def textbook(X, y, lam, penalty, steps):
    """ADMM as it is written, from zero, the systems solved as they stand, and `rho` moved after 1, 2, 4, … steps."""
    (n, p), z, rho = X.shape, np.zeros(X.shape[1]), np.sum(X**2) / X.size
    u = X.T @ y / n / rho
    for k in range(1, steps + 1):
        w = np.linalg.solve(X.T @ X / n + rho * np.eye(p), X.T @ y / n + rho * (z - u))
        before, z = z, penalty.prox(w + u, lam / rho)
        u = u + w - z
        if k in (1, 2, 4, 8, 16):
            factor = np.clip((np.linalg.norm(w - z) / np.linalg.norm(z - before)) ** 0.5, 0.1, 10)
            rho, u = rho * factor, u / factor
    return z


@pytest.mark.parametrize("shape", [(30, 5), (4, 5), (6, 9)])
@pytest.mark.parametrize("lam", [0.05, 1.0])
def test_it_takes_the_steps_of_the_textbook(shape, lam):
    X, y = generic(*shape)
    for steps in (1, 2, 3, 5, 10, 20):
        expected = textbook(X, y, lam, ElasticNet(0.5), steps)
        assert_allclose(run(X, y, lam, ElasticNet(0.5), max_iter=steps, tol=0.0).w, expected, rtol=1e-7, atol=1e-9)


# By hand


def test_one_column_is_solved_in_one_step_by_hand():
    # X'X/n = 1 = rho, X'y/n = 2 and lam = ½: at 0 the price is 2, so w = (2 + 0 − 2)/2 = 0 and z = S(0 + 2) = 1.5.
    X, y = np.array([[1.0], [-1.0]]), np.array([2.0, -2.0])
    result = minimise(X, y, 0.5, L1())
    assert_allclose(result.w, [1.5], rtol=1e-15)
    assert result.n_iter == 1


def test_two_shards_by_hand():
    # Slopes at 0 of the shards' own means are −1·2 and −2·1, rho is the mean of 1 and 4: z = S(.8, .2).
    shards = [([[1.0]], [2.0]), ([[2.0]], [1.0])]
    result = consensus(shards, 0.5, L1())
    assert_allclose(result.w, [0.6], rtol=1e-14)
    assert result.n_iter == 1


# Arrays as they come


def test_memory_order_integers_and_lists_do_not_matter():
    rng = np.random.default_rng(1)
    X, y = rng.integers(-9, 9, size=(7, 3)), rng.integers(-9, 9, size=7)
    expected = minimise(X.astype(float), y.astype(float), 0.3, L1()).w
    for X_other, y_other in ((X, y), (X.tolist(), y.tolist()), (np.asfortranarray(X), y)):
        shards = [(X_other[:3], y_other[:3]), (X_other[3:], y_other[3:])]
        assert_allclose(consensus(shards, 0.3, L1(), w=[0, 0, 0]).w, expected, atol=1e-5)


@pytest.mark.parametrize("order", ["C", "F"])
def test_callers_arrays_are_read_only_or_left_as_they_were(order):
    X, y = generic()
    X, start, factor = np.array(X, order=order), np.ones(5), np.ones(5)
    before = [a.copy() for a in (X, y, start, factor)]
    for writeable in (True, False):
        for a in (X, y, start, factor):
            a.flags.writeable = writeable
        consensus(split(X, y, 4), 0.3, L1(factor), w=start)
    for a, kept in zip((X, y, start, factor), before, strict=True):
        assert_array_equal(a, kept)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_single_precision_is_kept_and_solved_to_its_own_tolerance(share):
    for seed in range(4):
        X, y = generic(seed=seed)
        Xc, yc, _, _ = centre(X, y)
        penalty, least = ElasticNet(share), exact(Xc, yc, 0.3, ElasticNet(share))[0]
        f4 = Xc.astype("f4"), yc.astype("f4")
        single = consensus(split(*f4, 2, 9), 0.3, penalty)
        assert single.w.dtype == np.float32
        assert objective(Xc, yc, 0.3, penalty, single.w) - least <= 2e-6 * (yc @ yc) / 60
        assert consensus([(Xc[:9], yc[:9]), *split(*f4, 9)[1:]], 0.3, penalty, tol=1e-6).w.dtype == np.float64


# What is refused, and how it is said


@pytest.mark.parametrize("what", BAD_DATA)
def test_data_that_cannot_be_used_are_refused_by_name(what):
    X, y, message = BAD_DATA[what]
    with pytest.raises(ValueError, match=rf"^shards\[1\]: .*{message}"):
        consensus([(X6, y6), (X, y)], 0.1, L1())


@pytest.mark.parametrize("what", BAD_LAMS)
def test_a_lam_that_cannot_be_used_is_refused_by_name(what):
    with pytest.raises(ValueError, match=r"^lam "):
        consensus([(X6, y6)], BAD_LAMS[what], L1())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"w": [1e200, 1e200]}, "w is so large that the squares of the residuals overflow"),
        ({"penalty": None}, "penalty cannot be taken by this solver: the penalty has no prox"),
        ({"X": X6 * 1e-160}, "X has a column so small"),
        ({"X": X6 * 1e-150, "lam": 1e12}, "lam = 1e\\+12 is too large beside X"),
        ({"lam": 1e300, "penalty": L1([1.0, 1e10]), "w": [1.0, 1.0]}, "lam = 1e\\+300 is too large beside X"),
    ],
)
def test_refusals_say_what_is_wrong(options, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        minimise(**{"X": X6, "y": y6, "lam": 0.1, "penalty": L1()} | options)


@pytest.mark.parametrize(
    ("shards", "message"),
    [
        ([], "shards must be a list of pairs of X and y, at least one; it is \\[\\]"),
        (None, "shards must be a list of pairs"),
        (X6, "shards must be a list of pairs"),
        ((X6, y6), r"shards\[0\] must be a pair of X and y"),
        ([(X6, y6), X6], r"shards\[1\] must be a pair of X and y"),
        ([(X6, y6), None], r"shards\[1\] must be a pair of X and y"),
        ([(X6, y6), (X6[:, :1], y6)], r"shards\[1\] has 1 columns and shards\[0\] has 2"),
    ],
)
def test_shards_that_are_none_are_refused_by_name(shards, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        consensus(shards, 0.1, L1())


def test_it_says_which_problems_it_does_not_take():
    assert refusal(X6, QUADRATIC, ElasticNet(0.5, [0.0, 1.0], positive=True), 0.0) == ""
    assert refusal(X6, QUADRATIC, SimpleNamespace(prox=None), 0.1) == ""
    assert refusal(X6, losses.Logistic(), L1(), 0.1) == "the loss is not quadratic"
    assert refusal(X6, QUADRATIC, SimpleNamespace(), 0.1) == "the penalty has no prox"
