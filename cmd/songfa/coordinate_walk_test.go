package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
)

// asks hands in a request for a venue as an organizer does.
func (site *live) asks(t *testing.T, unit string, v events.Venue, starts time.Time) events.Session {
	t.Helper()
	towns, err := site.events.Towns(t.Context())
	if err != nil || len(towns) == 0 {
		t.Fatal(towns, err)
	}
	form := events.RequestForm{Unit: unit, UnitKind: "企业", Contact: "陈霞", Phone: "13800000001", Type: events.Enterprise, Topic: "女职工的假和工资",
		Town: towns[0].Code, Venue: v.Name, VenueID: v.ID, Expected: 40, Minutes: 90, Lawyers: 1,
		Wishes: []events.Wish{{Starts: starts, Ends: starts.Add(90 * time.Minute)}, {Starts: starts.AddDate(0, 0, 1), Ends: starts.AddDate(0, 0, 1).Add(90 * time.Minute)}}}
	q, err := site.events.StartRequest(t.Context(), form, db.NewID())
	if err != nil {
		t.Fatal(err)
	}
	if q, err = site.events.SubmitRequest(t.Context(), q.ID, q.Version, "照单位的时间"); err != nil {
		t.Fatal(err)
	}
	return *q.Session
}

// afternoon is three o'clock so many days ahead.
func (site *live) afternoon(days int) time.Time {
	y, m, d := site.now().In(events.Zone).Date()
	return time.Date(y, m, d+days, 15, 0, 0, 0, events.Zone)
}

// serves has a new lawyer say yes to a session.
func (site *live) serves(t *testing.T, name, session string) {
	t.Helper()
	ctx, actor := t.Context(), auth.System()
	p, err := site.events.SavePerson(ctx, actor, "", 0, events.PersonForm{Kind: events.RoleLawyer, Name: name, Phone: "13900000001"})
	if err != nil {
		t.Fatal(err)
	}
	if err := site.events.Invite(ctx, actor, session, p.ID, events.RoleLawyer, ""); err != nil {
		t.Fatal(err)
	}
	staff, err := site.events.Staffing(ctx, actor, session)
	if err != nil || len(staff) != 1 {
		t.Fatal(staff, err)
	}
	if err := site.events.Answer(ctx, actor, staff[0].ID, true); err != nil {
		t.Fatal(err)
	}
}

// TestBrowserCoordinator is the coordinator's walk, without JavaScript: two units
// want one hall; one is accepted by keyboard, the other turned down; the first is
// published, moved and called off.
func TestBrowserCoordinator(t *testing.T) {
	b := startBrowser(t)
	site := startLive(t, "/sfj/pufa", false)
	for i, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			v := b.view(t, width).withoutScript()
			hall, err := site.events.SaveVenue(t.Context(), auth.System(), events.Venue{Name: fmt.Sprintf("礼堂 %d", width), Capacity: 200, Exclusive: true, Indoor: true})
			if err != nil {
				t.Fatal(err)
			}
			day := site.afternoon(21 + 7*i)
			first := site.asks(t, fmt.Sprintf("东湖电子 %d", width), hall, day)
			second := site.asks(t, fmt.Sprintf("石桥水厂 %d", width), hall, day)
			page := func(s events.Session) string { return site.url + "/admin/sessions/" + s.ID }

			v.signIn(site)
			v.sees("等我办", "场次怎么办")
			v.audit()
			v.shot("admin-coordinator")
			v.open(site.url + "/admin/sessions/")
			v.sees(first.Title, second.Title, "首选", "备选", "还有", "工作日")
			v.audit()
			v.shot("admin-inbox")

			v.open(page(first))
			v.sees("定哪个时间", second.No)
			v.audit()
			v.shot("admin-session")
			v.fill("#f-accept_override", "先到先得")
			v.run(chromedp.Focus(`button[value="accept"]`))
			if _, err := chromedp.RunResponse(v.ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
				t.Fatal(err)
			}
			v.sees("已同意", "排定这一场")
			v.audit()

			v.open(page(second))
			v.sees("排不了")
			v.run(chromedp.Click("#reject summary"))
			v.fill("#f-reject_reason", "那天礼堂有人了")
			v.click(`button[value="reject"]`)
			v.sees("有一处要改", "请填写可以怎么办")
			if typed := ask(v, chromedp.Value("#f-reject_reason")); typed != "那天礼堂有人了" {
				t.Errorf("the reason came back as %q", typed)
			}
			v.audit()
			v.fill("#f-reject_alternative", "下周同一时间有空")
			v.click(`button[value="reject"]`)
			v.sees("不予安排", "下周同一时间有空")

			v.open(page(first))
			site.serves(t, fmt.Sprintf("李国平 %d", width), first.ID)
			v.fill("#f-schedule_override", "志愿者由单位出")
			v.click(`button[value="schedule"]`)
			v.sees("已排定")
			v.run(chromedp.Click(`input[name="publish_reviewed"]`))
			v.click(`button[value="publish"]`)
			v.sees("已发布", "在网站上看")
			v.audit()
			v.run(chromedp.Click("#move summary"))
			v.fill("#f-move_date", day.AddDate(0, 0, 2).Format(time.DateOnly))
			v.fill("#f-move_override", "单位只有这天，放假也办")
			v.click(`button[value="look"]`)
			v.sees("新的时间和地点", "会收到通知")
			v.audit()
			v.shot("admin-session-move")
			v.click(`button[value="move"]`)
			v.sees("时间地点已改")
			v.run(chromedp.Click("#cancel summary"))
			v.fill("#f-cancel_reason", "单位临时停产")
			v.click(`button[value="cancel"]`)
			v.sees("已取消", "单位临时停产")
			v.audit()
		})
	}
}

// signIn logs the administrator in.
func (v *view) signIn(site *live) {
	v.t.Helper()
	v.open(site.url + "/admin/")
	v.fill("#f-name", "admin")
	v.fill("#f-password", testPassword)
	v.click("main form .btn")
}

// TestBrowserPlanning looks at the other pages of planning.
func TestBrowserPlanning(t *testing.T) {
	b := startBrowser(t)
	site := startLive(t, "", false)
	hall, err := site.events.SaveVenue(t.Context(), auth.System(), events.Venue{Name: "礼堂", Capacity: 200, Exclusive: true, Indoor: true})
	if err != nil {
		t.Fatal(err)
	}
	s := site.asks(t, "东湖电子", hall, site.afternoon(21))
	for _, width := range widths {
		for part, paths := range [][]string{
			{"/admin/sessions/?stage=plan", "/admin/sessions/?stage=open", "/admin/sessions/?stage=risk", "/admin/sessions/?stage=all", "/admin/sessions/new", "/admin/sessions/" + s.ID + "/edit"},
			{"/admin/series/", "/admin/series/new", "/admin/venues/", "/admin/venues/" + hall.ID, "/admin/units/", "/admin/units/" + s.Unit, "/admin/calendar/", "/admin/help/sessions"},
		} {
			t.Run(fmt.Sprint(width, "-", part), func(t *testing.T) {
				v := b.view(t, width).withoutScript()
				v.signIn(site)
				for _, path := range paths {
					v.open(site.url + path)
					v.audit()
				}
			})
		}
	}
}
