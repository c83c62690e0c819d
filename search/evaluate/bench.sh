#!/usr/bin/env bash
# bench.sh [QUESTIONS [PART...]]: `make bench-search`. Measures search and a stock
# Bleve over the benchmark's corpus and prints one table; with PARTs, search
# without each of them too. The corpus is data of others and lies beside the
# repository.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=../shared/search
questions=${1:-$data/queries.dev.jsonl}
for file in "$data/corpus.jsonl" "$data/score.go" "$questions"; do
  [ -r "$file" ] || { echo "bench-search: no $file; it needs the benchmark's corpus, questions and scorer in $data" >&2; exit 1; }
done
data=$(realpath "$data") questions=$(realpath "$questions")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export CGO_ENABLED=0
go build -trimpath -tags nodynamic -o "$scratch/evaluate" ./search/evaluate
go build -o "$scratch/score" "$data/score.go"
cd "$scratch"
reports=()
measure() { # NAME FLAG...
  local name=$1
  shift
  ./evaluate -corpus "$data/corpus.jsonl" -queries "$questions" -run "$name.tsv" -report "$name.json" "$@"
  reports+=("$name.json")
}
measure songfa
for part in "${@:2}"; do measure "without-$part" -without "$part"; done
measure stock -engine stock
./score -queries "$questions" songfa.tsv stock.tsv | tee scores.txt # and whether they differ by chance
for part in "${@:2}"; do ./score -queries "$questions" "without-$part.tsv" songfa.tsv | tee -a scores.txt; done
echo
./evaluate -table scores.txt "${reports[@]}"
