"""Answers compared with a key: choices, signs and numbers.

The key is a function in ``solutions/answers/<slug>.py``, run at release with the task's
parameters; it never leaves.  A student's cell finds its parameters in the dict `inputs`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.checks.base import Limits

VARIANTS = 16
LIMITS = Limits()
NUMBER = r"[+-]?\d*[.,]?\d+([eE][+-]?\d+)?"
LARGEST = 1e308  # of a number; what is larger, infinite or no number at all is none


def variant_of(student: str) -> int:
    """Which of the public variants a student has; case and spaces of an id make no difference."""
    return hashlib.sha256(student.strip().casefold().encode()).digest()[-1] % VARIANTS


@dataclass(frozen=True)
class Form:
    """What an answer must look like: `asks` says it to whoever fills it in, `fault` what is wrong with one."""

    asks: str
    fault: Callable[[Any], str]

    def __call__(self, answer: Any) -> str:
        try:
            return self.fault(answer)
        except (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError):
            # Not every value can be compared, or even be shown: Python refuses to write numbers of 5000 digits.
            return f"answer must be {self.asks}"


@dataclass(frozen=True)
class AnswerTask:
    """A predict or derive exercise: the cell sets `answer`; the key lives with the answers.

    `form` returns what is wrong with the form of an answer, or an empty string;
    `agrees` compares a well-formed answer with the key.  `draw` makes one student's
    parameters (plain numbers and short words, public) from a generator; without it
    everybody has the same question.
    """

    id: str
    form: Form
    agrees: Callable[[Any, Any], bool]
    section: str = ""
    draw: Callable[[np.random.Generator], Mapping[str, Any]] | None = None
    limits: Limits = LIMITS


def choice(*letters: str) -> Form:
    """The form of a multiple-choice answer."""

    def fault(answer: Any) -> str:
        if isinstance(answer, str) and _letter(answer) in letters:
            return ""
        return f"answer must be one letter in quotes, one of {', '.join(map(repr, letters))}; it is {answer!r:.60}"

    return Form('your letter in quotes, like "a"', fault)


def same_choice(answer: Any, key: Any) -> bool:
    return type(answer) is str and _letter(answer) == key


def _letter(answer: str) -> str:
    """A capital or a space around a letter is no other answer."""
    return answer.strip().lower()


def sign() -> Form:
    """The form of a sign: -1, 0 or 1."""

    def fault(answer: Any) -> str:
        if _real(answer) and answer in (-1, 0, 1):
            return ""
        return f"answer must be -1, 0 or 1; it is {answer!r:.60}{_cure(answer)}"

    return Form("a sign: -1, 0 or 1", fault)


def same_sign(answer: Any, key: Any) -> bool:
    return bool(_real(answer) and answer == key)


def number(above: float | None = None) -> Form:
    """The form of one finite number, greater than `above` where that is given."""
    beyond = "" if above is None else f" above {above:g}"

    def fault(answer: Any) -> str:
        # Compared, not converted: an integer has no bounds, and a float has.
        if _real(answer) and abs(answer) <= LARGEST and (above is None or answer > above):
            return ""
        return f"answer must be one finite number{beyond}; it is {answer!r:.60}{_cure(answer)}"

    return Form(f"a number{beyond}", fault)


def _cure(answer: Any) -> str:
    """What to do about a number in quotes, or one with a comma, of which Python makes two numbers."""
    if type(answer) is tuple and len(answer) == 2 and all(type(part) is int for part in answer):
        return ": write a decimal point, not a comma"
    if type(answer) is not str or len(answer) > 60 or not re.fullmatch(NUMBER, answer.strip()):
        return ""
    return ": write it without the quotes" + (", and with a decimal point" if "," in answer else "")


def within(rtol: float, atol: float = 0.0) -> Callable[[Any, Any], bool]:
    """Agreement of a number with its key, up to the digits that are asked for."""

    def agrees(answer: Any, key: Any) -> bool:
        return bool(_real(answer) and abs(float(answer) - key) <= atol + rtol * abs(key))

    return agrees


FOUR_DIGITS = within(rtol=1.1e-3)  # four significant digits, cut off and not rounded, are right to a unit in 1000


def _real(answer: Any) -> bool:
    """A plain or numpy real number; a bool, a string or an array of one is none."""
    return isinstance(answer, int | float | np.integer | np.floating) and not isinstance(answer, bool)
