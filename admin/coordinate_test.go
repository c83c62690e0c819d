package admin_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// at is a time of day of December 2026.
func at(day, hour int) time.Time { return time.Date(2026, 12, day, hour, 0, 0, 0, events.Zone) }

// hall is an exclusive venue.
func (o *office) hall() events.Venue {
	o.t.Helper()
	v, err := o.events.SaveVenue(o.t.Context(), o.person("coordinator").Actor(), events.Venue{Name: "东湖礼堂", Capacity: 200, Exclusive: true, Indoor: true})
	must(o.t, err)
	return v
}

// asks hands in a request of a unit for a venue, at its wishes.
func (o *office) asks(unit string, v events.Venue, wishes ...time.Time) events.Request {
	o.t.Helper()
	form := events.RequestForm{Unit: unit, UnitKind: "企业", Contact: "陈霞", Phone: "13800000001", Type: events.Enterprise, Topic: "女职工的假和工资",
		Town: "donghu", Venue: v.Name, VenueID: v.ID, Expected: 40, Minutes: 90, Lawyers: 1}
	for _, w := range wishes {
		form.Wishes = append(form.Wishes, events.Wish{Starts: w, Ends: w.Add(90 * time.Minute)})
	}
	q, err := o.events.StartRequest(o.t.Context(), form, db.NewID())
	must(o.t, err)
	q, err = o.events.SubmitRequest(o.t.Context(), q.ID, q.Version, "单位只有这几天")
	must(o.t, err)
	return q
}

// lawyer is one who can be asked.
func (o *office) lawyer(name string) events.Person {
	o.t.Helper()
	p, err := o.events.SavePerson(o.t.Context(), o.person("coordinator").Actor(), "", 0, events.PersonForm{Kind: events.RoleLawyer, Name: name, Phone: "13900000001"})
	must(o.t, err)
	return p
}

// serves has a lawyer say yes to a session.
func (o *office) serves(p events.Person, session string) {
	o.t.Helper()
	actor := o.person("coordinator").Actor()
	must(o.t, o.events.Invite(o.t.Context(), actor, session, p.ID, events.RoleLawyer, ""))
	staff, err := o.events.Staffing(o.t.Context(), actor, session)
	must(o.t, err)
	must(o.t, o.events.Answer(o.t.Context(), actor, staff[0].ID, true))
}

// town makes 东湖镇, as importing a station does.
func (o *office) town() {
	o.t.Helper()
	report, err := o.events.ImportTree(o.t.Context(), auth.System(), fstest.MapFS{events.StationsFile: {Data: []byte("code,tier,name,town,address\nT01,town,东湖镇工作站,东湖镇,东湖路 1 号\n")}})
	must(o.t, err)
	if len(report.Problems) > 0 {
		o.t.Fatal(report.Problems)
	}
}

var formVersion = regexp.MustCompile(`name="version" value="(\d+)"`)

// page opens a session's page and returns it with the version in its forms.
func (b *browser) session(id string) (page, version string) {
	b.o.t.Helper()
	resp, page := b.get("/admin/sessions/" + id)
	m := formVersion.FindStringSubmatch(page)
	if resp.StatusCode != http.StatusOK || m == nil {
		b.o.t.Fatalf("session %s: %d %s", id, resp.StatusCode, page)
	}
	return page, m[1]
}

// takes sends a step and expects to be led on.
func (b *browser) takes(id, step string, pairs ...string) {
	b.o.t.Helper()
	_, version := b.session(id)
	resp, page := b.post("/admin/sessions/"+id, append([]string{"version", version, "go", step}, pairs...)...)
	if resp.StatusCode != http.StatusSeeOther {
		b.o.t.Fatalf("%s: %d %s", step, resp.StatusCode, page)
	}
}

// refused sends a step that must not be taken, and returns the page.
func (b *browser) refused(status int, id, step string, pairs ...string) string {
	b.o.t.Helper()
	_, version := b.session(id)
	resp, page := b.post("/admin/sessions/"+id, append([]string{"version", version, "go", step}, pairs...)...)
	if resp.StatusCode != status {
		b.o.t.Fatalf("%s: %d instead of %d: %s", step, resp.StatusCode, status, page)
	}
	return page
}

func sees(t testing.TB, page string, texts ...string) {
	t.Helper()
	for _, want := range texts {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q: %s", want, page)
		}
	}
}

func seesNot(t testing.TB, page string, texts ...string) {
	t.Helper()
	for _, not := range texts {
		if strings.Contains(page, not) {
			t.Errorf("the page says %q: %s", not, page)
		}
	}
}

// TestCoordinatorDecides walks through the inbox: two units want one hall at one
// time, one gets it, the other is sent back, and neither hears before the
// answers go out together.
func TestCoordinatorDecides(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "")
		o.town()
		b := o.signIn("coordinator")
		v := o.hall()
		o.lawyer("李国平")
		first := o.asks("东湖电子", v, at(3, 15), at(4, 15))
		second := o.asks("石桥水厂", v, at(3, 15))

		_, page := b.get("/admin/sessions/")
		sees(t, page, "等我办 2", "东湖电子：女职工的假和工资", "石桥水厂：女职工的假和工资", "138****0001", "首选 12 月 3 日 周四", "备选 12 月 4 日 周五", "李国平有空")
		seesNot(t, page, "13800000001")
		sees(t, page, "石桥水厂") // named as the rival of the other

		// Accepted but not yet out: the hall is kept, nobody hears.
		b.takes(first.Session.ID, "accept", "accept_wish", "1", "accept_hold", "1", "accept_override", "先到先得")
		_, page = b.get("/admin/sessions/")
		sees(t, page, "已经定下、还没有发出", "已定：同意")
		sees(t, b.refused(http.StatusConflict, second.Session.ID, "accept", "accept_wish", "1", "accept_override", "也想要"), "东湖礼堂")
		sees(t, b.refused(http.StatusBadRequest, second.Session.ID, "reject", "reject_reason", "那天礼堂有人了"), "那天礼堂有人了</textarea>", "f-reject_alternative")
		b.takes(second.Session.ID, "return", "return_reason", "那天礼堂有人了，请另写两个时间", "return_hold", "1")
		if s, err := o.events.SessionByID(t.Context(), second.Session.ID); err != nil || s.State != events.InReview {
			t.Errorf("a held answer is out: %v %v", s.State, err)
		}
		resp, page := b.post("/admin/sessions/release")
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("release: %d %s", resp.StatusCode, page)
		}
		sees(t, page, "发出了 2 件", "已同意·待排班", "退回补正")
		_, page = b.get("/admin/sessions/?stage=plan")
		sees(t, page, "待排期 1", "东湖电子")
		page, _ = b.session(first.Session.ID)
		seesNot(t, page, "收起这份草稿", "退回补充")
		page, _ = b.session(second.Session.ID)
		sees(t, page, "等单位补正以后再交来", "那天礼堂有人了，请另写两个时间")
	})
}

// TestTwoCoordinatorsTakeOne: the second sees who was first, and what they typed.
func TestTwoCoordinatorsTakeOne(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "")
		o.town()
		q := o.asks("东湖电子", events.Venue{Name: "厂里食堂"}, at(3, 15))
		one, two := o.signIn("coordinator"), o.signIn("boss")
		_, version := one.session(q.Session.ID)
		one.takes(q.Session.ID, "take")
		resp, page := two.post("/admin/sessions/"+q.Session.ID, "version", version, "go", "return", "return_reason", "缺联系人")
		if resp.StatusCode != http.StatusConflict {
			t.Fatalf("%d %s", resp.StatusCode, page)
		}
		sees(t, page, "这一场刚才变了", "某coordinator", "审核中", "缺联系人</textarea>")

		// A step that the state does not have is refused with the state.
		resp, page = two.post("/admin/sessions/"+q.Session.ID, "version", fmt.Sprint(q.Session.Version+1), "go", "held")
		if resp.StatusCode != http.StatusConflict || !strings.Contains(page, "现在是“审核中”") {
			t.Errorf("held: %d %s", resp.StatusCode, page)
		}
		if resp, page = two.post("/admin/sessions/"+q.Session.ID, "go", "nonsense"); resp.StatusCode != http.StatusBadRequest {
			t.Errorf("nonsense: %d %s", resp.StatusCode, page)
		}
	})
}

// TestContactIsShownForAReason: the number is masked until somebody says why.
func TestContactIsShownForAReason(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	o.town()
	q := o.asks("东湖电子", events.Venue{Name: "厂里食堂"}, at(3, 15))
	b := o.signIn("coordinator")
	page, version := b.session(q.Session.ID)
	seesNot(t, page, "13800000001", "陈霞")
	b.refused(http.StatusBadRequest, q.Session.ID, "contact")
	resp, page := b.post("/admin/sessions/"+q.Session.ID, "version", version, "go", "contact", "contact_reason", "打电话核对时间")
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("reveal: %d %v", resp.StatusCode, resp.Header)
	}
	sees(t, page, "陈霞", "13800000001")
	page, _ = b.session(q.Session.ID)
	sees(t, page, "打电话核对时间") // in the history
	seesNot(t, page, "13800000001")
}

// TestCoordinatorMoves brings a session to readers, elsewhere and to its end.
func TestCoordinatorMoves(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "")
		o.town()
		b := o.signIn("coordinator")
		v := o.hall()
		taken := o.asks("石桥水厂", v, at(8, 15))
		b.takes(taken.Session.ID, "accept", "accept_wish", "1")
		id := o.asks("东湖电子", v, at(3, 15)).Session.ID
		b.takes(id, "accept", "accept_wish", "1")
		sees(t, b.refused(http.StatusBadRequest, id, "schedule"), "律师要 1 人，答应了 0 人")
		o.serves(o.lawyer("李国平"), id)
		b.takes(id, "schedule", "schedule_override", "志愿者由单位出")
		sees(t, b.refused(http.StatusBadRequest, id, "publish", "publish_asked", "1"), "标题和海报还没有人核对", "#f-publish_reviewed")
		b.takes(id, "publish", "publish_asked", "1", "publish_reviewed", "1")
		page, version := b.session(id)
		sees(t, page, "李国平答应参加", "律师 1 / 1")
		seesNot(t, page, "practitioner:")
		sees(t, page, "已发布", "在网站上看", "改时间地点", "取消这一场")
		seesNot(t, page, "不予安排")

		// Looking changes nothing and shows what stands against it.
		move := []string{"move_date", "2026-12-08", "move_start", "15:30", "move_end", "17:00", "move_venue_id", v.ID, "move_town", "donghu"}
		resp, page := b.post("/admin/sessions/"+id, append([]string{"version", version, "go", "look"}, move...)...)
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("look: %d %s", resp.StatusCode, page)
		}
		sees(t, page, "新的时间和地点", "排不了", "石桥水厂", `value="2026-12-08"`, "约好的律师、志愿者 1 位、申请的单位")
		sees(t, b.refused(http.StatusConflict, id, "move", move...), "东湖礼堂", `value="15:30"`)
		move[1] = "2026-12-09"
		b.takes(id, "move", move...)
		page, _ = b.session(id)
		sees(t, page, "2026年12月9日", "2026-12-03 15:00")

		b.refused(http.StatusBadRequest, id, "cancel")
		b.takes(id, "cancel", "cancel_reason", "单位临时停产")
		page, _ = b.session(id)
		sees(t, page, "已取消", "单位临时停产", "通知")
		seesNot(t, page, "改时间地点", "取消这一场</button>")
	})
}

// planPages are the pages of the coordinator, each with something on it.
func (o *office) planPages() []string {
	o.t.Helper()
	o.town()
	v := o.hall()
	o.asks("石桥水厂", v, at(3, 15))
	s := o.asks("东湖电子", v, at(3, 15), at(4, 15)).Session
	pages := []string{"/admin/series/", "/admin/series/new", "/admin/venues/", "/admin/venues/new", "/admin/venues/" + v.ID, "/admin/units/", "/admin/units/new",
		"/admin/units/" + s.Unit, "/admin/calendar/?year=2026", "/admin/sessions/" + s.ID, "/admin/sessions/" + s.ID + "/edit"}
	for _, p := range []string{"plan", "open", "report", "risk", "all"} {
		pages = append(pages, "/admin/sessions/?stage="+p)
	}
	return pages
}

// TestInboxInOneClick answers on the card and comes back to the inbox; what has
// been left too long is at risk.
func TestInboxInOneClick(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "/sfj/pufa")
		o.town()
		q := o.asks("东湖电子 100%", events.Venue{Name: "厂里食堂"}, at(3, 15))
		late := o.asks("石桥水厂", events.Venue{Name: "水厂食堂"}, at(14, 15))
		b := o.signIn("coordinator")
		_, page := b.get("/admin/sessions/?q=100%25")
		sees(t, page, "全部 1", "东湖电子 100%")
		seesNot(t, page, "石桥水厂：")
		_, page = b.get("/admin/sessions/")
		sees(t, page, "排 12 月 3 日 15:00", "没有冲突")
		resp, page := b.post("/admin/sessions/"+q.Session.ID, "version", fmt.Sprint(q.Session.Version), "go", "accept.1", "back", "inbox")
		if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/sfj/pufa/admin/sessions/?done=accept" {
			t.Fatalf("%d %s %s", resp.StatusCode, resp.Header.Get("Location"), page)
		}
		_, page = b.get("/admin/sessions/?done=accept")
		sees(t, page, "已同意，单位会收到通知", "等我办 1", "待排期 1")

		o.pass(10 * 24 * time.Hour)
		b = o.signIn("coordinator")
		_, page = b.get("/admin/sessions/")
		sees(t, page, "已过期 3 个工作日")
		_, page = b.get("/admin/sessions/?stage=risk")
		sees(t, page, late.Session.No, "要处理", "有风险 1")
		_, page = b.get("/admin/sessions/?stage=risk&q=没有这家")
		sees(t, page, "没有要马上处理的", "有风险 0")
		_, page = b.get("/admin/")
		sees(t, page, "已过期 3 个工作日", "有风险")

		b = o.signIn("editor")
		for _, path := range []string{"/admin/sessions/", "/admin/sessions/" + late.Session.ID, "/admin/sessions/" + late.Session.ID + "/edit", "/admin/series/", "/admin/units/"} {
			if resp, _ := b.get(path); resp.StatusCode != http.StatusForbidden {
				t.Errorf("an editor opens %s: %d", path, resp.StatusCode)
			}
		}
		if resp, _ := b.post("/admin/sessions/release"); resp.StatusCode != http.StatusForbidden {
			t.Errorf("an editor lets answers go: %d", resp.StatusCode)
		}
	})
}

// TestReasonOutlivesTheLogin: who was signed out while writing a refusal reads
// it again after the login.
func TestReasonOutlivesTheLogin(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	o.town()
	q := o.asks("东湖电子", events.Venue{Name: "厂里食堂"}, at(3, 15))
	b := o.signIn("coordinator")
	o.pass(24 * time.Hour)
	resp, page := b.post("/admin/sessions/"+q.Session.ID, "version", "1", "go", "reject", "reject_reason", "那天没有律师", "reject_alternative", "下周二有一场")
	if resp.StatusCode != http.StatusUnauthorized {
		t.Fatalf("%d %s", resp.StatusCode, page)
	}
	sees(t, page, `name="kept.reject_reason" value="那天没有律师"`, `name="kept.reject_alternative" value="下周二有一场"`)
}
