package events

import (
	"context"
	"slices"
	"time"

	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// SessionName is what a list of figures says about a session.
type SessionName struct {
	ID    string `db:"id"`
	No    string `db:"no"`
	Title string `db:"title"`
	State State  `db:"state"`
}

// SessionNames finds what the sessions of many rows are called, by id.
func (s *Store) SessionNames(ctx context.Context, ids []string) (_ map[string]SessionName, err error) {
	defer errs.Wrap(&err, "name %d sessions", len(ids))
	names := make(map[string]SessionName, len(ids))
	for chunk := range slices.Chunk(ids, 500) {
		list, args := db.In(0, chunk)
		var rows []SessionName
		if err := db.Select(ctx, s.db.Reader(), &rows, `SELECT id, no, title, state FROM session WHERE id IN (`+list+`)`, args...); err != nil {
			return nil, err
		}
		for _, r := range rows {
			names[r.ID] = r
		}
	}
	return names, nil
}

// CheckFigures looks for what cannot be right in the days of a query: hand-outs
// beyond receipts, outliers, sessions that count although they did not take
// place, and outcomes that are missing.
func (s *Store) CheckFigures(ctx context.Context, actor auth.Actor, q figures.Query) (_ []figures.Finding, err error) {
	defer errs.Wrap(&err, "check figures")
	if err := actor.Must(auth.Figures); err != nil {
		return nil, err
	}
	q = q.For(actor)
	found, err := s.figures.Check(ctx, q)
	if err != nil {
		return nil, err
	}
	rows, err := s.figures.Rows(ctx, withMeasures(q, "session"), 0, 0)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, r := range rows {
		if r.SourceKind == "session" {
			ids = append(ids, r.SourceID)
		}
	}
	names, err := s.SessionNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if n := names[id]; n.State != Verified && n.State != Archived {
			found = append(found, figures.Finding{Text: n.No + "《" + n.Title + "》现在是“" + n.State.Label() + "”，却计入了统计。请联系管理员。", SourceKind: "session", SourceID: id})
		}
	}
	return found, nil
}

func withMeasures(q figures.Query, measures ...string) figures.Query {
	q.Measures = measures
	return q
}

// Unreported counts the sessions of the days whose outcome is not verified yet:
// they are in no figure.
func (s *Store) Unreported(ctx context.Context, actor auth.Actor, from, to string) (n int, err error) {
	defer errs.Wrap(&err, "count unreported sessions")
	first, last, err := dayBounds(from, to)
	if err != nil {
		return 0, err
	}
	list, args := db.In(2, []State{Held, Reported, ReportReturned})
	towns, more := inTowns(actor, "town", 2+len(args))
	err = db.Get(ctx, s.db.Reader(), &n, `SELECT count(*) FROM session WHERE starts_at >= $1 AND starts_at < $2 AND state IN (`+list+`)`+towns,
		append(append([]any{first, last}, args...), more...)...)
	return n, err
}

// dayBounds are the first moment of a day and the first after another.
func dayBounds(from, to string) (first, after int64, err error) {
	a, err := figureDay(from)
	if err != nil {
		return 0, 0, err
	}
	b, err := figureDay(to)
	return a.UnixMilli(), b.AddDate(0, 0, 1).UnixMilli(), err
}

func figureDay(day string) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, day, Zone)
	if err != nil {
		return t, errs.Bad("from", "请填写起止日期，例如 2026-01-01。")
	}
	return t, nil
}
