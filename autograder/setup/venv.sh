# The virtual environment, from requirements.txt alone.
set -eu
venv=$1
base=${PYTHON_BASE:-python3}
if ! command -v "$base" >/dev/null; then
  echo "set-up: no python3 here. As root, type: apt-get install python3 python3-venv" >&2
  exit 3
fi
if ! "$base" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "set-up: $("$base" --version) is too old; Python 3.11 or newer is needed (PYTHON_BASE=/path/to/python3.11 make ...)" >&2
  exit 3
fi
if [ ! -x "$venv/bin/pip" ]; then
  echo "set-up: making $venv"
  if ! "$base" -m venv "$venv" >/dev/null 2>&1; then
    rm -rf "$venv"
    echo "set-up: $base cannot make a virtual environment. As root, type: apt-get install python3-venv" >&2
    exit 3
  fi
fi
echo "set-up: installing requirements.txt into $venv (about two minutes the first time)"
if ! "$venv/bin/python" -m pip install -qq --disable-pip-version-check -r requirements.txt; then
  echo "set-up: pip could not install requirements.txt; the line above says which package. Is PyPI within reach?" >&2
  exit 3
fi
"$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
touch "$venv/.ready"
