package main

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

	"github.com/chromedp/chromedp"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
)

// newSession publishes a session in four days, with so many places and so many
// that may wait.
func (l *live) newSession(t *testing.T, capacity, queue int) events.Session {
	t.Helper()
	return l.sessionAt(t, 18, capacity, queue)
}

// sessionAt is newSession at an hour.
func (l *live) sessionAt(t *testing.T, hour, capacity, queue int) events.Session {
	t.Helper()
	y, m, d := l.now().In(beijing).Date()
	starts := time.Date(y, m, d+4, hour, 0, 0, 0, beijing)
	e, err := l.events.CreateSession(t.Context(), auth.System(), events.SessionForm{Type: events.Site, Title: "东湖镇安置房工地：工资怎么发、怎么要",
		Summary: "工资专用账户怎么看，欠薪怎么投诉，包工头跑了找谁。", Audience: []string{"在各工地干活的工友", "家属"}, Venue: "安置房二期项目部食堂",
		Address: "从 2 号门进，登记后往右走", Starts: starts, Ends: starts.Add(90 * time.Minute), Capacity: capacity,
		Organizer: "东湖镇司法所", Lawyers: "李国平律师", ContactPhone: "0000-6101001"})
	if err == nil {
		e, err = l.events.SetQueue(t.Context(), auth.System(), e.ID, e.Version, events.Queue{Cap: queue})
	}
	if err == nil {
		e, err = l.events.PublishSession(t.Context(), auth.System(), e.ID, e.Version)
	}
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestBrowserSignUp is the public's walk: from a session to a place in it, back
// to it with the code, and out again. Once with JavaScript, once without.
func TestBrowserSignUp(t *testing.T) {
	b := startBrowser(t)
	site := startLive(t, "/sfj/pufa", false)
	for i, tt := range []struct {
		width  int
		script bool
		hour   int
	}{{360, true, 18}, {360, false, 23}, {1280, true, 18}} { // 23:00 to 00:30 has the longest words
		t.Run(fmt.Sprint(tt.width, tt.script), func(t *testing.T) {
			e := site.sessionAt(t, tt.hour, 2, 3)
			v := b.view(t, tt.width)
			if !tt.script {
				v.withoutScript()
			}
			v.open(site.url + "/events/" + e.No)
			v.sees("还有 2 个名额")
			v.audit()
			v.shot("session-open")
			v.click(`a.btn[href$="/signup"]`)
			v.sees("怎么称呼您", "连您在内，最多 5 人")
			v.audit()
			v.shot("signup")

			v.fill("#f-name", "王师傅")
			v.fill("#f-phone", "1380000")
			v.run(chromedp.Click(`input[name="party"][value="2"]`))
			v.click("form.signup .btn")
			v.sees("有 2 处要改", "11 位", "勾选同意")
			v.audit()
			v.shot("signup-errors")
			if got := ask(v, chromedp.Value("#f-name")); got != "王师傅" {
				t.Errorf("the name became %q", got)
			}
			tail := fmt.Sprintf("%04d", 1000+i)
			v.fill("#f-phone", "1380000"+tail)
			v.run(chromedp.Click(`input[name="consent"]`))
			if tt.script {
				v.run(chromedp.WaitReady(`input[name="answer"]:not([value=""])`))
			}
			v.click("form.signup .btn")
			if !tt.script {
				v.sees("提交得太快")
				v.audit()
				// People read the sentence and press again, as often as they like.
				if !eventually(15*time.Second, func() bool {
					v.click("form.signup .btn")
					return !strings.Contains(v.text("main"), "提交得太快")
				}) {
					t.Fatal("patience is not rewarded")
				}
			}
			v.sees("报上名了", "2 人（王师傅）", "加到手机日历")
			v.audit()
			v.shot("signed")
			code := v.text(".code")

			v.open(site.url + "/signup/")
			v.audit()
			v.shot("find")
			v.fill("#f-code", strings.ToLower(code))
			v.fill("#f-last4", tail)
			v.click("main form .btn")
			v.sees("报上名了", code)
			v.run(chromedp.Click("details.law:last-of-type summary"), chromedp.SetValue("#f-last4", tail))
			v.click(".btn.bad")
			v.sees("取消好了", "已取消")
			v.audit()
			v.open(site.url + "/events/" + e.No + "/poster")
			v.sees("扫码报名", "李国平律师")
			v.audit()
			v.shot("poster")
		})
	}
}

// TestValidSignUpHTML holds the pages of signing up against the Nu validator.
func TestValidSignUpHTML(t *testing.T) {
	need(t, "SONGFA_TEST_VNU")
	site := startLive(t, "", false)
	e, full := site.newSession(t, 5, 0), site.newSession(t, 1, 1)
	pages := map[string]string{}
	for _, path := range []string{"/events/" + e.No, "/events/" + e.No + "/signup", "/events/" + e.No + "/poster", "/events/" + e.No + "/poster?size=a3", "/signup/"} {
		pages[path] = fetch(t, site.url+path)
	}
	pages["errors"] = site.send(t, "/events/"+e.No+"/signup", url.Values{"name": {"1"}}, 422)
	signed := site.signUp(t, e, 1)
	pages["signed"] = signed
	code := regexp.MustCompile(`name="code" value="([0-9A-Z]{10})"`).FindStringSubmatch(signed)[1]
	pages["cancelled"] = site.send(t, "/signup/", url.Values{"code": {code}, "last4": {"0001"}, "do": {"cancel"}}, 200)
	pages["unknown"] = site.send(t, "/signup/", url.Values{"code": {"0123456789"}, "last4": {"0001"}}, 404)
	site.signUp(t, full, 2)
	pages["waiting"] = site.signUp(t, full, 3)
	pages["full"] = fetch(t, site.url+"/events/"+full.No+"/signup")
	checkHTML(t, pages)
}

var ticketField = regexp.MustCompile(`name="ticket" value="([^"]+)"`)

// signUp signs somebody up whose phone ends with n, and returns the answer.
func (l *live) signUp(t *testing.T, e events.Session, n int) string {
	t.Helper()
	path := "/events/" + e.No + "/signup"
	ticket := ticketField.FindStringSubmatch(fetch(t, l.url+path))[1]
	return l.send(t, path, url.Values{"name": {"王师傅"}, "phone": {fmt.Sprintf("138000%05d", n)}, "party": {"1"}, "consent": {"2026-11-24.2"},
		"ticket": {ticket}, "answer": {solve(ticket)}}, 200)
}

// solve finds the answer to a form's ticket as proof.js does.
func solve(ticket string) string {
	for n := 0; ; n++ {
		if sum := sha256.Sum256(fmt.Appendf(nil, "%s:%d", ticket, n)); sum[0] == 0 && sum[1] == 0 {
			return fmt.Sprint(n)
		}
	}
}

func (l *live) send(t *testing.T, path string, form url.Values, status int) string {
	t.Helper()
	resp, err := http.PostForm(l.url+path, form)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status {
		t.Fatalf("%s: %d, %v\n%s", path, resp.StatusCode, err, b)
	}
	return string(b)
}
