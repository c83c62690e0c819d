#!/usr/bin/env bash
# Runs each fuzz target of the module for FUZZTIME, two at a time, and prints the input of one that fails.
# Without FUZZTIME the readers of foreign files have 30 s, the others 10 s.
# Making interesting inputs smaller, which takes a minute each by default, would eat the time.
set -euo pipefail
cd "$(dirname "$0")/../.."

# one FILE TARGET
one() {
  local dir out fuzztime=${FUZZTIME:-10s}
  dir=$(dirname "$1")
  [ -n "${FUZZTIME:-}" ] || [ "$dir" != ./internal/docx ] || fuzztime=30s
  out=$(go test -tags nodynamic -run '^$' -fuzz "^$2\$" -fuzztime "$fuzztime" -fuzzminimizetime 10x -parallel 1 "$dir" </dev/null 2>&1) ||
    { printf 'fuzz %s in %s\n%s\n' "$2" "$dir" "$out"; return 1; }
  echo "fuzz $2 in $dir for $fuzztime: ${out##*$'\n'}"
}
export -f one
targets=$(grep -rnoE --include='*_test.go' '^func Fuzz\w+' . | sed -E 's/:[0-9]+:func / /' | sort)
xargs -P 2 -L 1 bash -c 'one "$@"' one <<<"$targets"
