package content

import (
	"context"
	"time"
)

// Render shows what a text would look like; it stores nothing.
func (s *Store) Render(ctx context.Context, text Text) (Rendered, error) { return Rendered{}, nil }

// PreviewToken lets anyone who has it see an edition until expires, whatever
// its state: the last part of /preview/{token}.
func (s *Store) PreviewToken(editionID string, expires time.Time) string { return "" }

// ByPreviewToken reads the edition of a token. Errors: errs.NotFound for a
// token that is not ours, errs.Gone for one that ran out.
func (s *Store) ByPreviewToken(ctx context.Context, token string) (Live, error) { return Live{}, nil }
