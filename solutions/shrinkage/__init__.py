"""Shrinkage: L1 and L2 regularization, one module a chapter, in the letters of the formulas.

Every function works on the same objective,

    P(w, b) = 1/(2 Σs_i) Σ s_i (y_i − x_i·w − b)² + lam · (l1_ratio ‖w‖₁ + (1 − l1_ratio)/2 ‖w‖₂²),

whose intercept `b` is never penalised.  `conversions` is the bridge to the penalty weights of other
libraries.  Each module belongs to a chapter of the book; where a chapter is left out its module is
absent, and the others work without it.  The estimators of `estimators` are names of the package
itself.  ``python -m shrinkage`` shows how much of the package is one's own work.
"""

from importlib import import_module
from pkgutil import iter_modules


def __getattr__(name):
    """Import a chapter's module, or an estimator, when it is first asked for (PEP 562)."""
    if not name.startswith("_"):
        if home := _estimators().get(name):
            return getattr(import_module(f"{__name__}.estimators.{home}"), name)
        try:
            return import_module(f"{__name__}.{name}")
        except ModuleNotFoundError as problem:
            # A module that fails because *another* one is missing must say which.
            if problem.name != f"{__name__}.{name}":
                raise
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _estimators():
    """The names of the estimators, with their modules; none where there are no estimators."""
    try:
        return import_module(f"{__name__}.estimators").HOMES
    except ModuleNotFoundError:
        return {}


def __dir__():
    modules = (module.name for module in iter_modules(__path__))
    return sorted({*globals(), *_estimators(), *(name for name in modules if not name.startswith("_"))})
