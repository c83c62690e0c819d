package events

import (
	"context"
	"fmt"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// NameSheet lists the live sign-ups of a session for the printed sheet: with full
// names and numbers for who may reveal them and has a reason, which goes into the
// audit; masked without one.
func (s *Store) NameSheet(ctx context.Context, actor auth.Actor, session, reason string) (_ []Registration, err error) {
	defer errs.Wrap(&err, "name sheet of session %s", session)
	all, err := s.listOut(ctx, actor, session, reason, "registration.sheet", "打印签到表", reason != "")
	live := all[:0]
	for _, r := range all {
		if r.State.Live() {
			live = append(live, r)
		}
	}
	return live, err
}

// ExportRegistrations lists all sign-ups of a session for a spreadsheet. Each
// export goes into the audit with the number of rows; full names and numbers
// need the permission and a reason.
func (s *Store) ExportRegistrations(ctx context.Context, actor auth.Actor, session, reason string) (_ []Registration, err error) {
	defer errs.Wrap(&err, "export registrations of session %s", session)
	return s.listOut(ctx, actor, session, reason, "registration.export", "导出报名名单", true)
}

// listOut is a list that leaves the office.
func (s *Store) listOut(ctx context.Context, actor auth.Actor, session, reason, action, what string, note bool) ([]Registration, error) {
	if err := actor.Must(auth.Sessions); err != nil {
		return nil, err
	}
	if err := oursBy(ctx, s.db.Reader(), actor, townOfSession, session); err != nil {
		return nil, err
	}
	v, how := masked, "（姓名电话遮住）"
	if reason != "" {
		if err := actor.Must(auth.Reveal); err != nil {
			return nil, err
		}
		var err error
		if reason, err = spoken(reason); err != nil {
			return nil, err
		}
		v, how = revealed, "（完整姓名电话）："+reason
	}
	rows, err := selectRegistrations(ctx, s.db.Reader(), `WHERE session = $1
		ORDER BY CASE state WHEN 'confirmed' THEN 0 WHEN 'waiting' THEN 1 ELSE 2 END, wait_pos, created_at, id`, session)
	if err != nil {
		return nil, err
	}
	if note {
		err = s.db.Update(ctx, func(_ context.Context, tx *db.Tx) error {
			s.ledger.Record(tx, actor.Entry(action, "session:"+session, fmt.Sprintf("%s %d 份%s", what, len(rows), how)))
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	list := make([]Registration, len(rows))
	for i, row := range rows {
		if list[i], err = s.registration(row, v); err != nil {
			return nil, err
		}
	}
	return list, nil
}
