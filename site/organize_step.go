package site

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
	"github.com/songfa/songfa/themes"
)

// mine is the request this browser is in; SignIn when there is none.
func (s *Site) mine(ctx context.Context, c *fiber.Ctx) (events.Request, error) {
	ids := s.pass(c)
	if len(ids) == 0 {
		return events.Request{}, noPass()
	}
	r, err := s.cfg.Events.RequestByID(ctx, ids[0])
	if errs.Is(err, errs.NotFound) { // thrown away meanwhile
		return r, noPass()
	}
	return r, err
}

func noPass() error {
	return errs.New(errs.SignIn, "请先用查询码和电话后四位打开您的申请。", "no request in the cookie")
}

// ask reads what the questions choose from.
func (s *Site) ask(ctx context.Context) (asking, error) {
	towns, err := s.cfg.Events.Towns(ctx)
	if err != nil {
		return asking{}, err
	}
	venues, err := s.cfg.Events.Venues(ctx, events.VenueFilter{})
	return asking{s.cfg.Events.Rules(), towns, venues}, err
}

// typed is what came with a form, by the name of the question.
type typed map[string][]string

// readTyped takes the fields of the questions, and nothing else, out of the
// form. Control characters that no keyboard makes are left to the domain.
func readTyped(c *fiber.Ctx, groups ...group) typed {
	t := typed{}
	for q := range questions(groups) {
		for _, v := range c.Context().PostArgs().PeekMulti(q.Name) {
			t[q.Name] = append(t[q.Name], strings.ToValidUTF8(string(v), ""))
		}
	}
	return t
}

// empty reports that nothing was typed there.
func (t typed) empty(name string) bool {
	return strings.TrimSpace(strings.Join(t[name], "")) == ""
}

// questions are those of all groups, in order.
func questions(groups []group) func(func(question) bool) {
	return func(yield func(question) bool) {
		for _, g := range groups {
			for _, q := range g.questions {
				if !yield(q) {
					return
				}
			}
		}
	}
}

// answers are what the form holds for the questions.
func answers(groups []group, f *events.RequestForm) typed {
	t := typed{}
	for q := range questions(groups) {
		t[q.Name] = q.get(f)
	}
	return t
}

// take writes what was typed into the form; the problems are of what cannot be
// read.
func (t typed) take(st step, f *events.RequestForm) (problems []events.Problem) {
	set := func() {
		for q := range questions(st.groups) {
			if message := q.set(f, t[q.Name]); message != "" {
				problems = append(problems, events.Problem{Field: q.Name, Message: message})
			}
		}
	}
	if st.slug == "when" {
		readWishes(f, set)
	} else {
		set()
	}
	return problems
}

// base names the answers as they stood when the form was given out: when they
// still are the same, a change elsewhere is no conflict.
func base(groups []group, f *events.RequestForm) string {
	h := sha256.New()
	for q := range questions(groups) {
		fmt.Fprintf(h, "%s=%q;", q.Name, q.get(f))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// stepPage answers GET /organize/{step}.
func (s *Site) stepPage(slug string) handler {
	return func(ctx context.Context, c *fiber.Ctx) error {
		r, a, st, err := s.openStep(ctx, c, slug)
		if err != nil || !r.Editable() {
			return s.orToRequest(c, err)
		}
		p := s.stepForm(c, a, st, r, answers(st.groups, &r.Form), nil)
		if slug == "when" {
			if p.Notices, err = s.holidayNotices(ctx, r.Form.Wishes); err != nil {
				return err
			}
		}
		return s.render(c, p)
	}
}

func (s *Site) openStep(ctx context.Context, c *fiber.Ctx, slug string) (r events.Request, a asking, st step, err error) {
	if r, err = s.mine(ctx, c); err != nil {
		return
	}
	if a, err = s.ask(ctx); err != nil {
		return
	}
	i := slices.IndexFunc(a.steps(), func(st step) bool { return st.slug == slug })
	return r, a, a.steps()[i], nil
}

// orToRequest sends on to the follow-up page when nothing went wrong: the
// request can no longer be filled in.
func (s *Site) orToRequest(c *fiber.Ctx, err error) error {
	if err != nil {
		return err
	}
	return s.goTo(c, "/organize/request")
}

// goTo is the answer to a form that was accepted.
func (s *Site) goTo(c *fiber.Ctx, to string) error {
	return s.sendTo(c, s.srv.Path(to), fiber.StatusSeeOther)
}

// saveStep answers POST /organize/{step}: whatever is there is kept, and what is
// wrong, as opposed to missing, is said at once.
func (s *Site) saveStep(slug string) handler {
	return func(ctx context.Context, c *fiber.Ctx) error {
		r, a, st, err := s.openStep(ctx, c, slug)
		if err != nil || !r.Editable() {
			return s.orToRequest(c, err)
		}
		in := readTyped(c, st.groups...)
		form := r.Form
		if problems := in.take(st, &form); len(problems) > 0 {
			return s.refuseStep(c, s.stepForm(c, a, st, r, in, problems), false)
		}
		if formInt(c, "version") != r.Version && c.FormValue("base") != base(st.groups, &r.Form) {
			return s.stepConflict(c, a, st, r, in, form)
		}
		saved, err := s.cfg.Events.SaveRequest(ctx, r.ID, r.Version, form, s.stepAfter(c, a, slug, r.Step))
		if errs.Is(err, errs.Conflict) { // in the moment between reading and writing
			if r, err = s.cfg.Events.RequestByID(ctx, r.ID); err != nil {
				return err
			}
			return s.stepConflict(c, a, st, r, in, form)
		}
		if err != nil {
			return err
		}
		if wrong := wrongIn(st, in, saved.Missing); len(wrong) > 0 {
			return s.refuseStep(c, s.stepForm(c, a, st, saved, in, wrong), true)
		}
		return s.goTo(c, s.onward(c, a, slug))
	}
}

// refuseStep shows the form again with everything that was typed.
func (s *Site) refuseStep(c *fiber.Ctx, p *themes.OrganizeStepPage, saved bool) error {
	c.Status(fiber.StatusBadRequest)
	p.Saved = saved
	return s.render(c, p)
}

// wrongIn are the problems of a step's answers that are there but wrong; what is
// merely missing can wait.
func wrongIn(st step, in typed, problems []events.Problem) (wrong []events.Problem) {
	for q := range questions(st.groups) {
		if in.empty(q.Name) || q.Kind == themes.DateField && in.empty(clockOf(q.Name)) {
			continue
		}
		for _, p := range problems {
			if p.Field == q.field() {
				wrong = append(wrong, events.Problem{Field: q.Name, Message: p.Message})
			}
		}
	}
	return wrong
}

// field is what the domain calls what the question asks.
func (q question) field() string {
	if q.problem != "" {
		return q.problem
	}
	return q.Name
}

// onward is where a step that was saved leads.
func (s *Site) onward(c *fiber.Ctx, a asking, slug string) string {
	switch {
	case c.FormValue("go") == "later":
		return "/organize/request?done=saved"
	case c.FormValue("back") == checkStep:
		return "/organize/" + checkStep
	}
	return "/organize/" + next(a, slug)
}

// stepAfter is the step the organizer is on once this one is saved; looking back
// does not count.
func (s *Site) stepAfter(c *fiber.Ctx, a asking, slug, reached string) string {
	after := next(a, slug)
	if place(a, reached) > place(a, after) {
		return reached
	}
	return after
}

// place is the number of a step from 1; 0 for none.
func place(a asking, slug string) int {
	for i, st := range a.steps() {
		if st.slug == slug {
			return i + 1
		}
	}
	if slug == checkStep {
		return len(a.steps()) + 1
	}
	return 0
}

func next(a asking, slug string) string {
	if i := place(a, slug); i < len(a.steps()) {
		return a.steps()[i].slug
	}
	return checkStep
}

// stepForm is a step with these answers and what is wrong with them.
func (s *Site) stepForm(c *fiber.Ctx, a asking, st step, r events.Request, in typed, problems []events.Problem) *themes.OrganizeStepPage {
	p := &themes.OrganizeStepPage{Shell: s.organizeShell(c, st.slug, st.title), Step: place(a, st.slug), Steps: progress(a, r, st.slug), Code: vault.GroupCode(r.Code), Keep: a.rules.DraftDays}
	p.Action, p.Submit = "/organize/"+st.slug, "保存，下一步"
	p.Hidden = []themes.Hidden{{Name: "version", Value: fmt.Sprint(r.Version)}, {Name: "base", Value: base(st.groups, &r.Form)}}
	p.Groups, p.Problems = fillIn(st.groups, in, problems)
	p.Back = themes.Link{Text: "上一步", Href: "/organize/request"}
	if i := place(a, st.slug); i > 1 {
		p.Back.Href = "/organize/" + a.steps()[i-2].slug
	}
	if c.Query("edit") == "1" || c.FormValue("back") == checkStep {
		p.Hidden = append(p.Hidden, themes.Hidden{Name: "back", Value: checkStep})
		p.Submit, p.Back = "存好，回到核对", themes.Link{Text: "不改了", Href: "/organize/" + checkStep}
	}
	return p
}

// fillIn puts answers and problems into the questions.
func fillIn(groups []group, in typed, problems []events.Problem) (out []themes.FormGroup, list []themes.FieldProblem) {
	for _, g := range groups {
		shown := themes.FormGroup{Legend: g.legend, Hint: g.hint, Row: g.row}
		for _, q := range g.questions {
			f := q.filled(in[q.Name])
			for _, p := range problems {
				if p.Field == q.Name || p.Field == q.field() {
					f.Error = p.Message
					list = append(list, themes.FieldProblem{Field: f.ID(), Text: p.Message})
					break
				}
			}
			shown.Fields = append(shown.Fields, f)
		}
		out = append(out, shown)
	}
	return out, list
}

// filled is the question with its answer.
func (q question) filled(values []string) themes.FormField {
	f := q.FormField
	f.Value = first(values)
	f.Options = slices.Clone(f.Options)
	for i := range f.Options {
		f.Options[i].Selected = slices.Contains(values, f.Options[i].Value)
	}
	return f
}

// progress is the walk with what is done in it.
func progress(a asking, r events.Request, now string) []themes.RequestStep {
	var list []themes.RequestStep
	for i, st := range a.steps() {
		done := i+1 < place(a, r.Step)
		for q := range questions(st.groups) {
			done = done && !hasProblem(r.Missing, q.field())
		}
		list = append(list, themes.RequestStep{Name: st.name, Href: "/organize/" + st.slug, Done: done, Now: st.slug == now})
	}
	return append(list, themes.RequestStep{Name: "核对", Href: "/organize/" + checkStep, Now: now == checkStep})
}
