package events

import (
	"context"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// requestRow is a request as the database holds it.
type requestRow struct {
	ID        string
	PhoneBidx string
	Personal  string // sealedRequest; "" once wiped
	IdemKey   string
	Step      string
	Session   *string
	Cloned    string
	State     State // Draft, Submitted or Withdrawn; the session knows more
	ExpiresAt *int64
	Version   int
	CreatedAt int64
	UpdatedAt int64
}

// sealedRequest is the whole form. Phone is the last readable one: a typing
// error in the form must not lock its owner out.
type sealedRequest struct {
	Form  RequestForm
	Phone string // E.164
}

func getRequest(ctx context.Context, q db.Queryer, where string, args ...any) (row requestRow, err error) {
	err = db.Get(ctx, q, &row, `SELECT id, phone_bidx, personal, idem_key, step, session, cloned, state, expires_at, version,
		created_at, updated_at FROM request WHERE `+where, args...)
	return row, err
}

func noRequest(err error) error {
	if errs.Is(err, errs.NotFound) {
		return errs.New(errs.NotFound, "没有找到这份申请。请用查询码和手机号后四位重新打开。", "%w", err)
	}
	return err
}

func (s *Store) sealRequest(id string, form RequestForm, phone string) (string, error) {
	return s.vault.Seal("request:"+id, sealedRequest{Form: form, Phone: phone})
}

func (s *Store) unsealRequest(row requestRow) (r sealedRequest, err error) {
	if row.Personal == "" {
		return r, nil
	}
	err = s.vault.Open("request:"+row.ID, row.Personal, &r)
	return r, err
}

// requestCode is what the owner writes down.
func (s *Store) requestCode(id string) string { return s.vault.Code("request", id) }

func (s *Store) insertRequest(ctx context.Context, tx *db.Tx, r requestRow) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO request (id, code_blind, phone_bidx, personal, idem_key, step, session, cloned, state,
		expires_at, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8, $9, $10, $11, $11)`,
		r.ID, s.vault.Blind("code", s.requestCode(r.ID)), r.PhoneBidx, r.Personal, r.IdemKey, r.Step, r.Cloned, r.State,
		r.ExpiresAt, r.Version, r.CreatedAt)
	if db.IsUnique(err) { // the other half of a double click was faster
		return errs.New(errs.Conflict, "这张表正在提交，请稍等一下再刷新。", "%w", err)
	}
	return err
}

// updateRequest writes a locked row with the next version.
func (s *Store) updateRequest(ctx context.Context, tx *db.Tx, r requestRow) error {
	_, err := db.Exec(ctx, tx, `UPDATE request SET phone_bidx = $2, personal = $3, step = $4, session = $5, state = $6,
		expires_at = $7, version = version + 1, updated_at = $8 WHERE id = $1`,
		r.ID, r.PhoneBidx, r.Personal, r.Step, r.Session, r.State, r.ExpiresAt, s.now().UnixMilli())
	return err
}

// lockRequest reads a request that the transaction is going to change; its
// session, if it has one, is locked first, as everywhere.
func (s *Store) lockRequest(ctx context.Context, tx *db.Tx, id string, version int) (requestRow, Request, error) {
	row, err := getRequest(ctx, tx, "id = $1", id)
	if err != nil {
		return row, Request{}, noRequest(err)
	}
	if row.Session != nil {
		if _, err := lockRecord(ctx, tx, *row.Session); err != nil {
			return row, Request{}, err
		}
	}
	if _, err := db.Exec(ctx, tx, `UPDATE request SET version = version WHERE id = $1`, id); err != nil {
		return row, Request{}, err
	}
	if row, err = getRequest(ctx, tx, "id = $1", id); err != nil {
		return row, Request{}, err
	}
	if row.Version != version {
		return row, Request{}, errs.New(errs.Conflict, "这份申请在另一个窗口里已经改过。您填的还在这里，请对照新的内容后再保存。",
			"request %s: version %d is stale, now %d", id, version, row.Version)
	}
	r, err := s.readRequest(ctx, tx, row)
	return row, r, err
}

// readRequest puts together what the owner sees.
func (s *Store) readRequest(ctx context.Context, q db.Queryer, row requestRow) (Request, error) {
	sealed, err := s.unsealRequest(row)
	if err != nil {
		return Request{}, err
	}
	r := Request{ID: row.ID, Code: s.requestCode(row.ID), Version: row.Version, Step: row.Step, Form: sealed.Form, State: row.State,
		Created: local(row.CreatedAt), Updated: local(row.UpdatedAt)}
	if row.ExpiresAt != nil {
		r.Expires = local(*row.ExpiresAt)
	}
	if row.Session != nil {
		se, err := getSession(ctx, q, "s.id = $1", *row.Session)
		if err != nil {
			return r, err
		}
		r.Session, r.State, r.No = &se, se.State, se.No
		r.Submitted, r.Due, r.Reason, r.Alternative = se.Submitted, se.Due, se.Reason, se.Alternative
		se.Pending = nil // decided, but not yet told
	}
	town := r.Form.Town
	if r.Session != nil {
		town = r.Session.Town
	}
	if r.Decider, err = decider(ctx, q, town); err != nil {
		return r, err
	}
	if r.Editable() && row.Personal != "" {
		r.Missing, r.Warnings, err = s.judge(ctx, q, r)
	}
	return r, err
}

// decider is the station of the town, whose coordinator answers; "" where there
// is none, and the bureau itself does.
func decider(ctx context.Context, q db.Queryer, town string) (name string, err error) {
	if town == "" {
		return "", nil
	}
	err = db.Get(ctx, q, &name, `SELECT name FROM station WHERE town = $1 AND tier = 'town' ORDER BY code LIMIT 1`, town)
	if errs.Is(err, errs.NotFound) {
		return "", nil
	}
	return name, err
}

// maxField is longer than anything somebody types into one field.
const maxField = 4000

// clip cuts what no person would type, so that a draft can always be kept.
func (f *RequestForm) clip() {
	for _, field := range []*string{&f.Unit, &f.UnitKind, &f.USCC, &f.Contact, &f.Phone, &f.Title, &f.Topic, &f.Town, &f.Venue,
		&f.VenueID, &f.Address, &f.Notes} {
		for utf8.RuneCountInString(*field) > maxField {
			*field = string([]rune(*field)[:maxField])
		}
	}
	f.Equipment = f.Equipment[:min(len(f.Equipment), 50)]
	f.Wishes = f.Wishes[:min(len(f.Wishes), 10)]
}
