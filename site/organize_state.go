package site

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
	"github.com/songfa/songfa/themes"
)

// stage is what a state means to the unit that asked.
type stage struct {
	tone    themes.Tone
	label   string
	explain string
	at      int // of stages
}

// stages are the way as the unit sees it.
var stages = []string{"填写", "提交，等受理", "审核", "安排律师", "发布", "办活动", "报结果", "核实"}

// stageOf says it for each state.
var stageOf = map[events.State]stage{
	events.Draft:          {themes.Due, "没有提交", "内容都存着，填完核对一遍就能提交。", 0},
	events.Returned:       {themes.Due, "退回补正", "请照下面的意思改好，再提交一次。", 0},
	events.Submitted:      {themes.Info, "已收到", "排着队，马上有人看。", 1},
	events.InReview:       {themes.Info, "审核中", "正在看时间、地点和律师能不能安排。", 2},
	events.Accepted:       {themes.Good, "同意了", "正在安排律师和资料，定下来就告诉您。", 3},
	events.Scheduled:      {themes.Good, "排定了", "律师和地点都定了，就要发布。", 4},
	events.Published:      {themes.Good, "已发布", "大家都能看到了。请按时把地方备好。", 5},
	events.Postponed:      {themes.Due, "延期待定", "新的时间定了会通知您，报过名的不用重报。", 5},
	events.Held:           {themes.Due, "等您报结果", "活动办完了，请在手机上报一下，两三分钟。", 6},
	events.ReportReturned: {themes.Due, "结果退回", "结果有一处要改，请照下面的意思改好再报。", 6},
	events.Reported:       {themes.Info, "结果已收到", "等司法局的人核实。", 7},
	events.Verified:       {themes.Good, "已核实", "都办完了，谢谢。结果已经公开。", 8},
	events.Archived:       {themes.Good, "已归档", "都办完了，谢谢。", 8},
	events.Withdrawn:      {themes.Quiet, "已撤回", "您撤回了。要再申请，可以照这场再来一场。", -1},
	events.Rejected:       {themes.Warn, "没有安排", "这一次安排不了，原因和办法在下面。", -1},
	events.Cancelled:      {themes.Warn, "已取消", "这一场取消了。", -1},
	events.NotHeld:        {themes.Warn, "未举办", "这一场没有办成。", -1},
}

// greetings say what was just done.
var greetings = map[string]string{
	"started":   "可以开始填了。先把查询码存好",
	"saved":     "存好了，以后接着填",
	"submitted": "已经提交",
	"withdrawn": "已经撤回",
	"again":     "照抄好了，请看看日期和内容",
	"proposed":  "已经告诉负责的人，会打电话给您",
	"reported":  "结果已经报上去，谢谢",
}

// requestPage answers /organize/request: how far it has come.
func (s *Site) requestPage(ctx context.Context, c *fiber.Ctx) error {
	r, err := s.mine(ctx, c)
	if err != nil {
		return err
	}
	p, err := s.statePage(ctx, c, r)
	if err != nil {
		return err
	}
	if p.Past, err = s.pastRequests(ctx, c, r); err != nil {
		return err
	}
	told, err := s.cfg.Events.Told(ctx, r.ID)
	if err != nil {
		return err
	}
	for _, m := range told {
		p.Messages = append(p.Messages, themes.Notice{Text: m.Body, Date: m.Created})
	}
	return s.render(c, p)
}

// statePage is how a request stands, without what went before and to and fro.
func (s *Site) statePage(ctx context.Context, c *fiber.Ctx, r events.Request) (*themes.OrganizeStatePage, error) {
	a, err := s.ask(ctx)
	if err != nil {
		return nil, err
	}
	st, err := s.stage(ctx, r)
	if err != nil {
		return nil, err
	}
	p := &themes.OrganizeStatePage{CloneTo: "/organize/again", Shell: s.organizeShell(c, "request", requestTitle(r)), Code: vault.GroupCode(r.Code), Unit: r.Form.Unit,
		Fresh: c.Query("done") == "started" || c.Query("done") == "again", Greeting: greetings[c.Query("done")], No: r.No,
		State: themes.Badge{Text: st.label, Tone: st.tone}, Explain: st.explain, Reason: r.Reason, Instead: r.Alternative, ContactTel: s.cfg.Settings.Phone}
	if c.Query("done") == "submitted" {
		p.Greeting += "，" + dueWords(r)
	}
	if c.Query("done") == "again" {
		p.Greeting += lunarWords(r.Form.Wishes)
	}
	s.whenAndWhere(p, a, r)
	if err := s.whoDecides(ctx, p, r); err != nil {
		return nil, err
	}
	if r.Editable() {
		p.Missing = whereToMend(a, r.Missing)
	}
	p.Steps = stateSteps(st.at)
	p.Actions, p.Links = actions(a, r, st), append(poolLinks(r.Session, s.cfg.Now()), publicLinks(r.Session)...)
	p.SignUps = signUps(r.Session)
	return p, nil
}

// halfReported is a held session whose host has done its part.
var halfReported = stage{themes.Info, "您的部分报了", "等律师报他的部分，再由司法局核实。", 6}

// stage is that of the state, and of which half of the outcome is in.
func (s *Site) stage(ctx context.Context, r events.Request) (stage, error) {
	if r.State != events.Held && r.State != events.ReportReturned {
		return stageOf[r.State], nil
	}
	sheet, err := s.cfg.Events.ReportSheet(ctx, r.Session.ID)
	if err == nil && !sheet.Host.Open() {
		return halfReported, nil
	}
	return stageOf[r.State], err
}

func requestTitle(r events.Request) string {
	switch {
	case r.Session != nil:
		return r.Session.Title
	case r.Form.Title != "":
		return r.Form.Title
	}
	return r.Form.Unit + "的申请"
}

func dueWords(r events.Request) string {
	if r.Due.IsZero() {
		return "很快有人给您回电话"
	}
	return dayText(r.Due) + "前有人给您回电话"
}

// whenAndWhere tells the wished time until a time is fixed.
func (s *Site) whenAndWhere(p *themes.OrganizeStatePage, a asking, r events.Request) {
	if r.Session != nil && stageOf[r.State].at != 1 && stageOf[r.State].at != 2 {
		p.When, p.Where = r.Session.When(), r.Session.Place()
		return
	}
	var wished []string
	for i, w := range r.Form.Wishes {
		if text := wishText(w); text != "" {
			wished = append(wished, wishNames[min(i, len(wishNames)-1)]+" "+text)
		}
	}
	p.When = strings.Join(wished, "；")
	for _, t := range a.towns {
		if t.Code == r.Form.Town {
			p.Where = t.Name + " "
		}
	}
	p.Where += r.Form.Venue
}

// whoDecides says who has it now and by when, in working days.
func (s *Site) whoDecides(ctx context.Context, p *themes.OrganizeStatePage, r events.Request) error {
	if r.Editable() {
		if !r.Expires.IsZero() {
			p.Due = "草稿存到 " + dayText(r.Expires)
		}
		return nil
	}
	p.Decider = cmp.Or(r.Decider, s.cfg.Settings.Name)
	if r.Due.IsZero() {
		return nil
	}
	cal, err := s.cfg.Events.Calendar(ctx)
	if err != nil {
		return err
	}
	p.Due = deadline(cal, s.now(), r.Due)
	return nil
}

// deadline is a day with the working days that are left.
func deadline(cal *events.Calendar, now, due time.Time) string {
	day := dayText(due) + "前"
	if now.After(due) {
		return day + "，已经过了，可以打电话催"
	}
	left := 0
	for at := now; at.Format(time.DateOnly) != due.In(events.Zone).Format(time.DateOnly) && left < 99; {
		at = at.AddDate(0, 0, 1)
		if cal.IsWorkingDay(at) {
			left++
		}
	}
	if left == 0 {
		return day + "，就是今天"
	}
	return fmt.Sprintf("%s，还有 %d 个工作日", day, left)
}

// lunarWords says which days a copy has taken by the lunar calendar.
func lunarWords(wishes []events.Wish) string {
	var days []string
	for _, w := range wishes {
		if name := events.FestiveDay(w.Starts); name != "" && !w.Starts.IsZero() {
			days = append(days, name+"，"+w.Starts.In(events.Zone).Format("2006 年 1 月 2 日"))
		}
	}
	if days == nil {
		return ""
	}
	return "。春节前后的按农历排在同一天：" + strings.Join(days, "；")
}

func stateSteps(at int) []themes.StateStep {
	if at < 0 {
		return nil
	}
	var list []themes.StateStep
	for i, name := range stages {
		list = append(list, themes.StateStep{Name: name, Done: i < at, Now: i == at})
	}
	return list
}

// actions are what can be done now, the likely one first.
func actions(a asking, r events.Request, st stage) (list []themes.Link) {
	add := func(text, href string) { list = append(list, themes.Link{Text: text, Href: href}) }
	switch {
	case r.Editable():
		if len(r.Missing) > 0 {
			add("接着填", "/organize/"+resumeAt(a, r.Step))
		}
		add("核对，提交", "/organize/"+checkStep)
	case hasReport(r) && st.tone == themes.Due:
		add("报结果", "/organize/report")
	case hasReport(r):
		add("看报过的结果", "/organize/report")
	}
	if r.MayPropose() {
		add("想改时间地点", "/organize/change")
	}
	if mayWithdraw(r) {
		add("撤回", "/organize/withdraw")
	}
	return list
}

// mayWithdraw reports that the unit can take it back by itself; what everybody
// has seen is the bureau's to cancel.
func mayWithdraw(r events.Request) bool {
	return r.State.May(events.ByOrganizer, events.Withdrawn) || r.State.May(events.ByOrganizer, events.Cancelled)
}

// resumeAt is the step somebody was on.
func resumeAt(a asking, slug string) string {
	if place(a, slug) == 0 {
		return a.steps()[0].slug
	}
	return slug
}

// publicLinks are there once everybody may see them.
func publicLinks(ses *events.Session) []themes.Link {
	if ses == nil || !ses.State.Public() {
		return nil
	}
	at := "/events/" + ses.No
	return []themes.Link{{Text: "活动页面", Href: at}, {Text: "海报，打印张贴", Href: at + "/poster"}, {Text: "海报图片，发群里", Href: at + "/poster.png"}, {Text: "加到手机日历", Href: at + ".ics"}}
}

// poolLinks are what the host passes on to those whom places are kept for.
func poolLinks(ses *events.Session, now time.Time) (list []themes.Link) {
	if ses == nil || ses.State != events.Published {
		return nil
	}
	for _, own := range ses.Pools {
		if now.Before(own.Falls()) {
			list = append(list, themes.Link{Href: signUpLink(ses.No, own.Code), Text: fmt.Sprintf("留给“%s”的报名链接，转给他们（还有 %d 个，留到 %s）",
				own.Name, own.Kept(now), own.Falls().Format("1 月 2 日 15:04"))})
		}
	}
	return list
}

// signUps are counts; the names are the bureau's.
func signUps(ses *events.Session) *themes.SignUpCounts {
	if ses == nil || !ses.State.Public() || ses.Capacity == 0 {
		return nil
	}
	return &themes.SignUpCounts{Confirmed: ses.Taken, Waiting: ses.Waiting, Capacity: ses.Capacity}
}

// pastRequests are those this browser has shown the code of, and others of the
// same telephone once somebody has rung it; a draft's own says nothing new.
func (s *Site) pastRequests(ctx context.Context, c *fiber.Ctx, r events.Request) (list []themes.PastRequest, err error) {
	seen := map[string]bool{}
	add := func(r events.Request) {
		if r.Session == nil || seen[r.ID] {
			return
		}
		seen[r.ID] = true
		st := stageOf[r.State]
		list = append(list, themes.PastRequest{ID: r.ID, Title: r.Session.Title, When: r.Session.Starts, State: themes.Badge{Text: st.label, Tone: st.tone}})
	}
	add(r)
	same, err := s.cfg.Events.PastRequests(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	for _, other := range same {
		add(other)
	}
	for _, id := range s.pass(c) {
		other, err := s.cfg.Events.RequestByID(ctx, id)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		add(other)
	}
	return list, nil
}

// requestAgain answers POST /organize/again: a new draft like an earlier one.
func (s *Site) requestAgain(ctx context.Context, c *fiber.Ctx) error {
	r, err := s.mine(ctx, c)
	if err != nil {
		return err
	}
	past, err := s.pastRequests(ctx, c, r)
	if err != nil {
		return err
	}
	for _, p := range past {
		if p.ID == c.FormValue("request") {
			draft, err := s.cfg.Events.CloneRequest(ctx, p.ID)
			if err != nil {
				return err
			}
			s.givePass(c, draft.ID)
			return s.goTo(c, "/organize/request?done=again")
		}
	}
	return errs.New(errs.NotFound, "没有找到要照抄的那一场，请用它的查询码打开后再试。", "request is not one of this browser's")
}
