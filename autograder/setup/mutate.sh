# Mutation testing of one module of the package, by hand: small wrong changes, and whether its tests notice.
# Everything is written below build/mutate, into an environment of its own and a copy of package and tests.
set -eu
[ -x "$1/bin/python" ] || { echo "mutate: there is no $1; 'make setup' makes it" >&2; exit 3; }
venv=$(realpath "$1") module=$2 again=${4:-}
tests=${3:-$(dirname "tests/shrinkage/$2")/test_$(basename "$2").py}
# Of a solver many laws stand in the file that all solvers share.
[ -n "${3:-}" ] || ! grep -q "^    \"$module\": (" solutions/shrinkage/fit.py || tests="$tests tests/shrinkage/test_solvers.py"
[ -f "solutions/shrinkage/$module.py" ] || { echo "mutate: solutions/shrinkage/$module.py does not exist" >&2; exit 3; }
home=$PWD/build/mutate copy=build/mutate/$module
tools=$home/tools/bin
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONPATH=

if [ ! -x "$tools/mutmut" ]; then
  echo "mutate: installing mutmut into $home/tools"
  rm -rf "$home/tools"
  "$venv/bin/python" -m venv "$home/tools"
  # What is pinned is shared; the link brings no editable package along.
  "$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
    >"$("$tools/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/pinned.pth"
  "$tools/python" -m pip install -qq --disable-pip-version-check mutmut==3.8.1
fi

# AGAIN=1 asks anew about those that were not killed, and about functions that have changed since.
[ -n "$again" ] || rm -rf "$copy"
mkdir -p "$copy/tests" "$copy/mutants"
rm -rf "$copy/tests/shrinkage" "$copy/mutants/tests"
cp -rp solutions/shrinkage "$copy/"
cp -rp tests/shrinkage "$copy/tests/"
# mutmut passes by what is decorated, such as every `fit`; in the copy the decorators are applied below the function.
"$venv/bin/python" - "$copy/shrinkage/$module.py" <<'END'
import ast, sys

path = sys.argv[1]
lines = open(path, encoding="utf-8").read().splitlines()
functions = [node for node in ast.walk(ast.parse("\n".join(lines))) if isinstance(node, ast.FunctionDef)]
for node in sorted(functions, key=lambda node: -node.lineno):
    decorators = [ast.unparse(each) for each in node.decorator_list]
    if decorators and decorators not in (["staticmethod"], ["classmethod"]):
        indent = " " * node.col_offset
        lines[node.end_lineno : node.end_lineno] = [f"{indent}{node.name} = {each}({node.name})" for each in decorators[::-1]]
        del lines[node.decorator_list[0].lineno - 1 : node.lineno - 1]
open(path, "w", encoding="utf-8").write("\n".join(lines) + "\n")
END
cat >"$copy/pyproject.toml" <<END
[tool.mutmut]
source_paths = ["shrinkage"]
only_mutate = ["shrinkage/$module.py"]
# What is mutated is called from a frame of mutmut's, so a warning cannot point at the caller's line.
# The checks of scikit-learn are many and slow, and look at the data that come in.
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=0", "-k", "not line_of_whoever and not every_check_of"]
pytest_add_cli_args_test_selection = [$(printf '"%s", ' $tests)]
use_git_change_detection = false
timeout_multiplier = 5.0
timeout_constant = 4.0

[tool.pytest.ini_options]
addopts = "--import-mode=importlib"
pythonpath = ["."]
END
# A slow machine is no mistake of the module, and nobody reads the smallest counter-example.
cat >"$copy/tests/conftest.py" <<'END'
from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "mutate", phases=(Phase.explicit, Phase.generate), database=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile("mutate")
END

cd "$copy"
meta=mutants/shrinkage/$module.py.meta
if [ -n "$again" ] && [ -f "$meta" ]; then
  sed -i -E 's/(__mutmut_[0-9]+": )(0|5|33|34|35)(,?)$/\1null\3/' "$meta"
fi
echo "mutate: $module by $tests; progress in build/mutate/$module.log"
if ! "$tools/mutmut" run >"$home/$module.log" 2>&1; then
  tail -40 "$home/$module.log" >&2
  exit 1
fi
"$tools/mutmut" export-cicd-stats >/dev/null
"$tools/mutmut" results | sed 's/^ */  /'
"$tools/python" - <<'END'
import json

found = json.load(open("mutants/mutmut-cicd-stats.json"))
killed, total = found["killed"] + found["timeout"] + found["segfault"], found["total"]
print(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in found.items() if count))
print(f"{100 * killed / total:.1f} % killed, those that ran out of time included")
END
echo "to see one: (cd $copy && $tools/mutmut show NAME); to ask anew about all that live: AGAIN=1"
