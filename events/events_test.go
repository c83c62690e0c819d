package events_test

import (
	"context"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/internal/vault"
)

var coordinator = auth.Actor{ID: "u1", Name: "王协调", Roles: []auth.Role{auth.Coordinator}}

// desk is a store with a clock that the test turns.
type desk struct {
	*testing.T
	*events.Store
	db     *db.DB
	ledger *ledger.Ledger
	now    time.Time
}

// at begins with two towns and three stations, at 09:00 on 20 November 2026.
func newDesk(t *testing.T, d *db.DB) *desk {
	k := emptyDesk(t, d)
	for i, st := range []events.Station{
		{Code: "C01", Tier: events.Center, Name: "公共法律服务中心", Address: "和平路 1 号"},
		{Code: "T01", Tier: events.TownTier, Parent: "C01", Name: "东湖镇工作站", Address: "湖滨路 18 号"},
	} {
		if _, err := k.SaveStation(t.Context(), coordinator, st); err != nil {
			t.Fatalf("station %d: %v", i, err)
		}
	}
	return k
}

func emptyDesk(t *testing.T, d *db.DB) *desk {
	k := &desk{T: t, db: d, now: time.Date(2026, 11, 20, 9, 0, 0, 0, events.Zone)}
	clock := func() time.Time { return k.now }
	k.ledger = ledger.New(d, clock)
	k.Store = events.New(events.Config{DB: d, Ledger: k.ledger, Now: clock,
		Vault: vault.New([]byte("a secret that only tests may know!"))})
	return k
}

// form is a good one: tomorrow, 18:30 to 20:00.
func (k *desk) form() events.SessionForm {
	day := time.Date(2026, 11, 21, 18, 30, 0, 0, events.Zone)
	return events.SessionForm{Type: events.Site, Title: "安置房工地：工资怎么要", Summary: "带上欠条。", Audience: []string{"工友", "家属"},
		Station: "T01", Venue: "项目部食堂", Address: "环湖西路", Starts: day, Ends: day.Add(90 * time.Minute), Capacity: 60,
		Organizer: "东湖镇司法所", Lawyers: "李国平律师", ContactPhone: "0000-6101001"}
}

func (k *desk) create() events.Session {
	k.Helper()
	return k.must(k.CreateSession(k.Context(), coordinator, k.form()))
}

func (k *desk) published() events.Session {
	k.Helper()
	s := k.create()
	return k.must(k.PublishSession(k.Context(), coordinator, s.ID, s.Version))
}

func (k *desk) must(s events.Session, err error) events.Session {
	k.Helper()
	if err != nil {
		k.Fatal(err)
	}
	return s
}

// journal lists "kind id" of all rows after the number.
func (k *desk) journal(after int64) []string {
	k.Helper()
	rows, err := k.ledger.Since(context.Background(), after, 1000)
	if err != nil {
		k.Fatal(err)
	}
	var list []string
	for _, r := range rows {
		list = append(list, r.Kind+" "+r.ID)
	}
	return list
}
