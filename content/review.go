package content

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
)

// Review is how the texts of a column are checked before readers get them
// (三审三校). Without stages one person with the right publishes.
type Review struct {
	Stages  []Stage `json:"stages,omitempty"`
	Secrecy bool    `json:"secrecy,omitempty"` // 保密审查: somebody vouches by name before the first stage
	Auto    bool    `json:"auto,omitempty"`    // the last approval publishes
	// Admins lets administrators take any stage, several, and of their own text:
	// for an office too small for the rule.
	Admins bool `json:"admins,omitempty"`
}

// Stage is one 审: a question that one person answers for.
type Stage struct {
	Name     string    `json:"name"`               // 事实
	Question string    `json:"question,omitempty"` // 事实和法条准确吗
	Role     auth.Role `json:"role,omitempty"`     // who may take it; "" for those named alone
	People   []string  `json:"people,omitempty"`   // accounts and approvers who may take it besides, by id
	Deputies []Deputy  `json:"deputies,omitempty"` // 代理人
	Hours    int       `json:"hours,omitempty"`    // within which it is due; 0 has no limit
}

// Deputy takes a stage from one day to another, both included; "" is no limit.
type Deputy struct {
	Person string `json:"person"`
	From   string `json:"from,omitempty"` // 2006-01-02
	To     string `json:"to,omitempty"`
}

// MaxStages is how many stages a column may have.
const MaxStages = 4

// DefaultStages are the three that local rules ask for.
func DefaultStages() []Stage {
	return []Stage{
		{Name: "文字", Question: "文字通顺，没有错别字，标点和格式规范", Role: auth.Reviewer, Hours: 24},
		{Name: "事实", Question: "事实、数字、时间和法条准确，能查到出处", Role: auth.Reviewer, Hours: 24},
		{Name: "导向与法律", Question: "导向正确，法律适用没有问题，可以对外发布", Role: auth.Reviewer, Hours: 24},
	}
}

// check lists what is wrong with the settings; fields are stage_1_name and its like.
func (r Review) check() Problems {
	var ps Problems
	if len(r.Stages) > MaxStages {
		ps.add("stages", "审核最多四步，请合并。")
	}
	for i, st := range r.Stages {
		field := "stage_" + strconv.Itoa(i+1) + "_"
		if st.Name == "" || utf8.RuneCountInString(st.Name) > 20 {
			ps.add(field+"name", "第 "+strconv.Itoa(i+1)+" 步请写名称，最多 20 个字。")
		}
		if slices.ContainsFunc(r.Stages[:i], func(other Stage) bool { return other.Name == st.Name }) {
			ps.add(field+"name", "“"+st.Name+"”有两步，请改一个名称。")
		}
		if utf8.RuneCountInString(st.Question) > 200 {
			ps.add(field+"question", "审什么最多写 200 个字。")
		}
		if st.Role == "" && len(st.People) == 0 {
			ps.add(field+"role", "“"+st.Name+"”由谁来审？请选一个角色，或者点名。")
		}
		if st.Role != "" && !slices.Contains(auth.Roles, st.Role) {
			ps.add(field+"role", "没有这个角色，请重新选择。")
		}
		if st.Hours < 0 || st.Hours > 24*30 {
			ps.add(field+"hours", "时限写 0 到 720 小时，0 是不限。")
		}
		for _, d := range st.Deputies {
			if d.From != "" && !isDay(d.From) || d.To != "" && !isDay(d.To) || d.To != "" && d.From > d.To {
				ps.add(field+"deputies", "代理的起止日期请写成 2026-11-01 的样子，止不能早于起。")
			}
		}
	}
	return ps
}

// tidy gives the settings the form they are stored in.
func (r Review) tidy() Review {
	r.Stages = slices.Clone(r.Stages)
	for i := range r.Stages {
		st := &r.Stages[i]
		st.Name, st.Question = oneLine(st.Name), oneLine(st.Question)
		st.People = tidyList(st.People)
		st.Deputies = slices.DeleteFunc(slices.Clone(st.Deputies), func(d Deputy) bool { return d.Person == "" })
	}
	return r
}

// takes reports whether the stage is this person's on this day, and whether
// only as a deputy.
func (st Stage) takes(actor auth.Actor, today string) (may, deputy bool) {
	if slices.Contains(st.People, actor.ID) || st.Role != "" && slices.Contains(actor.Roles, st.Role) {
		return true, false
	}
	may = slices.ContainsFunc(st.Deputies, func(d Deputy) bool { return d.Person == actor.ID && d.covers(today) })
	return may, may
}

func (d Deputy) covers(day string) bool {
	return (d.From == "" || d.From <= day) && (d.To == "" || day <= d.To)
}

// Due is when a stage that began to wait has to be done; zero without a limit.
func (st Stage) Due(since time.Time) time.Time {
	if st.Hours == 0 || since.IsZero() {
		return time.Time{}
	}
	return since.Add(time.Duration(st.Hours) * time.Hour)
}

// wrote reports whether the person wrote any of an edition's text.
func wrote(trail []Step, person string) bool {
	return slices.ContainsFunc(trail, func(s Step) bool {
		switch s.Action {
		case ActCreate, ActSave, ActSubmit, ActRevise:
			return s.Actor == person
		}
		return false
	})
}

// Refusal says why the actor may not decide on the edition's stage; nil when
// the actor may. It is the whole rule of who reviews what.
func (w Walk) Refusal(actor auth.Actor, trail []Step) error {
	if !w.Has() {
		return errs.New(errs.Conflict, "这个栏目没有设审核步骤，请直接发布或退回。", "column has no stages")
	}
	if w.Done() {
		return errs.New(errs.Conflict, "各步审核都已通过，请刷新页面，看看最新情况。", "all stages are passed")
	}
	st := w.Current()
	if w.Review.Admins && slices.Contains(actor.Roles, auth.Admin) {
		return nil
	}
	if wrote(trail, actor.ID) {
		return errs.New(errs.Forbidden, "自己写的、改过的内容不能自己审，请找同事或代理人。", "actor %s wrote the text", actor.ID)
	}
	for _, p := range w.Passed {
		if p.Person == actor.ID {
			return errs.New(errs.Forbidden, "您已经审过“"+p.Stage+"”这一步。同一篇内容每人只审一步，请找同事或代理人。", "actor %s has stage %s", actor.ID, p.Stage)
		}
	}
	if may, _ := st.takes(actor, w.Today); !may {
		return errs.New(errs.Forbidden, "“"+st.Name+"”这一步不由您来审。要换人请管理员在栏目里设置。", "actor %s may not take stage %s", actor.ID, st.Name)
	}
	return nil
}
