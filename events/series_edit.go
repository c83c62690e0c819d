package events

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// seriesEdit is what an edit of one occurrence does to its fellows.
type seriesEdit struct {
	anchor  Session
	form    SessionForm
	fields  []string // that differ from the anchor
	shift   int      // days the anchor moves by
	targets []Session
	kept    []Session
}

// shifts reports that the edit changes when the sessions take place.
func (e seriesEdit) shifts() bool {
	return slices.Contains(e.fields, "start") || slices.Contains(e.fields, "end")
}

// planEdit finds who is changed and who stays. What has begun stays, and what is
// past the states that can change; both are listed.
func (s *Store) planEdit(ctx context.Context, q db.Queryer, anchor Session, scope Scope, form SessionForm) (e seriesEdit, err error) {
	e = seriesEdit{anchor: anchor, form: form, fields: formDifference(anchor.Form(), form)}
	e.shift = int(midnight(form.Starts).Sub(midnight(anchor.Starts)).Hours() / 24)
	if scope == ScopeThis {
		e.targets = []Session{anchor}
		return e, nil
	}
	if anchor.Series == "" {
		return e, errs.Bad("scope", "这一场不属于系列，只能改这一场。")
	}
	if scope != ScopeLater && scope != ScopeAll {
		return e, errs.Bad("scope", "请选择只改这一场、这一场和以后的，还是全部。")
	}
	all, err := selectSessions(ctx, q, `WHERE s.series_id = $1 ORDER BY s.starts_at, s.id`, anchor.Series)
	for _, se := range all {
		switch {
		case scope == ScopeLater && se.ID != anchor.ID && before(se, anchor):
		case !se.Starts.After(s.now()) || !se.State.movable():
			e.kept = append(e.kept, se)
		default:
			e.targets = append(e.targets, se)
		}
	}
	if err == nil && !slices.ContainsFunc(e.targets, func(se Session) bool { return se.ID == anchor.ID }) {
		err = errs.New(errs.Conflict, "该场次现在是“"+anchor.State.Label()+"”或者已经开始，不能从它改整个系列。", "anchor %s cannot change", anchor.ID)
	}
	return e, err
}

// before orders occurrences by the day the rule gave them: one that was moved
// keeps its place.
func before(a, b Session) bool {
	return cmp.Or(cmp.Compare(a.OriginalDate, b.OriginalDate), a.Starts.Compare(b.Starts)) < 0
}

// apply is the form of a target after the edit: the fields that were changed,
// but for those a person has changed there before.
func (e seriesEdit) apply(target Session) SessionForm {
	f := target.Form()
	if target.ID == e.anchor.ID {
		return e.form
	}
	timed := !slices.Contains(target.Detached, "start") && !slices.Contains(target.Detached, "end")
	for _, field := range e.fields {
		if field != "start" && field != "end" && !slices.Contains(target.Detached, field) {
			f.take(field, e.form)
		}
	}
	if e.shifts() && timed {
		clock := e.form.Starts.Sub(midnight(e.form.Starts))
		f.Starts = midnight(target.Starts).AddDate(0, 0, e.shift).Add(clock)
		f.Ends = f.Starts.Add(e.form.Ends.Sub(e.form.Starts))
	}
	return f
}

// take copies one field; see formDifference for the names.
func (f *SessionForm) take(field string, from SessionForm) {
	switch field {
	case "type":
		f.Type = from.Type
	case "title":
		f.Title = from.Title
	case "summary":
		f.Summary = from.Summary
	case "audience":
		f.Audience = from.Audience
	case "town":
		f.Town = from.Town
	case "station":
		f.Station = from.Station
	case "venue":
		f.Venue, f.VenueID = from.Venue, from.VenueID
	case "address":
		f.Address = from.Address
	case "capacity":
		f.Capacity = from.Capacity
	case "organizer":
		f.Organizer = from.Organizer
	case "lawyers":
		f.Lawyers = from.Lawyers
	case "contact_phone":
		f.ContactPhone = from.ContactPhone
	case "verify_level":
		f.VerifyLevel = from.VerifyLevel
	}
}

// detached lists, by session, the fields the edit leaves as a person made them.
func (e seriesEdit) detached() map[string][]string {
	stay := make(map[string][]string)
	for _, se := range e.targets {
		for _, field := range e.fields {
			if se.ID != e.anchor.ID && slices.Contains(se.Detached, field) {
				stay[se.ID] = append(stay[se.ID], field)
			}
		}
	}
	return stay
}

// PreviewEdit tells what EditSeries would do, and to how many people it would be
// told.
func (s *Store) PreviewEdit(ctx context.Context, actor auth.Actor, sessionID string, scope Scope, form SessionForm) (p SeriesPreview, err error) {
	defer errs.Wrap(&err, "preview edit of %s", sessionID)
	if err := actor.Must(auth.Sessions); err != nil {
		return p, err
	}
	if err := problems(form.Problems()).err(); err != nil {
		return p, err
	}
	q := s.db.Reader()
	anchor, err := getSession(ctx, q, "s.id = $1", sessionID)
	if errs.Is(err, errs.NotFound) {
		return p, noSession("%w", err)
	}
	if err != nil {
		return p, err
	}
	if err := ours(actor, anchor.Town); err != nil {
		return p, err
	}
	e, err := s.planEdit(ctx, q, anchor, scope, form)
	if err != nil {
		return p, err
	}
	p = SeriesPreview{Kept: e.kept, Detached: e.detached()}
	for _, se := range e.targets {
		if err := ours(actor, se.Town); err != nil {
			return p, err
		}
		next := se
		next.fill(e.apply(se))
		p.Changed = append(p.Changed, next)
		told, err := s.wouldTell(ctx, q, se, next)
		if err != nil {
			return p, err
		}
		p.Told += told
	}
	return p, nil
}

// wouldTell counts those who hear of a move: who signed up and the host once it
// is published, and who serves.
func (s *Store) wouldTell(ctx context.Context, q db.Queryer, old, next Session) (n int, err error) {
	if !movedBetween(old, next) && old.VenueID == next.VenueID {
		return 0, nil
	}
	err = db.Get(ctx, q, &n, `SELECT (SELECT count(*) FROM assignment a WHERE a.session = $1 AND a.state IN ('invited', 'accepted', 'moved'))
		+ CASE WHEN $2 = 'published' THEN (SELECT count(*) FROM registration g WHERE g.session = $1 AND g.state IN ('confirmed', 'waiting'))
		+ (SELECT count(*) FROM session h WHERE h.id = $1 AND h.personal <> '') ELSE 0 END AS n`, old.ID, old.State)
	return n, err
}

// EditSeries changes one occurrence and, by scope, its fellows. What a person
// has changed in one of them stays; what has begun is never changed. For this
// and later the old series ends the day before and a new one goes on from it. A
// conflict of any of them refuses all, and names the day.
func (s *Store) EditSeries(ctx context.Context, actor auth.Actor, sessionID string, version int, scope Scope, form SessionForm) (p SeriesPreview, err error) {
	if scope == ScopeThis {
		se, err := s.SaveSession(ctx, actor, sessionID, version, form)
		return SeriesPreview{Changed: []Session{se}}, err
	}
	defer errs.Wrap(&err, "edit series of %s", sessionID)
	if err := actor.Must(auth.Sessions); err != nil {
		return p, err
	}
	if err := problems(form.Problems()).err(); err != nil {
		return p, err
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		anchor, err := lockRecord(ctx, tx, sessionID)
		if err == nil {
			err = ours(actor, anchor.Town)
		}
		if err != nil {
			return err
		}
		if anchor.Version != version {
			return stale(anchor.Session, version)
		}
		e, err := s.planEdit(ctx, tx, anchor.Session, scope, form)
		if err != nil {
			return err
		}
		p, err = s.applyEdit(ctx, tx, actor, scope, e)
		return err
	})
	return p, withDifference(err, form)
}

func (s *Store) applyEdit(ctx context.Context, tx *db.Tx, actor auth.Actor, scope Scope, e seriesEdit) (SeriesPreview, error) {
	p := SeriesPreview{Kept: e.kept, Detached: e.detached()}
	id, err := s.editRule(ctx, tx, actor, scope, e)
	if err != nil {
		return p, err
	}
	if e.shift > 0 {
		slices.Reverse(e.targets) // the last one first: none moves onto its fellow
	}
	for _, target := range e.targets {
		told := 0
		next, err := s.changeIn(ctx, tx, actor, target.ID, target.Version, "session.save", func(ctx context.Context, tx *db.Tx, r *record) (string, error) {
			old := r.Session
			r.fill(e.apply(old))
			r.Series = id
			if err := fillVenue(ctx, tx, old, &r.Session); err != nil {
				return "", err
			}
			if told, err = s.wouldTell(ctx, tx, old, r.Session); err != nil {
				return "", err
			}
			return "随系列修改场次《" + r.Title + "》", s.savedWell(ctx, tx, actor, old, r.Session)
		})
		if err != nil {
			return p, onDay(err, target)
		}
		p.Changed, p.Told = append(p.Changed, next), p.Told+told
	}
	return p, nil
}

// onDay says which of the occurrences an error is about.
func onDay(err error, se Session) error {
	return errs.New(errs.KindOf(err), dayInWords(se.Starts)+"那一场："+errs.MessageOf(err), "%w", err)
}

// editRule changes the series itself, or ends it and begins the one that goes
// on. It returns the series the targets belong to.
func (s *Store) editRule(ctx context.Context, tx *db.Tx, actor auth.Actor, scope Scope, e seriesEdit) (string, error) {
	old, err := getSeries(ctx, tx, e.anchor.Series)
	if err != nil {
		return "", err
	}
	next := old
	for _, field := range e.fields {
		next.Template.take(field, e.form)
	}
	if e.shifts() {
		first := midnight(old.Template.Starts).AddDate(0, 0, e.shift)
		next.Template.Starts = first.Add(e.form.Starts.Sub(midnight(e.form.Starts)))
		next.Template.Ends = next.Template.Starts.Add(e.form.Ends.Sub(e.form.Starts))
		next.Rule.Weekday = (old.Rule.Weekday + time.Weekday(e.shift%7) + 7) % 7
	}
	if scope == ScopeAll {
		s.ledger.Record(tx, actor.Entry("series.save", "series:"+old.ID, fmt.Sprintf("修改系列《%s》，%d 场", next.Template.Title, len(e.targets))))
		return old.ID, s.updateSeries(ctx, tx, actor, next)
	}
	next.ID, next.Previous, next.Ended = db.NewID(), old.ID, ""
	next.Rule.From = midnight(e.form.Starts)
	if next.Rule.Count > 0 {
		next.Rule.Count = len(e.targets)
	}
	next.Skipped = slices.DeleteFunc(slices.Clone(old.Skipped), func(d string) bool { return d < e.anchor.OriginalDate })
	old.Skipped = slices.DeleteFunc(old.Skipped, func(d string) bool { return d >= e.anchor.OriginalDate })
	old.Ended = e.anchor.OriginalDate
	if err := s.updateSeries(ctx, tx, actor, old); err != nil {
		return "", err
	}
	s.ledger.Record(tx, actor.Entry("series.split", "series:"+old.ID, fmt.Sprintf("系列《%s》从 %s 起另成一个系列", old.Template.Title, old.Ended)))
	return next.ID, s.insertSeries(ctx, tx, actor, next)
}
