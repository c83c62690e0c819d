package content

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/songfa/songfa/content/proof"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Finding is what a machine check found, and why it stands if somebody said so.
type Finding struct {
	proof.Finding
	Reason Reason // zero while nobody gave one
}

// Open reports whether the finding still stops the text.
func (f Finding) Open() bool { return f.Severity == proof.Block && f.Reason.Text == "" }

// Reason is why a finding stands. It holds for the document as long as the words
// are in it, also in later editions.
type Reason struct {
	Text  string
	Actor string // account id
	Name  string
	At    time.Time
}

// Findings checks a text of a document, which is a zero one for a new text, and
// joins what was found with the reasons given before.
func (s *Store) Findings(ctx context.Context, d Document, t Text) (_ []Finding, err error) {
	defer errs.Wrap(&err, "check a text of document %q", d.ID)
	if s.cfg.Proof == nil {
		return nil, nil
	}
	found, err := s.cfg.Proof(ctx, d, t)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	reasons, err := s.reasons(ctx, d.ID)
	list := make([]Finding, len(found))
	for i, f := range found {
		list[i] = Finding{f, reasons[f.Key()]}
	}
	return list, err
}

func (s *Store) reasons(ctx context.Context, documentID string) (map[string]Reason, error) {
	if documentID == "" {
		return nil, nil
	}
	var rows []struct {
		Finding string `db:"finding"`
		Reason  string `db:"reason"`
		Actor   string `db:"actor"`
		Name    string `db:"actor_name"`
		At      int64  `db:"at"`
	}
	err := db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT finding, reason, actor, actor_name, at FROM proof_reason WHERE document_id = $1`, documentID)
	reasons := make(map[string]Reason, len(rows))
	for _, r := range rows {
		reasons[r.Finding] = Reason{r.Reason, r.Actor, r.Name, time.UnixMilli(r.At).UTC()}
	}
	return reasons, err
}

// Excuse lets a finding stand, for a reason that reviewers read. Personal data
// stand only when a reviewer says so. An empty reason takes the last one back.
func (s *Store) Excuse(ctx context.Context, actor auth.Actor, documentID string, f proof.Finding, reason string) (err error) {
	defer errs.Wrap(&err, "let a finding stand in document %s", documentID)
	if err := oursBy(ctx, s.cfg.DB.Reader(), actor, columnOfDocument, documentID); err != nil {
		return err
	}
	needed := auth.Write
	if f.Rule.Private() {
		needed = auth.Publish
	}
	if err := actor.Must(needed); err != nil {
		return err
	}
	if reason = oneLine(reason); utf8.RuneCountInString(reason) > maxLine {
		return errs.Bad("excuse", "理由最多 500 个字，请缩短。")
	}
	return s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := lockDocument(ctx, tx, documentID)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `DELETE FROM proof_reason WHERE document_id = $1 AND finding = $2`, d.ID, f.Key()); err != nil {
			return err
		}
		summary := "《" + d.Title + "》的检查意见（" + f.Rule.Label() + "）撤回说明"
		if reason != "" {
			_, err := db.Exec(ctx, tx, `INSERT INTO proof_reason (document_id, finding, rule, field, excerpt, reason, actor, actor_name, at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, d.ID, f.Key(), f.Rule, f.Field, f.Excerpt, reason, actor.ID, actor.Name, s.now().UnixMilli())
			if err != nil {
				return err
			}
			summary = "《" + d.Title + "》的检查意见（" + f.Rule.Label() + "）说明后保留"
		}
		s.cfg.Ledger.Record(tx, actor.Entry("document.excuse", "document:"+d.ID, summary))
		return nil
	})
}

// blockers are the open blockers of a text that a step brings nearer to readers.
// The clock and imports pass: their texts were checked before, or elsewhere.
func (s *Store) blockers(ctx context.Context, actor auth.Actor, e Edition, a Action) (ps Problems, err error) {
	switch {
	case s.cfg.Proof == nil, actor.ID == auth.System().ID:
		return nil, nil
	case a == ActSubmit, a == ActPublish, a == ActSchedule, a == ActUrge, a == ActForce:
	case a == ActApprove && e.State == Submitted:
	default:
		return nil, nil
	}
	d, err := s.Document(ctx, e.DocumentID)
	if err != nil {
		return nil, err
	}
	list, err := s.Findings(ctx, d, e.Text)
	for _, f := range list {
		if f.Open() && f.Rule != proof.RuleNoAlt { // fit says so of each picture
			ps.add(f.Field, "“"+f.Excerpt+"”："+f.Message+"改好，或者在“检查”里写明为什么不改。")
		}
	}
	return ps, err
}

// proofForms are the fields that are checked, with how each is written.
var proofForms = []struct {
	name string
	form proof.Form
	of   func(t *Text) *string
}{
	{"title", proof.Line, func(t *Text) *string { return &t.Title }},
	{"answer", proof.Line, func(t *Text) *string { return &t.Answer }},
	{"summary", proof.Line, func(t *Text) *string { return &t.Summary }},
	{"body", proof.Markdown, func(t *Text) *string { return &t.Body }},
	{"author", proof.Names, func(t *Text) *string { return &t.Author }},
	{"origin", proof.Names, func(t *Text) *string { return &t.Origin }},
	{"cover_alt", proof.Alt, func(t *Text) *string { return &t.CoverAlt }},
}

// ProofFields are the fields of a text as the checks see them. Lists are written
// one entry a line, as in the form.
func ProofFields(t Text) []proof.Field {
	var fields []proof.Field
	for _, f := range proofForms {
		if text := *f.of(&t); text != "" {
			fields = append(fields, proof.Field{Name: f.name, Text: text, Form: f.form})
		}
	}
	if len(t.Sources) > 0 {
		fields = append(fields, proof.Field{Name: "sources", Text: strings.Join(t.Sources, "\n"), Form: proof.Sources})
	}
	if len(t.Attachments) > 0 {
		names := make([]string, len(t.Attachments))
		for i, a := range t.Attachments {
			names[i] = a.Name
		}
		fields = append(fields, proof.Field{Name: "attachments", Text: strings.Join(names, "\n"), Form: proof.Line})
	}
	return fields
}

// SetProofField puts the text of a field back, after a fix.
func (t *Text) SetProofField(name, text string) {
	for _, f := range proofForms {
		if f.name == name {
			*f.of(t) = text
		}
	}
	switch name {
	case "sources":
		t.Sources = strings.Split(text, "\n")
	case "attachments":
		files := append([]Attachment(nil), t.Attachments...)
		for i, line := range strings.Split(text, "\n") {
			if i < len(files) {
				files[i].Name = line
			}
		}
		t.Attachments = files
	}
}
