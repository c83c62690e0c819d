package admin

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/web"
)

// suggestionsShown is how many people a role suggests before somebody asks for
// all of them.
const suggestionsShown = 6

// staffingPage is who serves at a session: what is wanted, who was asked, who
// could be.
type staffingPage struct {
	shell
	Session  events.Session
	Set      bool // the needs are the session's own, not the template
	Needs    []needRow
	Roles    []roleStaff
	Text     string // what the suggestions are searched for
	All      bool   // show every suggestion
	Invited  string // person whose invitation was refused
	Override string // typed
	Shown    string // assignment whose telephone is shown
	Phone    string
	Started  bool // presence can be noted
	Ended    bool // hours can be approved
}

// needRow is a role in the table of needs, as typed.
type needRow struct {
	Role events.Role
	Qty  string
	Must bool
}

// roleStaff is everything about one role.
type roleStaff struct {
	Need        events.Need
	Yes, Open   int // who comes, and who has not answered
	Assignments []staffRow
	Suggestions []events.Suggestion
	More        int // suggestions not shown
}

// Short reports that somebody is still missing.
func (r roleStaff) Short() bool { return r.Yes < r.Need.Qty }

// staffRow is one assignment with what a coordinator can do about it now.
type staffRow struct {
	events.Assignment
	Hours *events.Hours // once the session is over
}

// ToCall reports that somebody has to phone: no answer is here, and either the
// person cannot answer by link or it is getting late.
func (r staffRow) ToCall() bool {
	return r.State == events.DutyInvited && !r.HasLink || r.State == events.DutyMoved
}

func (a *Admin) staffing(r *request) error {
	p, err := a.staffingPage(r)
	if err != nil {
		return err
	}
	return a.renderStaffing(r, p)
}

func (a *Admin) staffingPage(r *request) (*staffingPage, error) {
	s, err := a.cfg.Events.SessionFor(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return nil, err
	}
	now := a.cfg.Now()
	p := &staffingPage{Session: s, Text: r.query("q"), All: r.query("all") != "", Started: !now.Before(s.Starts), Ended: !now.Before(s.Ends)}
	needs, set, err := a.cfg.Events.Needs(r.ctx, s)
	if err != nil {
		return nil, err
	}
	p.Set = set
	for _, role := range events.Roles() {
		row := needRow{Role: role, Qty: "0"}
		for _, n := range needs {
			if n.Role == role {
				row.Qty, row.Must = strconv.Itoa(n.Qty), n.Must
			}
		}
		p.Needs = append(p.Needs, row)
	}
	return p, a.fillRoles(r, p, needs)
}

// fillRoles reads who was asked and who could be, for every role that is wanted
// or has somebody.
func (a *Admin) fillRoles(r *request, p *staffingPage, needs []events.Need) error {
	staff, err := a.cfg.Events.Staffing(r.ctx, r.actor, p.Session.ID)
	if err != nil {
		return err
	}
	for _, role := range events.Roles() {
		part := roleStaff{Need: events.Need{Role: role}}
		for _, n := range needs {
			if n.Role == role {
				part.Need = n
			}
		}
		for _, one := range staff {
			if one.Role != role {
				continue
			}
			row, err := a.staffRow(r, p, one)
			if err != nil {
				return err
			}
			part.Assignments = append(part.Assignments, row)
			switch {
			case one.State.Comes():
				part.Yes++
			case one.State.Live():
				part.Open++
			}
		}
		if part.Need.Qty == 0 && len(part.Assignments) == 0 {
			continue
		}
		if err := a.suggest(r, p, &part); err != nil {
			return err
		}
		p.Roles = append(p.Roles, part)
	}
	return nil
}

func (a *Admin) staffRow(r *request, p *staffingPage, one events.Assignment) (staffRow, error) {
	row := staffRow{Assignment: one}
	if !p.Ended || !one.State.Comes() {
		return row, nil
	}
	h, err := a.cfg.Events.AssignmentHours(r.ctx, r.actor, one.ID)
	row.Hours = &h
	return row, err
}

// suggest fills in who could still be asked.
func (a *Admin) suggest(r *request, p *staffingPage, part *roleStaff) error {
	if p.Ended {
		return nil
	}
	list, err := a.cfg.Events.Suggest(r.ctx, r.actor, p.Session.ID, part.Need.Role)
	if err != nil {
		return err
	}
	for _, s := range list {
		if p.Text != "" && !strings.Contains(s.Person.Name+s.Person.OrgName, p.Text) {
			continue
		}
		if len(part.Suggestions) < suggestionsShown || p.All || p.Text != "" || s.Person.ID == p.Invited {
			part.Suggestions = append(part.Suggestions, s)
		} else {
			part.More++
		}
	}
	return nil
}

func (a *Admin) renderStaffing(r *request, p *staffingPage) error {
	ps := p.Problems
	p.shell = a.shell(r, sessionsSection, "人员："+p.Session.Title)
	p.Problems = ps
	return a.render(r, "staffing", p)
}

// changeStaffing does one thing about who serves.
func (a *Admin) changeStaffing(r *request) error {
	p, err := a.staffingPage(r)
	if err != nil {
		return err
	}
	p.Invited, p.Override = r.form.Get("person"), strings.TrimSpace(r.form.Get("override"))
	r.again = a.staffingFailed(r, p)
	id := r.form.Get("assignment")
	word := r.form.Get("go")
	switch e := a.cfg.Events; word {
	case "needs":
		err = p.saveNeeds(a, r)
	case "invite":
		err = e.Invite(r.ctx, r.actor, p.Session.ID, p.Invited, events.Role(r.form.Get("role")), p.Override)
	case "yes", "no":
		err = e.Answer(r.ctx, r.actor, id, word == "yes")
	case "agree":
		err = e.AgreeSubstitute(r.ctx, r.actor, id, p.Override)
	case "withdraw":
		err = e.Withdraw(r.ctx, r.actor, id)
	case "confirm":
		err = e.ConfirmFor(r.ctx, r.actor, id)
	case "present", "absent":
		err = e.MarkPresent(r.ctx, r.actor, id, word == "present")
	case "hours":
		minutes, bad := strconv.Atoi(strings.TrimSpace(r.form.Get("minutes")))
		if bad != nil {
			minutes = -1
		}
		err = e.ApproveHours(r.ctx, r.actor, id, minutes)
	case "announce":
		_, err = e.AnnounceLawyers(r.ctx, r.actor, p.Session.ID, int(r.version()))
	case "phone":
		return a.showStaffPhone(r, p, id)
	default:
		return nowhere(r)
	}
	if err != nil {
		return err
	}
	return a.done(r, sessionsSection+p.Session.ID+"/staffing", "staff_"+word)
}

// staffingFailed shows the page again, as it stands now, with what was typed.
func (a *Admin) staffingFailed(r *request, p *staffingPage) func(web.Problem) error {
	return func(why web.Problem) error {
		fresh, err := a.staffingPage(r)
		if err != nil {
			return err
		}
		fresh.Invited, fresh.Override = p.Invited, p.Override
		if r.form.Get("go") == "needs" {
			fresh.Needs = p.Needs
		}
		fresh.Problems = problemsOf(r.err, why.Message)
		return a.renderStaffing(r, fresh)
	}
}

// saveNeeds takes the table of needs.
func (p *staffingPage) saveNeeds(a *Admin, r *request) error {
	var list []events.Need
	for i := range p.Needs {
		row := &p.Needs[i]
		row.Qty, row.Must = strings.TrimSpace(r.form.Get("need_"+string(row.Role))), r.form.Get("must_"+string(row.Role)) != ""
		n, err := strconv.Atoi(orZero(row.Qty))
		if err != nil {
			n = -1 // which the use case refuses in its own words
		}
		list = append(list, events.Need{Role: row.Role, Qty: n, Must: row.Must})
	}
	return a.cfg.Events.SetNeeds(r.ctx, r.actor, p.Session.ID, list)
}

func orZero(typed string) string {
	if typed == "" {
		return "0"
	}
	return typed
}

// showStaffPhone shows one number to somebody who is about to ring it.
func (a *Admin) showStaffPhone(r *request, p *staffingPage, id string) error {
	for _, role := range p.Roles {
		for _, row := range role.Assignments {
			if row.ID != id {
				continue
			}
			phone, _, err := a.cfg.Events.RevealPerson(r.ctx, r.actor, row.Person, "联系场次 "+p.Session.No+" 的安排")
			if err != nil {
				return err
			}
			p.Shown, p.Phone = id, phone
			if phone == "" {
				p.Phone = "没有登记电话"
			}
			return a.renderStaffing(r, p)
		}
	}
	return nowhere(r)
}

// hoursText is a number of minutes for people.
func hoursText(minutes int) string {
	if minutes < 60 {
		return fmt.Sprintf("%d 分钟", minutes)
	}
	return strings.TrimSuffix(fmt.Sprintf("%d 小时 %d 分", minutes/60, minutes%60), " 0 分")
}
