package events

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// Anybody can type somebody else's number. What was asked for from it is told
// only to a request that the bureau has answered.
func TestPastRequestsAreForThoseTheBureauHasAnswered(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, _ := newStore(t, d)
		v := towns(t, s)
		first := handIn(t, s, v, idem, nil)
		second := handIn(t, s, v, idem+"2", func(f *RequestForm) { f.Wishes[0].Starts = f.Wishes[0].Starts.AddDate(0, 0, 7) })
		other := handIn(t, s, v, idem+"3", func(f *RequestForm) {
			f.Unit, f.Phone = "柳林纺织", "13900000000"
			f.Wishes[0].Starts = f.Wishes[0].Starts.AddDate(0, 0, 14)
		})
		past := func(r Request) (ids []string) {
			t.Helper()
			list, err := s.PastRequests(t.Context(), r.ID)
			for _, p := range must(t, list, err) {
				ids = append(ids, p.ID)
			}
			return ids
		}
		draft, err := s.StartRequest(t.Context(), RequestForm{Unit: "东湖电子", Phone: "13800138000"}, idem+"4")
		if draft = must(t, draft, err); past(draft) != nil || past(second) != nil {
			t.Error("who only types the number is told of its sessions")
		}
		se, err := s.Take(t.Context(), staff, second.Session.ID, second.Session.Version)
		se, err = s.Decide(t.Context(), staff, must(t, se, err).ID, se.Version, Decision{To: Accepted, Wish: 1})
		must(t, se, err)
		if got := past(second); !slices.Equal(got, []string{first.ID}) {
			t.Errorf("answered, it is told of %v, want %s alone, not of %s", got, first.ID, other.ID)
		}
	})
}

func TestTheHostReadsWhatItWasToBeTold(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		r := handIn(t, s, towns(t, s), idem, nil)
		kinds := func() (list []string) {
			t.Helper()
			told, err := s.Told(t.Context(), r.ID)
			for _, m := range must(t, told, err) {
				list = append(list, m.Kind)
			}
			return list
		}
		if got := kinds(); !slices.Equal(got, []string{"received"}) { // and not the desk's task
			t.Errorf("told %v", got)
		}
		err := s.db.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return s.enqueue(ctx, tx, Message{Kind: "moved", Session: r.Session.ID, To: Recipient{ToOrganizer, r.Session.ID}, NotBefore: now.Add(s.rules.settle())})
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := kinds(); !slices.Equal(got, []string{"received"}) {
			t.Errorf("a move that has not settled is told: %v", got)
		}
		*now = now.Add(s.rules.settle())
		if got := kinds(); !slices.Equal(got, []string{"moved", "received"}) {
			t.Errorf("told %v", got)
		}
	})
}

func TestProposalsAreRefusedWhereNothingCanChange(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		r := handIn(t, s, towns(t, s), idem, nil)
		for _, p := range []Proposal{{}, {Starts: now.AddDate(0, 0, -1)}, {Note: strings.Repeat("长", 201)}, {Venue: strings.Repeat("长", 61)}} {
			if err := s.ProposeChange(t.Context(), r.ID, p); !errs.Is(err, errs.Invalid) {
				t.Errorf("%.40v: %v", p, err)
			}
		}
		r, err := s.WithdrawRequest(t.Context(), r.ID, r.Version, "")
		r = must(t, r, err)
		if err := s.ProposeChange(t.Context(), r.ID, Proposal{Note: "车间检修"}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a withdrawn request takes a proposal: %v", err)
		}
		if err := s.ProposeChange(t.Context(), "01ARZ3NDEKTSV4RRFFQ69G5FAV", Proposal{Note: "车间检修"}); !errs.Is(err, errs.NotFound) {
			t.Errorf("an unknown request takes a proposal: %v", err)
		}
	})
}
