#!/usr/bin/env bash
# Runs each fuzz target of the module for FUZZTIME.
set -euo pipefail
cd "$(dirname "$0")/../.."
fuzztime=${FUZZTIME:-30s}
grep -rl --include='*_test.go' '^func Fuzz' . | sort | while read -r file; do
  grep -oE '^func Fuzz\w+' "$file" | sed 's/^func //' | while read -r target; do
    echo "fuzz $target ($(dirname "$file"), $fuzztime)"
    go test -tags nodynamic -run '^$' -fuzz "^$target\$" -fuzztime "$fuzztime" "$(dirname "$file")" </dev/null | tail -1
  done
done
