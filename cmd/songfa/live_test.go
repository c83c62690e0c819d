package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// adminPassword is what user admin has in the tests.
const testPassword = "送法测试 一句好记的话"

// live is the whole program, serving starter content in this process.
type live struct {
	*application
	url string // with the base path, without the last slash
}

type syncBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

// lawTexts is the folder of law texts the tests read; it is not part of the
// repository. CI has it.
func lawTexts(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("SONGFA_LAWS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "laws")
	}
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("no law texts: %v", err)
		}
		t.Skipf("no law texts at %s; set SONGFA_LAWS", dir)
	}
	return dir
}

// startLive starts the program below a base path. With laws it also imports the
// law texts.
func startLive(t testing.TB, base string, laws bool) *live {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	log := &syncBuffer{}
	env := &environment{ctx: ctx, stdout: log, stderr: log}
	env.cfg, err = loadConfig(Globals{Data: t.TempDir(), Listen: ln.Addr().String(), BaseURL: "http://" + ln.Addr().String() + base, LogLevel: "info"})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("SONGFA_ADMIN_PASSWORD", testPassword)
	a, err := build(ctx, env.cfg, newLogger(env))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.firstStart(env); err != nil {
		t.Fatal(err)
	}
	if laws {
		if _, err := a.importLaws(env, lawTexts(t), []string{"."}); err != nil {
			t.Fatal(err)
		}
		changed, err := a.laws.Laws(ctx)
		if err != nil {
			t.Fatal(err)
		}
		slugs := make([]string, len(changed))
		for i, l := range changed {
			slugs[i] = l.Slug
		}
		if _, err := a.content.Rerender(ctx, slugs); err != nil {
			t.Fatal(err)
		}
	}
	stop := a.background()
	served := make(chan error, 1)
	go func() { served <- a.serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
		stop()
		if err := a.close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if t.Failed() {
			t.Logf("log:\n%s", log.String())
		}
	})
	if err := a.index.Wait(ctx, a.ledger.Position()); err != nil {
		t.Fatal(err)
	}
	return &live{application: a, url: "http://" + ln.Addr().String() + base}
}

// beijing is where the pages' days begin.
var beijing = time.FixedZone("Asia/Shanghai", 8*3600)
