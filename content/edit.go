package content

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
)

// Create makes a document with a first draft. An empty slug is made from the
// title; a given one must be free.
func (s *Store) Create(ctx context.Context, actor auth.Actor, kind Kind, slug string, text Text) (Edition, error) {
	return Edition{}, nil
}

// Save replaces the text of an edition in work.
func (s *Store) Save(ctx context.Context, actor auth.Actor, editionID string, version int64, text Text) (Edition, error) {
	return Edition{}, nil
}

// Submit hands a draft to the reviewers. Problems list what is missing.
func (s *Store) Submit(ctx context.Context, actor auth.Actor, editionID string, version int64) (Edition, error) {
	return Edition{}, nil
}

// Recall takes a submitted text back to the desk.
func (s *Store) Recall(ctx context.Context, actor auth.Actor, editionID string, version int64) (Edition, error) {
	return Edition{}, nil
}

// Return gives a submitted text back to its author, with what to change.
func (s *Store) Return(ctx context.Context, actor auth.Actor, editionID string, version int64, reason string) (Edition, error) {
	return Edition{}, nil
}

// Publish shows an edition to readers and supersedes the one before.
func (s *Store) Publish(ctx context.Context, actor auth.Actor, editionID string, version int64) (Edition, error) {
	return Edition{}, nil
}

// Schedule sets when an edition will be published; at must be in the future.
func (s *Store) Schedule(ctx context.Context, actor auth.Actor, editionID string, version int64, at time.Time) (Edition, error) {
	return Edition{}, nil
}

// Unschedule takes a scheduled edition back to the desk.
func (s *Store) Unschedule(ctx context.Context, actor auth.Actor, editionID string, version int64) (Edition, error) {
	return Edition{}, nil
}

// Withdraw leaves the text readable under a notice with the reason.
func (s *Store) Withdraw(ctx context.Context, actor auth.Actor, editionID string, version int64, reason string) (Edition, error) {
	return Edition{}, nil
}

// Restore brings a withdrawn or unpublished text back.
func (s *Store) Restore(ctx context.Context, actor auth.Actor, editionID string, version int64) (Edition, error) {
	return Edition{}, nil
}

// Unpublish takes the address away: its readers are sent to movedTo (a
// root-relative path or https address), or told that it is gone when it is "".
func (s *Store) Unpublish(ctx context.Context, actor auth.Actor, editionID string, version int64, reason, movedTo string) (Edition, error) {
	return Edition{}, nil
}

// Revise begins a new draft with the text of an edition that was public.
func (s *Store) Revise(ctx context.Context, actor auth.Actor, editionID string, version int64) (Edition, error) {
	return Edition{}, nil
}

// DeleteDraft deletes a draft, and its document when it has nothing else.
func (s *Store) DeleteDraft(ctx context.Context, actor auth.Actor, editionID string, version int64) error {
	return nil
}

// Rename gives a document another address. The old one redirects for ever once
// it was public.
func (s *Store) Rename(ctx context.Context, actor auth.Actor, documentID, slug string) (Document, error) {
	return Document{}, nil
}

// PublishDue publishes what is due at now and says how many. An edition that
// cannot be published stays and is in the error; the others go on.
func (s *Store) PublishDue(ctx context.Context, now time.Time) (int, error) { return 0, nil }

// NextDue is when the clock has to call PublishDue; zero when nothing waits.
func (s *Store) NextDue(ctx context.Context) (time.Time, error) { return time.Time{}, nil }
