"""What a solver gives back: coefficients, and how far they can be from the optimum."""

import sys
import warnings
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, eq=False)
class Result:
    """What a solver found, and a certificate of it.

    It predicts ``X @ result.w + result.b`` (plus an offset, where there was one), and uses the columns
    ``np.flatnonzero(result.w)``.  `w` is nearer to a minimiser than ``√(2 gap / m)`` wherever the objective is
    m-strongly convex in it: a gap of 1e-12 promises about six digits of coefficients, and often leaves more.

    Parameters
    ----------
    w : ndarray of shape (p,), or (p, K) for K classes
        Coefficients, response units per unit of each column.
    b : float, or ndarray of shape (K,)
        Intercept in response units; 0 on centred data.
    gap : float
        Bound on the objective at `w` and `b` minus the least, in the units of the objective.
    n_iter : int
        Sweeps or steps; 1 for a solver that does not iterate.
    history : ndarray of shape (n_iter + 1,)
        The gap before the first sweep and after each.
    converged : bool
        Whether the gap is as small as was asked for; False where the solver merely stopped.
    solver : str
        Name of the solver.

    Examples
    --------
    >>> Result(np.zeros(2), 0.0, gap=1e-13, n_iter=1, history=np.array([2.0, 1e-13])).converged
    True
    """

    w: np.ndarray
    b: float
    gap: float
    n_iter: int
    history: np.ndarray
    converged: bool = True
    solver: str = ""


@dataclass(eq=False)
class Progress:
    """The gaps of a solver at work, and when they are enough.

    Parameters
    ----------
    enough : float
        Gap to reach, in the units of the objective, >= 0.
    max_iter : int
        Steps at most.
    history : list of float
        The gaps so far.
    stuck : bool
        Whether the last step moved nothing, so that no other will.

    Examples
    --------
    >>> progress = Progress(enough=0.1, max_iter=10)
    >>> for gap in (3.0, 0.05):
    ...     progress.record(gap)
    >>> progress.converged, progress.over
    (True, True)
    """

    enough: float
    max_iter: int
    history: list = field(default_factory=list)
    stuck: bool = False

    def record(self, gap):
        """Take down the gap at the current point."""
        self.history.append(float(gap))

    @property
    def converged(self):
        """Whether the last gap is enough; one that is not a number is not."""
        return self.history[-1] <= self.enough

    @property
    def over(self):
        """Whether to end: converged, out of steps, or at a point that no step moves."""
        return self.converged or self.stuck or len(self.history) > self.max_iter

    def result(self, w, b, solver):
        """The `Result` at the last point recorded, `w` and `b`; warns of one that has stopped and not converged."""
        n_iter = len(self.history) - 1
        if not self.converged:
            cure = "no step moves it any more, so ask for less: raise tol" if self.stuck else "raise max_iter"
            warn_outside(
                f"stopped after {n_iter} steps with the gap {self.history[-1]:.1e}, above {self.enough:.1e}: {cure}"
            )
        return Result(w, b, self.history[-1], n_iter, np.array(self.history), self.converged, solver)


def warn_outside(message):
    """Warn at the first line outside of this package, whichever of its functions that line has called.

    Parameters
    ----------
    message : str

    Raises
    ------
    RuntimeWarning
        Where the filter of warnings makes errors of them.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings(record=True, action="always") as caught:
    ...     warn_outside("stopped early")
    >>> str(caught[0].message)
    'stopped early'
    """
    level, frame = 1, sys._getframe()
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == "shrinkage":
        level, frame = level + 1, frame.f_back
    warnings.warn(message, RuntimeWarning, stacklevel=level)
