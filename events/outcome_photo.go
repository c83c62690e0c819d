package events

import (
	"context"
	"regexp"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// maxPhotos is how many pictures a session has at most.
const maxPhotos = 12

var photoKey = regexp.MustCompile(`^[0-9a-f]{64}$`)

type photoRow struct {
	Key      string `db:"key"`
	Name     string `db:"name"`
	Sheet    bool   `db:"sheet"`
	Consent  bool   `db:"consent"`
	Approved bool   `db:"approved"`
}

func selectPhotos(ctx context.Context, q db.Queryer, session string) ([]ReportPhoto, error) {
	var rows []photoRow
	if err := db.Select(ctx, q, &rows, `SELECT key, name, sheet, consent, approved FROM report_photo WHERE session = $1 ORDER BY added_at, key`, session); err != nil {
		return nil, err
	}
	photos := make([]ReportPhoto, len(rows))
	for i, r := range rows {
		photos[i] = ReportPhoto(r)
	}
	return photos, nil
}

// AddReportPhoto puts a stored picture to the report of a session. The page has
// stored the bytes, without where and with what they were taken. A signed list
// (sheet) is never shown to readers.
func (s *Store) AddReportPhoto(ctx context.Context, actor auth.Actor, session string, p ReportPhoto) (err error) {
	defer errs.Wrap(&err, "add photo to %s", session)
	if !photoKey.MatchString(p.Key) {
		return errs.New(errs.Internal, "", "photo key %q", p.Key)
	}
	return s.onPhotos(ctx, actor, session, "report.photo", "添加照片", func(ctx context.Context, tx *db.Tx) error {
		var n int
		if err := db.Get(ctx, tx, &n, `SELECT count(*) FROM report_photo WHERE session = $1 AND key <> $2`, session, p.Key); err != nil {
			return err
		}
		if n >= maxPhotos {
			return errs.Bad("photo", "一场最多 12 张照片，请先删掉不用的。")
		}
		_, err := db.Exec(ctx, tx, `INSERT INTO report_photo (session, key, name, sheet, consent, approved, added_at, added_by)
			VALUES ($1, $2, $3, $4, $5, FALSE, $6, $7) ON CONFLICT (session, key) DO UPDATE SET sheet = $4, consent = $5, approved = FALSE`,
			session, p.Key, cut(oneLine(p.Name), 100), p.Sheet, p.Consent, s.now().UnixMilli(), actor.ID)
		return err
	})
}

// RemoveReportPhoto takes a picture out of the report.
func (s *Store) RemoveReportPhoto(ctx context.Context, actor auth.Actor, session, key string) (err error) {
	defer errs.Wrap(&err, "remove photo from %s", session)
	return s.onPhotos(ctx, actor, session, "report.photo", "删除照片", func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM report_photo WHERE session = $1 AND key = $2`, session, key)
		return err
	})
}

// ApproveReportPhoto lets readers see a picture, or hides it again. Without the
// consent of who is in it, and of a signed list, it never will be.
func (s *Store) ApproveReportPhoto(ctx context.Context, actor auth.Actor, session, key string, approved bool) (err error) {
	defer errs.Wrap(&err, "approve photo of %s", session)
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	return s.onPhotos(ctx, actor, session, "report.photo", "审定照片", func(ctx context.Context, tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, `UPDATE report_photo SET approved = $3 WHERE session = $1 AND key = $2 AND (NOT $3 OR consent AND NOT sheet)`, session, key, approved)
		if err == nil && n == 0 {
			err = errs.New(errs.Invalid, "这张照片没有注明“已征得画面中人同意”，或者是签到表，不能公开。", "photo is not fit for the public")
		}
		return err
	})
}

// onPhotos changes the pictures of a session whose outcome can be reported. The
// outcome of a verified session may still gain and lose pictures.
func (s *Store) onPhotos(ctx context.Context, actor auth.Actor, session, action, what string, do func(context.Context, *db.Tx) error) error {
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		se, err := lockRecord(ctx, tx, session)
		if err != nil {
			return err
		}
		if err := s.mayReport(ctx, tx, actor, session, HostPart); err != nil {
			return err
		}
		if se.State != Verified && se.State != Archived {
			if err := reportable(se.Session); err != nil {
				return err
			}
		}
		if err := do(ctx, tx); err != nil {
			return err
		}
		s.recordSession(tx, actor, action, se.Session, "场次《"+se.Title+"》"+what)
		return nil
	})
}

// PublicPhotos are the pictures of a session that readers may see.
func (s *Store) PublicPhotos(ctx context.Context, session string) (_ []ReportPhoto, err error) {
	defer errs.Wrap(&err, "photos of %s", session)
	all, err := selectPhotos(ctx, s.db.Reader(), session)
	var open []ReportPhoto
	for _, p := range all {
		if p.Approved && p.Consent && !p.Sheet {
			open = append(open, p)
		}
	}
	return open, err
}
