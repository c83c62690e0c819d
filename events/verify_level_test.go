package events_test

import (
	"strings"
	"testing"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// A session that wants to know people first takes them through staff only.
func TestASessionThatWantsPeopleVerified(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(10, 0)
		stale := s.Version
		f := s.Form()
		f.VerifyLevel = events.VerifyStaff
		s = k.must(k.SaveSession(t.Context(), coordinator, s.ID, s.Version, f))
		if s.VerifyLevel != events.VerifyStaff || s.SignUpPhase(k.now) != events.SignUpByPhone {
			t.Fatalf("level %d, phase %s", s.VerifyLevel, s.SignUpPhase(k.now))
		}
		if _, err := k.SignUp(t.Context(), guest(s.ID, 1, 1)); !errs.Is(err, errs.Conflict) || !strings.Contains(errs.MessageOf(err), "核实") {
			t.Errorf("the web took somebody: %v", err)
		}
		reg, err := k.StaffSignUp(t.Context(), coordinator, guest(s.ID, 2, 1))
		if err != nil || reg.State != events.RegConfirmed || reg.VerifyLevel != events.VerifyStaff {
			t.Errorf("by staff: %+v, %v", reg, err)
		}
		f.VerifyLevel = events.VerifyNone
		if _, err := k.SaveSession(t.Context(), coordinator, s.ID, stale, f); !errs.Is(err, errs.Conflict) || !strings.Contains(errs.MessageOf(err), "报名核实") {
			t.Errorf("a stale form: %v, %s", err, errs.MessageOf(err))
		}
		f.VerifyLevel = 4
		if _, err := k.SaveSession(t.Context(), coordinator, s.ID, s.Version, f); errs.FieldOf(err) != "verify_level" {
			t.Errorf("level 4: %v", err)
		}
		f.VerifyLevel = events.VerifyNone
		s = k.must(k.SaveSession(t.Context(), coordinator, s.ID, s.Version, f))
		if reg := k.signUp(s.ID, 3, 1); reg.State != events.RegConfirmed || reg.VerifyLevel != events.VerifyNone {
			t.Errorf("open again: %+v", reg)
		}
	})
}
