"""Questions of the lasso chapter: choices that are the same for all, and numbers that are each student's own.

What each parameter means stands on the exercise page; the keys are functions of the same names in
``solutions/answers/lasso.py``.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from autograder.checks.answers import FOUR_DIGITS, AnswerTask, choice, number, same_choice, same_sign, sign
from autograder.checks.draws import pick

Rng = np.random.Generator
Parameters = Mapping[str, float]


def enters(rng: Rng) -> Parameters:
    """A correlation of two standardised columns, and what each has in common with the target; the first has more.

    With the first turned to be positive, the second comes in above zero as often as below, with either sign of
    the correlation, well after the first and well before the end, and nowhere near what it has in common with
    the target.
    """
    above, alike = _coins(rng)
    while True:
        r, z1, z2 = pick(rng, 3, 8, 0.1), pick(rng, 10, 30, 0.1), pick(rng, 2, 28, 0.1) * _either(rng)
        r = r if alike else -r
        rest = z2 - r * z1
        lam = abs(rest) / (1 - r if above else 1 + r)
        if above == (rest > 0) and 0.1 * z1 < lam < 0.8 * z1 and abs(z2) < 0.95 * z1 and abs(lam / abs(z2) - 1) > 0.05:
            turn = _either(rng)
            return _numbers(r=r, z1=turn * z1, z2=turn * z2)


def budget(rng: Rng) -> Parameters:
    """What four orthogonal columns have in common with the target, and an L1 norm at which one or two are out."""
    left = 2 if rng.random() < 0.5 else 3
    while True:
        sizes = np.array([pick(rng, 2, 80, 0.1) for _ in range(4)])
        t = pick(rng, 50, 900, 0.01)
        largest = np.sort(sizes)[::-1]
        # Of whatever number of them, shared among whatever number: one of these is right, and no other near it.
        shares = (np.cumsum(largest)[:, None] - t) / np.arange(1, 5)
        lam = shares[left - 1, left - 1]
        clear = largest[left] + 0.2 < lam < largest[left - 1] - 0.2 and np.all(np.diff(largest) < 0)
        if clear and np.sum(np.abs(shares - lam) < 0.03 * lam) == 1:
            z = sizes * np.array([1.0, -1.0, 1.0, -1.0]) * _either(rng)
            return _numbers(**{f"z{j + 1}": z[j] for j in range(4)}, t=t)


def grows(rng: Rng) -> Parameters:
    """Correlations of three standardised columns, and the signs of their lasso coefficients, all in use.

    With every column turned so that its coefficient is positive, the first resembles both others, so that it
    stands for both; whether that is enough depends on how much these resemble each other, if they do.  Neither
    by whether they do, nor by how much the first resembles them, is the answer found in more than half.
    """
    wanted, alike = _coins(rng)
    while True:
        h12, h13, h23 = pick(rng, 3, 8, 0.1), pick(rng, 3, 8, 0.1), pick(rng, -4, 6, 0.1)
        G = np.array([[1.0, h12, h13], [h12, 1.0, h23], [h13, h23, 1.0]])
        excess = h12 + h13 - 1 - h23
        clear = np.linalg.eigvalsh(G)[0] > 0.05 and 0.15 < abs(excess) < 0.45
        if clear and wanted == (excess > 0) and alike == (h23 > 0) == (h12 + h13 > 1.05):
            s = [int(_either(rng)) for _ in range(3)]
            r = {"r12": s[0] * s[1] * h12, "r13": s[0] * s[2] * h13, "r23": s[1] * s[2] * h23}
            return {**_numbers(**r), "s1": s[0], "s2": s[1], "s3": s[2]}


def _coins(rng: Rng) -> tuple[bool, bool]:
    """Two throws, the last of four: over the variants of both tasks these fall in nearly equal numbers each way."""
    third, fourth = rng.random(4)[2:] < 0.5
    return bool(third), bool(fourth)


def _either(rng: Rng) -> float:
    return float(rng.choice([-1.0, 1.0]))


def _numbers(**named: float) -> Parameters:
    """With few digits, and none of a product's rounding."""
    return {name: round(float(value), 6) + 0.0 for name, value in named.items()}


QUESTIONS = (
    AnswerTask("lasso.enters", number(above=0), FOUR_DIGITS, section="sec-lasso-kkt", draw=enters),
    AnswerTask("lasso.budget", number(above=0), FOUR_DIGITS, section="sec-lasso-orthogonal", draw=budget),
    AnswerTask("lasso.nonzeros", choice("a", "b", "c", "d"), same_choice, section="sec-lasso-misleads"),
    AnswerTask("lasso.unique", choice("a", "b", "c", "d"), same_choice, section="sec-lasso-unique"),
    AnswerTask("lasso.grows", sign(), same_sign, section="sec-lasso-signs", draw=grows),
    AnswerTask("lasso.corner", choice("a", "b", "c", "d"), same_choice, section="sec-lasso-misleads"),
)
