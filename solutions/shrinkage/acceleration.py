"""From the last few points of a slow iteration, a guess at where it is heading."""

import numpy as np

from shrinkage.inputs import as_count


class Anderson:
    """Anderson's extrapolation of an iteration whose steps near a limit are linear.

    If each step is ``w ← T w + c``, the combination of the last points whose step is shortest, among those with
    coefficients of sum one, is far nearer to the limit than any of them.  Whether a guess is taken is for its
    user to say, by its objective.

    Parameters
    ----------
    memory : int
        Steps that a guess is made from, >= 1.

    Raises
    ------
    ValueError
        If `memory` is no such number.

    References
    ----------
    Bertrand & Massias (2021), Proc. AISTATS, 1288-1296.

    Examples
    --------
    Two coefficients whose distance to (1, 2) falls to a half and to a third at every step are known after three:

    >>> anderson, w = Anderson(memory=3), np.array([0., 0.])
    >>> for _ in range(4):
    ...     guess = anderson.guess(w)
    ...     w = np.array([1., 2.]) + (w - np.array([1., 2.])) * np.array([1 / 2, 1 / 3])
    >>> guess.round(2)
    array([1., 2.])
    """

    def __init__(self, memory=5):
        self.memory, self.points = as_count(memory, "memory"), []

    def guess(self, w):
        """Take down the point `w` of shape (p,); the guess where there are enough of them, else None.

        A guess uses up the points that it was made from: the next one needs as many new ones.
        """
        self.points.append(w.astype(np.float64))
        if len(self.points) <= self.memory:
            return None
        points, self.points = np.array(self.points), []
        steps = np.diff(points, axis=0)
        # The shortest combination of the steps: the last one, moved by its differences to the others.
        c = np.linalg.lstsq((steps[:-1] - steps[-1]).T, -steps[-1])[0]
        guess = c @ points[1:-1] + (1 - c.sum()) * points[-1]
        # What has come to rest at zero is there to the last digit, not at a mean of where it was.
        return np.where(points[-2:].any(axis=0), guess, 0).astype(w.dtype)
