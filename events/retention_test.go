package events_test

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// Identities go when their time has come, each by its own rule; what a session
// counts stays as it was.
func TestRetentionWipesPersonsAndNoFigure(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.published()
		code := ""
		for i, phone := range []string{"13800000001", "13800000002"} {
			r, err := k.SignUp(t.Context(), events.SignUp{Session: s.ID, Name: "王建国", Phone: phone, Party: 2, Consent: "1",
				Origin: events.FromWeb, IdemKey: strings.Repeat(string(rune('a'+i)), 32), Address: "10.0.0.1"})
			if err != nil {
				t.Fatal(err)
			}
			code = r.Code
		}
		if _, err := k.CancelRegistration(t.Context(), code, "0002", "10.0.0.1"); err != nil {
			t.Fatal(err)
		}
		before := registrations(k, s.ID)

		purged := func(dry bool) map[string]int {
			t.Helper()
			list, err := k.Retention(t.Context(), dry)
			if err != nil {
				t.Fatal(err)
			}
			n := map[string]int{}
			for _, p := range list {
				n[p.Purpose] = p.Rows
			}
			return n
		}
		const who = "报名人的姓名、电话和问题"
		if got := purged(true); got[who] != 0 {
			t.Fatalf("before the session: %v", got)
		}
		k.now = s.Ends.AddDate(0, 0, 31)
		for range 2 { // a dry run changes nothing
			if got := purged(true); got[who] != 1 {
				t.Fatalf("31 days after: %v, want the one that was cancelled", got)
			}
		}
		if got := purged(false); got[who] != 1 {
			t.Fatalf("31 days after: %v", got)
		}
		k.now = s.Ends.AddDate(0, 0, 181)
		if got := purged(false); got[who] != 1 {
			t.Fatalf("181 days after: %v", got)
		}
		if got := purged(false); got[who] != 0 {
			t.Fatalf("again: %v, want nothing left", got)
		}
		var sealed int
		err := db.Get(context.Background(), d.Reader(), &sealed, `SELECT count(*) FROM registration WHERE personal <> '' OR phone_bidx IS NOT NULL OR ip_hash <> ''`)
		if err != nil || sealed != 0 {
			t.Fatalf("%d rows still know somebody, %v", sealed, err)
		}
		if after := registrations(k, s.ID); !reflect.DeepEqual(before, after) {
			t.Fatalf("figures were %v, are %v", before, after)
		}
	})
}

// registrations are what figures are made of: state and party of each.
func registrations(k *desk, session string) []string {
	k.Helper()
	list, err := k.Registrations(k.Context(), coordinator, session)
	if err != nil {
		k.Fatal(err)
	}
	var out []string
	for _, r := range list {
		out = append(out, string(r.State)+strings.Repeat("+", r.Party))
	}
	return out
}
