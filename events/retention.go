package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Purged is what one purpose of keeping personal data has come to its end for.
type Purged struct {
	Purpose string // Chinese, as in the privacy notice
	Rows    int
}

// Retention deletes personal data whose purpose has ended, purpose by purpose
// (个人信息保护法 article 47), and says how much; dry it only counts. What stays are
// rows without persons: no figure changes. It is safe to run at any time, on any
// node, again after it was cut off.
func (s *Store) Retention(ctx context.Context, dry bool) (_ []Purged, err error) {
	defer errs.Wrap(&err, "retention")
	registrations, err := s.WipeRegistrations(ctx, dry)
	if err != nil {
		return nil, err
	}
	list := []Purged{{"报名人的姓名、电话和问题", registrations.Identities}, {"报名人的网络地址", registrations.Addresses}}
	for _, p := range s.purposes() {
		n, err := s.purge(ctx, p, dry)
		if err != nil {
			return nil, err
		}
		list = append(list, Purged{p.label, n})
	}
	photos, err := s.purgePhotos(ctx, dry)
	if err != nil {
		return nil, err
	}
	list = append(list, Purged{"没有公开的现场照片和签到表", photos})
	if dry {
		return list, nil
	}
	return list, s.recordPurged(ctx, list)
}

// formerPerson is the name of who served here once: hours and figures stay.
const formerPerson = "已离任人员"

// unseenPhotos are pictures that nobody made public, long after the session: the
// report has been verified with them, or never will be.
const unseenPhotos = ` FROM report_photo p JOIN session s ON s.id = p.session WHERE NOT p.approved AND s.ends_at < $1`

// purgePhotos deletes them and their bytes, one in a transaction.
func (s *Store) purgePhotos(ctx context.Context, dry bool) (n int, err error) {
	defer errs.Wrap(&err, "photos")
	before := s.now().AddDate(0, 0, -s.rules.PhotoDays).UnixMilli()
	if dry {
		err = db.Get(ctx, s.db.Reader(), &n, `SELECT count(*)`+unseenPhotos, before)
		return n, err
	}
	var due []photoRow
	if err := db.Select(ctx, s.db.Reader(), &due, `SELECT p.session, p.key`+unseenPhotos+` ORDER BY p.session, p.key`, before); err != nil {
		return 0, err
	}
	for _, p := range due {
		err := s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
			r, err := getPhoto(ctx, tx, p.Session, p.Key)
			if errs.Is(err, errs.NotFound) || r.Approved { // meanwhile
				return nil
			}
			if err != nil {
				return err
			}
			return s.removePhoto(ctx, tx, auth.System(), p.Session, p.Key, "")
		})
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// purpose is one rule: which rows are due, and what becomes of them.
type purpose struct {
	label  string
	where  string // after FROM table; $1 is before
	table  string
	set    string // of an UPDATE; "" deletes the rows
	before any    // milliseconds, or a day
}

func (s *Store) purposes() []purpose {
	now := s.now()
	day := func(ago int) string { return now.In(Zone).AddDate(0, 0, -ago).Format(time.DateOnly) }
	contacts := now.AddDate(0, 0, -s.rules.ContactDays).UnixMilli()
	return []purpose{
		{"没有提交的申请草稿", "WHERE session IS NULL AND expires_at < $1", "request", "", now.UnixMilli()},
		{"单位申请里的联系人", `WHERE personal <> '' AND session IN (SELECT id FROM session WHERE ends_at < $1)`, "request",
			"personal = '', phone_bidx = ''", contacts},
		{"场次的联系人", "WHERE personal <> '' AND ends_at < $1", "session", "personal = ''", contacts},
		{"离任服务人员的姓名、电话和证号", `WHERE personal <> '' AND active_to <> '' AND active_to < $1`, "practitioner",
			"name = '" + formerPerson + "', licence = '', personal = '', phone_blind = '', link_blind = NULL, feed_blind = NULL, version = version + 1",
			day(s.rules.PersonDays)},
		{"离任服务人员的空档和请假", `WHERE practitioner IN (SELECT id FROM practitioner WHERE active_to <> '' AND active_to < $1)`, "availability", "",
			day(s.rules.PersonDays)},
		{"输错查询码的记录", "WHERE first_at < $1", "attempt", "", now.AddDate(0, 0, -1).UnixMilli()},
	}
}

func (s *Store) purge(ctx context.Context, p purpose, dry bool) (n int, err error) {
	defer errs.Wrap(&err, "%s", p.table)
	err = db.Get(ctx, s.db.Reader(), &n, `SELECT count(*) FROM `+p.table+` `+p.where, p.before)
	if err != nil || dry || n == 0 {
		return n, err
	}
	var done int64
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		change := `DELETE FROM ` + p.table + ` `
		if p.set != "" {
			change = `UPDATE ` + p.table + ` SET ` + p.set + ` `
		}
		done, err = db.Exec(ctx, tx, change+p.where, p.before)
		return err
	})
	return int(done), err
}

func (s *Store) recordPurged(ctx context.Context, list []Purged) error {
	total := 0
	for _, p := range list {
		total += p.Rows
	}
	if total == 0 {
		return nil
	}
	return s.db.Update(ctx, func(_ context.Context, tx *db.Tx) error {
		entry := auth.System().Entry("retention", "personal data", "到期的个人信息已删除")
		entry.Detail = db.JSON(list)
		s.ledger.Record(tx, entry)
		return nil
	})
}
