package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
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

var errNotYet = errs.New(errs.Unavailable, "这一步还没有做好，请稍后再试。", "not implemented yet")

// PreviewSeries lists the occurrences with what stands against each; nothing is
// saved.
func (s *Store) PreviewSeries(ctx context.Context, actor auth.Actor, form SeriesForm) ([]Occurrence, error) {
	return nil, errNotYet
}

// CreateSeries makes the series and its occurrences, as drafts.
func (s *Store) CreateSeries(ctx context.Context, actor auth.Actor, form SeriesForm) (Series, []Session, error) {
	return Series{}, nil, errNotYet
}

// SeriesByID finds a series.
func (s *Store) SeriesByID(ctx context.Context, id string) (Series, error) {
	return Series{}, errNotYet
}

// SeriesList lists the series, those that run first.
func (s *Store) SeriesList(ctx context.Context, actor auth.Actor) ([]Series, error) {
	return nil, errNotYet
}

// SeriesSessions lists the occurrences of a series by day.
func (s *Store) SeriesSessions(ctx context.Context, id string) ([]Session, error) {
	return nil, errNotYet
}

// PreviewEdit tells what EditSeries would do.
func (s *Store) PreviewEdit(ctx context.Context, actor auth.Actor, sessionID string, scope Scope, form SessionForm) (SeriesPreview, error) {
	return SeriesPreview{}, errNotYet
}

// EditSeries changes one occurrence and, by scope, its fellows. What a person
// has changed in one of them stays; what has begun is never changed.
func (s *Store) EditSeries(ctx context.Context, actor auth.Actor, sessionID string, version int, scope Scope, form SessionForm) (SeriesPreview, error) {
	return SeriesPreview{}, errNotYet
}

// AddOccurrence adds one more day to a series, such as one that was skipped.
func (s *Store) AddOccurrence(ctx context.Context, actor auth.Actor, seriesID, day string) (Session, error) {
	return Session{}, errNotYet
}
