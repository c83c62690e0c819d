package events

import (
	"context"
	"regexp"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// longNumber is what may be a phone or identity number in a question.
var longNumber = regexp.MustCompile(`[0-9０-９][0-9０-９ -]{5,}[0-9０-９Xx]`)

// Questions lists what those who signed up want to ask, for a lawyer who has said
// yes to the session: in the order they signed up, without names, with long
// numbers covered. consents are the versions of the notice that tell people so;
// what was written under another stays with the office.
func (s *Store) Questions(ctx context.Context, d Duty, consents ...string) (_ []string, err error) {
	defer errs.Wrap(&err, "questions for duty %s", d.ID)
	if !d.State.Comes() || len(consents) == 0 {
		return nil, nil
	}
	list, args := db.In(1, consents)
	rows, err := selectRegistrations(ctx, s.db.Reader(), `WHERE session = $1 AND state = 'confirmed' AND personal <> ''
		AND consent IN (`+list+`) ORDER BY created_at, id`, append([]any{d.SessionID}, args...)...)
	if err != nil {
		return nil, err
	}
	var asked []string
	for _, r := range rows {
		var p person
		if err := s.vault.Open(sealContext(r.ID), r.Personal, &p); err != nil {
			return nil, err
		}
		if p.Question != "" {
			asked = append(asked, longNumber.ReplaceAllString(p.Question, "（号码）"))
		}
	}
	return asked, nil
}
