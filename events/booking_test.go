package events

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/internal/vault"
)

var staff = auth.Actor{ID: "u1", Name: "王协调", Roles: []auth.Role{auth.Coordinator}}

// newStore is a store at 09:00 on 20 November 2026; *now turns its clock.
func newStore(t *testing.T, d *db.DB) (*Store, *time.Time) {
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, Zone)
	clock := func() time.Time { return now }
	s := New(Config{DB: d, Ledger: ledger.New(d, clock), Now: clock, Vault: vault.New([]byte("a secret that only tests may know!"))})
	if err := s.SeedCalendar(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s, &now
}

func draft(t *testing.T, s *Store, title string, starts time.Time) Session {
	t.Helper()
	se, err := s.CreateSession(t.Context(), staff, SessionForm{Type: Community, Title: title, Venue: "文化站",
		Starts: starts, Ends: starts.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	return se
}

// bookings are "13:00 firm" of a resource, by time.
func bookings(t *testing.T, s *Store, resource string) []string {
	t.Helper()
	list, err := selectBookings(t.Context(), s.db.Reader(), `WHERE b.resource = $1 AND b.status <> 'freed' ORDER BY b.from_at, b.status`, resource)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, b := range list {
		out = append(out, b.Starts.Format("15:04")+" "+string(b.Status))
	}
	return out
}

// Fifty want one venue, or one lawyer, at one hour: one gets it, and the others
// are told who has it.
func TestFiftyBookingsAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		one := now.AddDate(0, 0, 10).Add(4 * time.Hour) // 13:00
		for _, kind := range []BookingKind{BookVenue, BookPerson} {
			var wg sync.WaitGroup
			results := make([]error, 50)
			for i := range results {
				se := draft(t, s, "第几场", one)
				wg.Go(func() {
					results[i] = s.db.Update(context.Background(), func(ctx context.Context, tx *db.Tx) error {
						return s.book(ctx, tx, staff, Booking{Session: se.ID, Kind: kind, Resource: string(kind) + "1",
							Starts: one, Ends: one.Add(time.Hour), Status: Firm, Exclusive: true})
					})
				})
			}
			wg.Wait()
			won := 0
			for _, err := range results {
				switch {
				case err == nil:
					won++
				case !errs.Is(err, errs.Conflict) || !strings.Contains(errs.MessageOf(err), "已经定给《第几场》（SF-2026-"):
					t.Errorf("refused with %v: %s", err, errs.MessageOf(err))
				}
			}
			if got := bookings(t, s, string(kind)+"1"); won != 1 || !slices.Equal(got, []string{"13:00 firm"}) {
				t.Errorf("%s: %d won, booked %v", kind, won, got)
			}
		}
	})
}

func TestBookingsBesideEachOther(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		one := now.AddDate(0, 0, 10).Add(4 * time.Hour)
		book := func(offset, length time.Duration, status BookingStatus, exclusive bool) error {
			se := draft(t, s, "第几场", one)
			return s.db.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				b := Booking{Session: se.ID, Kind: BookVenue, Resource: "hall", Starts: one.Add(offset), Ends: one.Add(offset + length),
					Status: status, Exclusive: exclusive}
				if status == OnHold {
					b.Until = s.now().Add(time.Hour)
				}
				return s.book(ctx, tx, staff, b)
			})
		}
		for _, c := range []struct {
			name           string
			offset, length time.Duration
			status         BookingStatus
			exclusive, ok  bool
		}{
			{"first", 0, time.Hour, Firm, true, true},
			{"back to back after", time.Hour, time.Hour, Firm, true, true},
			{"back to back before", -time.Hour, time.Hour, OnHold, true, true},
			{"a minute into the first", 59 * time.Minute, time.Minute, Firm, true, false},
			{"around all", -2 * time.Hour, 5 * time.Hour, OnHold, true, false},
			{"into the hold", -90 * time.Minute, time.Hour, Firm, true, false},
			{"a wish may overlap", 0, time.Hour, Wished, true, true},
			{"a second wish too", 0, time.Hour, Wished, true, true},
			{"what is not exclusive may share", 0, time.Hour, Firm, false, true},
		} {
			err := book(c.offset, c.length, c.status, c.exclusive)
			if (err == nil) != c.ok || err != nil && !errs.Is(err, errs.Conflict) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		*now = now.Add(2 * time.Hour)
		if err := book(-90*time.Minute, time.Hour, Firm, true); err != nil {
			t.Errorf("the hold has lapsed: %v", err)
		}
	})
}

// Whoever goes around the query meets the constraint, on the database that has
// one.
func TestConstraintStandsBehindTheQuery(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		if !d.Postgres() {
			t.Skip("SQLite has one writer and no exclusion constraints")
		}
		s, now := newStore(t, d)
		a, b := draft(t, s, "第一场", now.Add(48*time.Hour)), draft(t, s, "第二场", now.Add(48*time.Hour))
		insert := func(se Session) error {
			return d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `INSERT INTO booking (id, kind, resource, from_at, to_at, status, exclusive, session, created_at, created_by)
					VALUES ($1, 'venue', 'v', $2, $3, 'firm', TRUE, $4, 0, 'test')`, db.NewID(), se.Starts.UnixMilli(), se.Ends.UnixMilli(), se.ID)
				return err
			})
		}
		if err := insert(a); err != nil {
			t.Fatal(err)
		}
		if err := insert(b); !errs.Is(err, errs.Conflict) {
			t.Errorf("second insert: %v", err)
		}
	})
}
