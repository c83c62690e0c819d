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

// Pictures is what the keeper of the bytes does with the photos of a session.
// Both work in the transaction that decides, so that no crash leaves a photo
// with the address it has lost. Nil does nothing.
type Pictures struct {
	// Hide takes the public address of a picture away.
	Hide func(ctx context.Context, tx *db.Tx, actor auth.Actor, key, reason string) error
	// Drop lets go of the bytes of a private picture.
	Drop func(ctx context.Context, tx *db.Tx, key string) error
	// Use says which pictures a session shows to readers, in place of what was
	// said before.
	Use func(ctx context.Context, tx *db.Tx, session string, keys []string) error
}

// ReportPhoto is a picture of the session, private until it is approved.
type ReportPhoto struct {
	Key      string // SHA-256 of the stored bytes
	Name     string
	Sheet    bool   // the signed list; never public
	Consent  bool   // who is in it agreed
	Blurred  string // key of the picture with faces made unrecognisable, "" for none
	Approved bool
}

// Public is the key of the picture that readers get once it is approved.
func (p ReportPhoto) Public() string {
	if p.Blurred != "" {
		return p.Blurred
	}
	return p.Key
}

type photoRow struct {
	Session    string `db:"session"`
	Key        string `db:"key"`
	Name       string `db:"name"`
	Sheet      bool   `db:"sheet"`
	Consent    bool   `db:"consent"`
	Approved   bool   `db:"approved"`
	Blurred    string `db:"blurred"`
	AddedAt    int64  `db:"added_at"`
	ApprovedAt *int64 `db:"approved_at"`
	ReviewedAt *int64 `db:"reviewed_at"`
	KeptReason string `db:"kept_reason"`
}

const photoColumns = `session, key, name, sheet, consent, approved, blurred, added_at, approved_at, reviewed_at, kept_reason`

func (r photoRow) photo() ReportPhoto {
	return ReportPhoto{Key: r.Key, Name: r.Name, Sheet: r.Sheet, Consent: r.Consent, Approved: r.Approved, Blurred: r.Blurred}
}

func selectPhotos(ctx context.Context, q db.Queryer, session string) ([]ReportPhoto, error) {
	var rows []photoRow
	if err := db.Select(ctx, q, &rows, `SELECT `+photoColumns+` FROM report_photo WHERE session = $1 ORDER BY added_at, key`, session); err != nil {
		return nil, err
	}
	photos := make([]ReportPhoto, len(rows))
	for i, r := range rows {
		photos[i] = r.photo()
	}
	return photos, nil
}

func getPhoto(ctx context.Context, q db.Queryer, session, key string) (photoRow, error) {
	var r photoRow
	err := db.Get(ctx, q, &r, `SELECT `+photoColumns+` FROM report_photo WHERE session = $1 AND key = $2`, session, key)
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.NotFound, "这张照片已经删除。", "photo is not of this session")
	}
	return r, err
}

// AddReportPhoto puts a stored picture to the report of a session. The page has
// stored the bytes, without where and with what they were taken. A signed list
// (sheet) is never shown to readers. The same picture again only changes what is
// said of it, and has to be approved anew.
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
			VALUES ($1, $2, $3, $4, $5, FALSE, $6, $7) ON CONFLICT (session, key) DO UPDATE SET sheet = $4, consent = $5`,
			session, p.Key, cut(oneLine(p.Name), 100), p.Sheet, p.Consent, s.now().UnixMilli(), actor.ID)
		if err != nil {
			return err
		}
		return s.hide(ctx, tx, actor, session, p.Key, "现场照片重新上传，等待审定")
	})
}

// RemoveReportPhoto takes a picture out of the report, and its bytes out of the
// store.
func (s *Store) RemoveReportPhoto(ctx context.Context, actor auth.Actor, session, key string) (err error) {
	defer errs.Wrap(&err, "remove photo from %s", session)
	return s.onPhotos(ctx, actor, session, "report.photo", "删除照片", func(ctx context.Context, tx *db.Tx) error {
		return s.removePhoto(ctx, tx, actor, session, key, "现场照片已删除")
	})
}

// removePhoto forgets a picture: its row, its address and its bytes, unless
// another session has them too.
func (s *Store) removePhoto(ctx context.Context, tx *db.Tx, actor auth.Actor, session, key, reason string) error {
	r, err := getPhoto(ctx, tx, session, key)
	if errs.Is(err, errs.NotFound) { // sent twice
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.hide(ctx, tx, actor, session, key, reason); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM report_photo WHERE session = $1 AND key = $2`, session, key); err != nil {
		return err
	}
	for _, bytes := range []string{r.Key, r.Blurred} {
		if err := s.dropPhoto(ctx, tx, bytes); err != nil {
			return err
		}
	}
	return nil
}

// dropPhoto lets go of bytes that no report holds any more.
func (s *Store) dropPhoto(ctx context.Context, tx *db.Tx, key string) error {
	if key == "" || s.pictures.Drop == nil {
		return nil
	}
	var others int
	if err := db.Get(ctx, tx, &others, `SELECT count(*) FROM report_photo WHERE key = $1 OR blurred = $1`, key); err != nil || others > 0 {
		return err
	}
	return s.pictures.Drop(ctx, tx, key)
}

// BlurReportPhoto puts the picture with faces made unrecognisable (blurred, the
// key of a stored one) in the place of a photo; "" takes it back. Whatever was
// public is hidden, and somebody approves anew what they see then.
func (s *Store) BlurReportPhoto(ctx context.Context, actor auth.Actor, session, key, blurred string) (err error) {
	defer errs.Wrap(&err, "blur photo of %s", session)
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	if blurred != "" && !photoKey.MatchString(blurred) {
		return errs.New(errs.Internal, "", "photo key %q", blurred)
	}
	what := "给照片打码"
	if blurred == "" {
		what = "撤销照片打码"
	}
	return s.onPhotos(ctx, actor, session, "report.photo.blur", what, func(ctx context.Context, tx *db.Tx) error {
		r, err := getPhoto(ctx, tx, session, key)
		if err != nil {
			return err
		}
		if r.Sheet {
			return errs.New(errs.Invalid, "签到表永远不公开，不用打码。", "photo is a signed list")
		}
		if err := s.hide(ctx, tx, actor, session, key, "现场照片重新打码，等待审定"); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `UPDATE report_photo SET blurred = $3 WHERE session = $1 AND key = $2`, session, key, blurred); err != nil {
			return err
		}
		if r.Blurred == blurred {
			return nil
		}
		return s.dropPhoto(ctx, tx, r.Blurred)
	})
}

// Publish makes the picture of a key public in the transaction that decides it;
// nil where nobody keeps bytes.
type Publish func(ctx context.Context, tx *db.Tx, actor auth.Actor, key string) error

// ShowReportPhoto lets readers see a picture: the one with faces made
// unrecognisable where there is one. Without the consent of who is in it, and of
// a signed list, nobody ever will.
func (s *Store) ShowReportPhoto(ctx context.Context, actor auth.Actor, session, key string, publish Publish) (err error) {
	defer errs.Wrap(&err, "show photo of %s", session)
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	return s.onPhotos(ctx, actor, session, "report.photo.show", "公开照片", func(ctx context.Context, tx *db.Tx) error {
		r, err := getPhoto(ctx, tx, session, key)
		if err != nil {
			return err
		}
		if !r.Consent || r.Sheet {
			return errs.New(errs.Invalid, "这张照片没有注明“已征得画面中人同意”，或者是签到表，不能公开。", "photo is not fit for the public")
		}
		if r.Approved {
			return nil
		}
		if publish != nil {
			if err := publish(ctx, tx, actor, r.photo().Public()); err != nil {
				return err
			}
		}
		if _, err := db.Exec(ctx, tx, `UPDATE report_photo SET approved = TRUE, approved_at = $3, reviewed_at = NULL, kept_reason = ''
			WHERE session = $1 AND key = $2`, session, key, s.now().UnixMilli()); err != nil {
			return err
		}
		return s.usePhotos(ctx, tx, session)
	})
}

// HideReportPhoto makes a public picture private again; its address is gone.
func (s *Store) HideReportPhoto(ctx context.Context, actor auth.Actor, session, key string) (err error) {
	defer errs.Wrap(&err, "hide photo of %s", session)
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	return s.onPhotos(ctx, actor, session, "report.photo.hide", "收回照片", func(ctx context.Context, tx *db.Tx) error {
		return s.hide(ctx, tx, actor, session, key, "现场照片已收回")
	})
}

// hide makes a photo private again. Its address goes, unless another session
// shows the same picture.
func (s *Store) hide(ctx context.Context, tx *db.Tx, actor auth.Actor, session, key, reason string) error {
	r, err := getPhoto(ctx, tx, session, key)
	if err != nil || !r.Approved {
		return err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE report_photo SET approved = FALSE, approved_at = NULL WHERE session = $1 AND key = $2`, session, key); err != nil {
		return err
	}
	if err := s.usePhotos(ctx, tx, session); err != nil || s.pictures.Hide == nil {
		return err
	}
	public := r.photo().Public()
	var others int
	err = db.Get(ctx, tx, &others, `SELECT count(*) FROM report_photo WHERE approved AND (blurred = $1 OR key = $1 AND blurred = '')`, public)
	if err != nil || others > 0 {
		return err
	}
	return s.pictures.Hide(ctx, tx, actor, public, reason)
}

// usePhotos says which pictures a session shows.
func (s *Store) usePhotos(ctx context.Context, tx *db.Tx, session string) error {
	if s.pictures.Use == nil {
		return nil
	}
	photos, err := selectPhotos(ctx, tx, session)
	if err != nil {
		return err
	}
	return s.pictures.Use(ctx, tx, session, publicKeys(photos))
}

func publicKeys(photos []ReportPhoto) (keys []string) {
	for _, p := range photos {
		if p.Approved && p.Consent && !p.Sheet {
			keys = append(keys, p.Public())
		}
	}
	return keys
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

// DerivePhotoUses says of every session which pictures it shows: once, for an
// installation from before that was kept.
func (s *Store) DerivePhotoUses(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "derive uses of photos")
	var sessions []string
	if err := db.Select(ctx, s.db.Reader(), &sessions, `SELECT DISTINCT session FROM report_photo WHERE approved ORDER BY session`); err != nil {
		return err
	}
	for _, session := range sessions {
		if err := s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error { return s.usePhotos(ctx, tx, session) }); err != nil {
			return err
		}
	}
	return nil
}
