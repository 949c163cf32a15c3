"""Laws of following the active set: the minimiser and its certificate, from anywhere, and whatever depends on what."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from shrinkage import coordinate_descent
from shrinkage.active_set import WorkingSet, minimise, refusal
from shrinkage.duality import gap
from shrinkage.losses import QUADRATIC, objective
from shrinkage.penalties import L1, L2, ElasticNet
from shrinkage.plain import plain_problem
from shrinkage.signs import followed, lifted, solved
from sklearn import linear_model

from tests.shrinkage.problems import BAD_DATA, BAD_LAMS, BAD_VECTORS, X6, exact, generic, lams, problems, quietly, y6

pytestmark = pytest.mark.filterwarnings("error")
PENALTIES = [L1(), ElasticNet(0.3), L1(positive=True), ElasticNet(0.7, positive=True)]
KINDS = {"dense": np.asarray, "Fortran": np.asfortranarray, "CSC": sparse.csc_array}


@st.composite
def problems_taken(draw):
    """(X, y, lam, penalty) that the solver takes, columns without a penalty among them."""
    (X, y), lam = draw(problems(max_p=4)), draw(lams)
    each = st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0]), min_size=X.shape[1], max_size=X.shape[1])
    penalty = ElasticNet(draw(st.sampled_from([0.05, 0.5, 1.0])), draw(st.none() | each), draw(st.booleans()))
    assume(not refusal(X, QUADRATIC, penalty, lam))
    return X, y, lam, penalty


def plain(X, y, kind="dense"):
    data = plain_problem(KINDS[kind](X), y)
    return data.X, data.y


def wide(n=30, p=150, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + rng.normal(size=(n, 1))
    return X, X[:, :5] @ [3.0, -2, 2, 1, -1] + rng.normal(size=n)


# Laws


@settings(max_examples=80, deadline=None)
@given(problems_taken(), st.integers(0, 9))
def test_it_finds_a_minimiser_from_anywhere_whatever_the_rank(problem, seed):
    X, y, lam, penalty = problem
    least, _ = exact(X, y, lam, penalty)
    start = np.random.default_rng(seed).integers(-2, 3, X.shape[1]).astype(float)
    for w in (None, np.abs(start) if penalty.positive else start):
        result = quietly(minimise, X, y, lam, penalty, w=w)
        assert objective(X, y, result.w, lam, penalty) <= least + 1e-10 * (1 + y @ y)
        assert result.gap == pytest.approx(gap(X, y, result.w, lam, penalty), abs=1e-12 * (1 + y @ y))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("penalty", PENALTIES, ids=str)
@pytest.mark.parametrize("shape", [(200, 5), (40, 150), (5, 5), (2, 3), (1, 1)])
@pytest.mark.parametrize("share", [0.5, 0.1, 0.01])
def test_the_conditions_of_a_minimum_hold_to_the_last_digits(kind, penalty, shape, share):
    X, y = plain(*(wide(*shape) if shape[1] > 5 else generic(*shape)), kind)
    lam = share * penalty.lam_max(-(X.T @ y) / len(y)) or 1.0
    result = minimise(X, y, lam, penalty)
    distance = penalty.subdifferential_distance(result.w, -(X.T @ (y - X @ result.w)) / len(y), lam)
    assert distance.max() <= 1e-12 * np.abs(X.T @ y).max() / len(y)
    assert (result.converged, result.solver, result.b) == (True, "active_set", 0)
    assert result.n_iter < 30


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("penalty", PENALTIES, ids=str)
def test_penalty_weights_that_share_a_working_set_end_where_each_ends_alone(kind, penalty):
    X, y = plain(*wide(), kind)
    critical = penalty.lam_max(-(X.T @ y) / len(y))
    working = WorkingSet(X, y)
    for share in (1.0, 0.7, 0.3, 0.05, 0.01, 0.2, 0.9, 1.5):
        together, alone = (
            working.minimise(share * critical, penalty, 1e-12, 100),
            minimise(X, y, share * critical, penalty),
        )
        assert_allclose(together.w, alone.w, atol=1e-11)
        if share >= 1:
            assert_array_equal(together.w, 0)
    assert len(working.of) < X.shape[1]


@pytest.mark.parametrize("penalty", PENALTIES, ids=str)
def test_columns_that_depend_on_each_other_are_no_obstacle(penalty):
    X, y = generic(12, 4)
    X = np.hstack([X, -X, 2 * X, X[:, :1] + X[:, 1:2], np.zeros((12, 1)), np.ones((12, 1))])
    X, y = plain(X, y)
    critical = penalty.lam_max(-(X.T @ y) / len(y))
    for share in (0.5, 0.1, 0.01, 1e-3):
        result = minimise(X, y, share * critical, penalty)
        slopes = X.T @ (y - X @ result.w) / len(y)
        assert penalty.subdifferential_distance(result.w, -slopes, share * critical).max() <= 1e-12 * critical
        assert (result.w[-2:] == 0).all()


@settings(max_examples=60, deadline=None)
@given(problems(max_p=6), lams, st.sampled_from([0.0, 0.5]), st.booleans(), st.integers(0, 5))
def test_on_a_gram_matrix_no_slope_is_left_but_that_of_the_penalty(problem, l1, l2, positive, seed):
    X, y = problem
    G, c = X.T @ X / len(y), X.T @ y / len(y)
    w = np.random.default_rng(seed).integers(-1, 2, X.shape[1]).astype(float)
    assume(c.any())
    each = np.ones(X.shape[1])
    found = followed(G, c, np.abs(w) if positive else w, l1 * each, l2 * each, positive)
    lam = l1 + l2
    distance = ElasticNet(l1 / lam, positive=positive).subdifferential_distance(found, G @ found - c, lam)
    assert distance.max() <= 1e-8 * max(np.abs(c).max(), l1)


@pytest.mark.parametrize("p", [6, 150])
def test_columns_without_a_penalty_are_fitted_by_least_squares_and_others_by_their_factors(p):
    X, y = generic(40, p)
    factors = np.resize([1.0, 2.0, 0.5, 4.0], p)
    factors[[0, 3]] = 0
    lam = 0.2 * L1(factors).lam_max(-(X.T @ y) / 40)
    result = minimise(X, y, lam, L1(factors))
    slopes = X.T @ (y - X @ result.w) / len(y)
    assert_allclose(slopes[factors == 0], 0, atol=1e-12 * lam)
    assert (np.abs(slopes) <= lam * factors * (1 + 1e-12) + 1e-12 * lam).all()
    assert result.history[0] == pytest.approx(gap(X, y, np.zeros(p), lam, L1(factors)))
    # Free columns out of the way, the factors are units of the others.
    free, others = X[:, factors == 0], X[:, factors > 0] / factors[factors > 0]
    Q, _ = np.linalg.qr(free)
    alone = minimise(others - Q @ (Q.T @ others), y - Q @ (Q.T @ y), lam, L1())
    assert_allclose(result.w[factors > 0] * factors[factors > 0], alone.w, atol=1e-10 * np.abs(alone.w).max())


@pytest.mark.parametrize("penalty", [L1(), L1([0.0, 1, 1, 1, 1])], ids=str)
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_steps_with_the_residual_bring_back_the_digits_that_squares_lose(penalty, scale):
    X, y = generic(40, 5)
    U, _, Vt = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    X, y = U * np.geomspace(1, 1e-4, 5) @ Vt, scale * (y - y.mean())
    each = 1e-6 * scale * penalty.factors(5)
    l1, l2 = penalty.l1_ratio * each, (1 - penalty.l1_ratio) * each
    G, c = X.T @ X / 40, X.T @ y / 40

    def away(w):
        """√(2n (P(w) − min P)) beside ‖y‖ with these signs, from slopes with more digits."""
        Z, used = X.astype(np.longdouble), np.flatnonzero((w != 0) | (l1 == 0))
        left = (Z.T @ (y - Z @ w) / 40 - l1 * np.sign(w) - l2 * w)[used].astype(float)
        H = G[np.ix_(used, used)] + np.diag(l2[used])
        return np.sqrt(40 * left @ np.linalg.solve(H, left)) / np.linalg.norm(y)

    # The gap, which a small weight magnifies, need not be enough.
    assert away(quietly(minimise, X, y, 1e-6 * scale, penalty).w) < 1e-12
    assert away(followed(G, c, np.zeros(5), l1, l2, False)) > 1e-11


@pytest.mark.parametrize("p", [20, 150])
def test_from_the_minimiser_nothing_is_left_to_do(p):
    X, y = plain(*wide(p=p))
    w = minimise(X, y, 0.2, L1()).w
    again = minimise(X, y, 0.2, L1(), w=w)
    assert again.history[0] <= 1e-12 * (y @ y) / 60
    assert again.n_iter == 1
    assert_allclose(again.w, w, atol=1e-12)


@pytest.mark.parametrize("penalty", PENALTIES, ids=str)
def test_the_way_from_zero_to_a_small_weight_is_by_larger_ones(penalty):
    X, y = plain(*wide())
    critical, weights = penalty.lam_max(-(X.T @ y) / len(y)), []

    class Recorded(WorkingSet):
        def improve(self, lam, penalty):
            weights.append(lam)
            return super().improve(lam, penalty)

    Recorded(X, y).minimise(0.004 * critical, penalty, 1e-12, 100)
    shares = np.array(sorted(set(weights), reverse=True)) / critical
    assert weights == sorted(weights, reverse=True)
    assert_allclose(shares[:-1], 0.6 ** np.arange(1, len(shares)))
    assert 0.6 * 0.05 <= 0.004 / shares[-2] <= 0.05
    # From coefficients that are not zero there is none.
    for lam, w in ((0.06 * critical, np.zeros(150)), (0.004 * critical, np.eye(150)[0])):
        weights.clear()
        Recorded(X, y, w).minimise(lam, penalty, 1e-12, 100)
        assert set(weights) == {lam}


def test_columns_whose_coefficients_would_be_negative_are_no_columns_of_a_positive_working_set():
    X, y = plain(*wide())
    working = WorkingSet(-X * np.sign(X.T @ y), y)
    assert working.improve(0.3 * np.abs(X.T @ y).max() / len(y), L1(positive=True))
    assert not working.of.size


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize("size", [1e-9, 1.0, 1e9])
def test_a_system_is_solved_or_what_no_solution_reaches_is_told(scale, size):
    X, _ = generic(9, 3)
    X = scale * np.hstack([X, X[:, :1]])
    H, inside, off = X.T @ X, size * X.T @ np.arange(9.0), size * scale * np.array([1.0, 0, 0, -1])
    x, missed = solved(H, inside)
    assert missed is None
    assert_allclose(H @ x, inside, rtol=1e-9)
    _, missed = solved(H, inside + off)
    assert_allclose(missed / missed[0], off / off[0], atol=1e-7)
    # With a penalty there is a solution.
    x, missed = solved(lifted(H, scale**2), inside + off)
    assert missed is None
    assert_allclose((X.T @ X + scale**2 * np.eye(4)) @ x, inside + off, rtol=1e-9, atol=1e-9 * np.abs(inside).max())


def test_weights_of_rows_are_those_of_sparse_columns_too():
    X, y = wide()
    X[np.abs(X) < 1] = 0
    s = np.arange(30) % 3 + 0.5
    dense, thin = (plain_problem(kind(X), y, True, False, s) for kind in (np.asarray, sparse.csc_array))
    assert_allclose(minimise(thin.X, thin.y, 0.1, L1()).w, minimise(dense.X, dense.y, 0.1, L1()).w, atol=1e-11)


def test_rescaled_data_rescale_the_coefficients():
    X, y = plain(*wide())
    w = minimise(X, y, 0.1, L1()).w
    assert_allclose(minimise(X, 1e6 * y, 1e5, L1()).w, 1e6 * w, rtol=1e-9, atol=1e-6)
    assert_allclose(minimise(1e-6 * X, y, 1e-7, L1()).w, 1e6 * w, rtol=1e-9, atol=1e-6)


def test_units_over_eight_powers_of_ten_are_solved():
    X, y = generic(60, 8)
    X, y = plain(X * np.geomspace(1e-4, 1e4, 8), y)
    critical = np.abs(X.T @ y).max() / len(y)
    for share in (0.1, 1e-3, 1e-5):
        result = minimise(X, y, share * critical, L1())
        assert (
            L1().subdifferential_distance(result.w, -(X.T @ (y - X @ result.w)) / len(y), share * critical).max()
            <= 1e-13 * critical
        )


# Agreement


@pytest.mark.parametrize("share", [0.3, 1.0])
@pytest.mark.parametrize("positive", [False, True])
def test_agrees_with_descent_and_scikit_learn(share, positive):
    X, y = wide(60, 20)
    Z, t = plain(X, y)
    result = minimise(Z, t, 0.2, ElasticNet(share, positive=positive))
    swept = coordinate_descent.minimise(Z, t, 0.2, ElasticNet(share, positive=positive))
    theirs = linear_model.ElasticNet(0.2, l1_ratio=share, positive=positive, tol=1e-12, max_iter=10**6).fit(X, y)
    assert_allclose(result.w, swept.w, atol=1e-5)
    assert_allclose(result.w, theirs.coef_, atol=1e-7)


# Arrays, and what is refused


@pytest.mark.parametrize("order", "CF")
def test_callers_arrays_are_read_only(order):
    X, y = plain(*wide())
    X, w = np.asarray(X, order=order), np.zeros(150)
    for array in (X, y, w):
        array.flags.writeable = False
    assert_allclose(minimise(X, y, 0.2, L1(), w=w).w, minimise(X, y, 0.2, L1()).w, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_single_precision_is_kept(kind):
    X, y = plain(*wide(), kind)
    result = minimise(X.astype(np.float32), y.astype(np.float32), 0.2, L1())
    assert result.w.dtype == np.float32
    assert_allclose(result.w, minimise(X, y, 0.2, L1()).w, atol=1e-4)


def test_a_larger_tol_asks_for_less():
    X, y = plain(*wide())
    with pytest.warns(RuntimeWarning, match="^stopped after 1 steps"):
        minimise(X, y, 0.2, L1(), max_iter=1, tol=0.0)
    assert minimise(X, y, 0.2, L1(), max_iter=1, tol=1.0).converged


def test_out_of_working_sets_it_says_how_large_the_gap_is():
    X, y = plain(*wide())
    lam = 0.06 * np.abs(X.T @ y).max() / len(y)
    with pytest.warns(RuntimeWarning, match="^stopped after 1 steps"):
        result = minimise(X, y, lam, L1(), max_iter=1)
    assert not result.converged
    assert result.gap == pytest.approx(gap(X, y, result.w, lam, L1()), rel=1e-9)
    assert (result.n_iter, len(result.history)) == (1, 2)


@pytest.mark.parametrize(
    ("penalty", "lam", "loss", "said"),
    [
        (L2(), 0.1, QUADRATIC, "sets no coefficient to zero"),
        (L1(), 0.0, QUADRATIC, "sets no coefficient to zero"),
        (L1([0.0, 0.0]), 0.1, QUADRATIC, "sets no coefficient to zero"),
        (L1([1.0, 0.0], positive=True), 0.1, QUADRATIC, "without a penalty may not be negative"),
        (object(), 0.1, QUADRATIC, "not made of L1 and L2"),
        (L1(), 0.1, None, "the loss is not quadratic"),
    ],
)
def test_it_says_what_it_cannot_take(penalty, lam, loss, said):
    assert said in refusal(X6, loss, penalty, lam)
    if loss:
        with pytest.raises(ValueError, match=f"^penalty cannot be taken by this solver: .*{said}"):
            minimise(X6, y6, lam, penalty)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("size", "said"), [(1e-200, "small"), (1e200, "large")])
def test_numbers_whose_squares_leave_the_range_are_refused_by_name(kind, size, said):
    X, y = wide()
    X[np.abs(X) < 1] = 0
    with pytest.raises(ValueError, match=f"^X .*{said}"):
        minimise(plain(X * size, y, kind)[0], y - y.mean(), 0.1 * size, L1())
    with pytest.raises(ValueError, match=f"^y .*{said}"):
        minimise(plain(X, y, kind)[0], size * y, 0.1 * size, L1())


@pytest.mark.parametrize("what", sorted(BAD_DATA.keys() - {"X sparse"}))
def test_data_that_cannot_be_used_are_refused_by_name(what):
    X, y, message = BAD_DATA[what]
    with pytest.raises(ValueError, match=message):
        minimise(X, y, 0.1, L1())


@pytest.mark.parametrize("what", sorted(BAD_LAMS))
def test_a_lam_that_cannot_be_used_is_refused_by_name(what):
    with pytest.raises(ValueError, match=r"^lam "):
        minimise(X6, y6, BAD_LAMS[what], L1())


@pytest.mark.parametrize("what", sorted(BAD_VECTORS.keys() - {"None"}))
def test_a_start_that_cannot_be_used_is_refused_by_name(what):
    start, message = BAD_VECTORS[what]
    with pytest.raises(ValueError, match=f"^w {message}"):
        minimise(X6, y6, 0.1, L1(), w=start)
