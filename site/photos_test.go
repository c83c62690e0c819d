package site_test

import (
	"bytes"
	"net/url"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// A picture of the day shows on the page once the outcome is verified and
// somebody has approved it; one that nobody approved never does.
func TestApprovedPhotosShowWithTheOutcome(t *testing.T) {
	d := newDoor(t, dbtest.SQLite(t), 30, 0)
	ctx, e := t.Context(), d.session
	second := auth.Actor{ID: "u2", Name: "赵核实", Roles: []auth.Role{auth.Coordinator}}
	d.clock.set(e.Ends.Add(time.Minute))
	e, err := d.events.MarkHeld(ctx, admin, e.ID, e.Version)
	check(t, err)
	var keys []string
	for n := range 2 {
		p, err := d.media.AddPrivate(ctx, "现场.jpg", bytes.NewReader(photo(t, n)))
		check(t, err)
		check(t, d.events.AddReportPhoto(ctx, admin, e.ID, events.ReportPhoto{Key: p.Key, Name: p.Name, Consent: true}))
		keys = append(keys, p.Key)
	}
	submit := func(part events.Part, form url.Values) {
		t.Helper()
		sheet, err := d.events.ReportSheet(ctx, e.ID)
		check(t, err)
		_, err = d.events.SubmitReport(ctx, admin, e.ID, part, sheet.Part(part).Rev, events.ParseReportForm(form), "")
		check(t, err)
	}
	submit(events.HostPart, url.Values{"attendance": {"28"}, "none": {events.NoHandouts}})
	submit(events.LegalPart, url.Values{"consult_category": {"工伤"}, "consult_people": {"3"}, "none": {events.NoDocuments}})
	staged, err := d.media.Stage(ctx, keys[0], "现场.jpg", "现场")
	check(t, err)
	check(t, d.events.ShowReportPhoto(ctx, second, e.ID, keys[0], staged.Publish))

	where := "/events/" + e.No
	d.lacks(d.open(where), keys[0], "现场照片")
	e, err = d.events.SessionByID(ctx, e.ID)
	check(t, err)
	_, err = d.events.VerifyReport(ctx, second, e.ID, e.Version)
	check(t, err)
	d.clock.pass(time.Second)
	page := d.want(d.open(where), 200, "<b>28</b> 人到场", `alt="现场照片 1"`, keys[0][:8])
	d.lacks(page, "现场照片 2", keys[1])
}
