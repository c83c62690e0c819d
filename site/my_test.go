package site_test

import (
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
	"github.com/songfa/songfa/internal/errs"
)

// practice is a site with a lawyer who is asked to a session tomorrow at 14:00.
type practice struct {
	*rig
	clock  *clock
	lawyer events.Person
	se     events.Session
	links  events.PersonLinks
	duty   string // id of the assignment
}

func practising(t *testing.T, d *db.DB) *practice {
	t.Helper()
	k := &clock{}
	k.set(noon)
	p := &practice{rig: openAt(t, d, "/pufa", "", k.now), clock: k}
	var err error
	p.lawyer, err = p.events.SavePerson(t.Context(), admin, "", 0, events.PersonForm{Kind: events.RoleLawyer, Name: "李国平", Phone: "13800000001"})
	check(t, err)
	p.se = p.session(t, "河口镇码头工地：工伤课", noon.AddDate(0, 0, 1).Add(2*time.Hour))
	p.links, err = p.events.PersonLinks(t.Context(), admin, p.lawyer.ID)
	check(t, err)
	p.duty = p.invite(t, p.se)
	return p
}

func (p *practice) session(t *testing.T, title string, starts time.Time) events.Session {
	t.Helper()
	se, err := p.events.CreateSession(t.Context(), admin, events.SessionForm{Type: events.Site, Title: title, Venue: "项目部食堂", Starts: starts, Ends: starts.Add(time.Hour)})
	check(t, err)
	se, err = p.events.PublishSession(t.Context(), admin, se.ID, se.Version)
	check(t, err)
	return se
}

// invite asks the lawyer and returns the assignment's id.
func (p *practice) invite(t *testing.T, se events.Session) string {
	t.Helper()
	check(t, p.events.Invite(t.Context(), admin, se.ID, p.lawyer.ID, events.RoleLawyer, ""))
	list, err := p.events.Staffing(t.Context(), admin, se.ID)
	check(t, err)
	return list[0].ID
}

func TestALawyersWalkWithoutJavaScript(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		p := practising(t, d)
		h, page := p.host(t), p.links.Page
		mine := page + "/" + p.duty
		other := p.invite(t, p.session(t, "同一时间另一场", p.se.Starts))
		h.open(page).sees(200, "李国平，您好。有 2 场等您答复", p.se.Title, "项目部食堂", "能来", "/pufa/ics/s/")
		h.send(mine, "go", "accept").sees(200, "记下了：您来", "已答应", "确认到场", "找人替我")
		h.open(page).post(page+"/"+other, "go", "accept").sees(409, "答应了另一场《"+p.se.Title+"》")
		h.open(page).send(page+"/"+other, "go", "decline").sees(200, "记下了：您来不了", "接下来有 1 场")
		h.open(mine).post(mine, "go", "substitute", "substitute", "没有这个人").sees(400, "请填全名", `value="没有这个人"`)

		h.open(page).send(page+"/away", "kind", "leave", "from", "2026-11-30", "to", "2026-11-28").sees(400, "结束应晚于开始", `value="2026-11-30"`)
		h.send(page+"/away", "kind", "leave", "from", "2026-11-30").sees(200, "登记好了", "请假：2026年11月30日")
		h.send(page+"/away", "kind", "leave", "from", "2026-11-25", "to", "2026-11-26").sees(200, "不过这一场您已经答应", p.se.Title)

		h.open(page).send(mine, "go", "confirm").sees(200, "已确认到场")
		h.open(page).sees(200, "已确认到场")
		p.clock.set(p.se.Starts.Add(-time.Minute))
		h.open(mine).send(mine, "go", "arrive").sees(200, "签到好了", "现场计数")
		for range 3 {
			tap := p.tap(t, h, "工伤")
			h.ask(http.MethodPost, mine, url.Values{"tap": {tap}})
			h.ask(http.MethodPost, mine, url.Values{"tap": {tap}}) // pressed twice, or sent again by a poor network
			h.open(mine)
		}
		h.sees(200, "3 人次咨询，0 份文书")
		h.send(mine, "undo", regexp.MustCompile(`name="undo" value="([^"]+)"`).FindStringSubmatch(h.body)[1]).sees(200, "2 人次咨询")
		h.post(mine, "tap", "x|y").sees(303)
		h.open(mine).post(mine, "tap", "0123456789abcdef|consultation|胡说").sees(400, "请刷新页面再按")

		p.clock.set(p.se.Ends.Add(10 * time.Minute))
		h.open(mine).send(mine, "go", "leave").sees(200, "辛苦了", "1 小时 11 分（签到）", "待核定", "报结果")
		h.post(mine, "go", "hours", "minutes", "很久").sees(400, "1 分钟至 12 小时", `value="很久"`)
		h.open(mine).send(mine, "go", "hours", "minutes", "１２０").sees(200, "您报的是 2 小时")
		h.open(page+"/record").sees(200, "李国平", "1 场，1 小时 11 分", "1 场待核定")
		h.open(page+"/record?from=2027-01-01&to=nonsense").sees(200, "没有服务记录")
	})
}

// asShown is what a browser would send of the fields on the page as they are.
func asShown(body string) url.Values {
	form := url.Values{}
	for _, m := range regexp.MustCompile(`<input [^>]*?name="([^"]+)"[^>]*? value="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		if !strings.Contains(m[0], `type="checkbox"`) {
			form.Add(m[1], m[2])
		}
	}
	return form
}

// tap is the button of a category on the page the host has.
func (p *practice) tap(t *testing.T, h *host, category string) string {
	t.Helper()
	m := regexp.MustCompile(`name="tap" value="([^"]+\|` + category + `)"`).FindStringSubmatch(h.body)
	if m == nil {
		t.Fatalf("no button for %s:\n%s", category, h.body)
	}
	return m[1]
}

func TestTheLawyersPartOfTheOutcome(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		p := practising(t, d)
		h, mine := p.host(t), p.links.Page+"/"+p.duty
		h.open(mine+"/report").sees(404, "活动结束后")
		h.open(mine).send(mine, "go", "accept")
		p.clock.set(p.se.Starts)
		h.open(mine)
		h.send(mine, "tap", p.tap(t, h, "工伤")).sees(200, "1 人次咨询")
		p.clock.set(p.se.Ends.Add(time.Hour))
		se, err := p.events.MarkHeld(t.Context(), admin, p.se.ID, p.se.Version)
		check(t, err)
		report := mine + "/report"
		h.open(report).sees(200, "工伤", `name="consult_people" inputmode="numeric" autocomplete="off" class="w-s" value="1"`, "工资报酬")
		send := func(people string, more ...string) *host {
			t.Helper()
			form := asShown(h.body)
			for i, category := range form["consult_category"] {
				if category == "工伤" {
					form["consult_people"][i] = people
				}
			}
			for i := 0; i+1 < len(more); i += 2 {
				form.Set(more[i], more[i+1])
			}
			h.ask(http.MethodPost, report, form)
			if h.status == http.StatusSeeOther {
				h.open(strings.TrimPrefix(h.header.Get("Location"), p.base))
			}
			return h
		}
		send("十二", "go", "send").sees(400, "有 2 处要改", `value="十二"`, "没有代写")
		send("12", "go", "save", "none", "documents").sees(200, "存好了", `value="12"`)
		send("12", "go", "send", "none", "documents", "leads", "2").sees(200, "结果已经报上去")
		h.open(report).sees(200, "已经报上去了")
		sheet, err := p.events.ReportSheet(t.Context(), se.ID)
		check(t, err)
		if f := sheet.Legal.Form; len(f.Consultations) != 1 || f.Consultations[0].People != "12" || f.Leads != "2" || sheet.Legal.Author != "practitioner:"+p.lawyer.ID {
			t.Errorf("reported %+v by %s", f, sheet.Legal.Author)
		}
	})
}

func TestALinkThatIsRevokedIsNotThere(t *testing.T) {
	p := practising(t, dbtest.SQLite(t))
	h := p.host(t)
	h.open(p.links.Page)
	if h.status != 200 || !strings.Contains(h.body, "noindex") || strings.Contains(strings.Split(h.body, "</head>")[0], p.links.Page) {
		t.Errorf("status %d; the head of the page gives its address away:\n%s", h.status, strings.Split(h.body, "</head>")[0])
	}
	check(t, p.events.RevokeLink(t.Context(), admin, p.lawyer.ID))
	h.open(p.links.Page).sees(404, "这个链接已经停用")
	h.open(p.links.Page+"/"+p.duty).sees(404, "这个链接已经停用")
	h.ask(http.MethodPost, p.links.Page+"/"+p.duty, map[string][]string{"go": {"accept"}}).sees(404, "这个链接已经停用")
	h.open("/my/").sees(404, "个人链接")
	for range 30 {
		h.open("/my/0123456789abcdefghjkmnpqrs")
	}
	h.sees(429, "太频繁")
	if strings.Contains(p.log.String(), strings.TrimPrefix(p.links.Page, "/my/")) {
		t.Error("the log holds a personal link")
	}
}

func TestTheSecretCalendar(t *testing.T) {
	p := practising(t, dbtest.SQLite(t))
	get := func(tag string) (*http.Response, string) {
		t.Helper()
		req, err := http.NewRequest(http.MethodGet, p.url+p.base+p.links.Feed, nil)
		check(t, err)
		req.Header.Set("If-None-Match", tag)
		resp, err := http.DefaultClient.Do(req)
		check(t, err)
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		check(t, err)
		return resp, string(body)
	}
	resp, body := get("")
	tag := resp.Header.Get("ETag")
	if resp.StatusCode != 200 || tag == "" || resp.Header.Get("Content-Type") != "text/calendar; charset=utf-8" || len(resp.Cookies()) > 0 || !strings.Contains(body, "UID:"+p.se.UID) {
		t.Fatalf("%d %v\n%s", resp.StatusCode, resp.Header, body)
	}
	for _, name := range []string{"李国平", "13800000001"} {
		if strings.Contains(body, name) {
			t.Errorf("the calendar holds %q", name)
		}
	}
	if resp, body := get("W/" + tag); resp.StatusCode != 304 || body != "" {
		t.Errorf("unchanged: %d %q", resp.StatusCode, body)
	}
	check(t, p.events.RevokeFeed(t.Context(), admin, p.lawyer.ID))
	if resp, _ := get(tag); resp.StatusCode != 404 {
		t.Errorf("revoked: %d", resp.StatusCode)
	}
	if _, err := p.events.PersonByLink(t.Context(), strings.TrimPrefix(p.links.Page, "/my/")); errs.Is(err, errs.NotFound) {
		t.Error("the page went with the calendar")
	}
}
