package admin

import (
	"errors"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/search"
)

type synonymsPage struct {
	shell
	Text    string
	Version int64
	At      time.Time // of the last change; zero for none
	Who     string
	Zero    string // the search without a result that it is for
	Theirs  diffs
}

// synonyms shows the editors' words; ?add= begins a line for one.
func (a *Admin) synonyms(r *request) error {
	now, err := a.cfg.Desk.Synonyms(r.ctx)
	if err != nil {
		return err
	}
	p := &synonymsPage{Text: now.Text, Version: now.Version, Zero: r.query("add")}
	if p.Zero != "" {
		p.Text = strings.TrimLeft(p.Text+"\n"+p.Zero+" > ", "\n")
	}
	return a.renderSynonyms(r, p, now)
}

func (a *Admin) saveSynonyms(r *request) error {
	p := &synonymsPage{Text: r.form.Get("text"), Version: r.version(), Zero: r.form.Get("zero")}
	r.again = a.synonymsFailed(r, p)
	if err := a.cfg.Desk.SaveSynonyms(r.ctx, r.actor, p.Text, p.Version); err != nil {
		return err
	}
	if err := a.settleZero(r, search.ZeroSynonym); err != nil {
		return err
	}
	return a.done(r, "/admin/search/synonyms", "synonyms")
}

// synonymsFailed shows the form again; after a conflict with what is stored now.
func (a *Admin) synonymsFailed(r *request, p *synonymsPage) func(web.Problem) error {
	return func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		now, err := a.cfg.Desk.Synonyms(r.ctx)
		if err != nil {
			return err
		}
		var stale *search.StaleSynonyms
		if errors.As(r.err, &stale) {
			p.Theirs.add("同义词", now.Text, p.Text)
			p.Version = now.Version
		}
		return a.renderSynonyms(r, p, now)
	}
}

func (a *Admin) renderSynonyms(r *request, p *synonymsPage, now search.SynonymText) error {
	names, err := a.accountNames(r)
	if err != nil {
		return err
	}
	p.At, p.Who = now.At, names[now.By]
	ps := p.Problems
	p.shell = a.shell(r, searchSection, "同义词")
	p.Problems = ps
	return a.render(r, "synonyms", p)
}
