package site

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/themes"
)

// stepConflict answers a step that was changed elsewhere after the form had been
// given out. Sent twice it is no conflict: the same is there already.
func (s *Site) stepConflict(c *fiber.Ctx, a asking, st step, r events.Request, in typed, form events.RequestForm) error {
	form.Problems(s.now(), events.NewCalendar(nil)) // clears up what was typed, as saving would
	rows := differences(st.groups, &form, &r.Form)
	if len(rows) == 0 {
		return s.goTo(c, s.onward(c, a, st.slug))
	}
	p := &themes.OrganizeConflictPage{Shell: s.organizeShell(c, st.slug, "这一步刚才有人改过"), Rows: rows,
		Theirs: themes.Link{Text: "用已经存着的", Href: "/organize/" + st.slug}}
	p.Mine = themes.OrganizeForm{Action: "/organize/" + st.slug, Submit: "用我刚填的",
		Hidden: []themes.Hidden{{Name: "version", Value: fmt.Sprint(r.Version)}, {Name: "base", Value: base(st.groups, &r.Form)}}}
	for _, name := range []string{"back", "go"} {
		if v := c.FormValue(name); v != "" {
			p.Mine.Hidden = append(p.Mine.Hidden, themes.Hidden{Name: name, Value: v})
		}
	}
	for q := range questions(st.groups) {
		for _, v := range in[q.Name] {
			p.Mine.Hidden = append(p.Mine.Hidden, themes.Hidden{Name: q.Name, Value: v})
		}
	}
	c.Status(fiber.StatusConflict)
	return s.render(c, p)
}

// differences are the questions two forms answer differently.
func differences(groups []group, mine, theirs *events.RequestForm) (rows []themes.Difference) {
	for _, g := range groups {
		for _, q := range g.questions {
			a, b := clearUp(q.get(mine)), clearUp(q.get(theirs))
			if !slices.Equal(a, b) {
				name := q.Label
				if g.legend != "" {
					name = g.legend + " " + q.Label
				}
				rows = append(rows, themes.Difference{Name: name, Mine: q.says(a), Theirs: q.says(b)})
			}
		}
	}
	return rows
}

// clearUp ignores what saving clears up: blanks at the ends and between.
func clearUp(values []string) []string {
	var out []string
	for _, v := range values {
		if v = strings.Join(strings.Fields(v), " "); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// says is an answer in words.
func (q question) says(values []string) string {
	var words []string
	for _, v := range values {
		if i := slices.IndexFunc(q.Options, func(o themes.Option) bool { return o.Value == v }); i >= 0 && v != "" {
			v = q.Options[i].Name
		}
		if v != "" && q.Unit != "" {
			v += " " + q.Unit
		}
		if v != "" {
			words = append(words, v)
		}
	}
	return strings.Join(words, "、")
}
