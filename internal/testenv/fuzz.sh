#!/usr/bin/env bash
# Runs each fuzz target of the module for FUZZTIME, two at a time, and prints the input of one that fails.
# Without FUZZTIME the readers of foreign files have 30 s, the others 10 s.
# Making interesting inputs smaller, which takes a minute each by default, would eat the time.
set -euo pipefail
cd "$(dirname "$0")/../.."

# one FILE TARGET. Go's fuzzer reports "context deadline exceeded" when the time ends while a worker is still
# going through known inputs; that is no finding, and the target is run once more with ten times the time.
one() {
  local dir out time=${FUZZTIME:-10s}
  dir=$(dirname "$1")
  [ -n "${FUZZTIME:-}" ] || [ "$dir" != ./internal/docx ] || time=30s
  if ! out=$(fuzz "$2" "$dir" "$time"); then
    if [[ $out != *"context deadline exceeded"* || $out == *"Failing input"* ]] || ! out=$(fuzz "$2" "$dir" "${time%s}0s"); then
      printf 'fuzz %s in %s\n%s\n' "$2" "$dir" "$out"
      return 1
    fi
  fi
  echo "fuzz $2 in $dir for $time: ${out##*$'\n'}"
}

# fuzz TARGET FOLDER TIME
fuzz() { go test -tags nodynamic -run '^$' -fuzz "^$1\$" -fuzztime "$3" -fuzzminimizetime 10x -parallel 1 "$2" </dev/null 2>&1; }
export -f one fuzz
targets=$(grep -rnoE --include='*_test.go' '^func Fuzz\w+' . | sed -E 's/:[0-9]+:func / /' | sort)
xargs -P 2 -L 1 bash -c 'one "$@"' one <<<"$targets"
