# The two commands of the README are `make run` and `make test`.
export CGO_ENABLED = 0

.PHONY: run demo build test check bench bench-search fuzz screenshots

## run: build and serve the embedded default with starter content
run: build
	exec bin/songfa serve

## demo: build, fill a data directory of its own with a year of 示例区, and serve it
demo: build
	test -e data-demo/songfa.db || bin/songfa demo --data data-demo
	exec bin/songfa serve --data data-demo

## build: the one binary
build:
	go build -trimpath -tags nodynamic -ldflags "-s -w" -o bin/songfa ./cmd/songfa

## test: install what the tests need, then run everything
test:
	bash internal/testenv/run.sh

## check: the quick half of test, with what is on this machine
check:
	gofmt -l . | (! grep .)
	go vet ./...
	go test ./...

## fuzz: each fuzz target for FUZZTIME (30s)
fuzz:
	bash internal/testenv/fuzz.sh

## bench: the figures of docs/bench.md
bench:
	bash internal/testenv/bench.sh

## bench-search: how well and how fast search finds, beside a stock Bleve, and what an index of 100,000 documents takes
bench-search:
	bash search/evaluate/bench.sh
	CGO_ENABLED=0 go test -tags nodynamic -run '^$$' -bench BuildMany -benchtime 1x ./search/

## screenshots: make docs/screenshots anew
screenshots:
	SONGFA_SCREENSHOTS=$(CURDIR)/docs/screenshots bash internal/testenv/with.sh go test -count=1 -run 'TestBrowser' ./cmd/songfa
