"""Where the judge meets student code: which level starts here, and a sandbox of that level.

A sandbox opens a session for each submission's package; a session gives a caller for each task.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.checks import CALLBACKS
from autograder.checks.base import Limits
from autograder.sandbox.launch import Level
from autograder.sandbox.oracle import Callbacks
from autograder.sandbox.package import ImportProblem
from autograder.sandbox.process import SandboxUnavailable
from autograder.sandbox.session import Session

__all__ = ["ImportProblem", "Level", "Probe", "Sandbox", "SandboxUnavailable", "Session", "open_sandbox", "probe"]

IMPORT_SECONDS = 5.0
SUBMISSION_SECONDS = 300.0


@dataclass(frozen=True)
class Probe:
    """The best level that starts here (None: not even D), and for every other why not and the cure."""

    level: Level | None
    details: Mapping[Level, str]


def probe() -> Probe:
    """Start each level for real, and try in it what it must forbid."""
    details = {level: reason for level in Level if (reason := _why_not(level))}
    return Probe(next((level for level in Level if level not in details), None), details)


def _why_not(level: Level) -> str:
    try:
        with Sandbox(level).open({}) as session:
            _prove(session, level)
    except SandboxUnavailable as problem:
        return _cure(str(problem))
    return ""


def _prove(session: Session, level: Level) -> None:
    if session.answer("answer = 1 + 1", Limits()).values != (2,):
        raise SandboxUnavailable("a fork of the worker brings back no value")
    if level is Level.A:
        sealed = session.answer("import socket\nsocket.socket()\nanswer = 0", Limits())
        if sealed.detail != "PermissionError":
            raise SandboxUnavailable("the system-call filter does not hold")


def _cure(problem: str) -> str:
    """What bubblewrap or Python said, and the command that helps."""
    if "seccomp" in problem:
        return f"{problem}; cure: apt-get install libseccomp2, pip install -r requirements.txt"
    if "bubblewrap is not installed" in problem:
        return f"{problem}; cure: apt-get install bubblewrap"
    if "ermission denied" in problem or "not permitted" in problem or "namespace" in problem:
        return (
            f"{problem}; user namespaces are off here; cure: sysctl kernel.unprivileged_userns_clone=1, "
            "on Ubuntu sysctl kernel.apparmor_restrict_unprivileged_userns=0"
        )
    return problem


def open_sandbox(level: Level | None = None) -> Sandbox:
    """A sandbox of the level asked for, or of the best that works here.

    Raises
    ------
    SandboxUnavailable
        If that level, or without a level any, does not start; there is no silent fall-back
        from a level asked for.
    """
    reasons = []
    for tried in Level if level is None else (level,):
        reason = _why_not(tried)
        if not reason:
            return Sandbox(tried)
        reasons.append(f"level {tried.value}: {reason}")
    raise SandboxUnavailable("; ".join(reasons))


class Sandbox:
    """Opens sessions at one level."""

    def __init__(self, level: Level) -> None:
        self.level = level

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is kept between sessions: each has a jail of its own."""

    def open(
        self,
        files: Mapping[str, str],
        *,
        seconds: float = SUBMISSION_SECONDS,
        import_seconds: float = IMPORT_SECONDS,
        callbacks: Callbacks | None = None,
    ) -> Session:
        """A session on a student package given as texts.

        Parameters
        ----------
        files : mapping
            Texts of the package by path below it, as ``ridge.py``.
        seconds : float
            Wall time of everything the session does in student code.
        import_seconds : float
            Wall time of one import of the package.
        callbacks : mapping, optional
            Functions that run here when student code calls a `Callback`, by its name; those of
            `autograder.checks` unless others are given.

        Notes
        -----
        The session must end in the thread that opened it: the jail dies with that thread.
        """
        return Session(self.level, files, seconds, import_seconds, CALLBACKS if callbacks is None else callbacks)
