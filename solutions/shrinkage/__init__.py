"""Shrinkage: L1 and L2 regularization, one module a chapter, in the letters of the formulas.

Every function works on the same objective,

    P(w, b) = 1/(2 Σs_i) Σ s_i (y_i − x_i·w − b)² + lam · (l1_ratio ‖w‖₁ + (1 − l1_ratio)/2 ‖w‖₂²),

whose intercept `b` is never penalised.  `conversions` is the bridge to the penalty weights of other
libraries.  Each module belongs to a chapter of the book; a module that a bundle does not hold yet is
absent, and the others work without it.  ``python -m shrinkage`` shows how much of the package is
one's own work.
"""

from importlib import import_module
from importlib.util import find_spec

_MODULES = ("conversions", "least_squares", "ridge")


def __getattr__(name):
    """Import a chapter's module when it is first asked for (PEP 562)."""
    if name in _MODULES and find_spec(f"{__name__}.{name}") is not None:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *(name for name in _MODULES if find_spec(f"{__name__}.{name}") is not None)])
