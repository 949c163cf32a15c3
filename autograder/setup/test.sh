# Everything that checks the project, with the time each section took.
set -eu
started=$SECONDS
section() {
  local name=$1 begun=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  "$@"
  printf '== %s: %d s\n' "$name" $((SECONDS - begun))
}
section "ruff" ruff check .
section "mypy" mypy
section "build: book with warnings as errors, bundle" autograder build
section "prove" autograder prove
section "pytest" python -m pytest "$@"
printf '\nall sections: %d s\n' $((SECONDS - started))
