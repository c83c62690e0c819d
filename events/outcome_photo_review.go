package events

import (
	"context"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// AgedPhoto is a public picture whose time has come: somebody looks at it and
// keeps it, with a reason, or takes it down.
type AgedPhoto struct {
	ReportPhoto
	SessionID, SessionNo, SessionTitle string
	Since                              time.Time // since when readers see it
	Reviewed                           time.Time // last kept on this day; zero never
	Kept                               string    // why
}

// AgedPhotos lists the public pictures that are older than [Rules.PhotoYears]
// since they were approved or last kept, the oldest first, at most 200.
func (s *Store) AgedPhotos(ctx context.Context, actor auth.Actor) (_ []AgedPhoto, err error) {
	defer errs.Wrap(&err, "photos to review")
	var rows []struct {
		photoRow
		No    string `db:"no"`
		Title string `db:"title"`
	}
	towns, more := inTowns(actor, "s.town", 1)
	err = db.Select(ctx, s.db.Reader(), &rows, `SELECT p.session, p.key, p.name, p.sheet, p.consent, p.approved, p.blurred, p.added_at,
		p.approved_at, p.reviewed_at, p.kept_reason, s.no, s.title FROM report_photo p JOIN session s ON s.id = p.session
		WHERE p.approved AND COALESCE(p.reviewed_at, p.approved_at, p.added_at) < $1`+towns+`
		ORDER BY COALESCE(p.reviewed_at, p.approved_at, p.added_at), p.key LIMIT 200`, append([]any{s.photosBefore()}, more...)...)
	if err != nil {
		return nil, err
	}
	list := make([]AgedPhoto, len(rows))
	for i, r := range rows {
		list[i] = AgedPhoto{ReportPhoto: r.photo(), SessionID: r.Session, SessionNo: r.No, SessionTitle: r.Title, Since: local(r.AddedAt), Kept: r.KeptReason}
		if r.ApprovedAt != nil {
			list[i].Since = local(*r.ApprovedAt)
		}
		if r.ReviewedAt != nil {
			list[i].Reviewed = local(*r.ReviewedAt)
		}
	}
	return list, nil
}

// photosBefore is the moment before which a public picture is due for a look.
func (s *Store) photosBefore() int64 {
	return s.now().AddDate(-s.rules.PhotoYears, 0, 0).UnixMilli()
}

// maxKept is in characters.
const maxKept = 200

// KeepPhoto keeps a public picture for another [Rules.PhotoYears], for a reason.
func (s *Store) KeepPhoto(ctx context.Context, actor auth.Actor, session, key, reason string) (err error) {
	defer errs.Wrap(&err, "keep photo of %s", session)
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	reason = oneLine(reason)
	if n := len([]rune(reason)); n == 0 || n > maxKept {
		return errs.Bad("reason", "请写明继续公开的理由，200 字以内。")
	}
	return s.onPhotos(ctx, actor, session, "report.photo.keep", "到期照片继续公开", func(ctx context.Context, tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, `UPDATE report_photo SET reviewed_at = $3, kept_reason = $4 WHERE session = $1 AND key = $2 AND approved`,
			session, key, s.now().UnixMilli(), reason)
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "这张照片已经不在公开之列，请刷新列表。", "photo is not public")
		}
		return err
	})
}

// TakeDownPhoto deletes a picture for good: the public one, the one behind it
// and the address.
func (s *Store) TakeDownPhoto(ctx context.Context, actor auth.Actor, session, key string) (err error) {
	defer errs.Wrap(&err, "take down photo of %s", session)
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	return s.onPhotos(ctx, actor, session, "report.photo.down", "到期照片撤下", func(ctx context.Context, tx *db.Tx) error {
		return s.removePhoto(ctx, tx, actor, session, key, "现场照片到期撤下")
	})
}

// PhotoKeys are the keys of all pictures that reports hold: what else is private
// in the store belongs to nobody.
func (s *Store) PhotoKeys(ctx context.Context) (_ map[string]bool, err error) {
	defer errs.Wrap(&err, "photo keys")
	var rows []string
	if err := db.Select(ctx, s.db.Reader(), &rows, `SELECT key || ' ' || blurred FROM report_photo`); err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(rows))
	for _, r := range rows {
		for _, key := range strings.Fields(r) {
			known[key] = true
		}
	}
	return known, nil
}
