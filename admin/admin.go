package admin

import (
	"context"
	"html/template"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/content/proof"
	"github.com/songfa/songfa/content/wordlist"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/internal/markdown"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/internal/wechat"
	"github.com/songfa/songfa/media"
	"github.com/songfa/songfa/search"
)

// Config is what the staff side is made of. All must be set.
type Config struct {
	Staff   *auth.Store
	Content *content.Store
	Laws    *law.Store
	Events  *events.Store
	Media   *media.Library
	Ledger  *ledger.Ledger
	Desk    *search.Desk   // 搜索
	WeChat  *wechat.Client // pushes drafts; nil when no 公众号 is set up
	// Page makes the page that readers would get of a text, stored or not, in a
	// dress: see site.Draft. Nil shows the text alone.
	Page  func(ctx context.Context, c *fiber.Ctx, live content.Live, dress string) ([]byte, error)
	Words *wordlist.Store
	// Proof is what machine checks need to know of a text.
	Proof  func(ctx context.Context, d content.Document, t content.Text) (proof.Input, error)
	Footer func() content.Footer // what public pages say at their foot; nil knows the name only
	Bureau string                // shown at the door: 示例区司法局
	Secret []byte                // binds forms to sessions; at least 32 bytes
	Now    func() time.Time
	Log    *slog.Logger
}

// Admin is the staff half of songfa.
type Admin struct {
	cfg       Config
	srv       *web.Server
	templates map[string]*template.Template
	assets    assets
	help      []helpPage
	passwords *web.Limiter // tries at one's own old password
}

// New makes an Admin; it reads and serves nothing yet.
func New(cfg Config) *Admin {
	a := &Admin{cfg: cfg, assets: loadAssets(), passwords: web.NewLimiter(10, time.Minute, cfg.Now)}
	a.templates = a.parseTemplates()
	a.help = loadHelp(markdown.New(markdown.Config{}))
	return a
}

// route is one address of the staff side.
type route struct {
	method, path string            // below /admin
	may          []auth.Permission // any of these opens it
	do           handler
}

func (a *Admin) routes() []route {
	return slices.Concat(
		a.workingRoutes(),
		a.mainRoutes(),
		a.editorRoutes(),
		a.accountRoutes(),
		a.searchRoutes(),
		a.columnRoutes(),
		a.inspectionRoutes(),
		a.reviewRoutes(),
		a.proofRoutes(),
		a.sessionRoutes(),
		a.figureRoutes(),
		a.photoRoutes(),
		a.mediaRoutes(),
		a.planRoutes(),
		a.peopleRoutes(),
		a.deskRoutes(),
		a.wordRoutes(),
		a.outputRoutes(),
		a.lawRoutes(),
	)
}

func (a *Admin) mainRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	var (
		anybody []auth.Permission // who is signed in
		write   = []auth.Permission{auth.Write}
		audit   = []auth.Permission{auth.Audit}
		users   = []auth.Permission{auth.Users}
	)
	return []route{
		{get, "/", anybody, a.dashboard},
		{post, "/logout", anybody, a.logout},
		{get, "/password", anybody, a.showPassword},
		{post, "/password", anybody, a.changePassword},
		{get, "/help/:page", anybody, a.showHelp},

		{get, "/documents/", write, a.documents},
		{get, "/documents/new", write, a.newDocument},
		{post, "/documents/new", write, a.createDocument},
		{get, "/documents/:id", write, a.document},
		{get, "/documents/:id/history", write, a.history},
		{get, "/editions/:id/compare", write, a.compare},
		{post, "/documents/:id/rename", write, a.renameDocument},
		{get, "/editions/:id", write, a.showEdition},
		{post, "/editions/:id", write, a.changeEdition},
		{post, "/preview", write, a.preview},

		{get, "/audit/", audit, a.audit},
		{get, "/users/", users, a.users},
		{post, "/users/", users, a.addUser},
		{get, "/users/:id", users, a.showUser},
		{post, "/users/:id", users, a.changeUser},
	}
}

// searchRoutes are those of the editors' desk of search.
func (a *Admin) searchRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	write := []auth.Permission{auth.Write}
	return []route{
		{get, "/search/", write, a.zeros},
		{post, "/search/", write, a.markZero},
		{get, "/search/promoted/", write, a.promotedList},
		{get, "/search/promoted/new", write, a.newPromoted},
		{post, "/search/promoted/new", write, a.savePromoted},
		{get, "/search/promoted/:id", write, a.showPromoted},
		{post, "/search/promoted/:id", write, a.savePromoted},
		{get, "/search/synonyms", write, a.synonyms},
		{post, "/search/synonyms", write, a.saveSynonyms},
	}
}

// sessionRoutes are those of the coordinator's sessions, their messages and
// stations.
func (a *Admin) sessionRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	sessions := []auth.Permission{auth.Sessions}
	return []route{
		{get, "/sessions/", sessions, a.sessions},
		{get, "/sessions/new", sessions, a.newSession},
		{post, "/sessions/new", sessions, a.createSession},
		{post, "/sessions/release", sessions, a.release},
		{get, "/sessions/:id", sessions, a.showSession},
		{post, "/sessions/:id", sessions, a.changeSession},
		{get, "/outbox/", sessions, a.outbox},
		{post, "/outbox/", sessions, a.stepOutbox},
		{get, "/stations/", sessions, a.stations},
		{get, "/stations/new", sessions, a.newStation},
		{post, "/stations/new", sessions, a.createStation},
		{get, "/stations/:code", sessions, a.showStation},
		{post, "/stations/:code", sessions, a.changeStation},
	}
}

// figureRoutes are those of outcome reports and of the figures made of them.
func (a *Admin) figureRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	var (
		sessions = []auth.Permission{auth.Sessions}
		counted  = []auth.Permission{auth.Figures, auth.Sessions}
	)
	return []route{
		{get, "/sessions/:id/report", counted, a.showReport},
		{post, "/sessions/:id/report", sessions, a.changeReport},
		{get, "/figures/", counted, a.figures},
		{get, "/figures/chart.svg", counted, a.chart},
		{get, "/figures/figures.xlsx", counted, a.figuresSheet},
		{get, "/figures/rows", counted, a.figureRows},
		{get, "/figures/:tab", counted, a.figureBook},
		{post, "/figures/:tab", []auth.Permission{auth.Freeze}, a.changeBook},
	}
}

// planRoutes are those of the coordinator beyond the sessions themselves.
func (a *Admin) planRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	sessions := []auth.Permission{auth.Sessions}
	return []route{
		{get, "/sessions/:id/edit", sessions, a.editSession},
		{post, "/sessions/:id/edit", sessions, a.saveSession},
		{get, "/calendar/", sessions, a.calendar},
		{post, "/calendar/", sessions, a.changeCalendar},
		{get, "/calendar/calendar.csv", sessions, a.calendarFile},
		{get, "/series/", sessions, a.seriesList},
		{get, "/series/new", sessions, a.newSeries},
		{post, "/series/new", sessions, a.createSeries},
		{get, "/series/:id", sessions, a.showSeries},
		{post, "/series/:id", sessions, a.addToSeries},
		{get, "/venues/", sessions, a.venues},
		{get, "/venues/new", sessions, a.newVenue},
		{post, "/venues/new", sessions, a.saveVenue},
		{get, "/venues/:id", sessions, a.showVenue},
		{post, "/venues/:id", sessions, a.saveVenue},
		{get, "/units/", sessions, a.units},
		{get, "/units/new", sessions, a.newUnit},
		{post, "/units/new", sessions, a.saveUnit},
		{get, "/units/:id", sessions, a.showUnit},
		{post, "/units/:id", sessions, a.saveUnit},
		{post, "/units/:id/suspend", sessions, a.suspendUnit},
	}
}

// Register hangs the staff side below srv.Root, and must come before what
// catches all addresses.
func (a *Admin) Register(srv *web.Server) {
	a.srv = srv
	srv.Problems("/admin/", a.problem)
	srv.Root.Get("/static/admin/:file", a.asset)
	srv.Root.Get("/admin", func(c *fiber.Ctx) error {
		if c.Path() == srv.Path("/admin") {
			return c.Redirect(srv.Path("/admin/"), fiber.StatusFound)
		}
		return c.Next()
	})
	srv.Root.Get("/admin/login", a.door(a.showLogin))
	srv.Root.Post("/admin/login", srv.SameOrigin, a.door(a.login))
	for _, r := range a.routes() {
		srv.Root.Add(r.method, "/admin"+r.path, srv.SameOrigin, a.inside(r))
	}
	srv.Root.All("/admin/*", srv.SameOrigin, a.inside(route{do: nowhere}))
}
