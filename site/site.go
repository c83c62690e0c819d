package site

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/poster"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/media"
	"github.com/songfa/songfa/search"
	"github.com/songfa/songfa/themes"
)

// Settings are what the bureau says about itself. Empty ones are left out of
// the pages.
type Settings struct {
	Name         string // 示例区司法局
	Tagline      string // 送法 · 务工法律指南
	Hotline      string // 12348
	Phone        string // of the office that takes requests for sessions
	Address      string
	Accent       string // #0d5f54
	SiteIDCode   string // 网站标识码
	ICP          string // ICP备案号
	PoliceRecord string // 公安备案号
}

// Config is what a Site is made of. All but the numbers must be set.
type Config struct {
	Settings Settings
	DB       *db.DB // for the table page_view
	Content  *content.Store
	Laws     *law.Store
	Events   *events.Store
	Media    *media.Library
	Search   *search.Index
	Desk     *search.Desk // over Search
	Theme    *themes.Theme
	Poster   *poster.Font
	Secret   []byte // signs organizers' cookies and the forms that strangers send
	Static   bool   // pages are to be written to files: no forms; Search and Desk may be nil
	Now      func() time.Time
	Log      *slog.Logger
}

// Site is the public half of songfa.
type Site struct {
	cfg       Config
	srv       *web.Server
	views     *views
	counting  *web.Limiter // of searches, by who searches; in memory only
	starting  *web.Limiter // of requests for sessions, by address
	sending   *web.Limiter // of forms, by address
	strangers *web.Limiter // of personal links that do not exist, by address
	tickets   *web.Tickets // of the forms that strangers send
	plain     *web.Limiter // of forms without a proof of work, by address
	hot       hotSessions
}

// How many searches of one reader are counted at once, and how soon one more is:
// who turns the wheel by hand must not shape what editors and readers see.
const (
	countedBurst = 20
	countedPer   = 30 * time.Second
)

// New makes a Site; it reads and serves nothing yet.
func New(cfg Config) *Site {
	return &Site{cfg: cfg, views: newViews(cfg.DB, cfg.Now), counting: web.NewLimiter(countedBurst, countedPer, cfg.Now),
		starting: web.NewLimiter(startBurst, startPer, cfg.Now), sending: web.NewLimiter(sendBurst, sendPer, cfg.Now),
		strangers: web.NewLimiter(strangeBurst, strangePer, cfg.Now),
		tickets:   web.NewTickets(cfg.Secret, cfg.Now), plain: web.NewLimiter(plainBurst, plainPer, cfg.Now)}
}

// handler answers one request; ctx ends with the handler's deadline.
type handler func(ctx context.Context, c *fiber.Ctx) error

// Register hangs all public routes below srv.Root. Those of other packages that
// begin with the same path must be registered before.
func (s *Site) Register(srv *web.Server) {
	s.srv = srv
	srv.Problems("/", s.problem)
	s.get("/", s.home)
	for _, kind := range content.Kinds {
		if kind != content.Page {
			s.get("/"+kind.Dir()+"/", s.list(kind))
		}
		s.get("/"+kind.Dir()+"/:slug", s.document(kind))
	}
	s.get("/topics/:topic/", s.topic)
	s.get("/preview/:token", s.preview)
	s.get("/laws/", s.laws)
	s.get("/laws/:law", s.law)
	s.get("/laws/:law/:article", s.article)
	s.get("/events/", s.events)
	s.get("/events/feed.ics", s.calendarFeed)
	s.get("/events/:no.ics", s.calendarFile)
	s.get("/events/:no", s.eventPage)
	s.get("/events/:no/poster", s.posterPage)
	s.get("/events/:no/poster.png", s.posterPicture)
	s.registerSignUp()
	s.get("/stations/", s.stations)
	s.registerOrganize()
	s.registerDesk()
	s.registerMy()
	s.registerApprove()
	s.get("/search", s.search)
	srv.OnOpen("/search", s.opened)
	s.get("/search/suggest", s.suggest)
	s.get("/media/:key/:name", s.media)
	s.get("/feeds/:name.xml", s.feed)
	s.get("/sitemap.xml", s.sitemap)
	s.get("/robots.txt", s.robots)
	s.get("/elder", s.elder)
	s.get("/static/theme/*", s.asset)
	s.get("/healthz", s.alive)
	s.get("/readyz", s.ready)
	s.registerAPI()
}

// get registers a page under its one address: the same with or without the
// last slash, or with several, is sent on.
func (s *Site) get(path string, h handler) {
	slash := strings.HasSuffix(path, "/")
	s.srv.Root.Get(path, func(c *fiber.Ctx) error {
		other := strings.HasSuffix(c.Path(), "/") != slash || strings.HasSuffix(c.Path(), "//")
		if other && !strings.HasSuffix(path, "*") {
			return s.otherSlash(c, slash)
		}
		ctx, cancel := web.Context(c)
		defer cancel()
		return h(ctx, c)
	})
}

// otherSlash sends the reader to the same address with or without the last slash.
func (s *Site) otherSlash(c *fiber.Ctx, slash bool) error {
	path, query, _ := strings.Cut(c.OriginalURL(), "?")
	path = strings.TrimRight(path, "/")
	if slash {
		path += "/"
	}
	if query != "" {
		path += "?" + query
	}
	if strings.HasPrefix(path, "//") { // would be another host
		return errs.New(errs.NotFound, "", "path begins with two slashes")
	}
	return s.sendTo(c, path, fiber.StatusMovedPermanently)
}

// redirect sends the reader on to a root-relative address of ours, or to a
// whole one of others.
func (s *Site) redirect(c *fiber.Ctx, to string) error {
	if strings.HasPrefix(to, "/") {
		to = s.srv.Path(to)
	}
	return s.sendTo(c, to, fiber.StatusMovedPermanently)
}

// sendTo asks browsers not to remember: a text may come back to its old address.
func (s *Site) sendTo(c *fiber.Ctx, to string, status int) error {
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return c.Redirect(to, status)
}

// render answers with the page, or with nothing of it.
func (s *Site) render(c *fiber.Ctx, p themes.Page) error {
	body, err := s.cfg.Theme.Render(p)
	return s.sendPage(c, body, err)
}

// sendPage answers with a page that was rendered, or could not be.
func (s *Site) sendPage(c *fiber.Ctx, body []byte, err error) error {
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return c.Send(body)
}

// shell is what is around every page.
func (s *Site) shell(c *fiber.Ctx, path, title string) themes.Shell {
	set := s.cfg.Settings
	return themes.Shell{
		Site: themes.Site{Static: s.cfg.Static, URL: s.srv.URL(""), Name: set.Name, Tagline: set.Tagline, Accent: set.Accent,
			Hotline: set.Hotline, Phone: set.Phone, Address: set.Address,
			IDCode: set.SiteIDCode, ICP: set.ICP, Police: set.PoliceRecord},
		Path: path, Title: title, Elder: web.Elder(c),
	}
}

// now is the time in the zone of the pages.
func (s *Site) now() time.Time { return s.cfg.Now().In(events.Zone) }
