# Debian packages of apt.txt: installed as root, saying so; otherwise the line to type is printed.
set -eu
features=$(sed -e 's/#.*//' apt.txt)
# A Python that can make virtual environments already needs no package for it.
python3 -c 'import ensurepip, venv' 2>/dev/null && features=$(printf '%s\n' "$features" | grep -v '^venv:')
names=$(printf '%s\n' "$features" | sed -e 's/^[^:]*://' | tr '\n' ' ')
missing=""
if ! command -v dpkg-query >/dev/null; then
  echo "set-up: not a Debian system; install by other means: $names" >&2
  exit 0
fi
for name in $names; do
  dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $name"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" -eq 0 ]; then
  echo "set-up: installing Debian packages:$missing"
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  if ! { apt-get update && apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -5 "$log" >&2
    echo "set-up: they could not be installed; going on without them. To try by hand: apt-get install$missing" >&2
  fi
  rm -f "$log"
else
  echo "set-up: Debian packages are missing. As root, type: apt-get install$missing" >&2
  echo "set-up: going on without them." >&2
fi
