#!/usr/bin/env bash
# Runs each fuzz target of the module for FUZZTIME, and prints the input of one that fails.
# Making interesting inputs smaller, which takes a minute each by default, would eat the time.
set -euo pipefail
cd "$(dirname "$0")/../.."
fuzztime=${FUZZTIME:-30s}
targets=$(grep -rnoE --include='*_test.go' '^func Fuzz\w+' . | sed -E 's/:[0-9]+:func / /' | sort)
while read -r file target; do
  echo "fuzz $target in $(dirname "$file") for $fuzztime"
  out=$(go test -tags nodynamic -run '^$' -fuzz "^$target\$" -fuzztime "$fuzztime" -fuzzminimizetime 10x "$(dirname "$file")" </dev/null 2>&1) ||
    { echo "$out"; exit 1; }
  echo "$out" | tail -1
done <<<"$targets"
