#!/usr/bin/env bash
# bench.sh [QUESTIONS]: `make bench-search`. Measures search and a stock Bleve
# over the benchmark corpus and prints one table. The corpus is data of others
# and lies beside the repository.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=../shared/search
questions=${1:-$data/queries.dev.jsonl}
for file in "$data/corpus.jsonl" "$data/score.go" "$questions"; do
  [ -r "$file" ] || { echo "bench-search: no $file; it needs the benchmark's corpus, questions and scorer in $data" >&2; exit 1; }
done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
CGO_ENABLED=0 go build -trimpath -tags nodynamic -o "$scratch/evaluate" ./search/evaluate
CGO_ENABLED=0 go build -o "$scratch/score" "$data/score.go"
for engine in songfa stock; do
  "$scratch/evaluate" -engine "$engine" -corpus "$data/corpus.jsonl" -queries "$questions" \
    -run "$scratch/$engine.tsv" -report "$scratch/$engine.json"
done
"$scratch/score" -queries "$questions" "$scratch/songfa.tsv" "$scratch/stock.tsv" | tee "$scratch/scores.txt"
"$scratch/evaluate" -table "$scratch/scores.txt" "$scratch/songfa.json" "$scratch/stock.json"
