"""Questions of the ridge chapter: choices that are the same for all, and numbers that are each student's own.

What each parameter means stands on the exercise page; the keys are functions of the same names in
``solutions/answers/ridge.py``.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from autograder.checks.answers import FOUR_DIGITS, AnswerTask, choice, number, same_choice, same_sign, sign
from autograder.checks.draws import pick

Rng = np.random.Generator
Parameters = Mapping[str, float]


def two_columns(rng: Rng) -> Parameters:
    """Rows, a correlation of two standardised columns, and the degrees of freedom they are to count as."""
    return {"n": int(pick(rng, 12, 90)), "r": pick(rng, 40, 95, 0.01), "df": pick(rng, 24, 36, 0.05)}


def break_even(rng: Rng) -> Parameters:
    """Rows, the sum of squares of one centred column, its true coefficient, and the variance of the noise.

    The signal is a few times the noise: were it weaker, ridge would win at every lam, and were it
    much stronger, the limit for strong signals would pass for the answer.
    """
    n, sxx, beta = int(pick(rng, 12, 60)), int(pick(rng, 20, 160)), pick(rng, 5, 20, 0.1)
    sigma2 = max(0.5, round(2 * sxx * beta**2 / rng.uniform(2.0, 8.0)) / 2)
    return {"n": n, "sxx": sxx, "beta": beta, "sigma2": sigma2}


def grows(rng: Rng) -> Parameters:
    """A correlation of two standardised columns and what each has in common with the target.

    The coefficient and its slope are far from zero, one as often grows as it shrinks, and the second
    column always takes something from the first, so that its sign alone settles nothing.
    """
    wanted = 1.0 if rng.random() < 0.5 else -1.0
    while True:
        r = pick(rng, 3, 9, 0.1) * rng.choice([-1.0, 1.0])
        z1, z2 = (pick(rng, 1, 20, 0.1) * rng.choice([-1.0, 1.0]) for _ in range(2))
        w1, w2 = (z1 - r * z2) / (1 - r**2), (z2 - r * z1) / (1 - r**2)
        if r * z1 * z2 > 0 and min(abs(w1), abs(w2)) > 0.2 and wanted * (r * w2 - w1) / ((1 - r**2) * w1) > 0.3:
            return {"r": round(float(r), 6), "z1": round(float(z1), 6), "z2": round(float(z2), 6)}


LETTERS = "abcd"
QUESTIONS: tuple[AnswerTask, ...] = (
    AnswerTask("ridge.zeros", choice(*LETTERS), same_choice, section="sec-ridge-svd"),
    AnswerTask("ridge.shrinks_first", choice(*LETTERS), same_choice, section="sec-ridge-svd"),
    AnswerTask("ridge.grows", sign(), same_sign, section="sec-ridge-picture", draw=grows),
    AnswerTask("ridge.two_columns", number(above=0), FOUR_DIGITS, section="sec-ridge-df", draw=two_columns),
    AnswerTask("ridge.break_even", number(above=0), FOUR_DIGITS, section="sec-ridge-better", draw=break_even),
)
