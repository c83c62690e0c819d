package main

import (
	"context"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/internal/db"
)

// countContent lets the figures count what the site published for the first time.
func (c *core) countContent() figures.Attached {
	list := func(ctx context.Context, q db.Queryer, query figures.Query) ([]figures.Row, error) {
		from, err := time.ParseInLocation(time.DateOnly, query.From, events.Zone)
		if err != nil {
			return nil, err
		}
		to, err := time.ParseInLocation(time.DateOnly, query.To, events.Zone)
		if err != nil {
			return nil, err
		}
		docs, err := c.content.FirstPublished(ctx, q, from, to.AddDate(0, 0, 1))
		rows := make([]figures.Row, len(docs))
		for i, d := range docs {
			rows[i] = figures.Row{ID: d.ID, SourceKind: "document", SourceID: d.ID, Text: d.Title,
				Fact: figures.Fact{Category: d.Kind.Label(), Qty: 1, Date: d.At.In(events.Zone).Format(time.DateOnly)}}
		}
		return rows, err
	}
	return figures.Attached{Measure: "content", Rows: list,
		Count: func(ctx context.Context, q db.Queryer, query figures.Query) ([]figures.Cell, error) {
			rows, err := list(ctx, q, query)
			cells := make([]figures.Cell, len(rows))
			for i, r := range rows {
				cells[i] = figures.Cell{Category: r.Category, Month: r.Date[:7], Qty: 1}
			}
			return cells, err
		}}
}
