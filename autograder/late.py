"""What lateness costs: the rule of an offering, and its place among nbgrader's plug-ins."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.offering_values import Place, number, span

# Which of several submissions counts; the first is the rule where none is given.
ATTEMPTS = ("last", "best", "before the deadline")
DAY = 86_400.0
SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|percent|per cent)\s*(?:a|per)\s*day")
KEYS = ("per_day", "at_most", "grace", "closed_after")


@dataclass(frozen=True)
class Late:
    """A share of the points earned that is lost, by seconds after the student's own due date.

    Parameters
    ----------
    per_day : float
        Share lost for every 24 hours begun, from 0 to 1.
    at_most : float
        The largest share that `per_day` can cost.
    grace : float
        Seconds within which nothing is lost; beyond them lateness counts from the due date.
    closed_after : float or None
        Seconds after which everything is lost.
    """

    per_day: float = 0.0
    at_most: float = 1.0
    grace: float = 0.0
    closed_after: float | None = None

    @classmethod
    def parse(cls, value: Any, where: Place) -> Late:
        """The rule from its words or its table in the offering file."""
        if value == "accepted":
            return cls()
        if value == "zero after the deadline":
            return cls(closed_after=0.0)
        if isinstance(value, str) and (found := SHARE.fullmatch(value.strip())):
            return cls(per_day=number(float(found.group(1)), where, 100.0) / 100)
        if not isinstance(value, Mapping):
            where.refuse(
                f"{value!r} is no rule",
                'write "accepted", "zero after the deadline", "10 % a day" or a table such as '
                '{per_day = 10, at_most = 50, grace = "15 minutes", closed_after = "7 days"}',
            )
        for key in sorted(set(value) - set(KEYS)):
            where.at(key).refuse("is not known", f"use {', '.join(KEYS)}")
        shares = {k: number(value[k], where.at(k), 100.0) / 100 for k in ("per_day", "at_most") if k in value}
        times = {k: span(value[k], where.at(k)).total_seconds() for k in ("grace", "closed_after") if k in value}
        if "at_most" in shares and "per_day" not in shares:
            where.at("at_most").refuse("limits no loss", "add per_day = 10, the percentage lost a day")
        return cls(**shares, **times)

    def share(self, seconds_late: float) -> float:
        """The share of the points earned that is lost."""
        if seconds_late <= self.grace or seconds_late <= 0:
            return 0.0
        if self.closed_after is not None and seconds_late > self.closed_after:
            return 1.0
        return min(self.per_day * math.ceil(seconds_late / DAY), self.at_most)

    def penalty(self, earned: float, seconds_late: float) -> float:
        """The points lost, in whole hundredths and never more than were earned."""
        return min(round(max(earned, 0.0) * self.share(seconds_late), 2), max(earned, 0.0))

    @property
    def words(self) -> str:
        """The rule as a student reads it."""
        if self == Late():
            return "late work is accepted"
        parts = []
        if self.per_day:
            most = f", at most {100 * self.at_most:g} %" if self.at_most < 1 else ""
            parts.append(f"{100 * self.per_day:g} % of the points earned for every 24 hours begun{most}")
        if self.closed_after is not None:
            after = f" more than {in_words(self.closed_after)} after the due date" if self.closed_after else ""
            parts.append(f"everything{after}")
        grace = f", nothing within {in_words(self.grace)}" if self.grace else ""
        return f"lateness costs {', and '.join(parts) or 'nothing'}{grace}"


def in_words(seconds: float) -> str:
    """How long, in the largest two units: "1 day 3 h", "12 min"."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    units = [(days, f"{days} day{'' if days == 1 else 's'}"), (hours, f"{hours} h"), (minutes, f"{minutes} min")]
    shown = [text for amount, text in units if amount]
    return " ".join(shown[:2])
