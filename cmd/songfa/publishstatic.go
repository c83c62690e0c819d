package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/songfa/songfa/internal/poster"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/search"
	"github.com/songfa/songfa/site"
	"github.com/songfa/songfa/site/publish"
	"github.com/songfa/songfa/themes"
)

type publishStaticCmd struct {
	Dir     string `arg:"" help:"Folder for the files: empty, not there yet, or from the last run."`
	NoElder bool   `help:"Leave out the large-print tree below elder/."`
}

// Run writes the site that --base-url describes. A server may be running: the
// search index of this process is made in memory, the pages from the database.
func (c publishStaticCmd) Run(env *environment) error {
	return withCore(env, func(core *core) error {
		s, err := core.openStatic(env.ctx)
		if err != nil {
			return err
		}
		progress := newProgress(env, "导出网页")
		report, err := publish.Write(env.ctx, s.config(c, progress))
		progress.done()
		err = errors.Join(err, s.poster.Close())
		if err != nil {
			return err
		}
		for _, d := range report.Dropped {
			fmt.Fprintf(env.stderr, "%s：链接 %s 打不开（%d），文字留下，链接去掉了。\n", d.Page, d.Address, d.Status)
		}
		fmt.Fprintf(env.stdout, "静态网站：%d 个页面和文件，写了 %d，没变 %d，删掉不用的 %d，去掉的死链接 %d\n",
			report.Pages, report.Written, report.Same, report.Removed, len(report.Dropped))
		return nil
	})
}

// staticSite is the public half of songfa, to be asked from inside the process.
type staticSite struct {
	*core
	web    *web.Server
	site   *site.Site
	desk   *search.Desk
	poster *poster.Font
}

func (c *core) openStatic(ctx context.Context) (*staticSite, error) {
	s := &staticSite{core: c}
	theme, err := themes.Open(themes.Config{Dir: c.cfg.Theme, Base: c.cfg.base.Path, Log: c.log})
	if err != nil {
		return nil, err
	}
	if s.desk, err = c.offlineDesk(ctx); err != nil {
		return nil, err
	}
	if s.poster, err = poster.Find(c.cfg.PosterFont); err != nil {
		return nil, err
	}
	s.web = web.New(web.Config{BaseURL: c.cfg.base, Position: c.ledger.Position, Now: c.now, Log: c.log})
	s.site = site.New(site.Config{Static: true, Settings: c.cfg.Site.settings(), DB: c.db, Content: c.content, Laws: c.laws, Events: c.events,
		Media: c.media, Theme: theme, Poster: s.poster, Secret: c.key("site"), Now: c.now, Log: c.log})
	s.site.Register(s.web)
	return s, nil
}

func (s *staticSite) config(c publishStaticCmd, p *progress) publish.Config {
	return publish.Config{Dir: c.Dir, NoElder: c.NoElder, Get: s.web.Get, Base: s.web.URL(""), BasePath: s.web.Base(), Addresses: s.site.Addresses,
		Redirects: s.redirects, Index: s.index, Progress: p.show}
}

// redirects are those that lead to a page of this site.
func (s *staticSite) redirects(ctx context.Context) (map[string]string, error) {
	list, err := s.content.Redirects(ctx)
	old := map[string]string{}
	for _, r := range list {
		if strings.HasPrefix(r.To, "/") {
			old[r.From] = r.To
		}
	}
	return old, err
}

func (s *staticSite) index(ctx context.Context, file func(string) (string, bool), put func(string, []byte) error) error {
	return s.desk.WritePocket(ctx, search.PocketConfig{File: file, Put: put})
}
