package events_test

import (
	"context"
	"strings"
	"testing"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// columns reads all text of the registrations, as somebody with only the
// database would.
func (k *desk) columns() string {
	k.Helper()
	var rows []string
	err := db.Select(k.Context(), k.db.Reader(), &rows, `SELECT personal || '|' || COALESCE(phone_bidx, '') || '|' || COALESCE(code_bidx, '')
		|| '|' || COALESCE(qr_bidx, '') || '|' || idem_hash || '|' || ip_hash || '|' || worker_kind FROM registration`)
	if err != nil {
		k.Fatal(err)
	}
	return strings.Join(rows, "\n")
}

func TestTheDatabaseAloneNamesNobody(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(5, 0)
		f := guest(s.ID, 1, 1)
		f.Question, f.Access = "老板欠薪三个月", "轮椅"
		reg, err := k.SignUp(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		text := k.columns()
		for _, secret := range []string{"张三丰", "13800000001", "老板", "轮椅", reg.Code, reg.QR, f.Address} {
			if text == "" || strings.Contains(text, secret) {
				t.Errorf("%q can be read in the database", secret)
			}
		}
		if got, err := k.RegistrationByQR(t.Context(), reg.QR); err != nil || got.ID != reg.ID || got.Name != "张*" {
			t.Errorf("by QR: %+v, %v", got, err)
		}
		if _, err := k.RegistrationByQR(t.Context(), "0000000000000000000000000z"); !errs.Is(err, errs.NotFound) {
			t.Errorf("by a made-up QR: %v", err)
		}
	})
}

func TestIdentitiesAreWipedAndFiguresStay(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(5, 2)
		came, left := k.signUp(s.ID, 1, 2), k.signUp(s.ID, 2, 3)
		if _, err := k.CancelRegistration(t.Context(), left.Code, last4(2), ""); err != nil {
			t.Fatal(err)
		}
		s = k.must(k.SessionByID(t.Context(), s.ID))
		wipe := func(dry bool, identities, addresses int) {
			t.Helper()
			if got, err := k.WipeRegistrations(t.Context(), dry); err != nil || got != (events.WipedRegistrations{Identities: identities, Addresses: addresses}) {
				t.Fatalf("wiped %+v, %v; want %d and %d", got, err, identities, addresses)
			}
		}
		k.now = s.Ends.AddDate(0, 0, 20)
		wipe(true, 0, 0)
		k.now = s.Ends.AddDate(0, 0, 31)
		wipe(true, 1, 2)
		wipe(true, 1, 2) // a dry run changes nothing
		wipe(false, 1, 1)
		if _, _, err := k.FindRegistration(t.Context(), left.Code, last4(2), ""); !errs.Is(err, errs.NotFound) {
			t.Errorf("who cancelled is still found: %v", err)
		}
		if _, _, err := k.FindRegistration(t.Context(), came.Code, last4(1), ""); err != nil {
			t.Errorf("who came is gone too early: %v", err)
		}
		before := k.counters(s.ID)
		k.now = s.Ends.AddDate(0, 0, 181)
		wipe(false, 1, 0)
		wipe(false, 0, 0)
		if text := k.columns(); strings.Trim(text, "|\n") != "" {
			t.Errorf("left over: %q", text)
		}
		list, err := k.Registrations(t.Context(), coordinator, s.ID)
		if err != nil || len(list) != 2 || list[0].Party != 2 || list[0].Name != "" || !list[0].Wiped {
			t.Errorf("rows after wiping: %+v, %v", list, err)
		}
		if k.counters(s.ID) != before {
			t.Error("figures changed")
		}
		k.checkCounters()
	})
}

func TestRecountReportsAndMendsNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(5, 2)
		k.signUp(s.ID, 1, 2)
		k.checkCounters()
		err := d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE session SET taken = 3, waiting = 1 WHERE id = $1`, s.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			got, err := k.RecountPlaces(t.Context())
			if err != nil || len(got) != 1 || got[0].No != s.No || got[0].Taken != 3 || got[0].RowsTaken != 2 || got[0].Waiting != 1 || got[0].RowsWaiting != 0 {
				t.Fatalf("%+v, %v", got, err)
			}
		}
	})
}
