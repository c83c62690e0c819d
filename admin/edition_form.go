package admin

import (
	"slices"
	"strconv"
	"strings"

	"github.com/songfa/songfa/content"
)

// hasText reports whether the form holds a text, and not only a step.
func (r *request) hasText() bool { return r.form.Has("title") }

// text reads a text from the form.
func (r *request) text() content.Text {
	get := r.form.Get
	t := content.Text{Title: get("title"), Answer: get("answer"), Summary: get("summary"), Body: get("body"),
		Topics: r.form["topics"], Column: get("column"), Audience: words(get("audience")), Sources: lines(get("sources")),
		Checked: get("checked"), Written: get("written"), Author: get("author"), Origin: get("origin"),
		Cover: get("cover"), CoverAlt: get("cover_alt")}
	names, drop := r.form["attachment_name"], r.form["attachment_drop"]
	for i, file := range r.form["attachment_file"] {
		if i < len(names) && !slices.Contains(drop, strconv.Itoa(i)) {
			t.Attachments = append(t.Attachments, content.Attachment{File: file, Name: names[i]})
		}
	}
	return t
}

// take lays what was typed over the page.
func (p *editionPage) take(r *request) {
	if r.hasText() {
		p.Text = r.text()
	}
	p.Due, p.Reason, p.MovedTo = r.form.Get("due"), strings.TrimSpace(r.form.Get("reason")), strings.TrimSpace(r.form.Get("moved_to"))
}

// changed reports whether the form holds another text than what is stored.
// The store trims what it is given; blanks at the ends are no change.
func (p *editionPage) changed() bool {
	return !trimmed(p.Text).Equal(trimmed(p.Edition.Text))
}

func trimmed(t content.Text) content.Text {
	for _, s := range []*string{&t.Title, &t.Answer, &t.Summary, &t.Body, &t.Author, &t.Origin, &t.Cover, &t.CoverAlt} {
		*s = strings.TrimSpace(*s)
	}
	return t
}
