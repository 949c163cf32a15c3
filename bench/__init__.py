"""The estimators beside scikit-learn's: CPU time on one core at equal measured suboptimality.

``python -m bench`` times every family on every shape in one run, one fit of each library after the other, and writes
``book/_data/bench.json``.  `problems` makes the data, `families` says what is fitted and how far from the least
objective an answer is, `timing` finds the loosest tolerance that is good enough and takes the time.
"""

import os
import sys

from autograder import paths

# The package is not installed, and both libraries are to be found from wherever the command is given.
sys.path.insert(0, str(paths.SOLUTIONS))
# Threads of linear algebra are counted by the CPU clock, and would only blur it; they are made when numpy is imported.
for name in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{name}_NUM_THREADS", "1")
