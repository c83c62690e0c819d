package events

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// saturdays is a series of Saturdays in the hall over National Day.
func saturdays(v Venue) SeriesForm {
	first := time.Date(2026, 9, 19, 9, 0, 0, 0, Zone)
	return SeriesForm{VenueID: v.ID, Template: SessionForm{Type: Community, Title: "周六法律咨询", Capacity: 20, Starts: first, Ends: first.Add(2 * time.Hour)},
		Rule: SeriesRule{Freq: Weekly, Weekday: time.Saturday, From: first, Until: on("2026-10-24"), Holidays: HolidaySkip}}
}

// days are the occurrences as "09-19 09:00 title".
func days(t *testing.T, s *Store, id string) []string {
	t.Helper()
	list, err := s.SeriesSessions(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, se := range list {
		out = append(out, se.Starts.Format("01-02 15:04")+" "+se.Title)
	}
	return out
}

func TestSeriesIsMadeOfRealSessions(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		*now = time.Date(2026, 9, 1, 9, 0, 0, 0, Zone)
		v := towns(t, s)
		rival := inHall(t, s, v, "别人的讲座", time.Date(2026, 10, 17, 10, 0, 0, 0, Zone))
		form := saturdays(v)
		preview, err := s.PreviewSeries(t.Context(), staff, form)
		preview = must(t, preview, err)
		var seen []string
		for _, o := range preview {
			line := lines([]Occurrence{o})[0]
			for _, c := range o.Conflicts {
				line += fmt.Sprintf(" %s %v", c.Kind, c.Block)
			}
			seen = append(seen, line)
		}
		want := `2026-09-19|2026-09-26 - 中秋节放假，不办|2026-10-03 - 国庆节放假，不办|2026-10-10 国庆节调休，当天上班|2026-10-17 venue true|2026-10-24`
		if got := strings.Join(seen, "|"); got != want {
			t.Errorf("preview\n%s\nwant\n%s", got, want)
		}
		if list, err := s.SeriesList(t.Context(), staff); err != nil || len(list) != 0 {
			t.Errorf("a preview saved %v, %v", list, err)
		}
		form.Skip = []string{"2026-10-17"}
		se, made, err := s.CreateSeries(t.Context(), staff, form)
		must(t, 0, err)
		uids := make(map[string]bool)
		for _, m := range made {
			uids[m.UID] = true
			if m.State != Draft || m.Venue != v.Name || m.OriginalDate != m.Starts.Format(time.DateOnly) {
				t.Errorf("made %+v", m)
			}
		}
		if len(made) != 3 || len(uids) != 3 || !slices.Equal(se.Skipped, []string{"2026-09-26", "2026-10-03", "2026-10-17"}) {
			t.Errorf("%d made with %d UIDs, skipped %v", len(made), len(uids), se.Skipped)
		}
		for _, c := range []struct{ day, words string }{
			{"2026-10-10", "这个系列当天已经有"}, {"2026-08-31", "已经过去"}, {"next week", "日期应写成"},
		} {
			if _, err := s.AddOccurrence(t.Context(), staff, se.ID, c.day); !strings.Contains(errs.MessageOf(err), c.words) {
				t.Errorf("%s: %s", c.day, errs.MessageOf(err))
			}
		}
		back, err := s.AddOccurrence(t.Context(), staff, se.ID, "2026-10-17")
		back = must(t, back, err)
		if _, err := s.PublishSession(t.Context(), staff, back.ID, back.Version); !strings.Contains(errs.MessageOf(err), rival.No) {
			t.Errorf("a conflict that was there before is checked again: %v", err)
		}
		se, err = s.SeriesByID(t.Context(), se.ID)
		if se = must(t, se, err); !slices.Equal(se.Skipped, []string{"2026-09-26", "2026-10-03"}) {
			t.Errorf("still skipped: %v", se.Skipped)
		}
		if _, _, err := s.CreateSeries(t.Context(), staff, SeriesForm{VenueID: v.ID, Template: form.Template, Rule: SeriesRule{Freq: Weekly, From: on("2026-01-03"),
			Weekday: time.Saturday, Count: 3, Holidays: HolidayKeep}}); errs.FieldOf(err) != "until" {
			t.Errorf("a series of the past: %v", err)
		}
	})
}

func TestSeriesEdits(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		*now = time.Date(2026, 9, 1, 9, 0, 0, 0, Zone)
		v := towns(t, s)
		series, made, err := s.CreateSeries(t.Context(), staff, saturdays(v))
		must(t, 0, err)
		if len(made) != 4 { // 19 September, 10, 17 and 24 October
			t.Fatalf("made %v", days(t, s, series.ID))
		}

		// This one only: it keeps what was changed here whatever the series does.
		form := made[2].Form()
		form.Title = "周六法律咨询（工伤专场）"
		_, err = s.EditSeries(t.Context(), staff, made[2].ID, made[2].Version, ScopeThis, form)
		must(t, 0, err)

		// All: two people have signed up for the second.
		second, err := s.PublishSession(t.Context(), staff, made[1].ID, made[1].Version)
		second = must(t, second, err)
		for _, phone := range []string{"13800138000", "13800138001"} {
			_, err := s.StaffSignUp(t.Context(), staff, SignUp{Session: second.ID, Name: "张三", Phone: phone, Party: 1, Consent: "signup-2026"})
			must(t, 0, err)
		}
		*now = time.Date(2026, 9, 20, 9, 0, 0, 0, Zone) // the first is over
		form = made[3].Form()
		form.Title, form.Starts, form.Ends = "周日法律咨询", form.Starts.AddDate(0, 0, 1).Add(time.Hour), form.Ends.AddDate(0, 0, 1).Add(time.Hour)
		preview, err := s.PreviewEdit(t.Context(), staff, made[3].ID, ScopeAll, form)
		preview = must(t, preview, err)
		if len(preview.Changed) != 3 || len(preview.Kept) != 1 || preview.Told != 2 || !slices.Equal(preview.Detached[made[2].ID], []string{"title"}) {
			t.Errorf("preview: %d changed, %d kept, %d told, detached %v", len(preview.Changed), len(preview.Kept), preview.Told, preview.Detached)
		}
		done, err := s.EditSeries(t.Context(), staff, made[3].ID, made[3].Version, ScopeAll, form)
		if done = must(t, done, err); done.Told != 2 {
			t.Errorf("told %d", done.Told)
		}
		want := []string{"09-19 09:00 周六法律咨询", "10-11 10:00 周日法律咨询", "10-18 10:00 周六法律咨询（工伤专场）", "10-25 10:00 周日法律咨询"}
		if got := days(t, s, series.ID); !slices.Equal(got, want) {
			t.Errorf("after all\n%v\nwant\n%v", got, want)
		}
		second, err = s.SessionByID(t.Context(), second.ID)
		if second = must(t, second, err); second.Seq != 1 || second.Taken != 2 || len(second.History) != 1 {
			t.Errorf("the published one: seq %d, %d signed up, history %v", second.Seq, second.Taken, second.History)
		}
		if got := fmt.Sprint(outbox(t, s)); strings.Count(got, "moved → registration") != 2 {
			t.Errorf("messages %v", got)
		}

		// This and later: the old series ends, a linked one goes on.
		third, err := s.SessionByID(t.Context(), made[2].ID)
		third = must(t, third, err)
		form = third.Form()
		form.Capacity, form.VerifyLevel = 40, VerifyStaff
		if _, err := s.EditSeries(t.Context(), staff, third.ID, third.Version-1, ScopeLater, form); !errs.Is(err, errs.Conflict) {
			t.Errorf("a stale version: %v", err)
		}
		done, err = s.EditSeries(t.Context(), staff, third.ID, third.Version, ScopeLater, form)
		if done = must(t, done, err); len(done.Changed) != 2 || done.Told != 0 {
			t.Errorf("later: %d changed, %d told", len(done.Changed), done.Told)
		}
		old, err := s.SeriesByID(t.Context(), series.ID)
		if old = must(t, old, err); old.Ended != "2026-10-17" || len(days(t, s, series.ID)) != 2 {
			t.Errorf("the old series ends before %q with %v", old.Ended, days(t, s, series.ID))
		}
		list, err := s.SeriesList(t.Context(), staff)
		if err != nil || len(list) != 2 || list[0].Previous != series.ID || list[0].Template.Capacity != 40 || list[1].ID != series.ID {
			t.Fatalf("series %+v, %v", list, err)
		}
		for i, m := range done.Changed {
			if m.Capacity != 40 || m.VerifyLevel != VerifyStaff || m.Series != list[0].ID {
				t.Errorf("changed %d: capacity %d in series %s", i, m.Capacity, m.Series)
			}
		}

		// A conflict of one refuses all, and names the day.
		inHall(t, s, v, "别人的讲座", time.Date(2026, 10, 25, 15, 0, 0, 0, Zone))
		for i, m := range done.Changed {
			m, err = s.PublishSession(t.Context(), staff, m.ID, m.Version)
			done.Changed[i] = must(t, m, err)
		}
		form = done.Changed[0].Form()
		form.Starts, form.Ends = form.Starts.Add(5*time.Hour), form.Ends.Add(5*time.Hour)
		_, err = s.EditSeries(t.Context(), staff, done.Changed[0].ID, done.Changed[0].Version, ScopeAll, form)
		if !errs.Is(err, errs.Conflict) || !strings.Contains(errs.MessageOf(err), "10月25日周日那一场：“文化站礼堂”已经定给《别人的讲座》") {
			t.Errorf("a conflict in the series: %s", errs.MessageOf(err))
		}
		if got := days(t, s, list[0].ID)[0]; !strings.HasPrefix(got, "10-18 10:00") {
			t.Errorf("half of the edit happened: %s", got)
		}
	})
}
