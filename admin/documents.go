package admin

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/errs"
)

type documentsPage struct {
	shell
	Filter  content.DeskFilter
	List    content.Listing[content.DeskItem]
	Kinds   []content.Kind
	States  []content.State
	Topics  []content.Topic
	Columns []content.Column
	Urgent  map[string]content.Emergency // published and not reviewed, by document
	Text    string                       // what is looked for
	Titles  bool                         // it is looked for in titles alone, since the index is not ready
}

// ColumnName is the name of a column by its slug.
func (p documentsPage) ColumnName(slug string) string { return columnName(p.Columns, slug) }

func columnName(columns []content.Column, slug string) string {
	for _, c := range columns {
		if c.Slug == slug {
			return c.Name
		}
	}
	return slug
}

// Address is the list with another state, or another page.
func (p documentsPage) Address(state content.State, page int) string {
	q := url.Values{}
	for name, value := range map[string]string{"q": p.Text, "kind": string(p.Filter.Kind), "state": string(state),
		"topic": p.Filter.Topic, "column": p.Filter.Column} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return "/admin/documents/"
	}
	return "/admin/documents/?" + q.Encode()
}

// From and To number the rows shown.
func (p documentsPage) From() int { return (p.List.Page-1)*p.List.Size + 1 }

// To is the number of the last row shown.
func (p documentsPage) To() int { return p.From() + len(p.List.Items) - 1 }

// Next and Previous are pages, 0 for none.
func (p documentsPage) Next() int {
	if p.List.Page < p.List.Pages() {
		return p.List.Page + 1
	}
	return 0
}

// Previous is the page before.
func (p documentsPage) Previous() int { return p.List.Page - 1 }

func (a *Admin) documents(r *request) error {
	page := documentsPage{shell: a.shell(r, "/admin/documents/", "文档"), Kinds: content.Kinds,
		States: []content.State{content.Draft, content.Submitted, content.Scheduled, content.Published, content.Withdrawn, content.Unpublished}}
	page.Filter = content.DeskFilter{For: r.actor, Kind: content.Kind(r.query("kind")), State: content.State(r.query("state")),
		Topic: r.query("topic"), Column: r.query("column"), Page: r.QueryInt("page")}
	page.Text = strings.TrimSpace(r.query("q"))
	err := a.lookFor(r, &page)
	if err != nil {
		return err
	}
	if page.List, err = a.cfg.Content.Desk(r.ctx, page.Filter); err != nil {
		return err
	}
	if page.Urgent, err = a.cfg.Content.OpenEmergencies(r.ctx); err != nil {
		return err
	}
	if page.Topics, err = a.cfg.Content.Topics(r.ctx); err != nil {
		return err
	}
	if page.Columns, err = a.cfg.Content.ColumnsFor(r.ctx, r.actor); err != nil {
		return err
	}
	return a.render(r, "documents", page)
}

// lookFor turns the text into a filter: what the index finds by it, in titles and
// texts, with what is not published. While there is no index, and of what holds
// no word, titles that have it as it is written.
func (a *Admin) lookFor(r *request, page *documentsPage) error {
	if page.Text == "" {
		return nil
	}
	ids, err := a.cfg.Desk.Documents(r.ctx, page.Text, string(page.Filter.Kind))
	switch {
	case err == nil:
		page.Filter.Ranked = ids
	case errs.Is(err, errs.Unavailable), errs.Is(err, errs.Invalid):
		page.Filter.Title, page.Titles = page.Text, errs.Is(err, errs.Unavailable)
	default:
		return err
	}
	return nil
}
