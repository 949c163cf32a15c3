"""Data to draw cases from, shared by the chapters' checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.base import Case, call
from autograder.checks.certificates import lasso_exact

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
DATA = Path(__file__).parents[2] / "book" / "_data"


def read_table(file: str) -> Floats:
    """A table of numbers without its first line; only authors have the file, and only they draw cases."""
    return np.genfromtxt(DATA / file, delimiter=",", skip_header=1)


def some_rows(rng: np.random.Generator, of: int, size: int) -> Rows:
    """Rows to keep, in their order."""
    return np.sort(rng.choice(of, size, replace=False))


def standardised(X: Floats) -> tuple[Floats, Floats, Floats]:
    """Columns of mean 0 and population variance 1, with the means and scales that they had."""
    mean, scale = X.mean(axis=0), X.std(axis=0)
    return (X - mean) / scale, mean, scale


def regression(
    rng: np.random.Generator,
    n: int,
    p: int,
    *,
    centred: bool = True,
    correlation: float = 0.0,
    offset: float = 3.0,
    noise: float = 0.5,
) -> tuple[Floats, Floats]:
    """A linear model's data; columns of unlike scales, with a common factor of weight `correlation`.

    Without `centred`, every column and `y` keep a mean of the order of `offset`.
    """
    scales = rng.uniform(0.5, 2.0, p)
    common = rng.standard_normal((n, 1))
    X = scales * (np.sqrt(1 - correlation) * rng.standard_normal((n, p)) + np.sqrt(correlation) * common)
    y = X @ rng.standard_normal(p) + noise * rng.standard_normal(n)
    if centred:
        return X - X.mean(axis=0), y - y.mean()
    return X + offset * rng.uniform(0.5, 1.5, p), y + offset * rng.uniform(1.0, 2.0)


def spectrum(rng: np.random.Generator, n: int, curvatures: Floats, w: Floats) -> tuple[Floats, Floats]:
    """Centred columns, in n rows, of the curvatures ``d² / n``, and a target that has `w` for least squares.

    Both are turned at random: `w` holds the coordinates along the right singular vectors.
    """
    p = len(curvatures)
    rows = rng.standard_normal((n, p))
    U, _ = np.linalg.qr(rows - rows.mean(axis=0))
    V, _ = np.linalg.qr(rng.standard_normal((p, p)))
    scaled = U * np.sqrt(n * curvatures)
    noise = rng.standard_normal(n)
    return scaled @ V.T, scaled @ w + 0.1 * (noise - noise.mean())


def penalty(rng: np.random.Generator) -> float:
    """A penalty weight that shrinks noticeably and leaves much: between 0.1 and 1."""
    return float(10 ** rng.uniform(-1, 0))


def size(rng: np.random.Generator, about: int) -> int:
    """A number near `about`, so that shapes differ between case sets."""
    return int(rng.integers(about, about + 5))


def pick(rng: np.random.Generator, low: int, high: int, unit: float = 1.0) -> float:
    """A number with few digits: a whole multiple of `unit`, from `low` to `high` times."""
    return round(int(rng.integers(low, high + 1)) * unit, 6)


def problems(target: str, rng: np.random.Generator, *, centred: bool) -> list[Case]:
    """Calls of ``target(X, y, lam)`` on tall, small, wide and correlated data."""

    def case(name: str, n: int, p: int, correlation: float = 0.0) -> Case:
        X, y = regression(rng, n, p, centred=centred, correlation=correlation)
        return call(target, X, y, penalty(rng), name=name)

    return [
        case("more rows than columns", size(rng, 24), 4),
        case("few rows, few columns", size(rng, 6), 3),
        case("more columns than rows", 8, 14),
        case("strongly correlated columns", size(rng, 18), 6, correlation=0.95),
    ]


def sparse(
    rng: np.random.Generator, n: int, p: int, *, centred: bool = True, correlation: float = 0.0
) -> tuple[Floats, Floats, float]:
    """Data and a penalty weight for which the lasso, with an intercept, has both signs and zeros among p >= 3.

    The weight is a share of the smallest that makes all zero; it is drawn again, with the data, wherever a
    coefficient enters or leaves nearby, so that no zero is decided by rounding.
    """
    while True:
        X, y = regression(rng, n, p, centred=centred, correlation=correlation)
        columns, target = X - X.mean(axis=0), y - y.mean()
        lam = float(np.abs(columns.T @ target).max()) / n * rng.uniform(0.1, 0.6)
        if is_sparse(columns, target, lam):
            return X, y, lam


def is_sparse(X: Floats, y: Floats, lam: float) -> bool:
    """Whether the lasso of centred data has both signs and zeros, none of which a little more or less `lam` changes."""
    w = lasso_exact(X, y, lam)
    largest = np.abs(X.T @ y).max() / len(y)
    slack = lam - np.abs(X.T @ (y - X @ w)) / len(y)
    clear = np.where(w == 0, slack / largest, np.abs(w) / (np.abs(w).max() or 1.0)) > 1e-2
    return bool(clear.all() and {-1.0, 0.0, 1.0} == set(np.sign(w)))


def sparse_problems(target: str, rng: np.random.Generator, *, centred: bool) -> list[Case]:
    """Calls of ``target(X, y, lam)`` for the lasso on tall, small, wide and correlated data."""

    def case(name: str, n: int, p: int, correlation: float = 0.0) -> Case:
        return call(target, *sparse(rng, n, p, centred=centred, correlation=correlation), name=name)

    return [
        case("more rows than columns", size(rng, 24), 6),
        case("few rows, few columns", size(rng, 6), 4),
        case("more columns than rows", 6, 8),
        case("strongly correlated columns", size(rng, 18), 7, correlation=0.8),
    ]


def edge_problems(target: str, *, centred: bool) -> list[Case]:
    """Calls of ``target(X, y, lam)`` on unusual tables, the same for everyone."""
    rng = np.random.default_rng(1970)
    X, y = regression(rng, 12, 4, centred=centred)
    equal, constant = X.copy(), X.copy()
    equal[:, 3] = equal[:, 0]
    constant[:, 1] = 0.0 if centred else 7.0
    whole, whole_y = rng.integers(-4, 5, (10, 3)), rng.integers(-9, 10, 10)
    if centred:  # each row and its opposite: means of zero in whole numbers
        whole, whole_y = np.vstack([whole, -whole]), np.concatenate([whole_y, -whole_y])
    square, square_y = regression(rng, 5, 5, centred=centred)
    fixed_X, fixed_y = X.copy(), y.copy()
    fixed_X.flags.writeable = fixed_y.flags.writeable = False

    def case(name: str, *args: Any) -> Case:
        return call(target, *args, name=name, edge=True)

    return [
        case("a single column", X[:, :1].copy(), y, 0.3),
        case("two equal columns", equal, y, 0.2),
        case("a column of zeros" if centred else "a constant column", constant, y, 0.2),
        case("whole numbers", whole, whole_y, 1),
        case("columns stored one after the other (Fortran order)", np.asfortranarray(X), y, 0.4),
        case("as many columns as rows", square, square_y, 0.4),
        case("read-only arrays", fixed_X, fixed_y, 0.25),
        case("single precision", X.astype(np.float32), y.astype(np.float32), 0.3),
        case("a target of zeros", X, np.zeros(12), 0.3),
        # A small number that was added somewhere is no small number here.
        case("columns of millionths, and a penalty to match", 1e-6 * X, y, 0.3e-12),
    ]


def unpenalised(target: str, *, centred: bool) -> Case:
    """Least squares as the edge of a penalised problem: `lam` is 0 and the columns are independent."""
    X, y = regression(np.random.default_rng(1962), 15, 4, centred=centred)
    return call(target, X, y, 0.0, name="no penalty, independent columns", edge=True)
