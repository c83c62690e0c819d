package site_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/content/starter"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// host is a unit at its telephone: a browser without JavaScript that keeps its
// cookie and sends back the hidden fields of the page it has.
type host struct {
	t      *testing.T
	r      *rig
	cookie string // organizer=…
	path   string // of the page it has
	status int
	body   string
	header http.Header
}

// bureau is a site with stations, towns and a calendar, and a clock to turn.
type bureau struct {
	*rig
	clock *clock
}

// at turns the clock.
func (b *bureau) at(t time.Time) { b.clock.set(t) }

func organizing(t *testing.T, d *db.DB, base string) *bureau {
	t.Helper()
	k := &clock{}
	k.set(noon)
	r := openAt(t, d, base, "", k.now)
	ctx := context.Background()
	check(t, r.events.SeedCalendar(ctx))
	_, err := r.events.ImportTree(ctx, admin, starter.Files())
	check(t, err)
	return &bureau{r, k}
}

func (r *rig) host(t *testing.T) *host { return &host{t: t, r: r} }

func (h *host) ask(method, path string, form url.Values) *host {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), method, h.r.url+h.r.base+path, strings.NewReader(form.Encode()))
	check(h.t, err)
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return h.answer(req)
}

// answer sends a request with the cookie and keeps what comes back.
func (h *host) answer(req *http.Request) *host {
	h.t.Helper()
	if req.Method == http.MethodPost {
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if h.cookie != "" {
		req.Header.Set("Cookie", h.cookie)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	check(h.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	check(h.t, err)
	h.path, h.status, h.body, h.header = strings.TrimPrefix(req.URL.Path, h.r.base), resp.StatusCode, string(body), resp.Header
	for _, c := range resp.Cookies() {
		if c.Name == "organizer" {
			h.cookie = c.Name + "=" + c.Value
		}
	}
	if got := resp.Header.Get("Cache-Control"); got != "no-store" && resp.StatusCode != http.StatusSeeOther {
		h.t.Errorf("%s %s may be kept: %q", req.Method, h.path, got)
	}
	return h
}

func (h *host) open(path string) *host { h.t.Helper(); return h.ask(http.MethodGet, path, nil) }

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// send fills the form of the page that goes to path, on top of its hidden
// fields, and follows where the answer leads.
func (h *host) send(path string, pairs ...string) *host {
	h.t.Helper()
	h.post(path, pairs...)
	if h.status == http.StatusSeeOther {
		to, ok := strings.CutPrefix(h.header.Get("Location"), h.r.base)
		if !ok {
			h.t.Fatalf("%s leads to %s", path, h.header.Get("Location"))
		}
		h.open(to)
	}
	return h
}

// post is send without following.
func (h *host) post(path string, pairs ...string) *host {
	h.t.Helper()
	form := url.Values{}
	_, page, ok := strings.Cut(h.body, `action="`+h.r.base+path+`"`)
	if !ok {
		h.t.Fatalf("%s has no form for %s:\n%s", h.path, path, h.body)
	}
	page, _, _ = strings.Cut(page, "</form>")
	for _, m := range hidden.FindAllStringSubmatch(page, -1) {
		form.Set(m[1], m[2])
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return h.ask(http.MethodPost, path, form)
}

func (h *host) sees(status int, texts ...string) *host {
	h.t.Helper()
	if h.status != status {
		h.t.Fatalf("%s: %d, want %d\n%s", h.path, h.status, status, mainOf(h.body))
	}
	for _, text := range texts {
		if !strings.Contains(h.body, text) {
			h.t.Fatalf("%s does not show %s\n%s", h.path, text, mainOf(h.body))
		}
	}
	return h
}

func mainOf(page string) string {
	_, page, _ = strings.Cut(page, "<main")
	page, _, _ = strings.Cut(page, "</main>")
	return page
}

var codeShown = regexp.MustCompile(`[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}`)

// begin registers a unit and returns its code.
func (h *host) begin() string {
	h.t.Helper()
	h.open("/organize/").sees(200, "不用注册，不用电子邮箱")
	h.send("/organize/start", "unit", "东湖电子有限公司", "contact", "工会 陈霞", "phone", "138 0000 0000").sees(200, "没有提交", "查询码")
	code := codeShown.FindString(h.body)
	if code == "" {
		h.t.Fatalf("no code on the page\n%s", mainOf(h.body))
	}
	return code
}

// steps are the answers that make a request whole.
var (
	what   = []string{"type", "enterprise", "topic", "加班怎么算，女职工有哪些假"}
	when   = []string{"d1", "2026-12-08", "t1", "15:00", "d2", "2026-12-10", "t2", "15:00", "minutes", "90", "town", "donghu", "venue", "东湖电子 3 号楼二车间", "address", "从 2 号门进"}
	people = []string{"expected", "40", "open", "yes", "places", "10", "publish", "no"}
	needs  = []string{"equipment", "投影", "equipment", "话筒", "lawyers", "1", "brochures", "50", "notes", "夜班工人多"}
)

// fill answers all steps, one page after the other.
func (h *host) fill() *host {
	h.t.Helper()
	h.open("/organize/unit").send("/organize/unit", "unit", "东湖电子有限公司", "contact", "工会 陈霞", "phone", "138 0000 0000", "unit_kind", "企业").sees(200, "第 2 步")
	h.send("/organize/session", what...).sees(200, "第 3 步")
	h.send("/organize/when", when...).sees(200, "第 4 步")
	h.send("/organize/people", people...).sees(200, "第 5 步")
	return h.send("/organize/needs", needs...).sees(200, "提交前核对一遍")
}

func TestAUnitRegistersASession(t *testing.T) {
	for _, base := range []string{"", "/sfj/pufa"} {
		t.Run("base"+strings.ReplaceAll(base, "/", "_"), func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) { registerASession(t, organizing(t, d, base)) })
		})
	}
}

func registerASession(t *testing.T, r *bureau) {
	h := r.host(t)
	code := h.begin()
	h.fill().sees(200, "东湖电子有限公司", "工会 陈霞", "13800000000", "送法进企业", "2026 年 12 月 8 日（周二）15:00–16:30", "东湖镇", "40 人", "投影、话筒", "50 本")
	h.send("/organize/check").sees(400, "请勾上“以上内容属实”")
	page := h.body
	h.send("/organize/check", "agree", "1").sees(200, "已经提交", "SF-2026-", "已收到", "还有 3 个工作日", "东湖镇")
	no := regexp.MustCompile(`SF-2026-[0-9]{5}`).FindString(h.body)

	h.body = page // a double click
	h.send("/organize/check", "agree", "1").sees(200, no)
	if all, err := r.events.Sessions(t.Context(), events.Filter{States: []events.State{events.Submitted}}); err != nil || len(all) != 1 {
		t.Errorf("%d sessions are submitted, %v; want one", len(all), err)
	}

	other := r.host(t) // at another telephone
	other.open("/organize/").send("/organize/open", "code", strings.ToLower(strings.ReplaceAll(code, "-", " ")), "last4", "００００").sees(200, no, "已收到")
	other.open("/organize/when").sees(303) // it can no longer be filled in
	other.open("/organize/request").send("/organize/leave").sees(200, "登记一场")
	other.open("/organize/request").sees(303)
	if strings.Contains(other.body, no) {
		t.Error("who has left still sees the request")
	}
	if log := r.log.String(); strings.Contains(log, "陈霞") || strings.Contains(log, "13800000000") {
		t.Error("the log tells whose request it is")
	}
}
