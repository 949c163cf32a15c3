# Everything that checks the project, with the time each section took.
set -eu
started=$SECONDS
# Two processes share two cores: threads of linear algebra would only wait for each other.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
section() {
  local name=$1 begun=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  "$@"
  printf '== %s: %d s\n' "$name" $((SECONDS - begun))
}
checked=$(mktemp)
trap 'rm -f "$checked"' EXIT
section "ruff" ruff check .
section "mypy, beside the build" mypy >"$checked" 2>&1 &
section "build: book with warnings as errors, bundle" autograder build
wait $! || { cat "$checked"; exit 1; }
cat "$checked"
section "prove" autograder prove
# A file's tests stay together, for what its module makes; files are begun in the order of their collection.
section "pytest" python -m pytest -n 2 --dist loadfile --no-loadscope-reorder "$@"
printf '\nall sections: %d s\n' $((SECONDS - started))
