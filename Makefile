# The two commands of the README are `make run` and `make test`.
export CGO_ENABLED = 0

.PHONY: run demo assets try-assets build test check bench bench-search fuzz screenshots

## run: build and serve the embedded default with starter content
run: build
	exec bin/songfa serve

## demo: build, fill a data directory of its own with a year of 示例区, and serve it
demo: build
	test -e data-demo/songfa.db || bin/songfa demo --data data-demo
	exec bin/songfa serve --data data-demo

## assets: bundle the visual editor; needs npm
assets: admin/editor/dist/editor.js

admin/editor/dist/editor.js: $(wildcard admin/editor/src/*.js admin/editor/build/*.go) admin/editor/package-lock.json
	npm ci --prefix admin/editor --ignore-scripts --no-audit --no-fund --silent
	go run ./admin/editor/build

# Without npm, or without a network, songfa is whole but for the visual editor.
try-assets:
	@command -v npm >/dev/null && $(MAKE) -s assets || echo "no npm, or no packages: built without the visual editor; the plain one does everything"

## build: the one binary
build: try-assets
	go build -trimpath -tags nodynamic -ldflags "-s -w" -o bin/songfa ./cmd/songfa

## test: install what the tests need, then run everything
test:
	bash internal/testenv/run.sh

## check: the quick half of test, with what is on this machine
check:
	gofmt -l . | (! grep .)
	go vet ./...
	go test ./...

## fuzz: each fuzz target for FUZZTIME (10 s, readers of foreign files 30 s)
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
