package auth_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/internal/vault"
)

const good = "一句 好记的 话 2026"

type office struct {
	*auth.Store
	ledger *ledger.Ledger
	now    time.Time
}

func newOffice(d *db.DB) *office {
	o := &office{now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return o.now }
	o.ledger = ledger.New(d, clock)
	o.Store = auth.New(d, o.ledger, auth.Config{Now: clock, Vault: vault.New([]byte("a secret that only tests may know!"))})
	return o
}

func (o *office) add(t *testing.T, name string, roles ...auth.Role) auth.Account {
	t.Helper()
	a, err := o.Add(t.Context(), auth.System(), auth.NewAccount{Name: name, Display: "王" + name, Password: good, Rights: auth.Rights{Roles: roles}})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestSignInAndOut(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(d)
		o.add(t, "wang", auth.Editor)
		token, account, err := o.SignIn(t.Context(), " WANG ", good, auth.Visit{IP: "10.0.0.1"})
		if err != nil || account.Display != "王wang" {
			t.Fatalf("%v %v", account, err)
		}
		s, err := o.Session(t.Context(), token)
		if err != nil || s.Account.Name != "wang" || !s.Account.Actor().Can(auth.Write) || s.Account.Actor().Can(auth.Publish) {
			t.Fatalf("%+v %v", s, err)
		}
		if err := o.SignOut(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Session(t.Context(), token); !errs.Is(err, errs.SignIn) {
			t.Fatalf("after sign-out: %v", err)
		}
	})
}

func TestSessionsEnd(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(d)
		admin := o.add(t, "boss", auth.Admin)
		a := o.add(t, "wang", auth.Editor)
		signIn := func() string {
			token, _, err := o.SignIn(t.Context(), "wang", good, auth.Visit{IP: "10.0.0.1"})
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		alive := func(token string) bool { _, err := o.Session(t.Context(), token); return err == nil }

		token := signIn()
		for range 30 { // used all the time, so only the absolute limit ends it
			o.now = o.now.Add(25 * time.Minute)
			if !alive(token) {
				break
			}
		}
		if alive(token) {
			t.Error("lives longer than 12 hours")
		}
		token = signIn()
		o.now = o.now.Add(31 * time.Minute)
		if alive(token) {
			t.Error("survives half an hour of idleness")
		}
		token = signIn()
		if err := o.SetPassword(t.Context(), admin.Actor(), a.ID, good+"!", true); err != nil || alive(token) {
			t.Errorf("survives a new password (%v)", err)
		}
		token, _, err := o.SignIn(t.Context(), "wang", good+"!", auth.Visit{IP: "10.0.0.1"})
		if err != nil {
			t.Fatal(err)
		}
		if err := o.SetDisabled(t.Context(), admin.Actor(), a.ID, true); err != nil || alive(token) {
			t.Errorf("survives being disabled (%v)", err)
		}
		if _, _, err := o.SignIn(t.Context(), "wang", good+"!", auth.Visit{IP: "10.0.0.1"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a disabled account signs in: %v", err)
		}
	})
}

func TestThrottle(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(d)
		o.add(t, "wang", auth.Editor)
		for i := range 5 {
			if _, _, err := o.SignIn(t.Context(), "wang", "wrong password", auth.Visit{IP: fmt.Sprint("10.0.0.", i)}); !errs.Is(err, errs.Invalid) {
				t.Fatalf("try %d: %v", i, err)
			}
		}
		_, _, err := o.SignIn(t.Context(), "wang", good, auth.Visit{IP: "10.0.1.1"})
		if !errs.Is(err, errs.TooMany) {
			t.Fatalf("the right password right after five wrong ones: %v", err)
		}
		o.now = o.now.Add(time.Minute)
		if _, _, err = o.SignIn(t.Context(), "wang", good, auth.Visit{IP: "10.0.1.1"}); err != nil {
			t.Fatalf("after a minute: %v", err)
		}
	})
}

func TestRules(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(d)
		admin := o.add(t, "boss", auth.Admin)
		editor := o.add(t, "wang", auth.Editor)
		add := func(actor auth.Actor, n auth.NewAccount) error { _, err := o.Add(t.Context(), actor, n); return err }
		for _, tt := range []struct {
			name  string
			err   error
			kind  errs.Kind
			field string
		}{
			{"editor adds", add(editor.Actor(), auth.NewAccount{Name: "li", Password: good, Rights: auth.Rights{Roles: []auth.Role{auth.Editor}}}), errs.Forbidden, ""},
			{"name taken", add(admin.Actor(), auth.NewAccount{Name: "Wang", Password: good, Rights: auth.Rights{Roles: []auth.Role{auth.Editor}}}), errs.Conflict, ""},
			{"bad name", add(admin.Actor(), auth.NewAccount{Name: "王", Password: good, Rights: auth.Rights{Roles: []auth.Role{auth.Editor}}}), errs.Invalid, "name"},
			{"short password", add(admin.Actor(), auth.NewAccount{Name: "li", Password: "short", Rights: auth.Rights{Roles: []auth.Role{auth.Editor}}}), errs.Invalid, "password"},
			{"no role", add(admin.Actor(), auth.NewAccount{Name: "li", Password: good}), errs.Invalid, "roles"},
			{"unknown role", add(admin.Actor(), auth.NewAccount{Name: "li", Password: good, Rights: auth.Rights{Roles: []auth.Role{"god"}}}), errs.Invalid, "roles"},
			{"last admin", o.SetRights(t.Context(), admin.Actor(), admin.ID, auth.Rights{Roles: []auth.Role{auth.Editor}}), errs.Conflict, ""},
			{"last admin disabled", o.SetDisabled(t.Context(), admin.Actor(), admin.ID, true), errs.Conflict, ""},
			{"other's password", o.SetPassword(t.Context(), editor.Actor(), admin.ID, good, false), errs.Forbidden, ""},
			{"wrong old password", o.ChangePassword(t.Context(), editor.Actor(), "not it", good), errs.Invalid, "old"},
		} {
			if !errs.Is(tt.err, tt.kind) || errs.FieldOf(tt.err) != tt.field {
				t.Errorf("%s: %v (kind %v, field %q)", tt.name, tt.err, errs.KindOf(tt.err), errs.FieldOf(tt.err))
			}
		}
	})
}

func TestEnsureAdminOnlyOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(d)
		made, err := o.EnsureAdmin(t.Context(), auth.NewPassword(), true)
		if !made || err != nil {
			t.Fatal(made, err)
		}
		if made, err = o.EnsureAdmin(context.Background(), auth.NewPassword(), true); made || err != nil {
			t.Fatal(made, err)
		}
	})
}

func TestAuditHoldsNoPassword(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(d)
		a := o.add(t, "wang", auth.Admin)
		if err := o.SetPassword(t.Context(), a.Actor(), a.ID, "another good one", false); err != nil {
			t.Fatal(err)
		}
		entries, err := o.ledger.Audit(t.Context(), ledger.AuditFilter{})
		if err != nil || len(entries) != 2 {
			t.Fatal(entries, err)
		}
		for _, e := range entries {
			if text := fmt.Sprint(e); strings.Contains(text, good) || strings.Contains(text, "another") {
				t.Errorf("audit shows a password: %s", text)
			}
		}
	})
}

// TestProve is the second factor outside of a sign-in, under the same limits.
func TestProve(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(d)
		admin, a := o.add(t, "boss", auth.Admin), o.add(t, "wang", auth.Leader)
		if err := o.Prove(t.Context(), a.ID, good, "10.0.0.1"); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			if err := o.Prove(t.Context(), a.ID, "wrong password", "10.0.0.1"); !errs.Is(err, errs.Invalid) {
				t.Fatalf("wrong password: %v", err)
			}
		}
		if err := o.Prove(t.Context(), a.ID, good, "10.0.0.2"); !errs.Is(err, errs.TooMany) {
			t.Errorf("after five wrong ones: %v", err)
		}
		o.now = o.now.Add(time.Hour)
		if err := o.SetDisabled(t.Context(), admin.Actor(), a.ID, true); err != nil {
			t.Fatal(err)
		}
		if err := o.Prove(t.Context(), a.ID, good, "10.0.0.2"); !errs.Is(err, errs.Invalid) {
			t.Errorf("a disabled account proves itself: %v", err)
		}
		if _, err := o.Acting(t.Context(), a.ID); !errs.Is(err, errs.Gone) {
			t.Errorf("a disabled account acts: %v", err)
		}
	})
}
