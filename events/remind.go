package events

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// remindAhead is how long before the start those who signed up are reminded.
const remindAhead = 24 * time.Hour

// overdueSteps are after how many working days an outcome that is owed is asked
// for again. The unit's next request then shows a warning; never more than that.
var overdueSteps = []int{3, 5, 10}

// remind puts the reminders that are due into the outbox, which knows what it
// has already.
func (s *Store) remind(ctx context.Context) (n int, err error) {
	for _, job := range []func(context.Context) (int, error){s.remindAttendees, s.remindServing, s.remindReports} {
		some, failed := job(ctx)
		n, err = n+some, errors.Join(err, failed)
	}
	return n, err
}

// remindAttendees tells those who have places, a day before. Who signed up later
// than that needs no reminder.
func (s *Store) remindAttendees(ctx context.Context) (n int, err error) {
	now := s.now()
	list, err := selectSessions(ctx, s.db.Reader(), fmt.Sprintf(`WHERE s.state = 'published' AND s.starts_at > $1 AND s.starts_at <= $2
		AND EXISTS (SELECT 1 FROM registration g WHERE g.session = s.id AND g.state = 'confirmed' AND g.created_at <= s.starts_at - %d
			AND NOT EXISTS (SELECT 1 FROM message m WHERE m.dedupe = 'reminder/' || s.id || '/' || CAST(s.ics_seq AS TEXT) || '/registration/' || g.id))
		ORDER BY s.starts_at LIMIT %d`, remindAhead.Milliseconds(), clockBatch), now.UnixMilli(), now.Add(remindAhead).UnixMilli())
	if err != nil {
		return 0, err
	}
	for _, se := range list {
		var told int
		failed := s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
			told, err = s.remindSession(ctx, tx, se.ID)
			return err
		})
		n, err = n+told, errors.Join(err, failed)
	}
	return n, err
}

// remindSession writes one reminder for each sign-up and time of the session: a
// move gives it a new sequence number, and a new reminder.
func (s *Store) remindSession(ctx context.Context, tx *db.Tx, id string) (int, error) {
	r, err := lockRecord(ctx, tx, id)
	if err != nil || r.State != Published {
		return 0, err
	}
	var people []string
	err = db.Select(ctx, tx, &people, `SELECT g.id FROM registration g WHERE g.session = $1 AND g.state = 'confirmed' AND g.created_at <= $2
		AND NOT EXISTS (SELECT 1 FROM message m WHERE m.dedupe = 'reminder/' || $1 || '/' || CAST(CAST($3 AS BIGINT) AS TEXT) || '/registration/' || g.id)
		ORDER BY g.id`, id, r.Starts.Add(-remindAhead).UnixMilli(), r.Seq)
	if err != nil {
		return 0, err
	}
	for _, person := range people {
		err := s.enqueue(ctx, tx, Message{Kind: "reminder", Session: id, Version: r.Seq, To: Recipient{ToRegistration, person},
			Title: "提醒：" + r.Title, Path: "/events/" + r.No,
			Body: "您报名的《" + r.Title + "》就在" + r.When() + "，地点：" + r.Place() + "。来不了请凭报名码取消，把名额让给别人。"})
		if err != nil {
			return 0, err
		}
	}
	return len(people), nil
}

// remindServing asks those who serve to confirm that they come.
func (s *Store) remindServing(ctx context.Context) (n int, err error) {
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err = s.remindStaff(ctx, tx)
		return err
	})
	return n, err
}

// remindReports asks for outcomes that are owed, three times at most.
func (s *Store) remindReports(ctx context.Context) (n int, err error) {
	cal, err := s.Calendar(ctx)
	if err != nil {
		return 0, err
	}
	// Whoever has been asked for the last time does not come up again.
	list, err := selectSessions(ctx, s.db.Reader(), fmt.Sprintf(`WHERE s.state IN `+overdueStates+` AND s.due_at < $1 AND NOT EXISTS
		(SELECT 1 FROM message m WHERE m.session = s.id AND m.kind = 'report_overdue_%d') ORDER BY s.due_at LIMIT %d`,
		slices.Max(overdueSteps), clockBatch), s.now().UnixMilli())
	if err != nil {
		return 0, err
	}
	for _, se := range list {
		asked := 0
		failed := s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
			asked, err = s.askForReport(ctx, tx, cal, se.ID)
			return err
		})
		n, err = n+asked, errors.Join(err, failed)
	}
	return n, err
}

// askForReport writes the latest reminder that is due and has not been written.
func (s *Store) askForReport(ctx context.Context, tx *db.Tx, cal *Calendar, id string) (int, error) {
	r, err := lockRecord(ctx, tx, id)
	if err != nil || r.State != Held && r.State != ReportReturned {
		return 0, err
	}
	step := 0
	for _, days := range overdueSteps {
		if dateOf(s.now()) >= dateOf(cal.AddWorkingDays(r.Due, days)) {
			step = days
		}
	}
	if step == 0 {
		return 0, nil
	}
	kind := fmt.Sprintf("report_overdue_%d", step)
	var known int
	if err := db.Get(ctx, tx, &known, `SELECT count(*) FROM message WHERE session = $1 AND kind = $2`, id, kind); err != nil || known > 0 {
		return 0, err
	}
	text := fmt.Sprintf("《%s》（%s）的结果应在%s前报，已经晚了 %d 个工作日。", r.Title, r.No, dayInWords(r.Due), step)
	if err := s.tellHost(ctx, tx, r.Session, kind, "还没有报结果："+r.Title, text+"请尽快凭查询码打开申请填报，几分钟就好。"); err != nil {
		return 0, err
	}
	return 1, s.tellStaff(ctx, tx, r.Session, kind, "结果还没有报："+r.Title, text+"请联系对方，或者代为填报。")
}

// Risk is a session somebody should look at today.
type Risk struct {
	Session Session
	Reason  string // Chinese
	Since   time.Time
}

// riskAhead is how far ahead a session without enough people is worth a look.
const riskAhead = 3 * 24 * time.Hour

// AtRisk lists what may go wrong or has been left: answers and outcomes that are
// overdue, sessions that come soon and are not published or short of people who
// have confirmed. The most urgent come first.
func (s *Store) AtRisk(ctx context.Context, actor auth.Actor) (list []Risk, err error) {
	defer errs.Wrap(&err, "sessions at risk")
	if err := actor.Must(auth.Sessions); err != nil {
		return nil, err
	}
	for _, find := range []func(context.Context, auth.Actor) ([]Risk, error){s.shortOfPeople, s.notReady, s.overdueAnswers} {
		some, err := find(ctx, actor)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	return list, nil
}

// shortOfPeople lists sessions of the next day whose people have not confirmed.
func (s *Store) shortOfPeople(ctx context.Context, actor auth.Actor) (list []Risk, err error) {
	open, err := s.unconfirmed(ctx, s.db.Reader(), actor)
	for _, d := range open {
		list = append(list, Risk{Session: d.Session, Since: d.Session.Starts.Add(-atRiskAhead),
			Reason: d.Role.Label() + d.PersonName + "还没有确认到场，请打电话，或者找人替。"})
	}
	return list, err
}

// notReady lists sessions that come soon and are not published yet.
func (s *Store) notReady(ctx context.Context, actor auth.Actor) (list []Risk, err error) {
	now := s.now()
	cond, args := inTowns(actor, "s.town", 2)
	soon, err := selectSessions(ctx, s.db.Reader(), `WHERE s.state IN ('submitted', 'in_review', 'accepted', 'scheduled')
		AND s.starts_at <= $1 AND s.ends_at > $2`+cond+` ORDER BY s.starts_at, s.id`,
		append([]any{now.Add(riskAhead).UnixMilli(), now.UnixMilli()}, args...)...)
	for _, se := range soon {
		list = append(list, Risk{Session: se, Reason: dayInWords(se.Starts) + "就要办了，现在还是“" + se.State.Label() + "”。", Since: se.Starts.Add(-riskAhead)})
	}
	return list, err
}

// overdueAnswers lists what should have been done by now.
func (s *Store) overdueAnswers(ctx context.Context, actor auth.Actor) (list []Risk, err error) {
	cond, args := inTowns(actor, "s.town", 1)
	late, err := selectSessions(ctx, s.db.Reader(), `WHERE s.due_at < $1 AND s.state IN ('submitted', 'in_review', 'held', 'report_returned')`+cond+`
		ORDER BY s.due_at, s.id LIMIT 200`, append([]any{s.now().UnixMilli()}, args...)...)
	for _, se := range late {
		what := "答复"
		if se.State.Public() {
			what = "报结果"
		}
		list = append(list, Risk{Session: se, Reason: "应在" + dayInWords(se.Due) + "前" + what + "，已经过期。", Since: se.Due})
	}
	return list, err
}
