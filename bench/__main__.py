"""``python -m bench``: time every family on every shape, print the table, and write it with what it was taken on."""

import argparse
import datetime
import json
import os
import platform
import subprocess
from pathlib import Path

import numpy as np
import scipy
import sklearn
from rich.console import Console
from rich.table import Table

from bench.families import FAMILIES
from bench.problems import SHAPES, problem
from bench.timing import TARGETS, compared

OUT = Path(__file__).resolve().parent.parent / "book" / "_data" / "bench.json"


def machine():
    """Name of the processor."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    return names[0] if names else platform.processor()


def commit():
    """What of the project was measured."""
    said = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return said.stdout.strip() or "unknown"


def shown(rows):
    """The rows at the tightest target, as a table."""
    table = Table(title=f"CPU seconds on one core at an excess of at most {min(TARGETS):.0e}")
    for name in ("family", "shape", "with"):
        table.add_column(name)
    for name in ("n × p", "weights", "shrinkage", "excess", "scikit-learn", "excess", "ratio"):
        table.add_column(name, justify="right")
    for row in rows:
        if row["target"] == min(TARGETS):
            table.add_row(
                *(row["family"], row["shape"], _with(row["scikit-learn"]), f"{row['n']} × {row['p']}"),
                *(str(row["weights"]), *_cell(row["shrinkage"]), *_cell(row["scikit-learn"])),
                f"{row['ratio']:.3f}" if row["ratio"] else "–",
            )
    return table


def _cell(run):
    return (f"{run['cpu']:.4f}", f"{run['excess']:.0e}") if run else ("–", "–")


def _with(run):
    return "–" if not run else run["solver"] if run["tol"] is None else f"{run['solver']}, tol {run['tol']:.0e}"


def main():
    """Measure what the arguments ask for, and write it down when all of it is there."""
    ask = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = [family.name for family in FAMILIES]
    ask.add_argument("--families", nargs="*", choices=names, default=names)
    ask.add_argument("--shapes", nargs="*", choices=SHAPES, default=SHAPES)
    ask.add_argument("--repetitions", type=int, default=5)
    ask.add_argument("--limit", type=float, default=20.0, help="seconds a fit may take while tolerances are tried")
    ask.add_argument("--out", type=Path, default=OUT, help="a JSON file")
    asked = ask.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    rows = []
    for family in (family for family in FAMILIES if family.name in asked.families):
        for shape in asked.shapes:
            found = compared(family, problem(shape, dict(family.sizes).get(shape)), asked.limit, asked.repetitions)
            rows += found
            ratios = (f"{row['ratio']:.3f}" if row["ratio"] else "–" for row in found)
            print(f"{family.name}, {shape}: {', '.join(ratios)}", flush=True)
    Console(width=160).print(shown(rows))
    versions = {each.__name__: each.__version__ for each in (np, scipy, sklearn)}
    about = {
        "command": "make bench",
        "date": datetime.date.today().isoformat(),
        "commit": commit(),
        "machine": f"{machine()}, one core of {os.cpu_count()}",
        "versions": versions | {"python": platform.python_version()},
        "repetitions": asked.repetitions,
    }
    asked.out.write_text(json.dumps(about | {"rows": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
