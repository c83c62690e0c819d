package events

import (
	"context"
	"regexp"
	"slices"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// TallyKind is one button of the on-site tally.
type TallyKind struct {
	Measure  string // MeasureConsultation (人次) or MeasureDocument (份)
	Category string // as on the button and in the report
}

// The measures of the tally.
const (
	MeasureConsultation = "consultation"
	MeasureDocument     = "document"
)

// TallyKinds are the buttons: the categories of the report, which the counts go
// into.
func TallyKinds() []TallyKind {
	var kinds []TallyKind
	for _, c := range ConsultationCategories() {
		kinds = append(kinds, TallyKind{MeasureConsultation, c})
	}
	for _, c := range DocumentCategories() {
		kinds = append(kinds, TallyKind{MeasureDocument, c})
	}
	return kinds
}

// TapCount is how often a button was pressed.
type TapCount struct {
	TallyKind
	Qty int
}

// uuidShape is what a button carries: minted by us or by a device that was
// without network.
var uuidShape = regexp.MustCompile(`^[0-9A-Za-z_-]{16,40}$`)

// Tap counts one more. The same uuid counts once, however often it is sent.
func (s *Store) Tap(ctx context.Context, g Guest, assignment, uuid, measure, category string) (err error) {
	defer errs.Wrap(&err, "tap %s/%s at %s", measure, category, assignment)
	known := slices.ContainsFunc(TallyKinds(), func(k TallyKind) bool { return k.Measure == measure && k.Category == category })
	if !known || !uuidShape.MatchString(uuid) {
		return errs.New(errs.Invalid, "没有这个计数按钮，请刷新页面再按。", "unknown tally %s/%s %q", measure, category, uuid)
	}
	return s.tapping(ctx, g, assignment, func(ctx context.Context, tx *db.Tx, a Assignment) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO tally (uuid, session, practitioner, measure, category, at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (uuid) DO NOTHING`, uuid, a.SessionID, a.Person, measure, category, s.now().UnixMilli())
		return err
	})
}

// UndoTap takes back the person's last tap that still counts. The uuid keeps a
// double tap from taking back two.
func (s *Store) UndoTap(ctx context.Context, g Guest, assignment, uuid string) (err error) {
	defer errs.Wrap(&err, "undo tap at %s", assignment)
	if !uuidShape.MatchString(uuid) {
		return errs.New(errs.Invalid, "请刷新页面再按。", "bad uuid %q", uuid)
	}
	return s.tapping(ctx, g, assignment, func(ctx context.Context, tx *db.Tx, a Assignment) error {
		var last struct {
			UUID     string `db:"uuid"`
			Measure  string `db:"measure"`
			Category string `db:"category"`
		}
		err := db.Get(ctx, tx, &last, `SELECT t.uuid, t.measure, t.category FROM tally t WHERE t.session = $1 AND t.practitioner = $2 AND t.undo_of IS NULL
			AND NOT EXISTS (SELECT 1 FROM tally u WHERE u.undo_of = t.uuid)
			AND NOT EXISTS (SELECT 1 FROM tally d WHERE d.uuid = $3) ORDER BY t.at DESC, t.uuid DESC LIMIT 1`, a.SessionID, a.Person, uuid)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `INSERT INTO tally (uuid, session, practitioner, measure, category, undo_of, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT DO NOTHING`, uuid, a.SessionID, a.Person, last.Measure, last.Category, last.UUID, s.now().UnixMilli())
		return err
	})
}

// tapping opens the tally to somebody who is on site, and counts the first tap as
// arrival.
func (s *Store) tapping(ctx context.Context, g Guest, assignment string, do func(context.Context, *db.Tx, Assignment) error) error {
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := getAssignment(ctx, tx, assignment)
		if err != nil {
			return err
		}
		se, err := getSession(ctx, tx, "s.id = $1", a.SessionID)
		if err != nil {
			return err
		}
		if a.Person != g.ID || !a.State.Comes() && a.State != DutyMoved {
			return errs.New(errs.NotFound, "没有找到这一场，请回到您的安排重新打开。", "assignment %s in state %s is not open to %s", a.ID, a.State, g.ID)
		}
		if err := s.onSite(se); err != nil {
			return err
		}
		if a.Arrived.IsZero() {
			if err := s.present(ctx, tx, g.actor(), a, se, s.now()); err != nil {
				return err
			}
		}
		return do(ctx, tx, a)
	})
}

// Tally is what a person has counted at a session; all of them with person "".
// Only the buttons that were pressed are in it.
func (s *Store) Tally(ctx context.Context, session, person string) (_ []TapCount, err error) {
	defer errs.Wrap(&err, "tally of session %s", session)
	return tally(ctx, s.db.Reader(), session, person)
}

func tally(ctx context.Context, q db.Queryer, session, person string) ([]TapCount, error) {
	var rows []struct {
		Measure  string `db:"measure"`
		Category string `db:"category"`
		N        int    `db:"n"`
	}
	err := db.Select(ctx, q, &rows, `SELECT t.measure, t.category, count(*) AS n FROM tally t WHERE t.session = $1 AND ($2 = '' OR t.practitioner = $2)
		AND t.undo_of IS NULL AND NOT EXISTS (SELECT 1 FROM tally u WHERE u.undo_of = t.uuid) GROUP BY t.measure, t.category`, session, person)
	if err != nil {
		return nil, err
	}
	var lines []TapCount
	for _, k := range TallyKinds() {
		for _, r := range rows {
			if r.Measure == k.Measure && r.Category == k.Category {
				lines = append(lines, TapCount{k, r.N})
			}
		}
	}
	return lines, nil
}

// tallies is what everybody has counted at a session, for the legal part of the
// outcome.
func tallies(ctx context.Context, q db.Queryer, session string) (rows []TallyRow, err error) {
	err = db.Select(ctx, q, &rows, `SELECT t.measure AS kind, t.category, t.practitioner, count(*) AS qty FROM tally t WHERE t.session = $1
		AND t.undo_of IS NULL AND NOT EXISTS (SELECT 1 FROM tally u WHERE u.undo_of = t.uuid)
		GROUP BY t.measure, t.category, t.practitioner ORDER BY t.measure, qty DESC, t.category, t.practitioner`, session)
	return rows, err
}
