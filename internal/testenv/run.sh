#!/usr/bin/env bash
# `make test`: everything, on both databases and both media stores.
set -euo pipefail
cd "$(dirname "$0")/../.."
source internal/testenv/env.sh

unformatted=$(gofmt -l .)
if [ -n "$unformatted" ]; then echo "gofmt: $unformatted" >&2; exit 1; fi
go vet ./...
setup_all
command -v gcc >/dev/null || apt gcc libc6-dev || true
go test -count=1 -tags nodynamic -timeout 20m ./...
# The race detector needs a C compiler, which nothing else does.
if command -v gcc >/dev/null; then
  CGO_ENABLED=1 go test -race -tags nodynamic -timeout 20m ./internal/db ./internal/ledger ./internal/web
else
  missing "the race detector" "apt-get install gcc"
fi
bash internal/testenv/fuzz.sh
