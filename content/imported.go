package content

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Imported is the report on the file a draft was made of, for whoever checks it.
type Imported struct {
	EditionID string
	File      string // name
	Notes     []ImportedNote
	By        string // who brought it
	At        time.Time
}

// ImportedNote is one line of the report; the words are those of internal/docx.
type ImportedNote struct {
	Level   string `json:"level"` // found, dropped, check
	Message string `json:"message"`
	At      string `json:"at,omitempty"` // where in the text
}

const (
	maxImported = 300 // notes of one report
	maxFileName = 200 // characters
)

// NoteImported keeps the report on the file an edition was made of, over an
// older one.
func (s *Store) NoteImported(ctx context.Context, actor auth.Actor, editionID, file string, notes []ImportedNote) (err error) {
	defer errs.Wrap(&err, "note the file of edition %s", editionID)
	if err := oursBy(ctx, s.cfg.DB.Reader(), actor, columnOfEdition, editionID); err != nil {
		return err
	}
	if err := actor.Must(auth.Write); err != nil {
		return err
	}
	if chars := []rune(oneLine(file)); len(chars) > maxFileName {
		file = string(chars[:maxFileName])
	}
	notes = notes[:min(len(notes), maxImported)]
	return s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := readEdition(ctx, tx, editionID)
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `INSERT INTO word_import (edition_id, file, notes, actor, actor_name, at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (edition_id) DO UPDATE SET file = excluded.file, notes = excluded.notes, actor = excluded.actor,
			actor_name = excluded.actor_name, at = excluded.at`, e.ID, oneLine(file), db.JSON(notes), actor.ID, actor.Name, s.now().UnixMilli())
		if err != nil {
			return err
		}
		s.cfg.Ledger.Record(tx, actor.Entry("document.word", "document:"+e.DocumentID, "从 Word 文件导入"))
		return nil
	})
}

// Imported reads the report of an edition; NotFound when there is none or it
// was put away.
func (s *Store) Imported(ctx context.Context, editionID string) (_ Imported, err error) {
	defer errs.Wrap(&err, "read the report of edition %s", editionID)
	var r struct {
		File  string `db:"file"`
		Notes string `db:"notes"`
		Name  string `db:"actor_name"`
		At    int64  `db:"at"`
	}
	err = db.Get(ctx, s.cfg.DB.Reader(), &r, `SELECT file, notes, actor_name, at FROM word_import WHERE edition_id = $1`, editionID)
	if err != nil {
		return Imported{}, notFound(err, "没有导入报告，可能已经收起。")
	}
	im := Imported{EditionID: editionID, File: r.File, By: r.Name, At: time.UnixMilli(r.At).UTC()}
	return im, db.FromJSON(r.Notes, &im.Notes)
}

// DismissImported puts the report of an edition away.
func (s *Store) DismissImported(ctx context.Context, actor auth.Actor, editionID string) (err error) {
	defer errs.Wrap(&err, "put away the report of edition %s", editionID)
	if err := oursBy(ctx, s.cfg.DB.Reader(), actor, columnOfEdition, editionID); err != nil {
		return err
	}
	if err := actor.Must(auth.Write); err != nil {
		return err
	}
	return s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM word_import WHERE edition_id = $1`, editionID)
		return err
	})
}
