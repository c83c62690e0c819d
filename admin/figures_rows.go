package admin

import (
	"net/url"
	"strconv"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/internal/errs"
)

const rowsOnPage = 100

// namedRow is a row under a number with the name of where it comes from.
type namedRow struct {
	figures.Row
	No, What string // number and title of the session, or the paper, the reason
	TownName string
	Path     string // to open it; "" for none
}

// Kind is where the row comes from.
func (r namedRow) Kind() string {
	switch r.SourceKind {
	case "session":
		return "场次"
	case "opening":
		return "期初"
	case "adjustment":
		return "更正"
	case "station":
		return "站点"
	case "document":
		return "文档"
	case "material":
		return "物料"
	case "practitioner":
		return "人员"
	case "legal_org":
		return "机构"
	case "unit":
		return "单位"
	}
	return r.SourceKind
}

// Nature says what sort of figure it is.
func (r namedRow) Nature() string {
	switch r.Layer {
	case figures.Carried:
		return "期初"
	case figures.Adjustment:
		return "更正"
	}
	return "系统内"
}

// TypeLabel is the type of the session.
func (r namedRow) TypeLabel() string { return typeLabel(r.Row.Type) }

// Money is the amount in yuan, "" for none.
func (r namedRow) Money() string {
	if r.Fen == 0 {
		return ""
	}
	return figures.Yuan(r.Fen)
}

// namedRows are rows with the names of their sources.
func (a *Admin) namedRows(r *request, q figures.Query, limit, offset int) ([]namedRow, error) {
	rows, err := a.cfg.Events.Figures().Rows(r.ctx, q, limit, offset)
	if err != nil {
		return nil, err
	}
	var ids []string
	seen := map[string]bool{}
	for _, row := range rows {
		if row.SourceKind == "session" && !seen[row.SourceID] {
			seen[row.SourceID] = true
			ids = append(ids, row.SourceID)
		}
	}
	sessions, err := a.cfg.Events.SessionNames(r.ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]namedRow, len(rows))
	for i, row := range rows {
		list[i] = nameRow(row, sessions)
	}
	return list, nil
}

// nameRow says what a row comes from.
func nameRow(row figures.Row, sessions map[string]events.SessionName) namedRow {
	one := namedRow{Row: row, What: row.Text}
	switch row.SourceKind {
	case "session":
		s := sessions[row.SourceID]
		one.No, one.Path = s.No, "/admin/sessions/"+row.SourceID+"/report"
		if one.What = s.Title; row.Layer == figures.Adjustment && row.Text != "" {
			one.What += "：" + row.Text
		}
	case "station":
		one.No, one.Path = row.SourceID, "/admin/stations/"+row.SourceID
	case "document":
		one.Path = "/admin/documents/" + row.SourceID
	case "material":
		one.Path = "/admin/materials/" + row.SourceID
	case "practitioner":
		one.Path = "/admin/people/" + row.SourceID
	case "legal_org":
		one.Path = "/admin/people/orgs"
	case "unit":
		one.Path = "/admin/units/" + row.SourceID
	}
	return one
}

type rowsPage struct {
	shell
	Def     figures.Definition
	Query   figures.Query
	Filters []string // what narrows the list, in words
	Value   figures.Value
	Rows    []namedRow
	Total   int
	Page    int
	values  url.Values
}

// Address is another page of the list.
func (p rowsPage) Address(page int) string {
	p.values.Set("page", strconv.Itoa(page))
	return figuresSection + "rows?" + p.values.Encode()
}

// Next is the next page, 0 for none.
func (p rowsPage) Next() int {
	if p.Page*rowsOnPage < p.Total {
		return p.Page + 1
	}
	return 0
}

// Previous is the page before.
func (p rowsPage) Previous() int { return p.Page - 1 }

// figureRows lists what is under a number, which it repeats from the same query.
func (a *Admin) figureRows(r *request) error {
	q := figures.Query{Within: r.actor.Towns, From: r.query("from"), To: r.query("to"), Period: r.query("period"), Measures: []string{r.query("measure")},
		Town: r.query("town"), Type: r.query("type"), Month: r.query("month"), Host: r.query("host"), Category: r.query("category")}
	table, err := a.cfg.Events.Figures().Pivot(r.ctx, q)
	if err != nil {
		return err
	}
	if len(table.Measures) == 0 {
		return errs.New(errs.NotFound, "没有这个指标，请从统计页重新选择。", "no measure")
	}
	towns, err := a.cfg.Events.TownsFor(r.ctx, r.actor)
	if err != nil {
		return err
	}
	v := view{Towns: towns}
	page := rowsPage{shell: a.shell(r, figuresSection, "明细"), Def: table.Measures[0], Query: table.Query, Value: table.Total(table.Measures[0].Code),
		Page: min(max(1, r.QueryInt("page")), 10_000), values: url.Values{}}
	for name, value := range map[string]string{"measure": q.Measures[0], "from": q.From, "to": q.To, "period": q.Period, "town": q.Town, "type": q.Type,
		"month": q.Month, "host": q.Host, "category": q.Category} {
		if value != "" {
			page.values.Set(name, value)
		}
	}
	for _, f := range []struct {
		axis  figures.Axis
		value string
	}{{figures.ByTown, q.Town}, {figures.ByType, q.Type}, {figures.ByMonth, q.Month}, {figures.ByHost, q.Host}, {figures.ByCategory, q.Category}} {
		if f.value != "" {
			page.Filters = append(page.Filters, v.label(f.axis, f.value))
		}
	}
	if page.Total, err = a.cfg.Events.Figures().CountRows(r.ctx, q); err != nil {
		return err
	}
	if page.Rows, err = a.namedRows(r, q, rowsOnPage, (page.Page-1)*rowsOnPage); err != nil {
		return err
	}
	page.Total = max(page.Total, len(page.Rows)) // what is counted where it lives comes on one page
	for i := range page.Rows {
		page.Rows[i].TownName = v.label(figures.ByTown, page.Rows[i].Town)
	}
	return a.render(r, "figure_rows", page)
}
