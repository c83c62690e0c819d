package content

import (
	"context"
	"html"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/markdown"
)

// Mark is what a reviewer wrote at a passage (批注). It knows its passage by the
// words, so it finds them again when the text has changed around them; once the
// words are gone it is in the list alone. Marks are never deleted.
type Mark struct {
	ID, EditionID, DocumentID string
	Anchor
	Reason       string // from ReviewReasons; may be ""
	Remark       string
	Stage        string // the step in which it was made; "" outside
	Person, Name string
	At           time.Time
	ResolvedBy   string
	ResolvedName string
	Resolved     time.Time
}

// Open reports that nobody has dealt with it.
func (m Mark) Open() bool { return m.Resolved.IsZero() }

// Anchor is a passage of a field, as readers see the field.
type Anchor struct {
	Field  string // title, answer, summary, body
	Quote  string
	Before string // what stood around it when it was marked
	After  string
	Start  int // where it stood, in characters that are no white space
}

const (
	maxMarkQuote = 300 // characters
	maxMarks     = 500 // of one edition
	contextLen   = 20
)

// NewAnchor finds the quote in the text of a field, the at-th time it is there
// (from 0), and takes down what stands around it. ok is false when it is not.
func NewAnchor(field, text, quote string, at int) (a Anchor, ok bool) {
	squeezed, want := squeeze(text), squeeze(quote)
	if len(want) == 0 {
		return a, false
	}
	found := positions(squeezed, want)
	if len(found) == 0 {
		return a, false
	}
	i := found[min(max(0, at), len(found)-1)]
	end := i + len(want)
	return Anchor{Field: field, Quote: strings.TrimSpace(quote), Before: string(squeezed[max(0, i-contextLen):i]),
		After: string(squeezed[end:min(len(squeezed), end+contextLen)]), Start: i}, true
}

// Find says where the passage is in a text now, in characters that are no white
// space: of the places where the words stand, the one whose surroundings are
// most alike, then the nearest. ok is false when they stand nowhere.
func (a Anchor) Find(text string) (from, to int, ok bool) {
	squeezed, want := squeeze(text), squeeze(a.Quote)
	best := 0
	for _, i := range positions(squeezed, want) {
		score := 1000*(common(squeezed[:i], []rune(a.Before), true)+common(squeezed[i+len(want):], []rune(a.After), false)) - min(999, abs(i-a.Start))
		if !ok || score > best {
			best, from, ok = score, i, true
		}
	}
	return from, from + len(want), ok
}

func abs(n int) int { return max(n, -n) }

// squeeze drops white space: a browser's selection has other line ends than the text.
func squeeze(s string) []rune {
	return []rune(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u200b' {
			return -1
		}
		return r
	}, s))
}

func positions(text, want []rune) (list []int) {
	for i := 0; len(want) > 0 && i+len(want) <= len(text); i++ {
		if slices.Equal(text[i:i+len(want)], want) {
			list = append(list, i)
		}
	}
	return list
}

// common counts how many characters two texts share at their ends, or at their
// beginnings.
func common(a, b []rune, ends bool) (n int) {
	for n < min(len(a), len(b)) {
		x, y := a[n], b[n]
		if ends {
			x, y = a[len(a)-1-n], b[len(b)-1-n]
		}
		if x != y {
			break
		}
		n++
	}
	return n
}

// FieldText is a field of an edition as readers see it: what anchors look in.
func FieldText(e Edition, field string) string {
	switch field {
	case "title":
		return e.Title
	case "answer":
		return e.Answer
	case "summary":
		return e.Summary
	case "body":
		return markdown.HTMLText(e.HTML)
	}
	return ""
}

// Marked is a field of an edition as HTML, body or not, with its open marks in
// it: each is <mark id="mark-ID">. Marks whose words are gone are left out.
func Marked(e Edition, field string, marks []Mark) string {
	source := e.HTML
	if field != "body" {
		source = html.EscapeString(FieldText(e, field))
	}
	text := markdown.HTMLText(source)
	var list []markdown.Highlight
	for _, m := range marks {
		if from, to, ok := m.Find(text); ok && m.Field == field && m.Open() {
			list = append(list, markdown.Highlight{ID: "mark-" + m.ID, From: from, To: to})
		}
	}
	return markdown.Highlighted(source, list)
}

// Lost reports that the marked words are no longer in the edition.
func (m Mark) Lost(e Edition) bool {
	_, _, ok := m.Find(FieldText(e, m.Field))
	return !ok
}

// Nth says which of the places where a quote stands begins at or after a
// character that is no white space: what AddMark is told.
func Nth(text, quote string, from int) int {
	places := positions(squeeze(text), squeeze(quote))
	for i, at := range places {
		if at >= from {
			return i
		}
	}
	return max(0, len(places)-1)
}

// AddMark writes a remark at a passage of the edition as it is: the at-th time
// the quote is in the field.
func (s *Store) AddMark(ctx context.Context, actor auth.Actor, editionID string, m Mark, at int) (_ Mark, err error) {
	defer errs.Wrap(&err, "mark edition %s", editionID)
	if err := oursBy(ctx, s.cfg.DB.Reader(), actor, columnOfEdition, editionID); err != nil {
		return m, err
	}
	e, err := s.Edition(ctx, editionID)
	if err != nil {
		return m, err
	}
	if err := actor.Must(auth.Write); err != nil && e.Review.Refusal(actor, e.Trail) != nil {
		return m, err
	}
	m.Remark, m.Reason = oneLine(m.Remark), oneLine(m.Reason)
	switch {
	case utf8.RuneCountInString(m.Quote) > maxMarkQuote:
		return m, errs.Bad("quote", "引用的原文最多 300 个字，请只留要改的那几句。")
	case m.Remark == "" && m.Reason == "":
		return m, errs.Bad("remark", "请写要改什么，或者选一个理由。")
	case utf8.RuneCountInString(m.Remark) > maxLine || utf8.RuneCountInString(m.Reason) > maxLine:
		return m, errs.Bad("remark", "批注最多 500 个字，请缩短。")
	}
	anchor, ok := NewAnchor(m.Field, FieldText(e, m.Field), m.Quote, at)
	if !ok {
		return m, errs.Bad("quote", "在文中没有找到引用的这几个字，请照原文抄一遍，不要改动。")
	}
	m.Anchor, m.ID, m.EditionID, m.DocumentID = anchor, db.NewID(), e.ID, e.DocumentID
	m.Person, m.Name, m.At, m.Stage = actor.ID, actor.Name, s.now(), e.Review.Current().Name
	return m, s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error { return s.putMark(ctx, tx, actor, m) })
}

func (s *Store) putMark(ctx context.Context, tx *db.Tx, actor auth.Actor, m Mark) error {
	var n int
	if err := db.Get(ctx, tx, &n, `SELECT count(*) FROM mark WHERE edition_id = $1`, m.EditionID); err != nil {
		return err
	}
	if n >= maxMarks {
		return errs.New(errs.Conflict, "这一版已有 500 条批注。请退回给作者，改了再审。", "too many marks")
	}
	_, err := db.Exec(ctx, tx, `INSERT INTO mark (`+markColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', '', NULL)`,
		m.ID, m.EditionID, m.DocumentID, m.Field, m.Quote, m.Before, m.After, m.Start, m.Reason, m.Remark, m.Stage, m.Person, m.Name, m.At.UnixMilli())
	s.cfg.Ledger.Record(tx, actor.Entry("document.mark", "document:"+m.DocumentID, "批注一处"))
	return err
}

// ResolveMark says that a mark is dealt with; open again with done false.
func (s *Store) ResolveMark(ctx context.Context, actor auth.Actor, id string, done bool) (m Mark, err error) {
	defer errs.Wrap(&err, "resolve mark %s", id)
	if err := oursBy(ctx, s.cfg.DB.Reader(), actor, columnOfMark, id); err != nil {
		return m, err
	}
	if err := actor.Must(auth.Write); err != nil {
		return m, err
	}
	by, name, at := "", "", (*int64)(nil)
	if done {
		by, name, at = actor.ID, actor.Name, db.Millis(s.now())
	}
	err = s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		var r markRow
		err := db.Get(ctx, tx, &r, `UPDATE mark SET resolved_by = $2, resolved_name = $3, resolved_at = $4 WHERE id = $1 RETURNING `+markColumns, id, by, name, at)
		if err != nil {
			return notFound(err, "没有这条批注，请刷新页面。")
		}
		m = r.mark()
		s.cfg.Ledger.Record(tx, actor.Entry("document.mark_done", "document:"+m.DocumentID, map[bool]string{true: "处理了一条批注", false: "重新打开一条批注"}[done]))
		return nil
	})
	return m, err
}

// Marks lists the marks of an edition, oldest first.
func (s *Store) Marks(ctx context.Context, editionID string) (_ []Mark, err error) {
	defer errs.Wrap(&err, "list marks of %s", editionID)
	var rows []markRow
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT `+markColumns+` FROM mark WHERE edition_id = $1 ORDER BY at, id`, editionID)
	list := make([]Mark, len(rows))
	for i, r := range rows {
		list[i] = r.mark()
	}
	return list, err
}

const markColumns = `id, edition_id, document_id, field, quote, before, after, start, reason, remark, stage, person, name, at, resolved_by, resolved_name, resolved_at`

type markRow struct {
	ID           string `db:"id"`
	EditionID    string `db:"edition_id"`
	DocumentID   string `db:"document_id"`
	Field        string `db:"field"`
	Quote        string `db:"quote"`
	Before       string `db:"before"`
	After        string `db:"after"`
	Start        int    `db:"start"`
	Reason       string `db:"reason"`
	Remark       string `db:"remark"`
	Stage        string `db:"stage"`
	Person       string `db:"person"`
	Name         string `db:"name"`
	At           int64  `db:"at"`
	ResolvedBy   string `db:"resolved_by"`
	ResolvedName string `db:"resolved_name"`
	ResolvedAt   *int64 `db:"resolved_at"`
}

func (r markRow) mark() Mark {
	return Mark{ID: r.ID, EditionID: r.EditionID, DocumentID: r.DocumentID, Anchor: Anchor{Field: r.Field, Quote: r.Quote, Before: r.Before, After: r.After, Start: r.Start},
		Reason: r.Reason, Remark: r.Remark, Stage: r.Stage, Person: r.Person, Name: r.Name, At: time.UnixMilli(r.At).UTC(),
		ResolvedBy: r.ResolvedBy, ResolvedName: r.ResolvedName, Resolved: db.Time(r.ResolvedAt)}
}
