package events

import (
	"context"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// maxTold is how many messages are shown to the host.
const maxTold = 20

// Told lists what the host of a request was to be told, the newest first, so
// that who was not reached finds it on the page. What waits for a move to settle
// is not there yet, what was overtaken no longer.
func (s *Store) Told(ctx context.Context, request string) (_ []Message, err error) {
	defer errs.Wrap(&err, "messages to the host of %s", request)
	var rows []messageRow
	err = db.Select(ctx, s.db.Reader(), &rows, `SELECT m.id, m.kind, m.session, m.session_version, m.recipient_kind, m.recipient, m.title, m.body,
		m.path, m.about, m.state, m.channel, m.not_before, m.attempts, m.last_error, m.done_by, m.created_at, m.updated_at
		FROM message m JOIN request r ON r.session = m.session
		WHERE r.id = $1 AND m.recipient_kind = 'organizer' AND m.state <> 'cancelled' AND m.not_before <= $2
		ORDER BY m.created_at DESC, m.id DESC LIMIT $3`, request, s.now().UnixMilli(), maxTold)
	return messages(rows), err
}
