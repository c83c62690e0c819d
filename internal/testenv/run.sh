#!/usr/bin/env bash
# `make test`: everything, on both databases and both media stores.
set -euo pipefail
cd "$(dirname "$0")/../.."
source internal/testenv/env.sh

unformatted=$(gofmt -l .)
if [ -n "$unformatted" ]; then echo "gofmt: $unformatted" >&2; exit 1; fi
go vet ./...
setup_all
go test -count=1 -tags nodynamic -timeout 20m ./...
bash internal/testenv/fuzz.sh
