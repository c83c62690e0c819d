package events

import (
	"context"

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
	if dry {
		return list, nil
	}
	return list, s.recordPurged(ctx, list)
}

// purpose is one rule: which rows are due, and what becomes of them.
type purpose struct {
	label  string
	where  string // after FROM table; $1 is before
	table  string
	set    string // of an UPDATE; "" deletes the rows
	before int64  // milliseconds
}

func (s *Store) purposes() []purpose {
	now := s.now()
	contacts := now.AddDate(0, 0, -s.rules.ContactDays).UnixMilli()
	return []purpose{
		{"没有提交的申请草稿", "WHERE session IS NULL AND expires_at < $1", "request", "", now.UnixMilli()},
		{"单位申请里的联系人", `WHERE personal <> '' AND session IN (SELECT id FROM session WHERE ends_at < $1)`, "request",
			"personal = '', phone_bidx = ''", contacts},
		{"场次的联系人", "WHERE personal <> '' AND ends_at < $1", "session", "personal = ''", contacts},
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
