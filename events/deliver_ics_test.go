package events

import (
	"bytes"
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/notify"
)

// Whoever serves gets the session as a calendar file, under the UID of the feeds;
// a move sends the same entry again with the new hour.
func TestStaffGetTheCalendarFile(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		se := shown(t, s, "工伤课", now.AddDate(0, 0, 5))
		lawyer, err := s.SavePerson(t.Context(), staff, "", 0, PersonForm{Kind: RoleLawyer, Name: "李国平", Phone: "13800000001"})
		lawyer = must(t, lawyer, err)
		must(t, 0, s.Invite(t.Context(), staff, se.ID, lawyer.ID, RoleLawyer, ""))
		p := new(post)
		_, err = s.Deliver(t.Context(), Delivery{Senders: nil})
		must(t, 0, err) // nobody to send it: a call
		deliver := func() []byte {
			t.Helper()
			ids := []string{}
			must(t, 0, db.Select(t.Context(), d.Reader(), &ids, `SELECT id FROM message WHERE recipient_kind = 'practitioner' ORDER BY id DESC`))
			_, err := s.StepMessages(t.Context(), staff, ids[:1], MessageRetry)
			must(t, 0, err)
			_, err = s.Deliver(t.Context(), Delivery{Senders: []notify.Sender{p}})
			must(t, 0, err)
			return p.got[len(p.got)-1].ICS
		}
		invited := deliver()
		for _, want := range []string{"UID:" + se.UID, "【待答复】", "STATUS:TENTATIVE", "METHOD:PUBLISH", "DTSTART:" + se.Starts.UTC().Format("20060102T150405Z")} {
			if !bytes.Contains(invited, []byte(want)) {
				t.Errorf("the invitation's file lacks %q:\n%s", want, invited)
			}
		}
		if strings.Contains(string(invited), "李国平") || bytes.Contains(bytes.ReplaceAll(invited, []byte("\r\n"), nil), []byte("\n")) {
			t.Errorf("a name or a bare line feed in the file:\n%s", invited)
		}
	})
}
