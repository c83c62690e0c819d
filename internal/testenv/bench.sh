#!/usr/bin/env bash
# bench.sh [STEP…]: `make bench`. Builds songfa and measures it; prints only.
set -euo pipefail
cd "$(dirname "$0")/../.."
source internal/testenv/env.sh
command -v wrk >/dev/null || apt wrk || echo "bench: no wrk; load comes from our own client, which takes more of the cores"
make -s build
go build -o "$scratch/bench" ./internal/bench
setup_minio
setup_postgres durable
"$scratch/bench" --songfa bin/songfa "$@"
