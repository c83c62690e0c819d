package events_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

func TestSessionFromDraftToHeld(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.create()
		if s.No != "SF-2026-00001" || s.State != events.Draft || s.UID == "" || s.Version != 1 {
			t.Fatalf("created %+v", s)
		}
		if _, err := k.Session(t.Context(), s.No); !errs.Is(err, errs.NotFound) {
			t.Fatalf("a draft must not be public: %v", err)
		}
		before := k.ledger.Position()
		s = k.must(k.PublishSession(t.Context(), coordinator, s.ID, s.Version))
		if got := k.journal(before); !slices.Equal(got, []string{"session " + s.ID}) {
			t.Errorf("publishing wrote journal %v", got)
		}
		if s.Seq != 0 || !s.FirstPublished.Equal(k.now) || s.Moved() {
			t.Errorf("published with seq %d at %v", s.Seq, s.FirstPublished)
		}
		s = k.must(k.Session(t.Context(), strings.ToLower(s.No)))

		form := s.Form()
		form.Summary = "改了一句话。"
		s = k.must(k.SaveSession(t.Context(), coordinator, s.ID, s.Version, form))
		if s.Seq != 0 || len(s.History) != 0 {
			t.Errorf("an edit of the text must not move the session: seq %d, history %v", s.Seq, s.History)
		}
		was := s.Starts
		form.Starts, form.Ends = form.Starts.AddDate(0, 0, 7), form.Ends.AddDate(0, 0, 7)
		s = k.must(k.SaveSession(t.Context(), coordinator, s.ID, s.Version, form))
		if s.Seq != 1 || len(s.History) != 1 || !s.History[0].Starts.Equal(was) || s.History[0].Venue != "项目部食堂" {
			t.Errorf("moved: seq %d, history %+v", s.Seq, s.History)
		}
		if s.EventStatus() != "https://schema.org/EventRescheduled" || !slices.Equal(s.PreviousStarts(), []time.Time{was}) {
			t.Errorf("moved: %s, previous %v", s.EventStatus(), s.PreviousStarts())
		}
		if _, err := k.MarkHeld(t.Context(), coordinator, s.ID, s.Version); !errs.Is(err, errs.Invalid) {
			t.Errorf("held before it began: %v", err)
		}
		k.now = s.Ends
		s = k.must(k.MarkHeld(t.Context(), coordinator, s.ID, s.Version))
		s = k.must(k.MarkNotHeld(t.Context(), coordinator, s.ID, s.Version, "停电，没有讲成"))
		if s.Status(k.now) != events.StatusNotHeld || s.Reason != "停电，没有讲成" {
			t.Errorf("not held: %v %q", s.Status(k.now), s.Reason)
		}
		if err := k.ledger.Verify(t.Context()); err != nil {
			t.Error(err)
		}
		entries, err := k.ledger.Audit(t.Context(), ledger.AuditFilter{Object: "session:" + s.ID})
		if err != nil || len(entries) != 6 {
			t.Errorf("%d audit rows, %v", len(entries), err)
		}
	})
}

func TestPostponeAndReturn(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.published()
		if _, err := k.PostponeSession(t.Context(), coordinator, s.ID, s.Version, " "); errs.FieldOf(err) != "reason" {
			t.Errorf("postponed without a reason: %v", err)
		}
		s = k.must(k.PostponeSession(t.Context(), coordinator, s.ID, s.Version, "台风预警"))
		if s.Seq != 1 || s.State.Label() != "延期待定" || s.EventStatus() != "https://schema.org/EventPostponed" {
			t.Errorf("postponed: seq %d, %s", s.Seq, s.EventStatus())
		}
		form := s.Form()
		form.Starts, form.Ends = form.Starts.AddDate(0, 0, 3), form.Ends.AddDate(0, 0, 3)
		s = k.must(k.SaveSession(t.Context(), coordinator, s.ID, s.Version, form))
		s = k.must(k.PublishSession(t.Context(), coordinator, s.ID, s.Version))
		if s.Seq != 3 || s.Reason != "" || !s.Moved() {
			t.Errorf("back: seq %d, reason %q, moved %v", s.Seq, s.Reason, s.Moved())
		}
		s = k.must(k.CancelSession(t.Context(), coordinator, s.ID, s.Version, "工地停工"))
		if s.Seq != 4 || s.Status(k.now).Label() != "已取消" {
			t.Errorf("cancelled: seq %d, %s", s.Seq, s.Status(k.now).Label())
		}
		k.must(k.Session(t.Context(), s.No)) // the page stays
	})
}

func TestStepsOutsideTheTableAreRefused(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	s := k.must(k.CreateSession(t.Context(), coordinator, k.form()))
	for _, next := range []func() error{
		func() error {
			_, err := k.CancelSession(t.Context(), coordinator, s.ID, s.Version, "不办了")
			return err
		},
		func() error {
			_, err := k.PostponeSession(t.Context(), coordinator, s.ID, s.Version, "改天")
			return err
		},
		func() error { _, err := k.MarkHeld(t.Context(), coordinator, s.ID, s.Version); return err },
		func() error { _, err := k.MarkNotHeld(t.Context(), coordinator, s.ID, s.Version, "没办"); return err },
	} {
		if err := next(); !errs.Is(err, errs.Conflict) || !strings.Contains(errs.MessageOf(err), "草稿") {
			t.Errorf("from draft: %v, %s", err, errs.MessageOf(err))
		}
	}
	k.must(k.WithdrawSession(t.Context(), coordinator, s.ID, s.Version))
	if _, err := k.PublishSession(t.Context(), coordinator, s.ID, s.Version+1); !errs.Is(err, errs.Conflict) {
		t.Errorf("published a withdrawn session: %v", err)
	}
	past := k.published()
	k.now = past.Ends
	past = k.must(k.PostponeSession(t.Context(), coordinator, past.ID, past.Version, "下雨"))
	if _, err := k.PublishSession(t.Context(), coordinator, past.ID, past.Version); errs.FieldOf(err) != "end" {
		t.Errorf("published a time that is over: %v", err)
	}
}

// The figures of a public page may not come and go with a state that only staff
// know, and every state needs its word.
func TestStates(t *testing.T) {
	for _, s := range events.States() {
		if s.Label() == string(s) || !s.Valid() {
			t.Errorf("state %s has no label", s)
		}
		for _, next := range s.Next() {
			if s.Public() && !next.Public() {
				t.Errorf("%s → %s takes a public page away", s, next)
			}
		}
	}
	if events.State("gone").Valid() || events.Type("gone").Valid() || events.Tier("gone").Valid() {
		t.Error("an unknown word is valid")
	}
}

func TestStaleVersionIsAConflict(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.create()
		k.must(k.SaveSession(t.Context(), coordinator, s.ID, s.Version, s.Form()))
		_, err := k.SaveSession(t.Context(), coordinator, s.ID, s.Version, s.Form())
		if !errs.Is(err, errs.Conflict) || !strings.Contains(errs.MessageOf(err), "他人修改") {
			t.Errorf("stale save: %v", err)
		}
		if _, err := k.PublishSession(t.Context(), coordinator, "nobody", 1); !errs.Is(err, errs.NotFound) {
			t.Errorf("unknown id: %v", err)
		}
	})
}

// Two people save the same version at once: one wins, the other is told.
func TestConcurrentSavesNeverBothWin(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.create()
		results := make(chan error)
		for range 8 {
			go func() {
				_, err := k.SaveSession(t.Context(), coordinator, s.ID, s.Version, s.Form())
				results <- err
			}()
		}
		won := 0
		for range 8 {
			switch err := <-results; {
			case err == nil:
				won++
			case !errs.Is(err, errs.Conflict):
				t.Errorf("neither saved nor a conflict: %v", err)
			}
		}
		if won != 1 {
			t.Errorf("%d savers won", won)
		}
	})
}

func TestOnlyCoordinatorsChangeSessions(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	s := k.create()
	editor := auth.Actor{ID: "u2", Roles: []auth.Role{auth.Editor}}
	_, create := k.CreateSession(t.Context(), editor, k.form())
	_, save := k.SaveSession(t.Context(), editor, s.ID, s.Version, s.Form())
	_, publish := k.PublishSession(t.Context(), editor, s.ID, s.Version)
	_, station := k.SaveStation(t.Context(), editor, events.Station{Code: "X1", Tier: events.Center, Name: "中心", Address: "路"})
	_, imported := k.ImportSessions(t.Context(), editor, strings.NewReader("key\n"))
	for i, err := range []error{create, save, publish, station, imported, k.SaveDays(t.Context(), editor, nil)} {
		if !errs.Is(err, errs.Forbidden) {
			t.Errorf("%d: an editor may: %v", i, err)
		}
	}
}

func TestFormProblems(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	long := strings.Repeat("长", 61)
	for name, c := range map[string]struct {
		edit  func(*events.SessionForm)
		field string
	}{
		"no type":          {func(f *events.SessionForm) { f.Type = "party" }, "type"},
		"no title":         {func(f *events.SessionForm) { f.Title = " \t" }, "title"},
		"long title":       {func(f *events.SessionForm) { f.Title = long }, "title"},
		"no venue":         {func(f *events.SessionForm) { f.Venue = "" }, "venue"},
		"no start":         {func(f *events.SessionForm) { f.Starts = time.Time{} }, "start"},
		"end before start": {func(f *events.SessionForm) { f.Ends = f.Starts.Add(-time.Hour) }, "end"},
		"end at start":     {func(f *events.SessionForm) { f.Ends = f.Starts }, "end"},
		"13 hours":         {func(f *events.SessionForm) { f.Ends = f.Starts.Add(13 * time.Hour) }, "end"},
		"huge capacity":    {func(f *events.SessionForm) { f.Capacity = 1_000_000_000 }, "capacity"},
		"negative":         {func(f *events.SessionForm) { f.Capacity = -1 }, "capacity"},
		"mobile phone":     {func(f *events.SessionForm) { f.ContactPhone = "138 0013 8000" }, "contact_phone"},
		"mobile in text":   {func(f *events.SessionForm) { f.ContactPhone = "0000-6101001/13800138000" }, "contact_phone"},
		"word for phone":   {func(f *events.SessionForm) { f.ContactPhone = "司法所" }, "contact_phone"},
		"unknown town":     {func(f *events.SessionForm) { f.Town = "nowhere" }, "town"},
		"unknown station":  {func(f *events.SessionForm) { f.Station = "T99" }, "station"},
	} {
		f := k.form()
		c.edit(&f)
		_, err := k.CreateSession(t.Context(), coordinator, f)
		if !errs.Is(err, errs.Invalid) || errs.FieldOf(err) != c.field || errs.MessageOf(err) == "" {
			t.Errorf("%s: field %q, %v", name, errs.FieldOf(err), err)
		}
	}
}

func TestFormIsCleared(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	f := k.form()
	f.Title = "  𠮷野家\u202e 工地\x00·课 👷🏽 "
	f.Summary = "第一段\r\n\r\n\r\n 第二段 \n"
	f.Audience = []string{" 工友 ", ""}
	f.ContactPhone = "０５１７－８８８８８８８８"
	s := k.must(k.CreateSession(t.Context(), coordinator, f))
	if s.Title != "𠮷野家 工地·课 👷🏽" || s.Summary != "第一段\n第二段" || !slices.Equal(s.Audience, []string{"工友"}) || s.ContactPhone != "0517-88888888" {
		t.Errorf("got %q %q %q %q", s.Title, s.Summary, s.Audience, s.ContactPhone)
	}
}

func TestStatusFollowsTheClock(t *testing.T) {
	start := time.Date(2028, 2, 29, 23, 30, 0, 0, events.Zone)
	s := events.Session{State: events.Published, Starts: start, Ends: start.Add(time.Hour), Capacity: 10}
	for _, c := range []struct {
		at    time.Time
		taken int
		want  string
	}{
		{start.Add(-time.Second), 0, "未开始"},
		{start.Add(-time.Second), 10, "已满"},
		{start, 10, "进行中"},
		{start.Add(time.Hour - 1), 0, "进行中"},
		{start.Add(time.Hour), 0, "已结束"},
	} {
		if s.Taken = c.taken; s.Status(c.at).Label() != c.want {
			t.Errorf("%v, taken %d: %s, want %s", c.at, c.taken, s.Status(c.at).Label(), c.want)
		}
	}
	for state, want := range map[events.State]events.Status{
		events.Draft: events.StatusHidden, events.Cancelled: events.StatusCancelled, events.Postponed: events.StatusPostponed,
		events.Held: events.StatusEnded, events.Verified: events.StatusEnded, events.ReportReturned: events.StatusEnded,
	} {
		if s.State = state; s.Status(start) != want {
			t.Errorf("%s: %s, want %s", state, s.Status(start), want)
		}
	}
	s.Outcome = &events.Outcome{Attendance: 57}
	for _, state := range events.States() {
		s.State = state
		if shown := s.PublicOutcome() != nil; shown != (state == events.Verified || state == events.Archived) {
			t.Errorf("%s: outcome shown %v", state, shown)
		}
	}
}
