package content

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Create makes a document with a first draft. An empty slug is made from the
// title; a given one must be free.
func (s *Store) Create(ctx context.Context, actor auth.Actor, kind Kind, slug string, text Text) (e Edition, err error) {
	defer errs.Wrap(&err, "create %s", kind)
	if !kind.Valid() {
		return e, errs.Bad("kind", "请选择类别。")
	}
	if err := actor.Must(auth.Write); err != nil {
		return e, err
	}
	if err := into(actor, oneLine(text.Column)); err != nil {
		return e, err
	}
	r, err := s.prepare(ctx, &text)
	if err != nil {
		return e, err
	}
	err = s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		w, err := s.begin(ctx, tx, actor)
		if err != nil {
			return err
		}
		e, err = w.create(ctx, kind, slug, text, r)
		return err
	})
	return e, err
}

// prepare does to a new text what needs no transaction.
func (s *Store) prepare(ctx context.Context, text *Text) (rendering, error) {
	*text = tidy(*text)
	if err := limits(*text); err != nil {
		return rendering{}, err
	}
	return s.render(ctx, *text)
}

// Save replaces the text of an edition in work.
func (s *Store) Save(ctx context.Context, actor auth.Actor, editionID string, version int64, text Text) (Edition, error) {
	r, err := s.prepare(ctx, &text)
	if err != nil {
		errs.Wrap(&err, "save edition %s", editionID)
		return Edition{}, err
	}
	return s.step(ctx, actor, editionID, version, change{action: ActSave, text: &text, rendering: &r})
}

// Submit hands a draft to the reviewers. Problems list what is missing.
func (s *Store) Submit(ctx context.Context, actor auth.Actor, editionID string, version int64) (Edition, error) {
	return s.step(ctx, actor, editionID, version, change{action: ActSubmit})
}

// Recall takes a submitted text back to the desk.
func (s *Store) Recall(ctx context.Context, actor auth.Actor, editionID string, version int64) (Edition, error) {
	return s.step(ctx, actor, editionID, version, change{action: ActRecall})
}

// Return gives a submitted text back to its author, with what to change.
func (s *Store) Return(ctx context.Context, actor auth.Actor, editionID string, version int64, reason string) (Edition, error) {
	return s.step(ctx, actor, editionID, version, change{action: ActReturn, reason: reason})
}

// Publish shows an edition to readers and supersedes the one before.
func (s *Store) Publish(ctx context.Context, actor auth.Actor, editionID string, version int64) (Edition, error) {
	return s.step(ctx, actor, editionID, version, change{action: ActPublish})
}

// Schedule sets when an edition will be published; at must be in the future.
func (s *Store) Schedule(ctx context.Context, actor auth.Actor, editionID string, version int64, at time.Time) (Edition, error) {
	return s.step(ctx, actor, editionID, version, change{action: ActSchedule, due: at})
}

// Unschedule takes a scheduled edition back to the desk.
func (s *Store) Unschedule(ctx context.Context, actor auth.Actor, editionID string, version int64) (Edition, error) {
	return s.step(ctx, actor, editionID, version, change{action: ActUnschedule})
}

// Withdraw leaves the text readable under a notice with the reason.
func (s *Store) Withdraw(ctx context.Context, actor auth.Actor, editionID string, version int64, reason string) (Edition, error) {
	return s.step(ctx, actor, editionID, version, change{action: ActWithdraw, reason: reason})
}

// Restore brings a withdrawn or unpublished text back.
func (s *Store) Restore(ctx context.Context, actor auth.Actor, editionID string, version int64) (Edition, error) {
	return s.step(ctx, actor, editionID, version, change{action: ActRestore})
}

// Unpublish takes the address away: its readers are sent to movedTo (a
// root-relative path or https address), or told that it is gone when it is "".
func (s *Store) Unpublish(ctx context.Context, actor auth.Actor, editionID string, version int64, reason, movedTo string) (Edition, error) {
	return s.step(ctx, actor, editionID, version, change{action: ActUnpublish, reason: reason, movedTo: movedTo})
}

// Revise begins a new draft with the text of an edition that was public, and
// returns the draft. A document has one edition in work at a time.
func (s *Store) Revise(ctx context.Context, actor auth.Actor, editionID string, version int64) (Edition, error) {
	return s.step(ctx, actor, editionID, version, change{action: ActRevise})
}

// DeleteDraft deletes a draft, and its document when it has nothing else.
func (s *Store) DeleteDraft(ctx context.Context, actor auth.Actor, editionID string, version int64) error {
	_, err := s.step(ctx, actor, editionID, version, change{action: ActDelete})
	return err
}

// Rename gives a document another address. Once it was public the old one
// redirects for ever.
func (s *Store) Rename(ctx context.Context, actor auth.Actor, documentID, slug string) (d Document, err error) {
	defer errs.Wrap(&err, "rename document %s", documentID)
	err = s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		w, err := s.begin(ctx, tx, actor)
		if err != nil {
			return err
		}
		d, err = w.rename(ctx, documentID, slug)
		return err
	})
	return d, err
}
