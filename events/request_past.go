package events

import (
	"context"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// maxPast is how many earlier sessions are listed.
const maxPast = 20

// PastRequests lists what was asked for from the same telephone, the newest
// first, without the request itself. Anybody can type somebody else's number
// into a draft: others are only told once the bureau has answered to that
// number, that is, once it has accepted the request.
func (s *Store) PastRequests(ctx context.Context, id string) (list []Request, err error) {
	defer errs.Wrap(&err, "past requests of %s", id)
	row, err := getRequest(ctx, s.db.Reader(), "id = $1", id)
	if err != nil {
		return nil, noRequest(err)
	}
	r, err := s.readRequest(ctx, s.db.Reader(), row)
	if err != nil || !r.answered() {
		return nil, err
	}
	var ids []string
	err = db.Select(ctx, s.db.Reader(), &ids, `SELECT id FROM request WHERE phone_bidx = $1 AND id <> $2 AND session IS NOT NULL
		AND personal <> '' ORDER BY created_at DESC, id DESC LIMIT $3`, row.PhoneBidx, id, maxPast)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		r, err := s.RequestByID(ctx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

// answered reports that somebody at the bureau has spoken for the session, and so
// to the number that was given.
func (r Request) answered() bool {
	switch r.State {
	case Draft, Submitted, InReview, Returned, Rejected, Withdrawn:
		return false
	}
	return true
}
