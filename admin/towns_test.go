package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/songfa/songfa/admin"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/events/stock"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// townWorld is one of everything in a town. Every text of it holds the mark, so
// that whatever shows of it is found.
type townWorld struct {
	code, mark string
	ids        map[string][]string // by what an address calls it
	form       map[string]string   // ids that forms send
}

// world fills a town.
func (o *office) world(code, town, mark, station string) *townWorld {
	o.t.Helper()
	ctx, boss := o.t.Context(), o.person("boss").Actor()
	w := &townWorld{code: code, mark: mark, ids: map[string][]string{}, form: map[string]string{}}
	report, err := o.events.ImportTree(ctx, auth.System(), fstest.MapFS{events.StationsFile: {Data: []byte(
		"code,tier,name,town,address\n" + station + ",town," + mark + "工作站," + town + "," + mark + "路 1 号\n")}})
	must(o.t, err)
	if len(report.Problems) > 0 {
		o.t.Fatal(report.Problems)
	}
	w.ids["code"] = []string{station}
	v, err := o.events.SaveVenue(ctx, boss, events.Venue{Name: mark + "礼堂", Town: code, Capacity: 200, Exclusive: true, Address: mark + "街"})
	must(o.t, err)
	w.ids["venues"] = []string{v.ID}

	asked := o.townRequest(w, v)
	se := asked.Session
	w.ids["units"] = []string{se.Unit}
	open := o.townSession(w, v)
	org, err := o.events.SaveLegalOrg(ctx, boss, events.LegalOrg{Kind: events.LawFirm, Name: mark + "律师事务所", Town: code})
	must(o.t, err)
	p, err := o.events.SavePerson(ctx, boss, "", 0, events.PersonForm{Kind: events.RoleLawyer, Name: mark + "律师", Org: org, Phone: "13900000001", Towns: []string{code}})
	must(o.t, err)
	w.ids["people"] = []string{p.ID}
	must(o.t, o.events.Invite(ctx, boss, open.ID, p.ID, events.RoleLawyer, ""))
	staff, err := o.events.Staffing(ctx, boss, open.ID)
	must(o.t, err)
	must(o.t, o.events.Answer(ctx, boss, staff[0].ID, true))
	reg, err := o.events.StaffSignUp(ctx, boss, events.SignUp{Session: open.ID, Name: "陈霞", Phone: "13800000001", Party: 2, Town: code, Question: mark + "欠薪怎么办", Consent: "signup-2026"})
	must(o.t, err)
	w.form["registration"], w.form["assignment"], w.form["person"], w.form["venue_id"] = reg.ID, staff[0].ID, p.ID, v.ID
	held := o.townHeld(w)
	w.ids["sessions"] = []string{se.ID, open.ID, held}
	w.ids["photos"] = []string{strings.Repeat("ab", 32)}
	series, _, err := o.events.CreateSeries(ctx, boss, events.SeriesForm{Template: events.SessionForm{Type: events.Village, Title: mark + "每周一课", Town: code,
		Venue: mark + "村部", Organizer: mark + "村委会", Starts: at(7, 9), Ends: at(7, 10)},
		Rule: events.SeriesRule{Freq: events.Weekly, Interval: 1, Weekday: time.Monday, From: at(7, 9), Count: 2, Holidays: "skip"}})
	must(o.t, err)
	w.ids["series"] = []string{series.ID}
	_, err = o.events.Figures().SaveOpening(ctx, boss, figures.Opening{Fact: figures.Fact{Measure: "session", Qty: 7, Date: "2025-12-31", Town: code, Type: "village", Host: mark + "村委会"}, Source: mark + "纸质台账"})
	must(o.t, err)
	messages, _, err := o.events.Outbox(ctx, boss, events.MessageFilter{Session: open.ID})
	must(o.t, err)
	if len(messages) == 0 {
		o.t.Fatal("no message of the session")
	}
	w.form["id"] = messages[0].ID
	return w
}

// townRequest is a request that waits for the coordinator.
func (o *office) townRequest(w *townWorld, v events.Venue) events.Request {
	o.t.Helper()
	q, err := o.events.StartRequest(o.t.Context(), events.RequestForm{Unit: w.mark + "电子厂", UnitKind: "企业", Contact: "陈霞", Phone: "13800000001",
		Type: events.Enterprise, Topic: w.mark + "女工权益", Town: w.code, Venue: v.Name, VenueID: v.ID, Expected: 40, Minutes: 90, Lawyers: 1,
		Wishes: []events.Wish{{Starts: at(3, 15), Ends: at(3, 16)}}}, db.NewID())
	must(o.t, err)
	q, err = o.events.SubmitRequest(o.t.Context(), q.ID, q.Version, "只有这几天")
	must(o.t, err)
	return q
}

// townSession is one that readers see, in the hall; brochures lie aside for it.
func (o *office) townSession(w *townWorld, v events.Venue) events.Session {
	o.t.Helper()
	ctx, boss := o.t.Context(), o.person("boss").Actor()
	s, err := o.events.CreateSession(ctx, boss, events.SessionForm{Type: events.JobFair, Title: w.mark + "招聘会普法", Town: w.code, VenueID: v.ID, Venue: v.Name,
		Starts: at(5, 9), Ends: at(5, 11), Capacity: 30, Organizer: w.mark + "人社局"})
	must(o.t, err)
	s, err = o.events.PublishSession(ctx, boss, s.ID, s.Version)
	must(o.t, err)
	must(o.t, o.events.IssueMaterials(ctx, boss, s.ID, db.NewID(), []stock.Line{{Material: o.brochure(), Qty: 10}}))
	return s
}

// brochure is the one title of the warehouse.
func (o *office) brochure() string {
	o.t.Helper()
	ctx, boss := o.t.Context(), o.person("boss").Actor()
	all, err := o.events.Stock().Materials(ctx)
	must(o.t, err)
	if len(all) > 0 {
		return all[0].ID
	}
	m, err := o.events.Stock().SaveMaterial(ctx, boss, stock.Material{Title: "工资手册", Edition: "2026年版", Kind: stock.Handbook, Unit: "册"})
	must(o.t, err)
	must(o.t, o.events.Stock().Receive(ctx, boss, stock.Entry{Key: db.NewID(), Material: m.ID, Qty: 1000, Day: "2026-11-01", Place: stock.Warehouse}))
	return m.ID
}

// townHeld is one whose outcome is verified, brought in from a table.
func (o *office) townHeld(w *townWorld) string {
	o.t.Helper()
	towns, err := o.events.Towns(o.t.Context())
	must(o.t, err)
	name := towns[slices.IndexFunc(towns, func(t events.Town) bool { return t.Code == w.code })].Name
	report, err := o.events.ImportSessions(o.t.Context(), auth.System(), strings.NewReader(
		"key,type,title,town,venue,date,start,end,state,organizer,outcome_attendance,outcome_brochures,outcome_consultations,outcome_documents\n"+
			w.code+",enterprise,"+w.mark+"车间普法课,"+name+","+w.mark+"食堂,2026-03-09,09:00,10:30,verified,"+w.mark+"机械厂,120,200,12,2\n"))
	must(o.t, err)
	if len(report.Problems) > 0 {
		o.t.Fatal(report.Problems)
	}
	all, err := o.events.Sessions(o.t.Context(), events.Filter{States: []events.State{events.Verified}, Town: w.code})
	must(o.t, err)
	return all[0].ID
}

// townRoles are those that are bound to towns and have to do with sessions.
var townRoles = []auth.Role{auth.Coordinator, auth.Keeper, auth.Statistician, auth.Leader}

// addresses are the addresses of a route with the things of a town in it.
// Routes with nothing of a town in their address have themselves alone.
func (w *townWorld) addresses(t testing.TB, route admin.RouteOf) []string {
	path := route.Path
	param := regexp.MustCompile(`:[a-z]+`)
	at := param.FindString(path)
	if at == "" {
		return []string{path}
	}
	kind := strings.Split(strings.Trim(path, "/"), "/")[0]
	switch {
	case kind == "figures":
		return []string{"/figures/periods", "/figures/opening", "/figures/adjustments", "/figures/definitions"}
	case kind == "stations":
		kind = "code"
	case !route.OpensFor(townRoles...), slices.Contains([]string{"help", "media", "materials", "review"}, kind):
		return []string{strings.Replace(path, at, "none", 1)} // nothing of a town is behind them; see below for materials
	}
	values, ok := w.ids[kind]
	if !ok {
		t.Errorf("route %s: the walk does not know what %q is; add one of each town to it", path, kind)
	}
	var list []string
	for _, v := range values {
		one := strings.Replace(path, at, v, 1)
		if strings.Contains(one, ":key") {
			one = strings.Replace(one, ":key", w.ids["photos"][0], 1)
		}
		if left := param.FindString(one); left != "" {
			t.Errorf("route %s: what is %s?", path, left)
		}
		list = append(list, one)
	}
	return list
}

// questions are what is asked of every list: by the town, by its words, by what
// is its own.
func (w *townWorld) questions() []string {
	return []string{"", "?town=" + w.code, "?q=" + strings.TrimSuffix(w.mark, "记"), "?state=queued&session=" + w.ids["sessions"][1], "?stage=all", "?stage=open&town=" + w.code, "?former=1",
		"?from=2026-01&to=2026-12&rows=host&check=1", "?from=2025-01&to=2026-12&rows=month&town=" + w.code, "?from=2025-01-01&to=2026-12-31&measure=session",
		"?from=2025-01-01&to=2026-12-31&measure=lawyer", "?from=2025-01-01&to=2026-12-31&measure=station_town&town=" + w.code}
}

// words are all the buttons there are on pages that hold several.
var buttonsOfPages = []string{"", "take", "accept", "return", "reject", "hold", "schedule", "prepare", "publish", "move", "postpone", "cancel", "withdraw", "held", "not_held",
	"contact", "capacity", "queue", "verify", "reveal", "add", "export", "open", "revoke", "paper", "undo", "needs", "invite", "yes", "no", "agree", "confirm", "present", "absent",
	"hours", "announce", "phone", "ask", "reserve", "issue", "save-host", "submit-host", "save-legal", "submit-legal", "amend-host", "photo-show", "suspend", "away", "drop", "counsel",
	"end", "renew", "revoke_feed", "renew_feed", "save", "done", "retry", "look", "create"}

// bound signs in somebody who works for one town.
func (o *office) bound(name, town string, roles ...auth.Role) *browser {
	o.t.Helper()
	_, err := o.staff.Add(o.t.Context(), auth.System(), auth.NewAccount{Name: name, Display: "某" + name, Password: password,
		Rights: auth.Rights{Roles: roles, Towns: []string{town}}})
	must(o.t, err)
	return o.signIn(name)
}

// TestNothingOfAnotherTownShows walks over every route of the staff side as
// coordinators of one town, with the addresses, filters and forms of another.
func TestNothingOfAnotherTownShows(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "")
		mine := o.world("donghu", "东湖镇", "本镇记", "T01")
		other := o.world("shiqiao", "石桥镇", "邻镇记", "T02")
		c := o.bound("towny", "donghu", auth.Coordinator)
		all := o.bound("jack", "donghu", townRoles...)
		free := o.signIn("coordinator")
		before := o.rowCounts(t, d)
		shown, control := 0, 0
		for _, route := range admin.AllRoutes() {
			for _, path := range other.addresses(t, route) {
				own := route.OpensFor(townRoles...) && strings.Contains(route.Path, ":") && path != strings.ReplaceAll(route.Path, ":id", "none") && !strings.HasPrefix(path, "/figures/")
				if route.Method == http.MethodPost {
					for _, who := range []*browser{c, all} {
						other.postAll(t, who, path, own)
					}
					continue
				}
				for _, question := range other.questions() {
					for _, who := range []*browser{c, all} {
						resp, page := who.get("/admin" + path + question)
						if strings.Contains(page, other.mark) {
							t.Errorf("GET %s%s shows: %s", path, question, around(page, other.mark))
						}
						if own && resp.StatusCode != http.StatusForbidden && resp.StatusCode != http.StatusNotFound {
							t.Errorf("GET %s answers %d", path, resp.StatusCode)
						}
						if own && (!strings.Contains(page, "请") && !strings.Contains(page, "联系")) {
							t.Errorf("GET %s: no sentence says what to do", path)
						}
						if strings.Contains(page, mine.mark) {
							shown++
						}
					}
					if _, page := free.get("/admin" + path + question); strings.Contains(page, other.mark) {
						control++
					}
					if own {
						break
					}
				}
			}
		}
		_, page := c.get("/admin/materials/" + o.brochure())
		sees(t, page, mine.mark)
		seesNot(t, page, other.mark)
		if after := o.rowCounts(t, d); after != before {
			t.Errorf("something was written:\n%s\n%s", before, after)
		}
		if shown < 40 || control < 60 {
			t.Errorf("the walk saw its own town on %d pages, and who is bound to none the other on %d: it proves little", shown, control)
		}
		mine.opens(t, c)
	})
}

// postAll sends every button to an address of the other town.
func (w *townWorld) postAll(t *testing.T, b *browser, path string, own bool) {
	if path == "/logout" || path == "/password" { // one's own
		return
	}
	for _, word := range buttonsOfPages {
		form := []string{"go", word, "version", "1", "reason", "有人问起", "why", "有人问起", "town", w.code, "override", "已经商量好", "cancel_reason", "临时停产", "key", db.NewID()}
		for name, id := range w.form {
			form = append(form, name, id)
		}
		resp, page := b.post("/admin"+path, form...)
		if strings.Contains(page, w.mark) {
			t.Errorf("POST %s %s shows: %s", path, word, around(page, w.mark))
		}
		if own && resp.StatusCode < 400 || resp.StatusCode >= 500 {
			t.Errorf("POST %s %s answers %d", path, word, resp.StatusCode)
		}
	}
}

// opens proves that the same pages open in one's own town.
func (w *townWorld) opens(t *testing.T, b *browser) {
	for _, path := range []string{"/sessions/" + w.ids["sessions"][0], "/sessions/" + w.ids["sessions"][1] + "/signups", "/sessions/" + w.ids["sessions"][1] + "/staffing",
		"/sessions/" + w.ids["sessions"][1] + "/edit", "/sessions/" + w.ids["sessions"][2] + "/report", "/series/" + w.ids["series"][0], "/venues/" + w.ids["venues"][0],
		"/units/" + w.ids["units"][0], "/people/" + w.ids["people"][0], "/stations/" + w.ids["code"][0], "/outbox/?state=queued", "/figures/opening", "/people/orgs"} {
		resp, page := b.get("/admin" + path)
		if resp.StatusCode != http.StatusOK || !strings.Contains(page, w.mark) && !strings.HasPrefix(path, "/outbox") {
			t.Errorf("own town: GET %s answers %d", path, resp.StatusCode)
		}
	}
}

// rowCounts counts what the walk might have written, wherever it is kept. What
// is only looked at leaves a row in the audit of those who are allowed to look.
func (o *office) rowCounts(t *testing.T, d *db.DB) string {
	t.Helper()
	var b strings.Builder
	for _, table := range []string{"session", "registration", "registration_event", "assignment", "message", "booking", "report", "report_photo", "stock_move", "checkin_event",
		"checkin_desk", "venue", "unit", "station", "series", "practitioner", "legal_org", "counsel_contract", "availability", "calendar_day", "period", "fact", "measure_def", "town"} {
		var n int
		must(t, db.Get(context.Background(), d.Reader(), &n, `SELECT count(*) FROM `+table))
		fmt.Fprintf(&b, "%s %d\n", table, n)
	}
	var versions int
	must(t, db.Get(context.Background(), d.Reader(), &versions, `SELECT sum(version) FROM session`))
	var audit int
	must(t, db.Get(context.Background(), d.Reader(), &audit, `SELECT count(*) FROM audit WHERE action NOT LIKE 'user.%'`))
	fmt.Fprintf(&b, "versions %d\naudit %d", versions, audit)
	return b.String()
}

// around is what stands about a word of a page.
func around(page, word string) string {
	i := strings.Index(page, word)
	return strings.ToValidUTF8(page[max(0, i-120):min(len(page), i+120)], "")
}

// TestTownFormsStayInTown makes one of everything, in the own town and in
// another: the first is taken, the second refused with what was typed.
func TestTownFormsStayInTown(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "")
		o.world("donghu", "东湖镇", "本镇记", "T01")
		other := o.world("shiqiao", "石桥镇", "邻镇记", "T02")
		c := o.bound("towny", "donghu", auth.Coordinator)
		for path, form := range map[string][]string{
			"/sessions/new": {"type", "enterprise", "title", "车间普法课", "venue", "一号车间", "date", "2026-12-10", "start", "09:00", "end", "10:00", "organizer", "示例厂", "town"},
			"/series/new": {"type", "community", "title", "周四咨询", "venue", "社区", "date", "2026-12-03", "start", "14:30", "end", "16:00", "freq", "weekly", "count", "2",
				"holidays", "keep", "organizer", "示例区司法局", "go", "create", "town"},
			"/venues/new":   {"name", "新礼堂", "town"},
			"/units/new":    {"name", "新单位", "town"},
			"/stations/new": {"code", "T09", "tier", "point", "name", "新联络点", "address", "湖边", "version", "0", "town"},
			"/people/orgs":  {"version", "0", "kind", "firm", "name", "新律所", "town"},
			"/people/new":   {"kind", "lawyer", "name", "李国平", "towns"},
		} {
			for _, town := range []string{"shiqiao", ""} {
				page := c.denied(http.StatusBadRequest, "/admin"+path, append(slices.Clone(form), town)...)
				sees(t, page, "您的账号只负责部分镇街", form[slices.Index(form, "organizer")+1])
			}
			c.done("/admin"+path, append(slices.Clone(form), "donghu")...)
		}
		c.denied(http.StatusForbidden, "/admin/calendar/", "from", "2026-12-10", "kind", "holiday", "name", "纪念日", "go", "save")
		rival := other.ids["venues"][0]
		page := c.denied(http.StatusBadRequest, "/admin/sessions/new", "type", "enterprise", "title", "车间普法课", "venue_id", rival, "venue", "x", "date", "2026-12-10",
			"start", "09:00", "end", "10:00", "organizer", "示例厂", "town", "donghu")
		seesNot(t, page, other.mark)
	})
}
