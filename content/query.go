package content

import (
	"context"

	"github.com/songfa/songfa/internal/errs"
)

// Live is a document with the edition that readers get.
type Live struct {
	Document
	Edition
}

// Published finds what readers get at an address: the edition without its Body,
// Plain, Trail and Citations, in state Published or Withdrawn (shown under a
// notice with its Reason). Errors: *Moved with where it is now, errs.Gone,
// errs.NotFound.
func (s *Store) Published(ctx context.Context, kind Kind, slug string) (Live, error) {
	return Live{}, errs.New(errs.NotFound, "", "no %s %s", kind, slug)
}

// LiveByIDs reads whole live editions (for the index); documents that readers
// cannot get are left out. Withdrawn ones are in it: look at State.
func (s *Store) LiveByIDs(ctx context.Context, ids []string) ([]Live, error) { return nil, nil }

// EachPublished reads up to limit published documents with an id after the
// given one, by id: whole, for the index.
func (s *Store) EachPublished(ctx context.Context, after string, limit int) ([]Live, error) {
	return nil, nil
}

// EachItem is the same for the sitemap and feeds: only the heads.
func (s *Store) EachItem(ctx context.Context, after string, limit int) ([]Item, error) {
	return nil, nil
}

// Document reads an identity.
func (s *Store) Document(ctx context.Context, id string) (Document, error) { return Document{}, nil }

// Edition reads one edition, whole, for staff.
func (s *Store) Edition(ctx context.Context, id string) (Edition, error) { return Edition{}, nil }

// Editions lists a document's editions, newest first, whole but without
// Rendered: for the history and for comparing.
func (s *Store) Editions(ctx context.Context, documentID string) ([]Edition, error) { return nil, nil }
