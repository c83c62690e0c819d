package events

import (
	"context"

	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/events/stock"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
)

// brochureName is what the figures call a title in its edition.
func brochureName(title, edition string) string {
	if edition == "" {
		return title
	}
	return title + "（" + edition + "）"
}

// isBrochure reports whether a unit is that of something to read. What is
// counted by the sheet or the piece (posters, gifts) is never added to it.
func isBrochure(unit string) bool {
	return unit == "" || unit == "册" || unit == "份" || unit == "本"
}

// attachStock lets the figures count what was printed, and what was handed out
// without a session: hand-outs of sessions come with their reports.
func (s *Store) attachStock() {
	s.attachTotals("brochure_printed", s.stock.Printed)
	s.attachTotals("brochure", func(ctx context.Context, q db.Queryer, first, last string) ([]stock.Total, error) {
		all, err := s.stock.HandedOut(ctx, q, first, last)
		var loose []stock.Total
		for _, t := range all {
			if t.Session == "" {
				loose = append(loose, t)
			}
		}
		return loose, err
	})
	s.attachTotals("brochure_title", func(ctx context.Context, q db.Queryer, first, last string) ([]stock.Total, error) {
		all, err := s.stock.Printed(ctx, q, "", last)
		return firstOf(all, first), err
	})
}

// firstOf keeps one row for each material whose first receipt is on or after a
// day: a title counts once, in the year it was first printed.
func firstOf(all []stock.Total, from string) []stock.Total {
	began := map[string]stock.Total{}
	for _, t := range all {
		if old, ok := began[t.Material]; !ok || t.Day < old.Day {
			began[t.Material] = t
		}
	}
	var list []stock.Total
	for _, t := range began {
		if t.Day >= from {
			t.Qty = 1
			list = append(list, t)
		}
	}
	return list
}

func (s *Store) attachTotals(measure string, totals func(ctx context.Context, q db.Queryer, first, last string) ([]stock.Total, error)) {
	s.figures.Attach(figures.Attached{
		Measure: measure,
		Count: func(ctx context.Context, q db.Queryer, query figures.Query) ([]figures.Cell, error) {
			list, err := totals(ctx, q, query.From, query.To)
			var cells []figures.Cell
			for _, t := range list {
				if isBrochure(t.Unit) {
					cells = append(cells, figures.Cell{Category: brochureName(t.Title, t.Edition), Month: t.Day[:7], Qty: int64(t.Qty)})
				}
			}
			return cells, err
		},
		Rows: func(ctx context.Context, q db.Queryer, query figures.Query) ([]figures.Row, error) {
			list, err := totals(ctx, q, query.From, query.To)
			var rows []figures.Row
			for _, t := range list {
				if isBrochure(t.Unit) {
					rows = append(rows, figures.Row{ID: t.Material + t.Day, SourceKind: "material", SourceID: t.Material, Text: brochureName(t.Title, t.Edition),
						Fact: figures.Fact{Category: brochureName(t.Title, t.Edition), Qty: int64(t.Qty), Date: t.Day}})
				}
			}
			return rows, err
		},
	})
}

// settleReported tells the stock what became of the copies a session took: as
// the organizer's part says, the rest is back in the warehouse.
func (s *Store) settleReported(ctx context.Context, tx *db.Tx, actor auth.Actor, se Session, host ReportForm) error {
	var used []stock.Used
	for _, h := range host.Handouts {
		if h.Material == "" {
			continue
		}
		handed, _ := figure(h.Handed)
		spoiled, _ := figure(h.Spoiled)
		used = append(used, stock.Used{Material: h.Material, HandedOut: handed, Spoiled: spoiled})
	}
	return s.settleMaterials(ctx, tx, actor, se, used)
}

// issued is what the stock gave out for a session.
func (s *Store) issued(ctx context.Context, q db.Queryer, session string) ([]Issued, error) {
	uses, err := s.stock.SessionUse(ctx, q, session)
	var list []Issued
	for _, u := range uses {
		if u.Issued > 0 {
			list = append(list, Issued{Material: u.Material, Title: brochureName(u.Title, u.Edition), Unit: u.Unit, Qty: u.Issued})
		}
	}
	return list, err
}
