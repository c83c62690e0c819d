package events

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

const idem = "key-0123456789abcdef"

// towns adds 东湖镇 with its station, and a hall for 60 that holds one session.
func towns(t *testing.T, s *Store) Venue {
	t.Helper()
	for _, st := range []Station{
		{Code: "C01", Tier: Center, Name: "公共法律服务中心", Address: "和平路 1 号"},
		{Code: "T01", Tier: TownTier, Parent: "C01", Name: "东湖镇工作站", Address: "湖滨路 18 号", Town: "donghu"},
	} {
		if st.Town != "" {
			err := s.db.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := s.ensureTown(ctx, tx, staff, "东湖镇")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.SaveStation(t.Context(), staff, st); err != nil {
			t.Fatal(err)
		}
	}
	v, err := s.SaveVenue(t.Context(), staff, Venue{Name: "文化站礼堂", Town: "donghu", Address: "湖滨路 20 号", Capacity: 60, Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func must[T any](t *testing.T, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatalf("%v: %s", err, errs.MessageOf(err))
	}
	return v
}

// hand in a request like asked() for the venue, changed by change.
func handIn(t *testing.T, s *Store, v Venue, key string, change func(*RequestForm)) Request {
	t.Helper()
	f := asked()
	f.VenueID = v.ID
	if change != nil {
		change(&f)
	}
	r, err := s.StartRequest(t.Context(), f, key)
	r = must(t, r, err)
	r, err = s.SubmitRequest(t.Context(), r.ID, r.Version, "")
	return must(t, r, err)
}

// outbox lists "kind → recipient kind" in the order of writing.
func outbox(t *testing.T, s *Store) []string {
	t.Helper()
	var rows []struct{ Kind, RecipientKind, State string }
	if err := db.Select(t.Context(), s.db.Reader(), &rows, `SELECT kind, recipient_kind, state FROM message ORDER BY id`); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range rows {
		line := r.Kind + " → " + r.RecipientKind
		if r.State == string(MessageCancelled) {
			line += " (cancelled)"
		}
		out = append(out, line)
	}
	return out
}

func TestOrganizerComesBackToAHalfFilledForm(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		towns(t, s)
		r, err := s.StartRequest(t.Context(), RequestForm{Unit: "东湖电子", Phone: "+86 138-0013-8000"}, idem)
		r = must(t, r, err)
		again, err := s.StartRequest(t.Context(), RequestForm{Phone: "13800138000"}, idem)
		if err != nil || again.ID != r.ID || again.Code != r.Code || again.Form.Unit != "东湖电子" {
			t.Errorf("sent again: %+v, %v", again, err)
		}
		if _, err := s.StartRequest(t.Context(), RequestForm{Phone: "13900139000"}, idem); !errs.Is(err, errs.Conflict) {
			t.Errorf("the same form with another phone: %v", err)
		}
		if _, err := s.StartRequest(t.Context(), RequestForm{Unit: "东湖电子", Contact: "王主管", Phone: "1380013800"}, idem+"2"); errs.MessageOf(err) != "手机号应是 11 位数字，请数一数。" {
			t.Errorf("ten digits: %v", err)
		}

		half := RequestForm{Unit: "东湖电子", Phone: "138 oops", Expected: -5, Wishes: []Wish{{Day: "2026-12-03"}}, Notes: strings.Repeat("话", 9000)}
		r, err = s.SaveRequest(t.Context(), r.ID, r.Version, half, "wishes")
		r = must(t, r, err)
		if r.Step != "wishes" || r.Form.Phone != "138 oops" || r.Form.Wishes[0].Day != "2026-12-03" || r.Form.Expected != -5 {
			t.Errorf("kept %+v", r.Form)
		}
		if _, err := s.SaveRequest(t.Context(), r.ID, r.Version-1, half, "wishes"); !errs.Is(err, errs.Conflict) {
			t.Errorf("a second tab: %v", err)
		}
		if _, err := s.SubmitRequest(t.Context(), r.ID, r.Version, ""); errs.FieldOf(err) != "contact" {
			t.Errorf("handing in half a form: %v at %s", err, errs.FieldOf(err))
		}
		typed := strings.ToLower(r.Code[:5]) + " - " + r.Code[5:]
		back, err := s.OpenRequest(t.Context(), typed, "８０００", "10.0.0.1")
		if err != nil || back.ID != r.ID || len(back.Missing) == 0 || back.State != Draft {
			t.Errorf("opened by code and phone: %+v, %v", back, err)
		}
		for i := range 5 {
			_, err := s.OpenRequest(t.Context(), r.Code, "1234", fmt.Sprint("10.0.1.", i))
			_, unknown := s.OpenRequest(t.Context(), "ZZZZZZZZZZ", "8000", fmt.Sprint("10.0.2.", i))
			if !errs.Is(err, errs.NotFound) || errs.MessageOf(err) != errs.MessageOf(unknown) {
				t.Fatalf("wrong try %d: %v and %v must look the same", i, err, unknown)
			}
		}
		if _, err := s.OpenRequest(t.Context(), r.Code, "8000", "10.0.3.1"); !errs.Is(err, errs.TooMany) {
			t.Errorf("after five wrong tries: %v", err)
		}
		*now = now.Add(16 * time.Minute)
		if _, err := s.OpenRequest(t.Context(), r.Code, "8000", "10.0.3.1"); err != nil {
			t.Errorf("after the pause: %v", err)
		}
	})
}

func TestHandInReturnAndHandInAgain(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, _ := newStore(t, d)
		v := towns(t, s)
		r := handIn(t, s, v, idem, nil)
		if r.No != "SF-2026-00001" || r.State != Submitted || r.Decider != "东湖镇工作站" || r.Due.Format(time.DateOnly) != "2026-11-25" {
			t.Errorf("receipt %s, %s, decided by %s until %v", r.No, r.State, r.Decider, r.Due)
		}
		if se := r.Session; se.Title != "东湖电子有限公司：女职工的假和工资" || se.Venue != "文化站礼堂" || se.Capacity != 10 || se.Town != "donghu" {
			t.Errorf("session %+v", se)
		}
		if got := fmt.Sprint(bookings(t, s, v.ID)); got != "[15:00 wish 15:00 wish]" {
			t.Errorf("wishes booked: %v", got)
		}
		if again, err := s.SubmitRequest(t.Context(), r.ID, r.Version-1, ""); err != nil || again.No != r.No {
			t.Errorf("a double click: %+v, %v", again, err)
		}
		if _, err := s.SubmitRequest(t.Context(), r.ID, r.Version, ""); !errs.Is(err, errs.Conflict) || !strings.Contains(errs.MessageOf(err), "待受理") {
			t.Errorf("handing in what is handed in: %s", errs.MessageOf(err))
		}
		if _, err := s.SaveRequest(t.Context(), r.ID, r.Version, r.Form, ""); !errs.Is(err, errs.Conflict) {
			t.Errorf("editing what is handed in: %v", err)
		}

		se, err := s.Take(t.Context(), staff, r.Session.ID, r.Session.Version)
		se = must(t, se, err)
		if _, err := s.Decide(t.Context(), staff, se.ID, se.Version, Decision{To: Returned}); errs.FieldOf(err) != "reason" {
			t.Errorf("returned without a reason: %v", err)
		}
		se, err = s.Decide(t.Context(), staff, se.ID, se.Version, Decision{To: Returned, Reason: "请写清楚车间在哪里"})
		must(t, se, err)
		r, err = s.RequestByID(t.Context(), r.ID)
		r = must(t, r, err)
		if r.State != Returned || r.Reason != "请写清楚车间在哪里" || !r.Editable() {
			t.Errorf("returned: %+v", r)
		}
		r.Form.Address, r.Form.Wishes = "三楼东头", r.Form.Wishes[:1]
		r, err = s.SaveRequest(t.Context(), r.ID, r.Version, r.Form, "check")
		r = must(t, r, err)
		r, err = s.SubmitRequest(t.Context(), r.ID, r.Version, "")
		r = must(t, r, err)
		if r.No != "SF-2026-00001" || r.State != Submitted || r.Reason != "" || r.Session.Address != "三楼东头" {
			t.Errorf("handed in again: %+v", r.Session)
		}
		if got := fmt.Sprint(bookings(t, s, v.ID)); got != "[15:00 wish]" {
			t.Errorf("wishes booked: %v", got)
		}
		want := "received → organizer|task_review → coordinator|returned → organizer|received → organizer|task_review → coordinator"
		if got := strings.Join(outbox(t, s), "|"); got != want {
			t.Errorf("messages\n%s\nwant\n%s", got, want)
		}
		assertSealed(t, d, "陈霞", "13800138000", "8613800138000")
	})
}

// assertSealed looks for a person in everything the walk writes.
func assertSealed(t *testing.T, d *db.DB, secrets ...string) {
	t.Helper()
	for _, table := range []string{"request", "session", "unit", "message", "audit", "journal", "booking", "session_wish"} {
		rows, err := d.Reader().QueryContext(t.Context(), `SELECT * FROM `+table)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			for i := range values {
				text := fmt.Sprint(*values[i].(*any))
				for _, secret := range secrets {
					if strings.Contains(text, secret) {
						t.Errorf("%s.%s holds %q in the clear", table, columns[i], secret)
					}
				}
			}
		}
	}
}

func TestWarningsWantAReason(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		v := towns(t, s)
		first := handIn(t, s, v, idem, nil)
		f := asked()
		f.VenueID = v.ID
		f.Wishes[0].Starts = f.Wishes[0].Starts.Add(-4 * time.Hour)
		r, err := s.StartRequest(t.Context(), f, idem+"2")
		r = must(t, r, err)
		if len(r.Missing) > 0 || len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0].Message, "已经申请过《东湖电子有限公司：女职工的假和工资》（"+first.No+"）") {
			t.Fatalf("missing %v, warnings %v", r.Missing, r.Warnings)
		}
		if _, err := s.SubmitRequest(t.Context(), r.ID, r.Version, " "); errs.FieldOf(err) != "override" {
			t.Errorf("without a reason: %v", err)
		}
		r, err = s.SubmitRequest(t.Context(), r.ID, r.Version, "上午给白班，下午给夜班")
		if r = must(t, r, err); !strings.Contains(r.Session.HostNotes, "上午给白班，下午给夜班") {
			t.Errorf("the reason is not with the session: %q", r.Session.HostNotes)
		}

		units, err := s.Units(t.Context(), UnitFilter{Query: "东湖"})
		if err != nil || len(units) != 1 || units[0].Sessions != 2 {
			t.Fatalf("units %+v, %v", units, err)
		}
		_, err = s.SuspendUnit(t.Context(), staff, units[0].ID, units[0].Version, now.AddDate(0, 1, 0), "两次没有到场")
		if err != nil {
			t.Fatal(err)
		}
		f = asked()
		f.Unit, f.Venue = "东湖电子（有限公司）", "另一个车间"
		r, err = s.StartRequest(t.Context(), f, idem+"3")
		r = must(t, r, err)
		if _, err := s.SubmitRequest(t.Context(), r.ID, r.Version, ""); errs.FieldOf(err) != "unit" || !strings.Contains(errs.MessageOf(err), "暂停受理到12月20日周日") {
			t.Errorf("suspended, under a name with other brackets: %s", errs.MessageOf(err))
		}
	})
}

func TestWithdraw(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, _ := newStore(t, d)
		v := towns(t, s)
		r, err := s.StartRequest(t.Context(), asked(), idem)
		r = must(t, r, err)
		r, err = s.WithdrawRequest(t.Context(), r.ID, r.Version, "")
		if r = must(t, r, err); r.State != Withdrawn || r.Form.Contact != "" {
			t.Errorf("a draft thrown away still holds %+v", r.Form)
		}
		r = handIn(t, s, v, idem+"2", nil)
		r, err = s.WithdrawRequest(t.Context(), r.ID, r.Version, "")
		if r = must(t, r, err); r.State != Withdrawn || len(bookings(t, s, v.ID)) != 0 {
			t.Errorf("withdrawn: %s, still booked %v", r.State, bookings(t, s, v.ID))
		}
		if _, err := s.WithdrawRequest(t.Context(), r.ID, r.Version, ""); !errs.Is(err, errs.Conflict) {
			t.Errorf("withdrawn twice: %v", err)
		}
	})
}

func TestOnceMoreLikeLastYear(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		v := towns(t, s)
		old := handIn(t, s, v, idem, nil)
		*now = now.AddDate(0, 10, 0)
		r, err := s.CloneRequest(t.Context(), old.ID)
		r = must(t, r, err)
		if r.ID == old.ID || r.State != Draft || r.Code == old.Code || r.Form.Topic != old.Form.Topic || r.Form.Contact != "" {
			t.Errorf("the copy: %+v", r)
		}
		if got := r.Form.Wishes[0].Starts; got.Format("2006-01-02 15:04") != "2027-12-02 15:00" || got.Weekday() != time.Thursday {
			t.Errorf("the wish stands on %v", got)
		}
		if again, err := s.CloneRequest(t.Context(), old.ID); err != nil || again.ID != r.ID {
			t.Errorf("a double click made %s beside %s: %v", again.ID, r.ID, err)
		}
		if back, err := s.OpenRequest(t.Context(), r.Code, "8000", "10.0.0.1"); err != nil || back.ID != r.ID {
			t.Errorf("the copy does not open: %v", err)
		}
	})
}

func TestNextYear(t *testing.T) {
	for _, c := range []struct{ from, to, why string }{
		{"2026-12-03", "2027-12-02", "the same Thursday"},
		{"2026-02-28", "2027-02-17", "正月十二"}, // 春节 2026-02-17, 2027-02-06
		{"2026-02-10", "2027-01-30", "小年"},
		{"2024-02-29", "2025-02-17", "a leap day of 正月"},
		{"2024-02-09", "2025-01-28", "除夕, the thirtieth to the twenty-ninth"},
		{"2026-03-19", "2027-03-18", "二月 goes by the weekday again"},
	} {
		if got := nextYear(on(c.from)).Format(time.DateOnly); got != c.to {
			t.Errorf("%s: %s → %s, want %s", c.why, c.from, got, c.to)
		}
	}
}

// Ten people of one unit nobody knew hand in at once: it becomes one unit.
func TestNewUnitIsOneUnit(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, _ := newStore(t, d)
		towns(t, s)
		var wg sync.WaitGroup
		failed := make([]error, 10)
		for i := range failed {
			f := asked()
			f.Venue = fmt.Sprint("车间 ", i)
			r, err := s.StartRequest(t.Context(), f, fmt.Sprint(idem, i))
			r = must(t, r, err)
			wg.Go(func() { _, failed[i] = s.SubmitRequest(context.Background(), r.ID, r.Version, "同时交") })
		}
		wg.Wait()
		for i, err := range failed {
			if err != nil {
				t.Errorf("request %d: %v", i, err)
			}
		}
		if units, err := s.Units(t.Context(), UnitFilter{}); err != nil || len(units) != 1 || units[0].Sessions != 10 {
			t.Errorf("units %+v, %v", units, err)
		}
	})
}
