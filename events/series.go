package events

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Freq is how often a series comes round.
type Freq string

// The frequencies.
const (
	Daily   Freq = "daily"
	Weekly  Freq = "weekly"
	Monthly Freq = "monthly" // the same weekday: the first Thursday
)

// HolidayPolicy is what happens to an occurrence on a day off of the notice.
type HolidayPolicy string

// The policies.
const (
	HolidaySkip HolidayPolicy = "skip" // it falls out; it can be added later
	HolidayNext HolidayPolicy = "next" // it goes to the next working day
	HolidayKeep HolidayPolicy = "keep" // it stays
)

// MaxOccurrences is the most a series may have: a year of weeks.
const MaxOccurrences = 52

// SeriesRule says on which days a series takes place.
type SeriesRule struct {
	Freq     Freq
	Interval int          // every n-th day, week or month; 0 is 1
	Weekday  time.Weekday // weekly and monthly
	Nth      int          // monthly: 1 to 4, or -1 for the last
	From     time.Time    // the first day
	Until    time.Time    // the last day; zero when Count says it
	Count    int          // at most MaxOccurrences; 0 when Until says it
	Holidays HolidayPolicy
}

// Series is a rule with a template. Its occurrences are sessions of their own.
type Series struct {
	ID       string
	Version  int
	Rule     SeriesRule
	Template SessionForm // Starts and Ends are those of the first day
	VenueID  string
	Previous string   // id of the series this one goes on from, "" for none
	Ended    string   // day before which it ended, "" while it runs
	Skipped  []string // days left out, which can be added later
}

// SeriesForm is what a new series is made of.
type SeriesForm struct {
	Rule     SeriesRule
	Template SessionForm
	VenueID  string
	Skip     []string // days to leave out, 2026-10-05, besides those of the policy
}

// Occurrence is one day of a series before it is saved.
type Occurrence struct {
	Original     string // the day the rule gives
	Starts, Ends time.Time
	Skipped      bool   // not made
	Note         string // 国庆节放假，顺延到 10 月 8 日
	Conflicts    []Conflict
}

// Scope is how far an edit of one occurrence reaches.
type Scope string

// The scopes.
const (
	ScopeThis  Scope = "this"
	ScopeLater Scope = "later" // this and later: the old series ends, a linked one begins
	ScopeAll   Scope = "all"   // all that have not begun
)

// SeriesPreview tells what an edit will do before it does it.
type SeriesPreview struct {
	Changed  []Session           // as they will be
	Kept     []Session           // past, or past the states that can change
	Detached map[string][]string // by session id: fields a person has changed there, which stay
	Told     int                 // sign-ups and people who will hear of it
}

// seriesRow is a series as the database holds it.
type seriesRow struct {
	ID       string
	Rule     string
	Template string
	Follows  string
	EndedAt  *int64
	Version  int
}

// seriesTemplate is what the column template holds.
type seriesTemplate struct {
	Form    SessionForm
	Skipped []string
}

func (r seriesRow) series() (Series, error) {
	var t seriesTemplate
	se := Series{ID: r.ID, Version: r.Version, Previous: r.Follows}
	if err := db.FromJSON(r.Rule, &se.Rule); err != nil {
		return se, err
	}
	if err := db.FromJSON(r.Template, &t); err != nil {
		return se, err
	}
	se.Template, se.VenueID, se.Skipped = t.Form, t.Form.VenueID, t.Skipped
	if r.EndedAt != nil {
		se.Ended = dateOf(local(*r.EndedAt))
	}
	return se, nil
}

const seriesColumns = `SELECT id, rule, template, follows, ended_at, version FROM series `

func getSeries(ctx context.Context, q db.Queryer, id string) (Series, error) {
	var row seriesRow
	err := db.Get(ctx, q, &row, seriesColumns+`WHERE id = $1`, id)
	if errs.Is(err, errs.NotFound) {
		return Series{}, errs.New(errs.NotFound, "没有找到这个系列，请从列表中选择。", "%w", err)
	}
	if err != nil {
		return Series{}, err
	}
	return row.series()
}

// SeriesByID finds a series.
func (s *Store) SeriesByID(ctx context.Context, id string) (_ Series, err error) {
	defer errs.Wrap(&err, "series %s", id)
	return getSeries(ctx, s.db.Reader(), id)
}

// SeriesList lists the series, those that run first, the newest first.
func (s *Store) SeriesList(ctx context.Context, actor auth.Actor) (list []Series, err error) {
	defer errs.Wrap(&err, "list series")
	if err := actor.Must(auth.Sessions); err != nil {
		return nil, err
	}
	cond, args := seriesCond(actor, 0)
	var rows []seriesRow
	err = db.Select(ctx, s.db.Reader(), &rows, seriesColumns+`WHERE TRUE`+cond+` ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, id DESC LIMIT 500`, args...)
	for _, r := range rows {
		se, err := r.series()
		if err != nil {
			return nil, err
		}
		list = append(list, se)
	}
	return list, err
}

// SeriesSessions lists the occurrences of a series by day.
func (s *Store) SeriesSessions(ctx context.Context, id string) (_ []Session, err error) {
	defer errs.Wrap(&err, "sessions of series %s", id)
	return selectSessions(ctx, s.db.Reader(), `WHERE s.series_id = $1 AND s.series_id <> '' ORDER BY s.starts_at, s.id`, id)
}

// at is the template at the time of an occurrence.
func (f SessionForm) at(o Occurrence) SessionForm {
	f.Starts, f.Ends = o.Starts, o.Ends
	return f
}

// expand checks the form and lists its occurrences. Days that lie behind are
// left out.
func (s *Store) expand(cal *Calendar, form *SeriesForm) ([]Occurrence, error) {
	if form.VenueID != "" {
		form.Template.VenueID = form.VenueID
	}
	ps := problems(form.Template.Problems())
	if err := append(ps, form.Rule.Problems()...).err(); err != nil {
		return nil, err
	}
	list, err := form.Rule.occurrences(cal, form.Template.Starts, form.Template.Ends, form.Skip)
	for i, o := range list {
		if !o.Skipped && !o.Starts.After(s.now()) {
			list[i].Skipped, list[i].Note = true, "已经过去"
		}
	}
	return list, err
}

// PreviewSeries lists the occurrences with what stands against each; nothing is
// saved.
func (s *Store) PreviewSeries(ctx context.Context, actor auth.Actor, form SeriesForm) (_ []Occurrence, err error) {
	defer errs.Wrap(&err, "preview series")
	if err := actor.Must(auth.Sessions); err != nil {
		return nil, err
	}
	cal, err := s.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.expand(cal, &form)
	if err != nil {
		return nil, err
	}
	for i, o := range list {
		if o.Skipped {
			continue
		}
		var se Session
		se.fill(form.Template.at(o))
		if list[i].Conflicts, err = s.conflicts(ctx, s.db.Reader(), queryOf(actor, se)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// CreateSeries makes the series and its occurrences, as drafts that wish for
// their venue: conflicts were shown before, and publishing checks them again.
func (s *Store) CreateSeries(ctx context.Context, actor auth.Actor, form SeriesForm) (_ Series, _ []Session, err error) {
	defer errs.Wrap(&err, "create series")
	if err := actor.Must(auth.Sessions); err != nil {
		return Series{}, nil, err
	}
	id := db.NewID()
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		cal, err := calendarIn(ctx, tx)
		if err != nil {
			return err
		}
		list, err := s.expand(cal, &form)
		if err != nil {
			return err
		}
		var skipped []string
		made := 0
		for _, o := range list {
			if o.Skipped {
				skipped = append(skipped, o.Original)
				continue
			}
			if _, err := s.insertOccurrence(ctx, tx, actor, id, form.Template, o); err != nil {
				return err
			}
			made++
		}
		if made == 0 {
			return errs.Bad("until", "照这样一场也排不出来，请检查日期和遇到放假怎么办。")
		}
		s.ledger.Record(tx, actor.Entry("series.create", "series:"+id, fmt.Sprintf("新建系列《%s》，%d 场", form.Template.Title, made)))
		return s.insertSeries(ctx, tx, actor, Series{ID: id, Rule: form.Rule, Template: form.Template, Skipped: skipped})
	})
	if err != nil {
		return Series{}, nil, err
	}
	se, err := s.SeriesByID(ctx, id)
	if err != nil {
		return se, nil, err
	}
	sessions, err := s.SeriesSessions(ctx, id)
	return se, sessions, err
}

func (s *Store) insertSeries(ctx context.Context, tx *db.Tx, actor auth.Actor, se Series) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO series (id, rule, template, follows, ended_at, version, created_at, created_by, updated_at, updated_by)
		VALUES ($1, $2, $3, $4, NULL, 1, $5, $6, $5, $6)`, se.ID, db.JSON(se.Rule), db.JSON(seriesTemplate{se.Template, se.Skipped}),
		se.Previous, s.now().UnixMilli(), actor.ID)
	return err
}

// updateSeries writes template, rule, left-out days and end.
func (s *Store) updateSeries(ctx context.Context, tx *db.Tx, actor auth.Actor, se Series) error {
	var ended *int64
	if se.Ended != "" {
		day, err := time.ParseInLocation(time.DateOnly, se.Ended, Zone)
		if err != nil {
			return err
		}
		ended = db.Millis(day)
	}
	_, err := db.Exec(ctx, tx, `UPDATE series SET rule = $2, template = $3, ended_at = $4, version = version + 1, updated_at = $5, updated_by = $6
		WHERE id = $1`, se.ID, db.JSON(se.Rule), db.JSON(seriesTemplate{se.Template, se.Skipped}), ended, s.now().UnixMilli(), actor.ID)
	return err
}

func (s *Store) insertOccurrence(ctx context.Context, tx *db.Tx, actor auth.Actor, series string, template SessionForm, o Occurrence) (Session, error) {
	r := record{Session: Session{State: Draft, Series: series, OriginalDate: o.Original}}
	r.fill(template.at(o))
	if err := s.insertDraft(ctx, tx, actor, &r); err != nil {
		return Session{}, err
	}
	s.recordSession(tx, actor, "session.create", r.Session, "新建场次《"+r.Title+"》（"+o.Original+"）")
	return r.Session, nil
}

// AddOccurrence adds one more day to a series, such as one that was skipped.
func (s *Store) AddOccurrence(ctx context.Context, actor auth.Actor, seriesID, day string) (_ Session, err error) {
	defer errs.Wrap(&err, "add %q to series %s", day, seriesID)
	if err := actor.Must(auth.Sessions); err != nil {
		return Session{}, err
	}
	date, err := time.ParseInLocation(time.DateOnly, day, Zone)
	if err != nil {
		return Session{}, errs.Bad("day", "日期应写成 2026-10-08。")
	}
	var made Session
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `UPDATE series SET version = version WHERE id = $1`, seriesID); err != nil {
			return err
		}
		if err := oursSeries(ctx, tx, actor, seriesID); err != nil {
			return err
		}
		se, err := getSeries(ctx, tx, seriesID)
		if err != nil {
			return err
		}
		o := Occurrence{Original: day, Starts: date.Add(se.Template.Starts.Sub(midnight(se.Template.Starts)))}
		o.Ends = o.Starts.Add(se.Template.Ends.Sub(se.Template.Starts))
		if !o.Starts.After(s.now()) {
			return errs.Bad("day", "这一天已经过去了，请换一天。")
		}
		if err := freeDay(ctx, tx, seriesID, o); err != nil {
			return err
		}
		if made, err = s.insertOccurrence(ctx, tx, actor, seriesID, se.Template, o); err != nil {
			return err
		}
		se.Skipped = slices.DeleteFunc(se.Skipped, func(d string) bool { return d == day })
		return s.updateSeries(ctx, tx, actor, se)
	})
	if err != nil {
		return Session{}, err
	}
	return s.SessionByID(ctx, made.ID)
}

// freeDay refuses a day on which the series takes place already.
func freeDay(ctx context.Context, q db.Queryer, series string, o Occurrence) error {
	day := midnight(o.Starts)
	there, err := selectSessions(ctx, q, `WHERE s.series_id = $1 AND s.starts_at >= $2 AND s.starts_at < $3
		AND s.state NOT IN ('withdrawn', 'cancelled', 'not_held')`, series, day.UnixMilli(), day.AddDate(0, 0, 1).UnixMilli())
	if err == nil && len(there) > 0 {
		err = errs.New(errs.Conflict, "这个系列当天已经有《"+there[0].Title+"》（"+there[0].No+"），请换一天。", "series %s has %s", series, there[0].ID)
	}
	return err
}
