"""The lasso and the elastic net on a Gram matrix, by following the signs of the coefficients that are not zero.

With signs `s` on the columns used a minimiser solves ``(G + l2 I) w = c − l1 s``.  A step goes to the solution of this
system; a coefficient that would change its sign on the way becomes zero; columns whose slope exceeds `l1` enter with
the sign of their slope.  Every step lowers the objective, and there are only so many signs.
"""

import numpy as np

MOST_STEPS = 200
DEPENDENT = 1e-13  # of a column's squared length, what the others leave of it at most
FAR = 1e12  # steps, where a direction has no end but a change of sign


def followed(G, c, w, l1, l2, positive):
    """Minimise ``w·Gw/2 − c·w + l1 ‖w‖₁ + l2/2 ‖w‖₂²``.

    Parameters
    ----------
    G : ndarray of shape (m, m)
        ``XᵀX/n``, symmetric and not negative.
    c : ndarray of shape (m,)
        ``Xᵀy/n``.
    w : ndarray of shape (m,)
        Where to start, never changed.
    l1 : float
        > 0.
    l2 : float
        >= 0.
    positive : bool
        Whether negative coefficients are forbidden; `w` has none, then.

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
    >>> followed(np.array([[2., 1.], [1., 2.]]), np.array([3., 1.]), np.zeros(2), 1.0, 0.0, False)
    array([1., 0.])
    """
    w, alone, value = w.copy(), False, np.inf
    for _ in range(MOST_STEPS):
        used = np.flatnonzero(w)
        slopes = c - (G[:, used] @ w[used] if used.size else 0) - l2 * w
        close = 1e-11 * l1 + 10 * np.finfo(float).eps * float(np.abs(c).max(initial=0))
        settled = not used.size or np.abs(slopes[used] - l1 * np.sign(w[used])).max() <= close
        outside = np.where(w == 0, slopes if positive else np.abs(slopes), 0)
        enter = np.flatnonzero(outside > l1 + close)
        if settled and not enter.size:
            break
        most = 1 if alone else max(10, used.size)
        if enter.size > most:
            enter = enter[np.argpartition(-outside[enter], most - 1)[:most]]
        A = np.append(used, enter)
        s = np.append(np.sign(w[used]), np.sign(slopes[enter]))
        A, s, x = _towards(G, c, w, l1, l2, A, s)
        if x is None or (settled and not (w[A] == 0).any()):
            if alone:
                break
            alone = True
            continue
        new, crossing = x.copy(), x * s < 0
        new[crossing] = 0
        before = _value(G, c, w[A], A, l1, l2)
        if crossing.any() and not _value(G, c, new, A, l1, l2) < before:
            shares = w[A][crossing] / (w[A][crossing] - x[crossing])
            new = w[A] + shares.min() * (x - w[A])
            new[np.flatnonzero(crossing)[shares <= shares.min() * (1 + 1e-12)]] = 0
        now = _value(G, c, new, A, l1, l2)
        if not now < value and alone and not settled:
            break
        alone, value = alone and not settled, min(now, value)
        w = np.zeros(len(w))
        w[A] = new
    return w


def _towards(G, c, w, l1, l2, A, s):
    """The solution for columns `A` with signs `s`, without those that would enter with the wrong one."""
    while A.size:
        x, along = solved(lifted(G[np.ix_(A, A)], l2), c[A] - l1 * s)
        # Where the columns depend on each other the objective falls along this for ever, but for the signs.
        x = x if along is None else w[A] + FAR * along
        wrong = (w[A] == 0) & (x * s <= 0)
        if not wrong.any():
            return A, s, x
        A, s = A[~wrong], s[~wrong]
    return A, s, None


def _value(G, c, v, A, l1, l2):
    return v @ (G[np.ix_(A, A)] @ v) / 2 - c[A] @ v + l1 * np.abs(v).sum() + l2 / 2 * v @ v


def lifted(G, l2):
    """`G` with `l2` on its diagonal, in place.

    Parameters
    ----------
    G : ndarray of shape (m, m)
    l2 : float

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
    from scipy.linalg.lapack import dposv

    if not len(H):
        return right, None
    # Of all diagonal scalings, ones on the diagonal are nearly the best for the condition.
    diagonal = H.diagonal()
    units = 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1))
    H, right = H * np.outer(units, units), units * right
    factor, x, info = dposv(H, right)
    if not info and np.diag(factor).min() ** 2 > DEPENDENT:
        return units * x, None
    x = np.linalg.lstsq(H, right, rcond=DEPENDENT)[0]
    missed = right - H @ x
    return units * x, units * missed if np.linalg.norm(missed) > 1e-6 * np.linalg.norm(right) else None
