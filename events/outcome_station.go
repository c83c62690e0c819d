package events

import (
	"context"

	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/internal/db"
)

// attachStations lets the figures count stations of each tier: those that serve
// on the last day of the question.
func (s *Store) attachStations() {
	for measure, tier := range map[string]Tier{"station_center": Center, "station_town": TownTier, "station_department": Department, "station_point": Point} {
		s.figures.Attach(figures.Attached{
			Measure: measure,
			Count: func(ctx context.Context, q db.Queryer, query figures.Query) ([]figures.Cell, error) {
				stations, err := stationsOn(ctx, q, tier, query.To)
				if err != nil {
					return nil, err
				}
				byTown := map[string]int64{}
				for _, st := range stations {
					byTown[st.Town]++
				}
				var cells []figures.Cell
				for town, n := range byTown {
					cells = append(cells, figures.Cell{Town: town, Month: query.To[:7], Qty: n})
				}
				return cells, nil
			},
			Rows: func(ctx context.Context, q db.Queryer, query figures.Query) ([]figures.Row, error) {
				stations, err := stationsOn(ctx, q, tier, query.To)
				var rows []figures.Row
				for _, st := range stations {
					rows = append(rows, figures.Row{ID: st.ID, Fact: figures.Fact{Qty: 1, Date: query.To, Town: st.Town},
						SourceKind: "station", SourceID: st.Code, Text: st.Name})
				}
				return rows, err
			},
		})
	}
}

// stationsOn are the stations of a tier that serve on a day.
func stationsOn(ctx context.Context, q db.Queryer, tier Tier, day string) ([]Station, error) {
	return selectStations(ctx, q, `WHERE p.tier = $1 AND (p.valid_from = '' OR p.valid_from <= $2) AND (p.valid_to = '' OR p.valid_to >= $2)
		ORDER BY p.code`, tier, day)
}
