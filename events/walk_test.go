package events

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/events/stock"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// A request becomes a published session the way the bureau walks it: accepted,
// staffed by somebody who said yes, brochures put aside, read, shown; and what a
// step would refuse stands on the page before the click.
func TestFromRequestToPublished(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		v := towns(t, s)
		se := taken(t, s, v, idem, nil)
		se, err := s.Decide(t.Context(), staff, se.ID, se.Version, Decision{To: Accepted, Wish: 1})
		se = must(t, se, err)

		book, err := s.Stock().SaveMaterial(t.Context(), staff, stock.Material{Title: "工资怎么要", Edition: "2026年版", Kind: stock.Handbook, Unit: "册"})
		book = must(t, book, err)
		must(t, 0, s.Stock().Receive(t.Context(), staff, stock.Entry{Material: book.ID, Qty: 30}))
		must(t, 0, s.AskMaterials(t.Context(), staff, se.ID, []stock.Line{{Material: book.ID, Qty: 50}}, false))
		blocks := func() string {
			w, err := s.Work(t.Context(), staff, se.ID)
			return said(must(t, w, err).Blocks)
		}
		want := "staffing: 律师要 1 人，答应了 0 人。请先在“人员”里请齐。\nmaterials: 《工资怎么要》2026年版还差 20 册，请先补货，或者在“资料”里减少。"
		if got := blocks(); got != want {
			t.Errorf("before the click\n%s\nwant\n%s", got, want)
		}
		p, err := s.SavePerson(t.Context(), staff, "", 0, PersonForm{Kind: RoleLawyer, Name: "李国平", Phone: "13900139000"})
		p = must(t, p, err)
		must(t, 0, s.Invite(t.Context(), staff, se.ID, p.ID, RoleLawyer, ""))
		list, err := s.Staffing(t.Context(), staff, se.ID)
		list = must(t, list, err)
		must(t, 0, s.Answer(t.Context(), staff, list[0].ID, true))
		if _, err := s.Schedule(t.Context(), staff, se.ID, se.Version, "先排上"); errs.FieldOf(err) != "materials" {
			t.Errorf("scheduled with 30 of 50 brochures: %v", err)
		}
		must(t, 0, s.Stock().Receive(t.Context(), staff, stock.Entry{Material: book.ID, Qty: 20}))
		if got := blocks(); got != "" {
			t.Errorf("still in the way: %s", got)
		}
		se, err = s.Schedule(t.Context(), staff, se.ID, se.Version, "企业自己有志愿者")
		se = must(t, se, err)
		if st, err := s.Stock().Material(t.Context(), book.ID); err != nil || st.Held != 50 || st.Free != 0 {
			t.Errorf("put aside %d, free %d, %v", st.Held, st.Free, err)
		}
		if got := bookings(t, s, p.ID); !slices.Equal(got, []string{"15:00 firm"}) {
			t.Errorf("the lawyer is booked %v", got)
		}
		se, err = s.PreparePublication(t.Context(), staff, se.ID, se.Version, Publication{Reviewed: true, Notice: Notices()[0].Version})
		se = must(t, se, err)
		se, err = s.PublishSession(t.Context(), staff, se.ID, se.Version)
		se = must(t, se, err)

		// Nobody presses 确认到场: two days before they are asked, a day before the
		// desk is told.
		*now = se.Starts.Add(-48 * time.Hour)
		if first, again := tick(t, s), tick(t, s); first.Reminded != 1 || again.Reminded != 0 {
			t.Errorf("asked to confirm: %d, then %d", first.Reminded, again.Reminded)
		}
		*now = se.Starts.Add(-23 * time.Hour)
		risks, err := s.AtRisk(t.Context(), staff)
		if err != nil || len(risks) != 1 || !strings.HasPrefix(risks[0].Reason, "律师李国平还没有确认到场") {
			t.Errorf("at risk %+v, %v", risks, err)
		}

		// Called off, everything is free again at once.
		se, err = s.CancelSession(t.Context(), staff, se.ID, se.Version, "停电")
		must(t, se, err)
		if st, err := s.Stock().Material(t.Context(), book.ID); err != nil || st.Held != 0 || st.Free != 50 {
			t.Errorf("after cancelling: put aside %d, free %d, %v", st.Held, st.Free, err)
		}
		if len(bookings(t, s, p.ID)) != 0 || len(bookings(t, s, v.ID)) != 0 {
			t.Errorf("after cancelling: lawyer %v, hall %v", bookings(t, s, p.ID), bookings(t, s, v.ID))
		}
	})
}
