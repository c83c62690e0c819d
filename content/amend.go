package content

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Amendment is what an edition changed against the one that readers had. A
// minor one (a comma) tells nobody; a major one (the meaning) must say what, and
// readers find it under the text.
type Amendment struct {
	Major bool   `json:"major,omitempty"`
	Note  string `json:"note,omitempty"`
}

// maxAmendment is how long a note may be, in characters.
const maxAmendment = 200

// Amend says what a draft changes. It is set before the text goes to review, so
// that reviewers see what readers will be told.
func (s *Store) Amend(ctx context.Context, actor auth.Actor, editionID string, version int64, a Amendment) (Edition, error) {
	a.Note = oneLine(a.Note)
	if utf8.RuneCountInString(a.Note) > maxAmendment {
		return Edition{}, errs.Bad("change_note", "修改说明最多 200 个字，请缩短。")
	}
	return s.step(ctx, actor, editionID, version, change{action: ActAmend, amend: &a})
}

// judgeAmendment asks for the note that readers are owed.
func judgeAmendment(d documentRow, e Edition) error {
	if e.Change.Major && e.Change.Note == "" && d.LiveID != "" && d.LiveID != e.ID {
		return errs.Bad("change_note", "这一版是大改，请写一句修改说明，读者会在文末看到。")
	}
	return nil
}

// PublicChange is one entry of a document's public history.
type PublicChange struct {
	At    time.Time
	First bool // the first publication; it has no note
	Note  string
}

// Changes is the public history of a document, newest first: its first
// publication and every major change since. Editions that readers never had are
// not in it.
func (s *Store) Changes(ctx context.Context, documentID string) (_ []PublicChange, err error) {
	defer errs.Wrap(&err, "read changes of %s", documentID)
	var rows []struct {
		At    int64  `db:"published_at"`
		Major bool   `db:"change_major"`
		Note  string `db:"change_note"`
	}
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT published_at, change_major, change_note FROM editions
		WHERE document_id = $1 AND published_at IS NOT NULL ORDER BY number`, documentID)
	if err != nil {
		return nil, err
	}
	var list []PublicChange
	for i, r := range rows {
		if i == 0 || r.Major {
			list = append([]PublicChange{{At: time.UnixMilli(r.At).UTC(), First: i == 0, Note: r.Note}}, list...)
		}
	}
	return list, nil
}
