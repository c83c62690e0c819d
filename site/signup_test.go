package site_test

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// door is a site with one session to sign up for, and a clock the test turns.
type door struct {
	*rig
	t       *testing.T
	clock   *clock
	session events.Session
}

// newDoor has a session of so many places and so many that may wait.
func newDoor(t *testing.T, d *db.DB, capacity, queue int) *door {
	t.Helper()
	k := &clock{}
	k.set(noon)
	r := openAt(t, d, "/sfj/pufa", "", k.now)
	return &door{rig: r, t: t, clock: k, session: r.newSession(t, capacity, queue)}
}

func (r *rig) newSession(t *testing.T, capacity, queue int) events.Session {
	t.Helper()
	starts := noon.AddDate(0, 0, 4)
	e, err := r.events.CreateSession(t.Context(), admin, events.SessionForm{Type: events.Site, Title: "安置房工地：工资怎么要", Venue: "项目部食堂",
		Address: "环湖西路", Starts: starts, Ends: starts.Add(90 * time.Minute), Capacity: capacity, Organizer: "东湖镇司法所", ContactPhone: "0000-6101001"})
	check(t, err)
	if queue > 0 {
		e, err = r.events.SetQueue(t.Context(), admin, e.ID, e.Version, events.Queue{Cap: queue})
		check(t, err)
	}
	e, err = r.events.PublishSession(t.Context(), admin, e.ID, e.Version)
	check(t, err)
	return e
}

func (d *door) path() string { return "/events/" + d.session.No + "/signup" }

// page is an answer as the person sees it.
type page struct {
	status int
	header http.Header
	body   string
}

// open is a GET.
func (d *door) open(path string) page {
	d.t.Helper()
	resp, body := d.get(d.t, path)
	return page{resp.StatusCode, resp.Header, body}
}

// send is a POST of a form.
func (d *door) send(path string, form url.Values) page {
	d.t.Helper()
	req, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.url+d.base+path, strings.NewReader(form.Encode()))
	check(d.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	check(d.t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	check(d.t, err)
	return page{resp.StatusCode, resp.Header, string(b)}
}

func (d *door) want(p page, status int, texts ...string) page {
	d.t.Helper()
	if p.status != status {
		d.t.Fatalf("status %d, want %d:\n%s", p.status, status, mainOf(p.body))
	}
	for _, text := range texts {
		if !strings.Contains(p.body, text) {
			d.t.Errorf("%d answer lacks %q:\n%s", p.status, text, mainOf(p.body))
		}
	}
	return p
}

func (d *door) lacks(p page, texts ...string) {
	d.t.Helper()
	for _, text := range texts {
		if strings.Contains(p.body, text) {
			d.t.Errorf("the page holds %q:\n%s", text, mainOf(p.body))
		}
	}
}

var (
	ticketField = regexp.MustCompile(`name="ticket" value="([^"]*)"`)
	regCode     = regexp.MustCompile(`<p class="code">([0-9A-Z]{5}-[0-9A-Z]{5})</p>`)
)

func (d *door) ticket(p page) string {
	d.t.Helper()
	m := ticketField.FindStringSubmatch(p.body)
	if m == nil {
		d.t.Fatalf("no ticket in the form:\n%s", mainOf(p.body))
	}
	return m[1]
}

func (d *door) code(p page) string {
	d.t.Helper()
	m := regCode.FindStringSubmatch(p.body)
	if m == nil {
		d.t.Fatalf("no code on the page:\n%s", mainOf(p.body))
	}
	return m[1]
}

// filled is the form of somebody whose phone ends with n, with the proof of work.
func (d *door) filled(n int, change ...string) url.Values {
	d.t.Helper()
	ticket := d.ticket(d.want(d.open(d.path()), 200))
	form := url.Values{"name": {"王师傅"}, "phone": {fmt.Sprintf("138000%05d", n)}, "party": {"1"}, "consent": {"2026-11-24.2"}, "ticket": {ticket}, "answer": {proof(ticket)}}
	for i := 0; i+1 < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return form
}

// proof finds the answer as proof.js does.
func proof(ticket string) string {
	for n := 0; ; n++ {
		if sum := sha256.Sum256(fmt.Appendf(nil, "%s:%d", ticket, n)); sum[0] == 0 && sum[1] == 0 {
			return fmt.Sprint(n)
		}
	}
}

func TestSignUp(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *db.DB) {
		d := newDoor(t, db, 3, 2)
		d.want(d.open("/events/"+d.session.No), 200, "还有 3 个名额", "我要报名", `href="/sfj/pufa`+d.path()+`"`)
		form := d.open(d.path())
		if form.header.Get("Cache-Control") != "no-store" {
			t.Errorf("form may be kept: %v", form.header)
		}
		first := d.filled(1, "party", "2")
		done := d.want(d.send(d.path(), first), 200, "报上名了", "2 人（王师傅）", "<svg", "查报名", "/events/"+d.session.No+".ics", "11 月 28 日")
		code := d.code(done)
		if cc := done.header.Get("Cache-Control"); cc != "no-store" {
			t.Errorf("answer may be kept: %s", cc)
		}
		d.lacks(done, "13800000001", "138****")
		if again := d.want(d.send(d.path(), first), 200); d.code(again) != code { // a double click
			t.Error("the same form sent twice gives two codes")
		}
		d.want(d.send(d.path(), d.filled(1)), 409, "已经报过这一场", `value="13800000001"`)
		changed := url.Values{}
		for k, v := range first {
			changed[k] = v
		}
		changed.Set("party", "1") // back, and another number of people
		d.clock.pass(6 * time.Second)
		d.want(d.send(d.path(), changed), 409, "已经提交过")
		d.want(d.send(d.path(), d.filled(2)), 200, "报上名了")
		d.clock.pass(time.Second)
		d.want(d.open("/events/"+d.session.No), 200, "已满，可以候补", "我要候补")
		waiting := d.want(d.send(d.path(), d.filled(3)), 200, "您排在候补第 1 位")
		d.want(d.send(d.path(), d.filled(4)), 200, "您排在候补第 2 位")
		d.want(d.send(d.path(), first), 200, "报上名了", code) // the same answer still
		full := d.open(d.path())
		d.want(full, 200, "名额和候补都满了", "别的场次")
		d.lacks(full, "<form class=\"sec-t signup\"")
		late := first
		late.Set("phone", "13800000009")
		d.want(d.send(d.path(), late), 409, "已经提交过")

		// Cancelling lets the first of the queue in.
		d.want(d.send("/signup/", url.Values{"code": {code}, "last4": {"0001"}, "do": {"cancel"}}), 200, "取消好了", "已取消")
		d.want(d.send("/signup/", url.Values{"code": {d.code(waiting)}, "last4": {"0003"}}), 200, "报上名了")
		d.want(d.send("/signup/", url.Values{"code": {code}, "last4": {"0001"}, "do": {"cancel"}}), 200, "已取消") // twice is no error

		for _, secret := range []string{"13800000001", "王师傅", code, strings.ReplaceAll(code, "-", "")} {
			if strings.Contains(d.log.String(), secret) {
				t.Errorf("the log holds %q", secret)
			}
		}
	})
}

// A browser without JavaScript is asked for patience, not turned away.
func TestSignUpWithoutJavaScript(t *testing.T) {
	d := newDoor(t, dbtest.SQLite(t), 30, 0)
	form := d.filled(1, "answer", "")
	hasty := d.want(d.send(d.path(), form), 422, "提交得太快", `value="王师傅"`, `value="13800000001"`)
	if d.ticket(hasty) != form.Get("ticket") {
		t.Error("a new ticket: who waits would have to wait again")
	}
	d.clock.pass(5 * time.Second)
	code := d.code(d.want(d.send(d.path(), form), 200, "报上名了"))
	if d.code(d.want(d.send(d.path(), form), 200)) != code {
		t.Error("two codes for one form")
	}
	// A wrong answer is as good as none, and one address does not get far.
	for i := 2; ; i++ {
		form := d.filled(i, "answer", "12345")
		d.clock.pass(5 * time.Second)
		p := d.send(d.path(), form)
		if p.status == 429 {
			d.want(p, 429, "同一个网络报名太多了", "工作人员替您登记")
			if i < 5 || i > 8 {
				t.Errorf("stopped at form %d", i)
			}
			break
		}
		d.want(p, 200)
	}
	d.want(d.send(d.path(), d.filled(90)), 200, "报上名了") // with the proof there is no such limit
}

func TestSignUpRefusals(t *testing.T) {
	d := newDoor(t, dbtest.SQLite(t), 30, 0)
	other := d.newSession(t, 10, 0)
	long := strings.Repeat("阿", 61)
	for _, tt := range []struct {
		name   string
		change []string
		status int
		says   string
		keeps  string
	}{
		{"no name", []string{"name", " "}, 422, "请填写姓名", `value="13800000007"`},
		{"61 characters", []string{"name", long}, 422, "61 个字", long},
		{"emoji", []string{"name", "小王😀"}, 422, "😀", `value="小王😀"`},
		{"a phone as name", []string{"name", "13800000007"}, 422, "姓名里有数字", `name="name"`},
		{"ten digits", []string{"phone", "1380000000"}, 422, "11 位", `value="1380000000"`},
		{"no phone", []string{"phone", ""}, 422, "请填写手机号", `value="王师傅"`},
		{"letters as phone", []string{"phone", "微信abc"}, 422, "认不出来", `value="微信abc"`},
		{"six people", []string{"party", "6"}, 422, "一次最多报 5 人", `value="王师傅"`},
		{"no people", []string{"party", ""}, 422, "一次最多报 5 人", `value="王师傅"`},
		{"a billion", []string{"party", "1000000000"}, 422, "一次最多报 5 人", `value="王师傅"`},
		{"no consent", []string{"consent", ""}, 422, "勾选同意", `value="王师傅"`},
		{"an old notice", []string{"consent", "2020-01-01"}, 422, "勾选同意", `value="王师傅"`},
		{"long question", []string{"question", strings.Repeat("问", 201)}, 422, "201 个字", strings.Repeat("问", 201)},
		{"no such town", []string{"town", "nowhere"}, 422, "没有这个镇街", `value="王师傅"`},
		{"the trap", []string{"website", "http://spam.example"}, 422, "要空着", `value="王师傅"`},
		{"forged form", []string{"ticket", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}, 422, "再点一次提交", `value="王师傅"`},
		{"no ticket", []string{"ticket", ""}, 422, "", `value="王师傅"`},
		{"script", []string{"name", `"><script>alert(1)</script>`}, 422, "请删去", "&lt;script&gt;"},
	} {
		p := d.send(d.path(), d.filled(7, tt.change...))
		if p.status != tt.status || !strings.Contains(p.body, tt.says) || !strings.Contains(p.body, tt.keeps) || !strings.Contains(p.body, `role="alert"`) {
			t.Errorf("%s: %d, says %q %v, keeps %q %v:\n%s", tt.name, p.status, tt.says, strings.Contains(p.body, tt.says), tt.keeps, strings.Contains(p.body, tt.keeps), mainOf(p.body))
		}
		d.lacks(p, "<script>alert")
	}
	ticket := d.ticket(d.open("/events/" + other.No + "/signup"))
	d.want(d.send(d.path(), d.filled(7, "ticket", ticket, "answer", proof(ticket))), 422, "再点一次提交") // of another session
	d.clock.pass(24 * time.Hour)
	d.want(d.open("/events/"+d.session.No), 200, "还有 30 个名额")
}

// What telephones and hands write is understood.
func TestSignUpUnderstandsWhatIsTyped(t *testing.T) {
	d := newDoor(t, dbtest.SQLite(t), 100, 0)
	for i, tt := range []struct{ field, typed, last4, shows string }{
		{"phone", "１３８００００１００１", "1001", "王师傅"},
		{"phone", " 138 0000 1002 ", "1002", "王师傅"},
		{"phone", "+86 138-0000-1003", "1003", "王师傅"},
		{"phone", "008613800001004", "1004", "王师傅"},
		{"phone", "0000-6101005", "1005", "王师傅"},
		{"party", "２", "0106", "2 人"},
		{"party", "3人", "0107", "3 人"},
		{"name", "𠮷野家", "0108", "𠮷野家"},
		{"name", "阿卜杜拉•买买提", "0109", "阿卜杜拉·买买提"},
		{"name", strings.Repeat("长", 60), "0110", strings.Repeat("长", 60)},
		{"name", "王", "0111", "王"},
	} {
		p := d.send(d.path(), d.filled(101+i, tt.field, tt.typed))
		code := d.code(d.want(p, 200, tt.shows))
		d.want(d.send("/signup/", url.Values{"code": {code}, "last4": {tt.last4}}), 200, "报上名了", tt.shows)
	}
}

func TestLookUp(t *testing.T) {
	d := newDoor(t, dbtest.SQLite(t), 30, 0)
	d.want(d.open("/signup/"), 200, "报名码", "手机号后四位")
	code := d.code(d.want(d.send(d.path(), d.filled(4321, "party", "3")), 200))
	for _, typed := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", ""), " " + strings.ReplaceAll(code, "-", " ") + " ",
		strings.NewReplacer("0", "O", "1", "l").Replace(code), fullWidth(code)} {
		d.want(d.send("/signup/", url.Values{"code": {typed}, "last4": {"４３２１"}}), 200, code, "3 人")
	}
	p := d.want(d.send("/signup/", url.Values{"code": {code}, "last4": {"4321"}, "do": {"shrink"}, "party": {"2"}}), 200, "人数改好了", "2 人（王师傅）")
	d.lacks(p, "改成几个人</label><select id=\"s-party\" name=\"party\" class=\"w-s\"><option value=\"2\"")
	d.want(d.send("/signup/", url.Values{"code": {code}, "last4": {"4321"}, "do": {"shrink"}, "party": {"5"}}), 409, "不能加人", code)
	d.want(d.send("/signup/", url.Values{"code": {"123"}, "last4": {"4321"}}), 422, "10 个字符", `value="123"`)
	d.want(d.send("/signup/", url.Values{"code": {code}, "last4": {""}}), 422, "后四位")
	d.want(d.send("/signup/", url.Values{"code": {""}, "last4": {""}}), 422, "10 个字符", `href="#f-code"`, "后四位数字", `href="#f-last4"`) // both at once
	wrong := d.want(d.send("/signup/", url.Values{"code": {code}, "last4": {"0000"}}), 404, "查不到")
	unknown := d.want(d.send("/signup/", url.Values{"code": {"00000-00000"}, "last4": {"0000"}}), 404, "查不到")
	if strings.ReplaceAll(mainOf(wrong.body), code, "") != strings.ReplaceAll(mainOf(unknown.body), "00000-00000", "") {
		t.Error("a wrong phone and an unknown code answer differently")
	}
	for range 3 {
		d.want(d.send("/signup/", url.Values{"code": {code}, "last4": {"9999"}}), 404)
	}
	d.want(d.send("/signup/", url.Values{"code": {code}, "last4": {"4321"}}), 429, "15 分钟") // the right one, too
	d.clock.pass(15*time.Minute + time.Second)
	d.want(d.send("/signup/", url.Values{"code": {code}, "last4": {"4321"}}), 200, code)
}

func fullWidth(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r > '!' && r <= '~' {
			r += 0xFEE0
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Each page tells what the clock and the counters say, at most a second late.
func TestSignUpFollowsTheClock(t *testing.T) {
	d := newDoor(t, dbtest.SQLite(t), 30, 0)
	e := d.session
	e, err := d.events.SetQueue(t.Context(), admin, e.ID, e.Version, events.Queue{From: noon.Add(time.Hour), To: noon.Add(2 * time.Hour)})
	check(t, err)
	where := "/events/" + e.No
	d.want(d.open(where), 200, "11 月 24 日 13:00 开始报名")
	d.want(d.open(d.path()), 200, "报名还没有开始", "11 月 24 日 13:00 起")
	d.clock.pass(time.Hour)
	d.want(d.open(where), 200, "还有 30 个名额", "我要报名")
	form := d.filled(1)
	d.clock.pass(time.Hour)
	d.want(d.open(where), 200, "报名已截止")
	d.want(d.send(d.path(), form), 409, "已经截止")
	_, err = d.events.CancelSession(t.Context(), admin, e.ID, e.Version, "工地停工")
	check(t, err)
	p := d.want(d.open(where), 200, "已取消", "工地停工")
	d.lacks(p, "我要报名")
	d.want(d.open(d.path()), 200, "这一场取消了")
}

// Sign-ups leave the journal alone, and pages follow all the same.
func TestPagesShowFreePlacesWithinASecond(t *testing.T) {
	d := newDoor(t, dbtest.SQLite(t), 30, 0)
	position := d.ledger.Position()
	pages := []string{"/events/", "/events/?month=2026-11", "/events/" + d.session.No, "/", "/api/v1/sessions/" + d.session.No}
	for _, path := range pages {
		d.want(d.open(path), 200, "30")
	}
	d.want(d.send(d.path(), d.filled(1, "party", "4")), 200)
	for _, path := range pages {
		d.want(d.open(path), 200, "30") // kept
	}
	d.clock.pass(time.Second)
	for _, path := range pages {
		d.want(d.open(path), 200, "26")
	}
	if d.ledger.Position() != position {
		t.Error("a sign-up moved the journal")
	}
}
