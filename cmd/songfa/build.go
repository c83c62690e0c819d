package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/songfa/songfa/admin"
	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/notify"
	"github.com/songfa/songfa/internal/poster"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/search"
	"github.com/songfa/songfa/site"
	"github.com/songfa/songfa/themes"
)

// application is the whole running program as a value: the tests run what
// production runs.
type application struct {
	*core
	index   *search.Index
	desk    *search.Desk
	theme   *themes.Theme
	poster  *poster.Font
	web     *web.Server
	site    *site.Site
	metrics *prometheus.Registry
	senders []notify.Sender
}

// build constructs straight down; what was built is closed in reverse.
func build(ctx context.Context, cfg config, log *slog.Logger) (_ *application, err error) {
	core, err := openCore(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	a := &application{core: core}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close())
		}
	}()
	if a.senders, err = cfg.Notify.senders(); err != nil {
		return nil, err
	}
	a.theme, err = themes.Open(themes.Config{Dir: cfg.Theme, Reload: cfg.ThemeReload, Base: cfg.base.Path, Log: log})
	if err != nil {
		return nil, err
	}
	if a.poster, err = poster.Find(cfg.PosterFont); err != nil {
		return nil, err
	}
	if a.index, err = core.openIndex(ctx); err != nil {
		return nil, err
	}
	desk := core.deskConfig()
	desk.Index = a.index
	if a.desk, err = search.NewDesk(ctx, desk); err != nil {
		return nil, err
	}
	a.metrics = prometheus.NewRegistry()
	a.metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	a.web = web.New(web.Config{BaseURL: cfg.base, TrustedProxies: cfg.TrustedProxies, Position: core.ledger.Position,
		Now: core.now, Log: log, Metrics: a.metrics, StaffCookie: admin.CookieName, IsStaff: core.staff.Running})
	admin.New(admin.Config{Staff: core.staff, Content: core.content, Laws: core.laws, Events: core.events, Media: core.media, Ledger: core.ledger, Desk: a.desk, WeChat: cfg.WeChat.client(core.now), Page: a.draft, Words: core.words, Proof: core.proofInput,
		Footer: cfg.Site.footer, Bureau: cfg.Site.Name, Secret: core.key("forms"), Now: core.now, Log: log}).Register(a.web) // before the site, which takes all other addresses
	a.site = site.New(site.Config{Settings: cfg.Site.settings(), DB: core.db, Content: core.content, Laws: core.laws,
		Events: core.events, Media: core.media, Search: a.index, Desk: a.desk, Theme: a.theme, Poster: a.poster, Secret: core.key("site"), Now: core.now, Log: log})
	a.site.Register(a.web)
	return a, nil
}

// draft is the page of a text that may not be stored. The site that makes it is
// built after the staff side that asks.
func (a *application) draft(ctx context.Context, c *fiber.Ctx, live content.Live, dress string) ([]byte, error) {
	return a.site.Draft(ctx, c, live, dress)
}

func (a *application) close() error {
	var err error
	if a.index != nil {
		err = a.index.Close()
	}
	if a.poster != nil {
		err = errors.Join(err, a.poster.Close())
	}
	return errors.Join(err, a.core.close())
}

// footer is what an inspection looks for at the foot of the pages.
func (b bureau) footer() content.Footer {
	return content.Footer{Name: b.Name, Phone: b.Phone, SiteIDCode: b.SiteIDCode, ICP: b.ICP, PoliceRecord: b.PoliceRecord}
}

// settings are what the pages say about the bureau.
func (b bureau) settings() site.Settings {
	return site.Settings{Name: b.Name, Tagline: b.Tagline, Hotline: b.Hotline, Phone: b.Phone, Address: b.Address,
		Accent: b.Accent, SiteIDCode: b.SiteIDCode, ICP: b.ICP, PoliceRecord: b.PoliceRecord}
}
