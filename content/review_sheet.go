package content

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// sheetForm is the version of the JSON of a Sheet.
const sheetForm = 1

// Sheet is the 审核单 of an edition: who answered for what, when. It fills
// itself. When the text goes public a copy is sealed, which never changes.
type Sheet struct {
	Form      int           `json:"form"`
	Document  string        `json:"document"`
	Edition   string        `json:"edition"`
	Number    int           `json:"number"`
	Kind      Kind          `json:"kind"`
	Title     string        `json:"title"`
	Address   string        `json:"address"`
	Column    string        `json:"column"` // its name
	Hash      string        `json:"hash"`
	State     State         `json:"state"`
	Writers   []string      `json:"writers"`             // names, in the order in which they began
	Submitted *Step         `json:"submitted,omitempty"` // for the last time
	Rounds    int           `json:"rounds"`              // 校次
	Cleared   *ReviewEntry  `json:"cleared,omitempty"`   // 保密审查
	Stages    []SheetStage  `json:"stages"`
	Log       []ReviewEntry `json:"log"`
	Change    Amendment     `json:"change"`
	Urgent    *Emergency    `json:"urgent,omitempty"`
	Published *Step         `json:"published,omitempty"` // by whom, when
}

// SheetStage is a row of the table: a stage and the approval that counts.
type SheetStage struct {
	Name     string       `json:"name"`
	Question string       `json:"question,omitempty"`
	Passed   *ReviewEntry `json:"passed,omitempty"`
}

// Sealed is a Sheet as it was kept.
type Sealed struct {
	ID   string
	Seal string // SHA-256 of what is stored
	At   time.Time
	Sheet
	Broken bool // what is stored is not what was sealed
}

// sheetOf fills the form from what is known of an edition.
func sheetOf(d documentRow, e Edition, columns []Column) Sheet {
	w := e.Review
	sh := Sheet{Form: sheetForm, Document: d.ID, Edition: e.ID, Number: e.Number, Kind: d.Kind, Title: e.Title, Address: Address(d.Kind, d.Slug),
		Column: columnName(columns, columnOf(columns, d.Kind, e.Column)), Hash: e.Hash(), State: e.State, Rounds: w.Round, Cleared: w.Cleared,
		Log: w.Log, Change: e.Change, Urgent: w.Urgent}
	for i, st := range w.Stages {
		row := SheetStage{Name: st.Name, Question: st.Question}
		if i < len(w.Passed) {
			row.Passed = &w.Passed[i]
		}
		sh.Stages = append(sh.Stages, row)
	}
	for _, s := range e.Trail {
		if wrote([]Step{s}, s.Actor) && !slices.Contains(sh.Writers, s.Name) {
			sh.Writers = append(sh.Writers, s.Name)
		}
	}
	if s, ok := e.Last(ActSubmit); ok {
		sh.Submitted = &s
	}
	for _, a := range []Action{ActPublish, ActForce} {
		if s, ok := e.Last(a); ok {
			sh.Published = &s
		}
	}
	return sh
}

func columnName(columns []Column, slug string) string {
	for _, c := range columns {
		if c.Slug == slug {
			return c.Name
		}
	}
	return slug
}

// seal keeps the sheet of what has just gone public, or whose late review has
// just been done.
func (w *work) seal(ctx context.Context, d documentRow, e Edition, c change) error {
	walk, err := w.walk(ctx, w.tx, w.columns, d.Kind, e)
	if err != nil {
		return err
	}
	if c.action == ActApprove && !walk.Done() {
		return nil
	}
	e.Review = walk
	text := db.JSON(sheetOf(d, e, w.columns))
	sum := sha256.Sum256([]byte(text))
	_, err = db.Exec(ctx, w.tx, `INSERT INTO review_sheet (id, document_id, edition_id, hash, sheet, seal, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		db.NewID(), d.ID, e.ID, walk.Hash, text, hex.EncodeToString(sum[:]), w.at.UnixMilli())
	return err
}

// Sheet is the 审核单 of an edition as it stands, and the sealed copies of it,
// oldest first.
func (s *Store) Sheet(ctx context.Context, actor auth.Actor, editionID string) (_ Sheet, sealed []Sealed, err error) {
	defer errs.Wrap(&err, "sheet of edition %s", editionID)
	if err := oursBy(ctx, s.cfg.DB.Reader(), actor, columnOfEdition, editionID); err != nil {
		return Sheet{}, nil, err
	}
	if err := mayReadReviews(actor); err != nil {
		return Sheet{}, nil, err
	}
	e, err := s.Edition(ctx, editionID)
	if err != nil {
		return Sheet{}, nil, err
	}
	var d documentRow
	err = db.Get(ctx, s.cfg.DB.Reader(), &d, `SELECT `+documentColumns+` FROM documents WHERE id = $1`, e.DocumentID)
	if err != nil {
		return Sheet{}, nil, err
	}
	columns, err := s.Columns(ctx)
	if err != nil {
		return Sheet{}, nil, err
	}
	var rows []sheetRow
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT id, sheet, seal, at FROM review_sheet WHERE edition_id = $1 ORDER BY at, id`, editionID)
	if err != nil {
		return Sheet{}, nil, err
	}
	sealed, err = sealedSheets(rows)
	return sheetOf(d, e, columns), sealed, err
}

// Sheets lists the sealed sheets of a time, from a moment on and before another,
// oldest first: for the file cabinet.
func (s *Store) Sheets(ctx context.Context, actor auth.Actor, from, before time.Time) (_ []Sealed, err error) {
	defer errs.Wrap(&err, "list sheets")
	if err := mayReadReviews(actor); err != nil {
		return nil, err
	}
	var rows []sheetRow
	columns, args := inColumns(actor, "d.head_column", 3)
	if columns != "" {
		columns = ` AND EXISTS (SELECT 1 FROM documents d WHERE d.id = review_sheet.document_id` + columns + `)`
	}
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT id, sheet, seal, at FROM review_sheet WHERE at >= $1 AND at < $2`+columns+` ORDER BY at, id LIMIT $3`,
		append([]any{from.UnixMilli(), before.UnixMilli(), MaxListed}, args...)...)
	if err != nil {
		return nil, err
	}
	return sealedSheets(rows)
}

type sheetRow struct {
	ID    string `db:"id"`
	Sheet string `db:"sheet"`
	Seal  string `db:"seal"`
	At    int64  `db:"at"`
}

func sealedSheets(rows []sheetRow) ([]Sealed, error) {
	list := make([]Sealed, len(rows))
	for i, r := range rows {
		sum := sha256.Sum256([]byte(r.Sheet))
		list[i] = Sealed{ID: r.ID, Seal: r.Seal, At: time.UnixMilli(r.At).UTC(), Broken: hex.EncodeToString(sum[:]) != r.Seal}
		if err := db.FromJSON(r.Sheet, &list[i].Sheet); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// mayReadReviews lets those in who write, check or audit.
func mayReadReviews(actor auth.Actor) error {
	if actor.Can(auth.Audit) {
		return nil
	}
	return actor.Must(auth.Write)
}
