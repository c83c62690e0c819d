package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/internal/auth"
)

// emptyList is how a page says that it has nothing to list.
var emptyList = regexp.MustCompile(`class="plate">(还没有|没有|名单还是空的)`)

// TestDemoGivesEveryPageSomethingToShow fills a new installation and looks at
// what a visitor of the demo would open.
func TestDemoGivesEveryPageSomethingToShow(t *testing.T) {
	if testing.Short() {
		t.Skip("fills a year")
	}
	dir := t.TempDir()
	t.Setenv("SONGFA_ADMIN_PASSWORD", testPassword)
	var out, bad bytes.Buffer
	if code := run(t.Context(), []string{"demo", "--data", dir, "--log-level", "error"}, nil, &out, &bad); code != exitGood {
		t.Fatalf("exit %d\n%s\n%s", code, out.String(), bad.String())
	}
	if !regexp.MustCompile(`演示账号 wang、zhao.*密码都是 \S+`).MatchString(out.String()) {
		t.Errorf("it does not say how to sign in:\n%s", out.String())
	}
	bad.Reset()
	if code := run(t.Context(), []string{"demo", "--data", dir, "--log-level", "error"}, nil, &out, &bad); code != exitFail || !strings.Contains(bad.String(), "只能填进新装的系统") {
		t.Errorf("a second time: exit %d\n%s", code, bad.String())
	}

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	env := &environment{ctx: ctx, stdout: &out, stderr: &bad}
	env.cfg, err = loadConfig(Globals{Data: dir, Listen: ln.Addr().String(), BaseURL: "http://" + ln.Addr().String(), LogLevel: "error"})
	must(t, err)
	a, err := build(ctx, env.cfg, newLogger(env))
	must(t, err)
	served := make(chan error, 1)
	go func() { served <- a.serve(ctx, ln) }()
	defer func() { cancel(); must(t, <-served); must(t, a.close()) }()

	for _, state := range events.States() {
		n, err := a.events.CountSessions(ctx, events.Filter{States: []events.State{state}})
		must(t, err)
		if n == 0 {
			t.Errorf("no session is %s", state)
		}
	}
	y := &decade{T: t, application: a, url: "http://" + ln.Addr().String()}
	boss := y.person()
	boss.name = "admin"
	for _, path := range []string{"/admin/", "/admin/sessions/", "/admin/figures/", "/admin/figures/periods", "/admin/figures/opening", "/admin/figures/adjustments",
		"/admin/figures/definitions", "/admin/people/", "/admin/materials/", "/admin/venues/", "/admin/units/", "/admin/series/", "/admin/outbox/", "/admin/audit/"} {
		if boss.open(path); boss.code != http.StatusOK || emptyList.MatchString(boss.page) {
			t.Errorf("%s: %d, or nothing to show", path, boss.code)
		}
	}
	table, err := a.events.Figures().Pivot(ctx, figures.Query{From: a.now().AddDate(-1, 0, 0).Format("2006-01-02"), To: a.now().Format("2006-01-02"), Rows: figures.ByTown, Cols: figures.ByType})
	must(t, err)
	for _, measure := range []string{"session", "attendance", "brochure", "consultation", "document", "brochure_printed"} {
		if table.Total(measure).Qty() < 4 {
			t.Errorf("%s is %d", measure, table.Total(measure).Qty())
		}
	}
	if len(table.RowKeys) < 8 || len(table.ColKeys) < 5 {
		t.Errorf("%d towns, %d types", len(table.RowKeys), len(table.ColKeys))
	}
	periods, err := a.events.Figures().Periods(ctx)
	must(t, err)
	frozen := 0
	for _, p := range periods {
		if p.Frozen() {
			frozen++
			must(t, a.events.Figures().VerifyPeriod(ctx, p.ID))
		}
	}
	if frozen != 3 {
		t.Errorf("%d quarters are frozen", frozen)
	}
	found, err := a.events.CheckFigures(ctx, auth.System(), figures.Query{From: "2020-01-01", To: "2040-12-31"})
	must(t, err)
	for _, f := range found {
		if strings.Contains(f.Text, "多于入库") || strings.Contains(f.Text, "却计入") {
			t.Error(f.Text)
		}
	}
}
