"""The lasso and the elastic net on a Gram matrix, by following the signs of the coefficients that are not zero.

With signs `s` on the columns used a minimiser solves ``(G + diag(l2)) w = c − l1 s``.  A step goes to the solution of
this system; a coefficient that would change its sign on the way becomes zero; columns whose slope exceeds `l1` enter
with the sign of their slope.  Every step lowers the objective, and there are only so many signs.
"""

import numpy as np

MOST_STEPS = 200
DEPENDENT = 1e-13  # of a column's squared length, what the others leave of it at most
FAR = 1e12  # steps, where a direction has no end but a change of sign


def followed(G, c, w, l1, l2, positive):
    """Minimise ``w·Gw/2 − c·w + Σ_j (l1_j |w_j| + l2_j w_j²/2)``.

    Parameters
    ----------
    G : ndarray of shape (m, m)
        ``XᵀX/n``, symmetric and not negative.
    c : ndarray of shape (m,)
        ``Xᵀy/n``.
    w : ndarray of shape (m,)
        Where to start, never changed.
    l1, l2 : ndarray of shape (m,)
        >= 0; a column with neither is free of any penalty.
    positive : bool
        Whether negative coefficients are forbidden; `w` has none, then, and every `l1` is > 0.

    Returns
    -------
    ndarray of shape (m,)
        A minimiser up to rounding, or as near as it came in `MOST_STEPS`.

    References
    ----------
    Osborne, Presnell & Turlach (2000), IMA J. Numer. Anal. 20(3), 389-403; Lee, Battle, Raina & Ng (2006), NeurIPS 19,
    801-808.

    Examples
    --------
    >>> followed(np.array([[2., 1.], [1., 2.]]), np.array([3., 1.]), np.zeros(2), np.ones(2), np.zeros(2), False)
    array([1., 0.])
    """
    w, most, value = w.copy(), max(10, np.count_nonzero(w)), np.inf
    close = 1e-13 * l1.max(initial=0) + 10 * np.finfo(float).eps * np.abs(c).max(initial=0)
    for _ in range(MOST_STEPS):
        # What no L1 holds at zero is used, and has no sign to keep.
        used = np.flatnonzero((w != 0) | (l1 == 0))
        slopes = c - (G[:, used] @ w[used] if used.size else 0) - l2 * w
        settled = not used.size or np.abs(slopes[used] - l1[used] * np.sign(w[used])).max() <= close
        outside = np.where((w == 0) & (l1 > 0), (slopes if positive else np.abs(slopes)) - l1, -np.inf)
        enter = np.flatnonzero(outside > close)
        if settled and not enter.size:
            break
        if enter.size > most:
            enter = enter[np.argpartition(-outside[enter], most - 1)[:most]]
        A = np.append(used, enter)
        s = np.append(np.sign(w[used]), np.sign(slopes[enter]))
        A, s, x = _towards(G, c, w, l1, l2, A, s, one_by_one=most == 1)
        new, now, before = (None, np.inf, np.inf) if x is None else _step(G, c, w, l1, l2, A, s, x)
        if new is not None and (now < before or (now <= value and not settled)):
            w, value, most = np.zeros(len(w)), now, min(2 * most, len(w))
            w[A] = new
        elif most > 1:
            # Many at once may depend on each other, or turn the signs of each other.
            most = max(1, most // 8)
        else:
            break
    return w


def _step(G, c, w, l1, l2, A, s, x):
    """Where the way to `x` ends, and the values there and here: `x` without what changes its sign, or a change."""
    before = _value(G, c, w[A], A, l1, l2)
    crossing = (x * s < 0) & (l1[A] > 0)
    new = np.where(crossing, 0, x)
    now = _value(G, c, new, A, l1, l2)
    if crossing.any() and not now < before:
        shares = w[A][crossing] / (w[A][crossing] - x[crossing])
        new = w[A] + shares.min() * (x - w[A])
        new[np.flatnonzero(crossing)[shares <= shares.min() * (1 + 1e-12)]] = 0
        now = _value(G, c, new, A, l1, l2)
    return new, now, before


def _towards(G, c, w, l1, l2, A, s, one_by_one):
    """The solution for columns `A` with signs `s`, without those that would enter with the wrong one."""
    while A.size:
        x, missed = solved(lifted(G[np.ix_(A, A)], l2[A]), c[A] - l1[A] * s)
        if missed is not None and not one_by_one:
            return A, s, None
        # Where the columns depend on each other the objective falls along this for ever, but for the signs.
        x = x if missed is None else w[A] + FAR * missed
        wrong = (w[A] == 0) & (x * s <= 0) & (l1[A] > 0)
        if not wrong.any():
            return A, s, x
        A, s = A[~wrong], s[~wrong]
    return A, s, None


def _value(G, c, v, A, l1, l2):
    return v @ (G[np.ix_(A, A)] @ v) / 2 - c[A] @ v + l1[A] @ np.abs(v) + l2[A] @ v**2 / 2


def lifted(G, l2):
    """`G` with `l2` on its diagonal, in place.

    Parameters
    ----------
    G : ndarray of shape (m, m)
    l2 : ndarray of shape (m,)

    Returns
    -------
    ndarray of shape (m, m)

    Examples
    --------
    >>> lifted(np.ones((2, 2)), 1.0)
    array([[2., 1.],
           [1., 2.]])
    """
    G.flat[:: len(G) + 1] += l2
    return G


def solved(H, right):
    """A solution of a system with a symmetric matrix that is not negative, or the nearest to one.

    Parameters
    ----------
    H : ndarray of shape (m, m)
    right : ndarray of shape (m,)

    Returns
    -------
    x : ndarray of shape (m,)
    missed : ndarray of shape (m,) or None
        Where no `x` solves the system, what of `right` it misses, in units in which `H` has ones on its diagonal.

    Examples
    --------
    >>> solved(np.diag([2., 4.]), np.array([2., 2.]))
    (array([1. , 0.5]), None)
    """
    if not len(H):
        return right, None
    # Of all diagonal scalings, ones on the diagonal are nearly the best for the condition.
    diagonal = H.diagonal()
    units = 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1))
    H, right = H * np.outer(units, units), units * right
    try:
        if np.diag(np.linalg.cholesky(H)).min() ** 2 > DEPENDENT:
            return units * np.linalg.solve(H, right), None
    except np.linalg.LinAlgError:
        pass
    x = np.linalg.lstsq(H, right, rcond=DEPENDENT)[0]
    missed = right - H @ x
    return units * x, units * missed if np.linalg.norm(missed) > 1e-6 * np.linalg.norm(right) else None
