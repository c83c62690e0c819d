package admin

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/songfa/songfa/events"
)

// part is one line of how far a session is prepared and what came of it.
type part struct {
	Name, Text string
	Path       string // end of the address of its page below the session
	Link       string // or the whole address
}

// parts sums up sign-ups, people, materials, check-in and outcome, as far as
// the session has come.
func (a *Admin) parts(r *request, s events.Session, staff []events.Assignment) ([]part, error) {
	if slices.Contains([]events.State{events.Draft, events.Submitted, events.InReview, events.Returned, events.Rejected, events.Withdrawn}, s.State) {
		return nil, nil
	}
	people, err := a.peoplePart(r, s, staff)
	if err != nil {
		return nil, err
	}
	list := []part{{Name: "报名", Text: places(s, a.cfg.Now()), Path: "/signups"}, people}
	for _, read := range []func(*request, events.Session) (part, error){a.materialPart, a.checkinPart, a.outcomePart, a.noticePart} {
		p, err := read(r, s)
		if err != nil {
			return nil, err
		}
		if p.Text != "" {
			list = append(list, p)
		}
	}
	return list, nil
}

// places says how many have signed up.
func places(s events.Session, now time.Time) string {
	if s.Capacity == 0 {
		return "不用报名"
	}
	text := fmt.Sprintf("%d / %d 人", s.Taken, s.Capacity)
	if kept := s.Kept(now); kept > 0 {
		text += fmt.Sprintf("，另留 %d 个", kept)
	}
	if s.Waiting > 0 {
		text += fmt.Sprintf("，候补 %d 家", s.Waiting)
	}
	return text
}

// peoplePart counts, role by role, who comes against who is needed.
func (a *Admin) peoplePart(r *request, s events.Session, staff []events.Assignment) (part, error) {
	needs, _, err := a.cfg.Events.Needs(r.ctx, s)
	if err != nil {
		return part{}, err
	}
	var words []string
	for _, need := range needs {
		comes, asked := 0, 0
		for _, one := range staff {
			switch {
			case one.Role != need.Role:
			case one.State.Comes():
				comes++
			case one.State.Live():
				asked++
			}
		}
		text := fmt.Sprintf("%s %d / %d", need.Role.Label(), comes, need.Qty)
		if asked > 0 {
			text += fmt.Sprintf("，%d 人没答复", asked)
		}
		words = append(words, text)
	}
	return part{Name: "人员", Text: strings.Join(words, "；"), Path: "/staffing"}, nil
}

// serving counts who was asked to serve and has not said no: they would hear of
// a change.
func serving(staff []events.Assignment) int {
	n := 0
	for _, one := range staff {
		if one.State.Live() {
			n++
		}
	}
	return n
}

// named puts people's names where the audit and the bookings hold only their
// ids: names are kept sealed, and only who may see the session reads them.
func (p *workPage) named(staff []events.Assignment) {
	var pairs []string
	names := make(map[string]string, len(staff))
	for _, one := range staff {
		names[one.Person] = one.PersonName
		pairs = append(pairs, "（practitioner:"+one.Person+"）", one.PersonName, "practitioner:"+one.Person, one.PersonName)
	}
	for i, b := range p.Work.Bookings {
		if b.Kind == events.BookPerson {
			p.Work.Bookings[i].Name = names[b.Resource]
		}
	}
	replace := strings.NewReplacer(pairs...)
	for i := range p.Log {
		p.Log[i].Summary = replace.Replace(p.Log[i].Summary)
	}
}

func (a *Admin) materialPart(r *request, s events.Session) (part, error) {
	if a.cfg.Events.Stock() == nil {
		return part{}, nil
	}
	uses, err := a.cfg.Events.Stock().Use(r.ctx, s.ID)
	var words []string
	for _, u := range uses {
		text := fmt.Sprintf("%s 要 %d %s", u.Name(), u.Asked, u.Unit)
		switch {
		case u.Issued > 0:
			text += fmt.Sprintf("，领了 %d，发出 %d", u.Issued, u.HandedOut)
		case u.Held > 0:
			text += fmt.Sprintf("，留好 %d", u.Held)
		}
		words = append(words, text)
	}
	return part{Name: "材料", Text: strings.Join(words, "；"), Path: "/materials"}, err
}

func (a *Admin) checkinPart(r *request, s events.Session) (part, error) {
	if a.cfg.Now().Before(s.Starts) {
		return part{}, nil
	}
	there, err := a.cfg.Events.Present(r.ctx, s.ID)
	return part{Name: "签到", Text: fmt.Sprintf("到场 %d 人，其中现场来的 %d 人", there.Total(), there.WalkIns), Path: "/checkin"}, err
}

func (a *Admin) outcomePart(r *request, s events.Session) (part, error) {
	if !slices.Contains([]events.State{events.Held, events.Reported, events.ReportReturned, events.Verified, events.Archived}, s.State) {
		return part{}, nil
	}
	sheet, err := a.cfg.Events.ReportSheetFor(r.ctx, r.actor, s.ID)
	if err != nil {
		return part{}, err
	}
	var words []string
	for _, p := range []events.PartReport{sheet.Host, sheet.Legal} {
		state := "还没填"
		if p.Saved() {
			state = p.State.Label()
		}
		words = append(words, p.Part.Label()+"："+state)
	}
	return part{Name: "结果", Text: strings.Join(words, "；"), Path: "/report"}, nil
}

// noticePart counts what people were told about the session and who is still to
// be phoned.
func (a *Admin) noticePart(r *request, s events.Session) (part, error) {
	p := part{Name: "通知", Link: "/admin/outbox/?session=" + s.ID}
	_, all, err := a.cfg.Events.Outbox(r.ctx, r.actor, events.MessageFilter{Session: s.ID, Limit: 1})
	if err != nil || all == 0 {
		return part{}, err
	}
	_, call, err := a.cfg.Events.Outbox(r.ctx, r.actor, events.MessageFilter{Session: s.ID, State: events.MessageToCall, Limit: 1})
	p.Text = fmt.Sprintf("%d 条", all)
	if call > 0 {
		p.Text += fmt.Sprintf("，其中 %d 条请打电话", call)
	}
	return p, err
}
