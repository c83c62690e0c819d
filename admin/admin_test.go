package admin_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/songfa/songfa/admin"
	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/content/proof"
	"github.com/songfa/songfa/content/wordlist"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/internal/vault"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/internal/web/webscript"
	"github.com/songfa/songfa/internal/wechat"
	"github.com/songfa/songfa/media"
	"github.com/songfa/songfa/search"
)

const password = "correct horse battery"

// staff are the people of the scripts: name and roles.
var staff = map[string][]auth.Role{
	"editor": {auth.Editor}, "other": {auth.Editor}, "reviewer": {auth.Reviewer}, "coordinator": {auth.Coordinator}, "keeper": {auth.Keeper}, "boss": {auth.Admin},
}

// office is a whole staff side on a real server.
type office struct {
	t       testing.TB
	URL     string // with base path
	host    string
	base    string
	content *content.Store
	laws    *law.Store
	events  *events.Store
	media   *media.Library
	ledger  *ledger.Ledger
	index   *search.Index
	desk    *search.Desk
	words   *wordlist.Store
	staff   *auth.Store
	log     *bytes.Buffer
	wechat  *wechat.Client
	mu      sync.Mutex
	at      time.Time
}

func (o *office) now() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.at
}

// pass lets time go by.
func (o *office) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.at = o.at.Add(d)
}

func newOffice(t testing.TB, d *db.DB, base string) *office {
	t.Helper()
	return newOfficeWith(t, d, base, nil)
}

// newOfficeWith is an office with a 公众号.
func newOfficeWith(t testing.TB, d *db.DB, base string, account *wechat.Client) *office {
	t.Helper()
	o := &office{t: t, base: base, wechat: account, at: time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC), log: &bytes.Buffer{}}
	l := ledger.New(d, o.now)
	o.ledger = l
	store, err := media.OpenDisk(t.TempDir())
	must(t, err)
	t.Cleanup(func() { store.Close() })
	log := slog.New(slog.NewTextHandler(&locked{w: o.log, mu: &o.mu}, nil))
	o.staff = auth.New(d, l, auth.Config{Now: o.now, Vault: vault.New([]byte("another secret that only tests know"))})
	o.words = wordlist.New(wordlist.Config{DB: d, Ledger: l, Now: o.now})
	laws := law.New(law.Config{DB: d, Ledger: l, Now: o.now})
	o.laws = laws
	o.content = content.New(content.Config{Laws: laws.Registry(), DB: d, Ledger: l, Now: o.now, Secret: []byte(strings.Repeat("s", 32)),
		Proof: func(ctx context.Context, d content.Document, t content.Text) ([]proof.Finding, error) {
			in, err := o.proof(ctx, d, t)
			return proof.Check(in), err
		}})
	o.media = media.New(media.Config{Store: store, DB: d, Ledger: l, Now: o.now, Log: log, TempDir: t.TempDir(),
		Vault: vault.New([]byte("a secret that only tests may know!"))})
	o.events = events.New(events.Config{DB: d, Ledger: l, Now: o.now,
		Vault:    vault.New([]byte("a secret that only tests may know!")),
		Pictures: events.Pictures{Hide: o.media.Withdraw, Drop: o.media.DropPrivate}})
	must(t, o.content.SetTopics(t.Context(), auth.System(), []content.Topic{{Slug: "wages", Name: "工资"}, {Slug: "work-injury", Name: "工伤"}}))
	must(t, o.content.SetColumns(t.Context(), auth.System(), []content.Column{
		{Slug: "guides", Name: "办事指南", Kinds: []content.Kind{content.Guide}}, {Slug: "notices", Name: "通知公告", Kinds: []content.Kind{content.Notice}}}))
	u, err := url.Parse("http://songfa.test" + base)
	must(t, err)
	o.index, err = search.Open(t.Context(), search.Config{Content: o.content, Laws: laws, Events: o.events, Ledger: l, Now: o.now, Log: log})
	must(t, err)
	t.Cleanup(func() { must(t, o.index.Close()) })
	o.desk, err = search.NewDesk(t.Context(), search.DeskConfig{DB: d, Ledger: l, Index: o.index, Base: u, Now: o.now, Log: log})
	must(t, err)
	srv := web.New(web.Config{BaseURL: u, Position: l.Position, Now: o.now, Log: log, StaffCookie: admin.CookieName, IsStaff: o.staff.Running})
	admin.New(admin.Config{Staff: o.staff, Content: o.content, Laws: laws, Events: o.events, Media: o.media, Ledger: l, Desk: o.desk, WeChat: o.wechat, Words: o.words, Proof: o.proof,
		Bureau: "示例区司法局", Secret: []byte(strings.Repeat("f", 32)), Now: o.now, Log: log}).Register(srv)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	ended := make(chan error, 1)
	go func() { ended <- srv.Listen(ln) }()
	t.Cleanup(func() {
		srv.App.ShutdownWithTimeout(time.Second)
		<-ended
	})
	o.host = "http://" + ln.Addr().String()
	o.URL = o.host + base
	return o
}

// proof is what the checks of a text get to know.
func (o *office) proof(ctx context.Context, d content.Document, t content.Text) (proof.Input, error) {
	lists, err := o.words.Lists(ctx)
	return proof.Input{Kind: string(d.Kind), Day: o.now().Format(time.DateOnly), Fields: content.ProofFields(t), Lists: lists}, err
}

// locked lets tests read the log while the server writes it.
type locked struct {
	w  io.Writer
	mu *sync.Mutex
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// browser is one person's, with cookies.
type browser struct {
	*http.Client
	o     *office
	token string
}

func (o *office) browser() *browser {
	jar, err := cookiejar.New(nil)
	must(o.t, err)
	return &browser{o: o, Client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// person is the account of a name; it is made when first asked for.
func (o *office) person(name string) auth.Account {
	o.t.Helper()
	account, err := o.staff.ByName(context.Background(), name)
	if errs.Is(err, errs.NotFound) {
		account, err = o.staff.Add(context.Background(), auth.System(), auth.NewAccount{Name: name, Display: "某" + name, Password: password, Rights: auth.Rights{Roles: staff[name]}})
	}
	must(o.t, err)
	return account
}

// signIn logs in over HTTP as a person would.
func (o *office) signIn(name string) *browser {
	o.t.Helper()
	o.person(name)
	b := o.browser()
	_, page := b.get("/admin/login")
	resp, body := b.post("/admin/login", "_token", tokenIn(page), "name", name, "password", password)
	if resp.StatusCode != http.StatusSeeOther {
		o.t.Fatalf("sign in %s: %d %s", name, resp.StatusCode, body)
	}
	_, page = b.get("/admin/")
	b.token = tokenIn(page)
	return b
}

var tokenField = regexp.MustCompile(`name="_token" value="([^"]+)"`)

func tokenIn(page string) string {
	if m := tokenField.FindStringSubmatch(page); m != nil {
		return m[1]
	}
	return ""
}

func (b *browser) get(path string) (*http.Response, string) {
	b.o.t.Helper()
	req, err := http.NewRequest(http.MethodGet, b.o.URL+path, nil)
	must(b.o.t, err)
	return b.do(req)
}

// post sends name, value pairs as a form.
func (b *browser) post(path string, pairs ...string) (*http.Response, string) {
	b.o.t.Helper()
	form := url.Values{}
	if b.token != "" {
		form.Set("_token", b.token)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	req, err := http.NewRequest(http.MethodPost, b.o.URL+path, strings.NewReader(form.Encode()))
	must(b.o.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(req)
}

// file is an upload.
type file struct {
	field, name string
	body        []byte
}

func (b *browser) upload(path string, files []file, pairs ...string) (*http.Response, string) {
	b.o.t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	must(b.o.t, w.WriteField("_token", b.token))
	for i := 0; i+1 < len(pairs); i += 2 {
		must(b.o.t, w.WriteField(pairs[i], pairs[i+1]))
	}
	for _, f := range files {
		part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + f.field + `"; filename="` + strings.ReplaceAll(f.name, `"`, `\"`) + `"`}})
		must(b.o.t, err)
		_, err = part.Write(f.body)
		must(b.o.t, err)
	}
	must(b.o.t, w.Close())
	req, err := http.NewRequest(http.MethodPost, b.o.URL+path, &buf)
	must(b.o.t, err)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(req)
}

func (b *browser) do(req *http.Request) (*http.Response, string) {
	b.o.t.Helper()
	resp, err := b.Do(req)
	must(b.o.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(b.o.t, err)
	return resp, string(body)
}

// picture is a PNG of a colour of its own.
func picture(t testing.TB, shade uint8) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 400, 300))
	for i := range img.Pix {
		img.Pix[i] = shade
	}
	img.Set(3, 3, color.White)
	var buf bytes.Buffer
	must(t, png.Encode(&buf, img))
	return buf.Bytes()
}

// guide is a text that is fit for readers.
func guide(title string) content.Text {
	return content.Text{Title: title, Answer: "先留证据，再去投诉。", Body: "## 怎么办\n\n先去**劳动监察**投诉。", Topics: []string{"wages"},
		Sources: []string{"《劳动合同法》第三十条"}, Checked: "2026-11-01", Origin: "示例区司法局"}
}

// TestScripts runs the walks of testdata, each at both base paths.
func TestScripts(t *testing.T) {
	for _, base := range []string{"", "/sfj/pufa"} {
		t.Run("base"+strings.ReplaceAll(base, "/", "_"), func(t *testing.T) {
			o := newOffice(t, dbtest.SQLite(t), base)
			webscript.Run(t, webscript.Site{URL: o.host, Base: base, SignIn: o.scriptUser}, "testdata/*.txt")
			for _, bug := range []string{"error page", "show a form again", "status=500"} {
				if line := o.logged(bug); line != "" {
					t.Error(line)
				}
			}
		})
	}
}

// scriptUser signs in for a script; {token} is for its forms.
func (o *office) scriptUser(t *testing.T, name string) (*http.Client, map[string]string) {
	b := o.signIn(name)
	return b.Client, map[string]string{"token": b.token}
}

func TestOnPostgres(t *testing.T) {
	o := newOffice(t, dbtest.Postgres(t), "")
	webscript.Run(t, webscript.Site{URL: o.host, SignIn: o.scriptUser}, "testdata/publish.txt")
}

// logged finds a line of the log.
func (o *office) logged(word string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	for line := range strings.Lines(o.log.String()) {
		if strings.Contains(line, word) {
			return line
		}
	}
	return ""
}
