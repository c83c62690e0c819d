package site_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// submitted is a host whose request is in, and its session.
func (r *bureau) submitted(t *testing.T) (*host, events.Session) {
	t.Helper()
	h := r.host(t)
	h.begin()
	h.fill().send("/organize/check", "agree", "1").sees(200, "已经提交")
	return h, r.sessionOf(t, h)
}

// sessionOf is the session with the number on the page.
func (r *bureau) sessionOf(t *testing.T, h *host) events.Session {
	t.Helper()
	_, no, ok := strings.Cut(h.body, "<dt>编号</dt><dd>")
	no, _, _ = strings.Cut(no, "<")
	if !ok {
		t.Fatalf("no number on the page\n%s", mainOf(h.body))
	}
	found, err := r.events.Sessions(context.Background(), events.Filter{States: events.States()})
	check(t, err)
	for _, se := range found {
		if se.No == no {
			return se
		}
	}
	t.Fatalf("no session %s", no)
	return events.Session{}
}

// step lets the bureau take one step with the session as it is now.
func (r *bureau) step(t *testing.T, id string, do func(ctx context.Context, se events.Session) error) {
	t.Helper()
	ctx := context.Background()
	se, err := r.events.SessionByID(ctx, id)
	check(t, err)
	check(t, do(ctx, se))
}

func (r *bureau) take(t *testing.T, id string) {
	r.step(t, id, func(ctx context.Context, se events.Session) error {
		_, err := r.events.Take(ctx, admin, id, se.Version)
		return err
	})
}

func (r *bureau) decide(t *testing.T, id string, d events.Decision) {
	r.step(t, id, func(ctx context.Context, se events.Session) error {
		_, err := r.events.Decide(ctx, admin, id, se.Version, d)
		return err
	})
}

func (r *bureau) announce(t *testing.T, id string) {
	check(t, r.events.SetNeeds(context.Background(), admin, id, []events.Need{{Role: events.RoleLawyer}})) // nobody else is needed
	r.step(t, id, func(ctx context.Context, se events.Session) error {
		_, err := r.events.Schedule(ctx, admin, id, se.Version, "都说好了")
		return err
	})
	r.step(t, id, func(ctx context.Context, se events.Session) error {
		_, err := r.events.PreparePublication(ctx, admin, id, se.Version, events.Publication{Reviewed: true, Notice: "signup-2026"})
		return err
	})
	r.step(t, id, func(ctx context.Context, se events.Session) error {
		_, err := r.events.PublishSession(ctx, admin, id, se.Version)
		return err
	})
}

func TestAUnitFollowsItsRequest(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := organizing(t, d, "/sfj/pufa")
		h, se := r.submitted(t)
		r.take(t, se.ID)
		h.open("/organize/request").sees(200, "审核中", "东湖镇", "还有 3 个工作日")
		r.decide(t, se.ID, events.Decision{To: events.Returned, Reason: "请把地点写到哪一栋楼。"})
		h.open("/organize/request").sees(200, "退回补正", "请把地点写到哪一栋楼。")
		h.open("/organize/when?edit=1").send("/organize/when", append([]string{"d1", "2026-12-09"}, when[2:]...)...).sees(200, "提交前核对一遍", "2026 年 12 月 9 日（周三）15:00–16:30")
		h.send("/organize/check", "agree", "1").sees(200, "已收到")
		r.take(t, se.ID)
		r.decide(t, se.ID, events.Decision{To: events.Accepted, Wish: 1})
		h.open("/organize/request").sees(200, "同意了", "2026年12月9日（周三）15:00—16:30", "通知过您的", "您的申请已经收到，编号 "+se.No)
		r.announce(t, se.ID)
		h.open("/organize/request").sees(200, "已发布", "/sfj/pufa/events/"+se.No+"/poster", "<b>0</b> 人报上了，共 10 个名额")
		r.step(t, se.ID, func(ctx context.Context, se events.Session) error {
			_, err := r.events.SetPool(ctx, admin, se.ID, se.Version, events.PoolForm{Name: "本厂职工", Capacity: 4, Falls: se.Starts.AddDate(0, 0, -1)})
			return err
		})
		h.open("/organize/request").sees(200, "留给“本厂职工”的报名链接", "还有 4 个，留到 12 月 8 日 15:00", "/signup?pool=")
		if resp, page := r.get(t, "/events/"+se.No); resp.StatusCode != 200 || !strings.Contains(page, "东湖电子 3 号楼二车间") {
			t.Errorf("the public page: %d", resp.StatusCode)
		}
		h.open("/organize/withdraw").sees(303) // what everybody has seen is the bureau's to cancel
		h.open("/organize/change").sees(200)
	})
}

func TestRejectedWithAnAlternative(t *testing.T) {
	r := organizing(t, dbtest.SQLite(t), "")
	h, se := r.submitted(t)
	r.take(t, se.ID)
	r.decide(t, se.ID, events.Decision{To: events.Rejected, Reason: "当天律师都有安排。", Alternative: "12 月 15 日区人才市场有专场。"})
	h.open("/organize/request").sees(200, "没有安排", "当天律师都有安排。", "12 月 15 日区人才市场有专场。", "照这场再来一场")
	h.open("/organize/change").sees(303)
}

func TestAUnitTakesItBack(t *testing.T) {
	r := organizing(t, dbtest.SQLite(t), "")
	h, _ := r.submitted(t)
	h.open("/organize/withdraw").sees(200, "放给别家")
	page := h.body
	h.send("/organize/withdraw", "reason", "车间停产").sees(200, "已经撤回", "已撤回")
	h.body = page
	h.post("/organize/withdraw", "reason", "车间停产").sees(303) // sent twice

	draft := r.host(t)
	code := draft.begin()
	draft.open("/organize/withdraw").sees(200, "草稿撤回就删掉了").send("/organize/withdraw").sees(200, "已经撤回", "登记一场")
	draft.send("/organize/open", "code", code, "last4", "0000").sees(404, "查不到")
}

func TestAUnitProposesAChange(t *testing.T) {
	r := organizing(t, dbtest.SQLite(t), "")
	h, se := r.submitted(t)
	h.open("/organize/change").send("/organize/change").sees(400, "请写一下想改什么")
	h.send("/organize/change", "d1", "2026-12-11").sees(400, "日期和开始时间请一起填", `value="2026-12-11"`)
	h.send("/organize/change", "d1", "2026-11-01", "t1", "09:00").sees(400, "已经过去了", `value="09:00"`)
	for range 2 { // a double click is one message
		h.open("/organize/change").send("/organize/change", "d1", "2026-12-11", "t1", "09:00", "venue", "食堂", "notes", "车间检修").sees(200, "已经告诉负责的人")
	}
	outbox, _, err := r.events.Outbox(context.Background(), admin, events.MessageFilter{Session: se.ID})
	check(t, err)
	var told []string
	for _, m := range outbox {
		if m.Kind == "proposed" {
			told = append(told, m.Body)
		}
	}
	if len(told) != 1 || !strings.Contains(told[0], "希望改到12月11日周五 09:00；希望改在食堂；说明：车间检修") {
		t.Errorf("the desk is told %q", told)
	}
}

// 照去年再来一场: from the code of last year's, or of any session of the same
// telephone that the bureau has answered; a stranger who types the number sees
// nothing.
func TestAUnitHasAnotherOne(t *testing.T) {
	r := organizing(t, dbtest.SQLite(t), "")
	h, se := r.submitted(t)
	stranger := r.host(t)
	stranger.begin() // the same number
	if stranger.open("/organize/request"); strings.Contains(stranger.body, se.No) || strings.Contains(stranger.body, "再来一场") {
		t.Errorf("who types a number sees its sessions:\n%s", mainOf(stranger.body))
	}
	_, id, _ := strings.Cut(h.body, `name="request" value="`)
	id, _, _ = strings.Cut(id, `"`)
	stranger.ask("POST", "/organize/again", map[string][]string{"request": {id}}).sees(404)

	code := codeShown.FindString(h.body)
	r.at(noon.AddDate(1, 0, 0))
	h.open("/organize/request").sees(303) // a pass does not last a year
	h.open("/organize/").send("/organize/open", "code", code, "last4", "0000").send("/organize/again").sees(200, "照抄好了", "没有提交", "还差 1 处", "联系人")
	if strings.Contains(h.body, "按农历") {
		t.Error("a day in December goes by the lunar calendar")
	}
	if again := codeShown.FindString(h.body); again == "" || again == code {
		t.Errorf("the new draft has the code %q, the old one %q", again, code)
	}
	h.open("/organize/check").sees(200, "2027 年 12 月 7 日（周二）15:00–16:30", "加班怎么算，女职工有哪些假", "投影、话筒")
}

func TestTwoTabsLoseNothing(t *testing.T) {
	r := organizing(t, dbtest.SQLite(t), "")
	h := r.host(t)
	h.begin()
	h.open("/organize/people")
	old := h.body
	h.send("/organize/people", "expected", "40", "open", "no", "publish", "no").sees(200, "第 5 步")
	h.body = old // the other tab
	h.send("/organize/people", "expected", "60", "open", "yes", "places", "5", "publish", "no").sees(409, "您刚填的", "60 人", "40 人", "能，留几个名额")
	h.send("/organize/people").sees(200, "第 5 步")
	h.open("/organize/people").sees(200, `value="60"`, `value="5"`)

	h.body = old // twice the same is no conflict
	h.send("/organize/people", "expected", "60", "open", "yes", "places", "5", "publish", "no").sees(200, "第 5 步")

	h.open("/organize/session")
	session := h.body
	h.open("/organize/people").send("/organize/people", "expected", "70", "open", "no", "publish", "no")
	h.body = session // nor is another step
	h.send("/organize/session", what...).sees(200, "第 3 步")
	h.open("/organize/check").sees(200, "70 人", "加班怎么算")
}

func TestHolidaysAndHasteAreSaid(t *testing.T) {
	r := organizing(t, dbtest.SQLite(t), "")
	r.at(time.Date(2026, 9, 18, 9, 0, 0, 0, events.Zone))
	h := r.host(t)
	h.begin()
	h.fill()
	h.open("/organize/when?edit=1").send("/organize/when", append([]string{"d1", "2026-09-22"}, when[2:]...)...)
	h.sees(200, "9月20日（周日）上班，9月25日至27日放假（中秋节）", "不足 5 个工作日", "最早可以是")
	h.send("/organize/check", "agree", "1").sees(400, "仍然这样申请的，请勾上", "为什么仍然这样申请")
	h.send("/organize/check", "agree", "1", "sure", "1").sees(400, "请写一句")
	h.send("/organize/check", "agree", "1", "sure", "1", "override", "工友 25 日就回老家了").sees(200, "已经提交")

	h = r.host(t)
	h.begin()
	h.open("/organize/when").send("/organize/when", "d1", "2028-03-01", "t1", "15:00")
	h.open("/organize/when").sees(200, "2028 年的放假安排还没有录入")
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	r := organizing(t, dbtest.SQLite(t), "")
	h := r.host(t)
	h.begin()
	h.open("/organize/check").sees(200, "填好才能提交", `href="/organize/session?edit=1#f-type"`, `href="/organize/when?edit=1#f-d1"`, "请选择活动类型")
	h.send("/organize/check", "agree", "1").sees(400, "请选择活动类型")
	h.open("/organize/session?edit=1").send("/organize/session", append(what, "go", "later")...).sees(200, "存好了，以后接着填", "接着填")
}

func TestWhoHasLeftLosesNothing(t *testing.T) {
	r := organizing(t, dbtest.SQLite(t), "/sfj/pufa")
	h := r.host(t)
	code := h.begin()
	h.open("/organize/session")
	page := h.body
	h.open("/organize/request").send("/organize/leave")
	h.body = page // the other tab
	h.send("/organize/session", what...).sees(401, "您刚填的都在", `value="加班怎么算，女职工有哪些假"`)
	h.send("/organize/open", "code", "AAAAA-AAAAA", "last4", "0000").sees(404, "查不到", `value="加班怎么算，女职工有哪些假"`)
	h.send("/organize/open", "code", code, "last4", "0000").sees(200, "第 3 步")
	h.open("/organize/check").sees(200, "加班怎么算，女职工有哪些假")
}

func TestFloodsOfFormsWait(t *testing.T) {
	r := organizing(t, dbtest.SQLite(t), "")
	h := r.host(t)
	for range 10 {
		h.open("/organize/").send("/organize/start", "unit", "东湖电子", "contact", "陈霞", "phone", "13800000000").sees(200)
	}
	h.open("/organize/").send("/organize/start", "unit", "东湖电子", "contact", "陈霞", "phone", "13800000000").sees(429, "太频繁", `value="东湖电子"`, `value="13800000000"`)
	r.at(noon.Add(3 * time.Minute))
	h.send("/organize/start", "unit", "东湖电子", "contact", "陈霞", "phone", "13800000000").sees(200)
	for range 200 {
		if h.ask("POST", "/organize/leave", nil); h.status == 429 {
			return
		}
	}
	t.Error("two hundred forms at once are all taken")
}

func TestRobotsThatFillEveryFieldAreTold(t *testing.T) {
	r := organizing(t, dbtest.SQLite(t), "")
	r.host(t).open("/organize/").send("/organize/start", "unit", "东湖电子", "contact", "陈霞", "phone", "13800000000", "website", "http://spam.example").
		sees(400, "要空着", `value="东湖电子"`)
}
