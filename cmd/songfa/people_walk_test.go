package main

import (
	"context"
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
)

// TestBrowserLawyer goes with a lawyer on a cheap phone without JavaScript: yes
// to an invitation, the tally at the desk, hours, the report, the record; and
// with the coordinator who asked.
func TestBrowserLawyer(t *testing.T) {
	b := startBrowser(t)
	site := startLive(t, "/sfj/pufa", false)
	ctx, boss := context.Background(), auth.System()
	lawyer, err := site.events.SavePerson(ctx, boss, "", 0, events.PersonForm{Kind: events.RoleLawyer, Name: "李国平", Phone: "13800000001", Skills: []string{"工伤"}, Licence: "13704202610000001"})
	must(t, err)
	_, err = site.events.SavePerson(ctx, boss, "", 0, events.PersonForm{Kind: events.RoleLawyer, Name: "王芳"})
	must(t, err)
	links, err := site.events.PersonLinks(ctx, boss, lawyer.ID)
	must(t, err)
	se := site.publishAt(t, "河口镇码头工地：工伤课", time.Now().Add(30*time.Minute))

	desk := b.view(t, 360)
	desk.open(site.url + "/admin/login")
	desk.fill("#f-name", "admin")
	desk.fill("#f-password", testPassword)
	desk.click("main form .btn")
	staffing := site.url + "/admin/sessions/" + se.ID + "/staffing"
	desk.open(staffing)
	desk.sees("可以请", "李国平", "擅长工伤")
	desk.audit()
	desk.click(`main ul.rows li:first-child button[value="invite"]`)
	desk.sees("已邀请", "待答复")
	desk.audit()

	v := b.view(t, 360).withoutScript()
	v.open(site.url + links.Page)
	v.sees("李国平，您好。有 1 场等您答复", "河口镇码头工地")
	v.audit()
	v.shot("my")
	v.click(`button[value="accept"]`)
	v.sees("记下了：您来", "找人替我", "现场计数")
	v.click(`button[value="arrive"]`)
	v.sees("签到好了")
	for range 2 {
		v.click(`.taps button:nth-child(3)`)
	}
	v.sees("2 人次咨询")
	v.audit()
	v.shot("my-tally")
	v.click(`button[name="undo"]`)
	v.sees("1 人次咨询")
	countOffline(t, b.view(t, 360), site, links.Page, lawyer.ID, se)
	v.open(site.url + links.Page)
	v.run(chromedp.Click("details summary"))
	v.fill("#f-from", time.Now().AddDate(0, 0, 7).In(beijing).Format(time.DateOnly))
	v.click(`form[action$="/away"] button.btn:not(.alt)`)
	v.sees("请选择有空还是请假")
	v.audit()

	// The day after: the session is over and somebody corrects its time.
	form := se.Form()
	form.Starts, form.Ends = time.Now().Add(-3*time.Hour), time.Now().Add(-2*time.Hour)
	se, err = site.events.SaveSession(ctx, boss, se.ID, se.Version, form)
	must(t, err)
	if _, err := site.events.Tick(ctx); err != nil {
		t.Fatal(err)
	}
	list, err := site.events.Staffing(ctx, boss, se.ID)
	must(t, err)
	duty := site.url + links.Page + "/" + list[0].ID
	v.open(duty)
	v.sees("服务时长", "报结果")
	v.audit()
	v.open(duty + "/report")
	v.sees("解答了多少咨询", "没有人来问")
	v.audit()
	v.shot("my-report")
	v.click(`button[value="send"]`)
	v.sees("处要改")
	v.audit()
	v.open(site.url + links.Page + "/record")
	v.sees("13704202610000001", "1 场")
	v.audit()

	desk.open(staffing)
	desk.sees("已到场", "核定时长")
	desk.audit()
	desk.shot("admin-staffing")
	for _, page := range []string{"/admin/people/", "/admin/people/new", "/admin/people/orgs", "/admin/people/" + lawyer.ID} {
		desk.open(site.url + page)
		desk.audit()
	}
	if html := fetch(t, site.url+links.Page); strings.Contains(html, "13800000001") {
		t.Error("the page shows the number")
	}
	checkHTML(t, map[string]string{"my": fetch(t, site.url+links.Page), "duty": fetch(t, duty), "report": fetch(t, duty+"/report"), "record": fetch(t, site.url+links.Page+"/record")})
}

// countOffline taps with JavaScript: quickly, in a dead spot, one too many, and
// expects each to be counted once when the network is back.
func countOffline(t *testing.T, v *view, site *live, page, person string, se events.Session) {
	t.Helper()
	w := site.stretch(t, "/sfj/pufa")
	v.open(w.url + page)
	v.click("main .rows h3 a")
	tap := func(selector string) { v.t.Helper(); v.run(chromedp.Click(selector)) }
	waits := func(text string) {
		t.Helper()
		v.run(chromedp.Poll[chromedp.Void](`document.getElementById('tally-note').textContent === ` + strconv.Quote(text)))
	}
	tap(".taps button:nth-child(1)")
	tap(".taps button:nth-child(1)")
	waits("")
	w.set(true)
	tap(".taps button:nth-child(1)")
	tap(".taps button:nth-child(2)")
	tap(`button[name="undo"]`)
	v.sees("还没有传上去", "4 人次咨询")
	v.audit()
	w.set(false)
	v.run(chromedp.Evaluate[chromedp.Void](`dispatchEvent(new Event('online'))`))
	waits("")
	lines, err := site.events.Tally(t.Context(), se.ID, person)
	must(t, err)
	got := map[string]int{}
	for _, l := range lines {
		got[l.Category] += l.Qty
	}
	if want := map[string]int{"工伤": 1, "工资报酬": 3}; !maps.Equal(got, want) {
		t.Errorf("counted %v, want %v", got, want)
	}
}

// publishAt makes a session of an hour that readers see.
func (l *live) publishAt(t *testing.T, title string, starts time.Time) events.Session {
	t.Helper()
	ctx, boss := context.Background(), auth.System()
	se, err := l.events.CreateSession(ctx, boss, events.SessionForm{Type: events.Site, Title: title, Venue: "项目部食堂", Starts: starts, Ends: starts.Add(time.Hour)})
	must(t, err)
	se, err = l.events.PublishSession(ctx, boss, se.ID, se.Version)
	must(t, err)
	return se
}
