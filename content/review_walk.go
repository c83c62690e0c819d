package content

import (
	"context"
	"slices"
	"time"

	"github.com/songfa/songfa/internal/db"
)

// Walk is how far an edition is on its way through the stages of its column.
// It is made of the review's log whenever it is asked for; nothing else is kept.
type Walk struct {
	Review
	Hash    string        // of the text as it is now
	Round   int           // 校次: how often a text came to review; 0 before the first time
	Passed  []ReviewEntry // the approvals that count, one for each stage that is passed
	Cleared *ReviewEntry  // 保密审查 of this text; nil before
	Since   time.Time     // when the current stage began to wait; zero while it does not
	Log     []ReviewEntry // everything, oldest first
	Urgent  *Emergency    // 应急发布; nil when nobody asked for one
	Today   string        // which day deputies are asked for
}

// Has reports whether there is anything to walk.
func (w Walk) Has() bool { return len(w.Stages) > 0 }

// Done reports whether every stage is approved for the very text.
func (w Walk) Done() bool { return w.Has() && len(w.Passed) == len(w.Stages) }

// Number is the number of the current stage, from 1; 0 when there is none.
func (w Walk) Number() int {
	if !w.Has() || w.Done() {
		return 0
	}
	return len(w.Passed) + 1
}

// Current is the stage that waits; zero when there is none.
func (w Walk) Current() Stage {
	if n := w.Number(); n > 0 {
		return w.Stages[n-1]
	}
	return Stage{}
}

// Due is when the current stage has to be done; zero when there is no limit.
func (w Walk) Due() time.Time { return w.Current().Due(w.Since) }

// Clear reports that nothing stands against the current stage but its reviewer:
// the first one wants the 保密审查 where the column asks for it.
func (w Walk) Clear() bool { return !w.Secrecy || w.Cleared != nil || len(w.Passed) > 0 }

// Last is the newest decision on the text before this one, for what has changed
// since: the hash it was about, "" for none.
func (w Walk) Last() (ReviewEntry, bool) {
	for _, e := range slices.Backward(w.Log) {
		if e.Act == ActApprove || e.Act == ActReturn {
			return e, true
		}
	}
	return ReviewEntry{}, false
}

// Way is how a decision came in.
type Way string

// The ways.
const (
	AtDesk  Way = "desk"  // signed in
	ByPhone Way = "phone" // by a one-time link
)

// Label is the Chinese name.
func (w Way) Label() string {
	if w == ByPhone {
		return "手机链接"
	}
	return "后台"
}

// ReviewEntry is one thing that happened in the review of an edition.
type ReviewEntry struct {
	Act      Action    `json:"act"`
	Round    int       `json:"round"`
	Stage    string    `json:"stage,omitempty"`
	Question string    `json:"question,omitempty"`
	Person   string    `json:"person"`
	Name     string    `json:"name"`
	Deputy   bool      `json:"deputy,omitempty"`
	Way      Way       `json:"way"`
	Remark   string    `json:"remark,omitempty"`
	Reasons  []string  `json:"reasons,omitempty"`
	Hash     string    `json:"hash"`
	At       time.Time `json:"at"`
	Void     time.Time `json:"void,omitzero"` // when it ceased to count
}

type reviewRow struct {
	Seq      int64  `db:"seq"`
	Edition  string `db:"edition_id"`
	Document string `db:"document_id"`
	Act      Action `db:"act"`
	Round    int    `db:"round"`
	Stage    string `db:"stage"`
	Question string `db:"question"`
	Person   string `db:"person"`
	Name     string `db:"name"`
	Deputy   bool   `db:"deputy"`
	Way      Way    `db:"way"`
	Remark   string `db:"remark"`
	Reasons  string `db:"reasons"`
	Hash     string `db:"hash"`
	At       int64  `db:"at"`
	VoidAt   *int64 `db:"void_at"`
}

const reviewColumns = `seq, edition_id, document_id, act, round, stage, question, person, name, deputy, way, remark, reasons, hash, at, void_at`

func (r reviewRow) entry() (ReviewEntry, error) {
	e := ReviewEntry{Act: r.Act, Round: r.Round, Stage: r.Stage, Question: r.Question, Person: r.Person, Name: r.Name,
		Deputy: r.Deputy, Way: r.Way, Remark: r.Remark, Hash: r.Hash, At: time.UnixMilli(r.At).UTC(), Void: db.Time(r.VoidAt)}
	return e, db.FromJSON(r.Reasons, &e.Reasons)
}

func readReviewLog(ctx context.Context, q db.Queryer, editionID string) ([]ReviewEntry, error) {
	var rows []reviewRow
	err := db.Select(ctx, q, &rows, `SELECT `+reviewColumns+` FROM review_log WHERE edition_id = $1 ORDER BY seq`, editionID)
	if err != nil {
		return nil, err
	}
	log := make([]ReviewEntry, len(rows))
	for i, r := range rows {
		if log[i], err = r.entry(); err != nil {
			return nil, err
		}
	}
	return log, nil
}

// newWalk reads off the log where an edition is.
func newWalk(review Review, hash string, log []ReviewEntry, urgent *Emergency, today string) Walk {
	w := Walk{Review: review, Hash: hash, Log: log, Urgent: urgent, Today: today}
	for i, e := range log {
		counts := e.Void.IsZero() && e.Hash == hash
		switch {
		case e.Act == ActClear && counts:
			w.Cleared = &log[i]
		case e.Act == ActSubmit || e.Act == ActSave || e.Act == ActForce || e.Act == ActUrge:
			w.Since, w.Round = e.At, max(w.Round, e.Round)
		case e.Act == ActReturn || e.Act == ActRecall:
			w.Since = time.Time{}
		}
	}
	for _, st := range review.Stages {
		i := lastApproval(log, st.Name, hash)
		if i < 0 {
			break
		}
		w.Passed = append(w.Passed, log[i])
		if log[i].At.After(w.Since) {
			w.Since = log[i].At
		}
	}
	return w
}

// lastApproval finds the approval of a stage that counts for a text.
func lastApproval(log []ReviewEntry, stage, hash string) int {
	for i, e := range slices.Backward(log) {
		if e.Act == ActApprove && e.Stage == stage && e.Hash == hash && e.Void.IsZero() {
			return i
		}
	}
	return -1
}

// reviewOf are the rules of the column in which a document shows.
func reviewOf(columns []Column, kind Kind, named string) Review {
	slug := columnOf(columns, kind, named)
	i := slices.IndexFunc(columns, func(c Column) bool { return c.Slug == slug })
	if i < 0 {
		return Review{}
	}
	return columns[i].Review
}

// walk reads where an edition is; q may be a transaction.
func (s *Store) walk(ctx context.Context, q db.Queryer, columns []Column, kind Kind, e Edition) (Walk, error) {
	review := reviewOf(columns, kind, e.Column)
	w := Walk{Review: review, Hash: e.Hash(), Today: s.today()}
	log, err := readReviewLog(ctx, q, e.ID)
	if err != nil {
		return w, err
	}
	urgent, err := readEmergency(ctx, q, e.ID)
	if err != nil {
		return w, err
	}
	return newWalk(review, w.Hash, log, urgent, w.Today), nil
}

// ReviewRules are the stages that a document of a kind will walk in a column.
func (s *Store) ReviewRules(ctx context.Context, kind Kind, column string) (Review, error) {
	columns, err := s.Columns(ctx)
	return reviewOf(columns, kind, column), err
}

// reviewOf reads where an edition is, for a page.
func (s *Store) reviewOf(ctx context.Context, e Edition) (Walk, error) {
	var kind Kind
	if err := db.Get(ctx, s.cfg.DB.Reader(), &kind, `SELECT kind FROM documents WHERE id = $1`, e.DocumentID); err != nil {
		return Walk{}, err
	}
	columns, err := readColumns(ctx, s.cfg.DB.Reader())
	if err != nil {
		return Walk{}, err
	}
	return s.walk(ctx, s.cfg.DB.Reader(), columns, kind, e)
}

// readWalk reads what a step has to know of the review, and nothing for the
// many steps that have nothing to do with one.
func (w *work) readWalk(ctx context.Context, d documentRow, e Edition, a Action) (*Walk, error) {
	walk := &Walk{Review: reviewOf(w.columns, d.Kind, e.Column), Today: w.today()}
	if e.State == Draft && a == ActSave || !walk.Has() && !slices.Contains(anyColumn, a) {
		return walk, nil
	}
	now, err := w.walk(ctx, w.tx, w.columns, d.Kind, e)
	return &now, err
}

// anyColumn are the steps that may meet a review in a column that has none now.
var anyColumn = []Action{ActSave, ActApprove, ActRefuse, ActClear, ActForce, ActRestore}

// reviewNow is the walk of an edition after a step.
func (w *work) reviewNow(ctx context.Context, d documentRow, e Edition) (Walk, error) {
	if review := reviewOf(w.columns, d.Kind, e.Column); !review.has() {
		return Walk{Review: review, Today: w.today()}, nil
	}
	return w.walk(ctx, w.tx, w.columns, d.Kind, e)
}
