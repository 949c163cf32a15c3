# The tests of the estimators with the oldest scikit-learn that pyproject.toml admits, which goes into build/oldest.
set -eu
python=$1/bin/python folder=build/oldest
[ -x "$python" ] || { echo "oldest: there is no $1; 'make setup' makes it" >&2; exit 3; }
oldest=$("$python" - <<'END'
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
(admitted,) = (each for each in map(Requirement, project["dependencies"]) if each.name == "scikit-learn")
(bound,) = (each.version for each in admitted.specifier if each.operator == ">=")
print(bound)
END
)
echo "oldest: scikit-learn $oldest into $folder"
rm -rf "$folder"
"$python" -m pip install -qq --disable-pip-version-check --no-deps --target "$folder" "scikit-learn==$oldest"
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONPATH=$PWD/$folder
# In one process, so that what is asked for its version is what the tests import.
"$python" - "$oldest" tests/shrinkage/estimators "${@:2}" <<'END'
import sys
from pathlib import Path

import pytest
import sklearn
from packaging.version import Version

assert Version(sklearn.__version__) == Version(sys.argv[1]), sklearn.__version__
assert Path(sklearn.__file__).is_relative_to(Path("build/oldest").resolve()), sklearn.__file__
sys.exit(pytest.main(["-p", "no:xdist", *sys.argv[2:]]))
END
