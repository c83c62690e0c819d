package events_test

import (
	"testing"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// Firms, lawyers and counselled units count on the last day of the question, and
// open the register's rows; who left before does not count.
func TestRegisterCountsOnTheLastDay(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		firm, err := k.SaveLegalOrg(t.Context(), coordinator, events.LegalOrg{Kind: events.LawFirm, Name: "示例明理律师事务所"})
		k.ok(err)
		_, err = k.SaveLegalOrg(t.Context(), coordinator, events.LegalOrg{Kind: events.LawFirm, Name: "已注销的律师事务所", ValidTo: "2025-12-31"})
		k.ok(err)
		k.person(events.PersonForm{Kind: events.RoleLawyer, Name: "李国平", Org: firm, Phone: "13800000001"})
		k.person(events.PersonForm{Kind: events.RoleLawyer, Name: "孙丽华", Phone: "13800000002", ActiveTo: "2026-06-30"})
		k.person(events.PersonForm{Kind: events.RoleVolunteer, Name: "吴霞", Phone: "13800000003"})
		for _, tt := range []struct {
			measure, to string
			want        int64
		}{
			{"law_firm", "2026-11-30", 1}, {"law_firm", "2025-12-31", 2}, {"lawyer", "2026-06-30", 2}, {"lawyer", "2026-07-01", 1},
			{"legal_service", "2026-11-30", 0}, {"counsel", "2026-11-30", 0},
		} {
			q := figures.Query{From: "2025-01-01", To: tt.to, Measures: []string{tt.measure}}
			table, err := k.Figures().Pivot(t.Context(), q)
			k.ok(err)
			if got := table.Total(tt.measure).Qty(); got != tt.want {
				t.Errorf("%s on %s: %d, want %d", tt.measure, tt.to, got, tt.want)
			}
			rows, err := k.Figures().Rows(t.Context(), q, 0, 0)
			k.ok(err)
			if int64(len(rows)) != tt.want {
				t.Errorf("%s on %s opens %d rows, want %d", tt.measure, tt.to, len(rows), tt.want)
			}
		}
	})
}
