package events

import (
	"context"

	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/internal/db"
)

// listed is one thing that counts on a day: a firm, a lawyer, a unit with a
// counsel.
type listed struct{ ID, Name, Town string }

// validOn is the condition that a row counts on the day $1.
func validOn(from, to string) string {
	return "(" + from + " = '' OR " + from + " <= $1) AND (" + to + " = '' OR " + to + " >= $1)"
}

// registers are the measures that are counted in the register of those who
// serve, with the query of what stands on a day.
var registers = []struct{ measure, kind, query string }{
	{"law_firm", "legal_org", `SELECT id, name, town FROM legal_org WHERE kind = 'firm' AND ` + validOn("valid_from", "valid_to") + ` ORDER BY name`},
	{"legal_service", "legal_org", `SELECT id, name, town FROM legal_org WHERE kind = 'service' AND ` + validOn("valid_from", "valid_to") + ` ORDER BY name`},
	{"lawyer", "practitioner", `SELECT id, name, '' AS town FROM practitioner WHERE kind = 'lawyer' AND ` + validOn("active_from", "active_to") + ` ORDER BY name, id`},
	{"counsel", "unit", `SELECT id, name, town FROM unit WHERE id IN (SELECT unit FROM counsel_contract WHERE ` + validOn("valid_from", "valid_to") + `) ORDER BY name`},
}

// attachPeople lets the figures count firms, lawyers and counselled units where
// they are kept. Opening figures of these measures stand for those that were
// never entered into the register.
func (s *Store) attachPeople() {
	for _, st := range registers {
		read := func(ctx context.Context, q db.Queryer, day string) (list []listed, err error) {
			err = db.Select(ctx, q, &list, st.query, day)
			return list, err
		}
		s.figures.Attach(figures.Attached{
			Measure: st.measure,
			Count: func(ctx context.Context, q db.Queryer, query figures.Query) ([]figures.Cell, error) {
				list, err := read(ctx, q, query.To)
				byTown := map[string]int64{}
				for _, one := range list {
					byTown[one.Town]++
				}
				var cells []figures.Cell
				for town, n := range byTown {
					cells = append(cells, figures.Cell{Town: town, Month: query.To[:7], Qty: n})
				}
				return cells, err
			},
			Rows: func(ctx context.Context, q db.Queryer, query figures.Query) ([]figures.Row, error) {
				list, err := read(ctx, q, query.To)
				var rows []figures.Row
				for _, one := range list {
					rows = append(rows, figures.Row{ID: one.ID, Fact: figures.Fact{Qty: 1, Date: query.To, Town: one.Town},
						SourceKind: st.kind, SourceID: one.ID, Text: one.Name})
				}
				return rows, err
			},
		})
	}
}
