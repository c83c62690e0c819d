package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/starter"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// drain is how long requests that run may take to finish at shutdown.
const drain = 30 * time.Second

type serveCmd struct{}

// Run serves until the context ends, which a signal does.
func (serveCmd) Run(env *environment) error {
	ln, err := net.Listen("tcp", env.cfg.Listen) // first: a taken port must not cost a migration
	if err != nil {
		return errs.New(errs.Unavailable, "监听地址被占用或不可用，请换一个 --listen。", "listen: %w", err)
	}
	a, err := build(env.ctx, env.cfg, newLogger(env))
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	password, err := a.firstStart(env)
	if err != nil {
		return errors.Join(err, ln.Close(), a.close())
	}
	stop := a.background()
	greet(env, password)
	err = a.serve(env.ctx, ln)
	stop()
	return errors.Join(err, a.close())
}

// firstStart makes what an empty installation needs, on one node while the
// others wait. It returns the password of admin when we made it.
func (a *application) firstStart(env *environment) (made string, err error) {
	err = a.db.Alone(env.ctx, "first start", func(ctx context.Context) error {
		if err := a.events.SeedCalendar(ctx); err != nil {
			return err
		}
		if err := a.words.Seed(ctx); err != nil {
			return err
		}
		if !a.cfg.Site.EmptyOnStart {
			if err := a.seed(ctx); err != nil {
				return err
			}
		}
		if err := a.deriveUses(ctx); err != nil {
			return err
		}
		made, err = a.ensureAdmin(ctx) // last: when something fails, nobody sees the password
		return err
	})
	return made, err
}

// ensureAdmin makes the account admin if there is none.
func (a *application) ensureAdmin(ctx context.Context) (made string, err error) {
	password, err := a.cfg.adminPassword()
	if err != nil {
		return "", fmt.Errorf("read admin password: %w", err)
	}
	given := password != ""
	if !given {
		password = auth.NewPassword()
	}
	created, err := a.staff.EnsureAdmin(ctx, password, !given)
	if err != nil || !created || given {
		return "", err
	}
	return password, nil
}

// seed brings in the starter content, through the same door as every import.
// The documents come last and in one transaction: while there are none, a start
// that was cut off is begun again.
func (a *application) seed(ctx context.Context) error {
	tree := starter.Files()
	if empty, err := a.content.Empty(ctx); err != nil || !empty {
		return err
	}
	events, err := a.events.ImportTree(ctx, auth.System(), tree)
	if err != nil {
		return err
	}
	for _, p := range events.Problems {
		a.log.Warn("starter sessions", "problem", fmt.Sprint(p))
	}
	report, _, err := a.content.SeedStarter(ctx, auth.System(), tree, content.ImportOptions{PutMedia: a.putMedia})
	for _, item := range report.Items {
		a.log.Warn("starter content", "item", item.String())
	}
	return err
}

// background starts what runs beside the requests; the function it returns ends
// it and waits.
func (a *application) background() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { a.ledger.Watch(ctx, func(err error) { a.log.Error("follow journal", "err", err) }) })
	wg.Go(func() { a.index.Follow(ctx) })
	wg.Go(func() { a.desk.Run(ctx) })
	wg.Go(func() { a.followLaws(ctx) })
	wg.Go(func() { a.publishDue(ctx) })
	wg.Go(func() { a.sweepTexts(ctx) })
	wg.Go(func() { a.tickSessions(ctx) })
	wg.Go(func() { a.deliver(ctx) })
	wg.Go(func() { a.nightly(ctx) })
	wg.Go(func() { a.media.Run(ctx) })
	wg.Go(func() { a.site.CountViews(ctx) })
	wg.Go(func() { a.serveMetrics(ctx) })
	wg.Go(func() { a.settle(ctx) })
	return func() { cancel(); wg.Wait() }
}

// settle gives back what the start took: seeding and the first index leave three
// times the heap that serving lives in, and an idle process would keep it for
// minutes.
func (a *application) settle(ctx context.Context) {
	if a.index.Wait(ctx, a.ledger.Position()) == nil {
		debug.FreeOSMemory()
	}
}

// followLaws keeps the names of the loaded laws fresh when another process or
// node imports some.
func (a *application) followLaws(ctx context.Context) {
	seen := a.ledger.Position()
	for {
		if _, err := a.ledger.Wait(ctx, seen); err != nil {
			return
		}
		next, err := a.reloadLaws(ctx, seen)
		if err == nil {
			seen = next
			continue
		}
		if ctx.Err() == nil {
			a.log.Error("reload laws", "err", err)
		}
		select {
		case <-time.After(time.Second): // the position stays ahead of us: do not spin
		case <-ctx.Done():
			return
		}
	}
}

func (a *application) reloadLaws(ctx context.Context, seen int64) (next int64, err error) {
	rows, err := a.ledger.Since(ctx, seen, 1000)
	if err != nil || len(rows) == 0 {
		return seen, err
	}
	if slices.ContainsFunc(rows, func(r ledger.Row) bool { return r.Kind == "law" }) {
		err = a.laws.Reload(ctx)
	}
	return rows[len(rows)-1].Seq, err
}

// publishDue publishes what was scheduled. Any node may be the one to do it.
func (a *application) publishDue(ctx context.Context) {
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	for {
		if _, err := a.content.PublishDue(ctx, time.Now()); err != nil && ctx.Err() == nil {
			a.log.Error("publish what is due", "err", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// tickSessions turns the clock of the sessions. Any node may be the one to do it.
func (a *application) tickSessions(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		if _, err := a.events.Tick(ctx); err != nil && ctx.Err() == nil {
			a.log.Error("turn the clock of sessions", "err", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// serveMetrics listens on its own address, which the public must not reach.
func (a *application) serveMetrics(ctx context.Context) {
	if a.cfg.MetricsListen == "" {
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(a.metrics, promhttp.HandlerOpts{}))
	srv := &http.Server{Addr: a.cfg.MetricsListen, Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { srv.Close() })
	if err := srv.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		a.log.Error("serve metrics", "err", err)
	}
}

// serve answers requests until ctx ends, then lets what runs finish.
func (a *application) serve(ctx context.Context, ln net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- a.web.Listen(ln) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	a.log.Info("shutting down")
	draining, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	if err := a.web.Shutdown(draining); err != nil {
		return fmt.Errorf("shut down: %w", err)
	}
	return <-failed
}

// greet says where everything is.
func greet(env *environment, password string) {
	base := env.cfg.base.String()
	fmt.Fprintf(env.stdout, "送法已启动\n  网站  %s/\n  管理  %s/admin/\n", base, base)
	if password != "" {
		fmt.Fprintf(env.stdout, "  用户名 admin，一次性密码 %s （只显示这一次，登录后请更换）\n", password)
	}
}
