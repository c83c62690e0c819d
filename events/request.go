package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
)

// Request is what an organizer (组织者单位) asks the bureau for: a draft at
// first, a session with a number once it is handed in.
type Request struct {
	ID      string
	Code    string // 10 characters; only in answers to its owner, else ""
	No      string // receipt number SF-2026-00012, "" while a draft
	Version int    // of the request; SaveRequest wants it
	Step    string // page of the form the organizer was last on
	Form    RequestForm

	State    State     // Draft until handed in, then the session's
	Session  *Session  // nil while a draft
	Missing  []Problem // what keeps it from being handed in
	Warnings []Problem // what needs a reason when it is handed in

	Decider     string    // who decides: 东湖镇司法所, 示例区司法局
	Due         time.Time // by when they answer; zero while a draft
	Reason      string    // why it was returned, rejected or cancelled
	Alternative string    // what the bureau offers instead of a rejected one

	Created   time.Time
	Updated   time.Time
	Submitted time.Time // zero while a draft
	Expires   time.Time // when a draft is thrown away; zero once handed in
}

// Editable reports that the organizer may change and hand it in.
func (r Request) Editable() bool { return r.State == Draft || r.State == Returned }

// byOrganizer acts for whoever holds code and phone of a request; the books name
// no person.
func byOrganizer() auth.Actor { return auth.Actor{ID: "organizer", Name: "组织单位"} }

// maxStarts is how many requests one phone may begin in a day.
const maxStarts = 20

// StartRequest begins a draft with the little that is known: unit, contact and
// phone. Only the phone must be right, because it and the code are how the
// organizer comes back. The same idem key gives the same request again.
func (s *Store) StartRequest(ctx context.Context, form RequestForm, idem string) (_ Request, err error) {
	defer errs.Wrap(&err, "start request")
	form.clean()
	phone, err := vault.Phone(form.Phone)
	if err != nil {
		return Request{}, form.unstarted()
	}
	if !idemShape.MatchString(idem) {
		return Request{}, errs.Bad("key", "表单已经过期，请刷新页面后再提交，已填的内容请先抄下。")
	}
	var row requestRow
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		row, err = s.startRequest(ctx, tx, form, phone, idem, "")
		return err
	})
	if err != nil {
		return Request{}, err
	}
	return s.readRequest(ctx, s.db.Reader(), row)
}

// unstarted says all that is missing once the form has to come back anyway.
func (f *RequestForm) unstarted() error {
	var ps problems
	ps.text("unit", "单位名称", f.Unit, 2, 60)
	ps.text("contact", "联系人", f.Contact, 1, 60)
	ps.phone(f.Phone)
	return ps.all()
}

func (s *Store) startRequest(ctx context.Context, tx *db.Tx, form RequestForm, phone, idem, cloned string) (requestRow, error) {
	bidx, now := s.vault.Blind("phone", phone), s.now()
	old, err := getRequest(ctx, tx, "idem_key = $1", idem)
	switch {
	case err == nil && old.PhoneBidx == bidx:
		return old, nil // the answer got lost on the way; here it is again
	case err == nil:
		return old, errs.New(errs.Conflict, "这张表已经用另一个手机号提交过了，请刷新页面重新开始。", "idempotency key with another phone")
	case !errs.Is(err, errs.NotFound):
		return old, err
	}
	var n int
	if err := db.Get(ctx, tx, &n, `SELECT count(*) FROM request WHERE phone_bidx = $1 AND created_at > $2`, bidx, now.Add(-24*time.Hour).UnixMilli()); err != nil {
		return old, err
	}
	if n >= maxStarts {
		return old, errs.New(errs.TooMany, "这个手机号今天登记得太多了，请明天再来，或打电话请工作人员代填。", "%d requests today", n)
	}
	row := requestRow{ID: db.NewID(), PhoneBidx: bidx, IdemKey: idem, Step: "", Cloned: cloned, State: Draft, Version: 1,
		CreatedAt: now.UnixMilli(), UpdatedAt: now.UnixMilli(), ExpiresAt: db.Millis(now.AddDate(0, 0, s.rules.DraftDays))}
	if row.Personal, err = s.sealRequest(row.ID, form, phone); err != nil {
		return row, err
	}
	err = s.insertRequest(ctx, tx, row)
	s.ledger.Record(tx, byOrganizer().Entry("request.start", "request:"+row.ID, "开始填写申请"))
	return row, err
}

// OpenRequest finds a request by its code and the last four digits of the
// phone. A wrong code and an unknown one get the same NotFound; after five the
// code and the address pause (TooMany).
func (s *Store) OpenRequest(ctx context.Context, code, last4, address string) (r Request, err error) {
	defer errs.Wrap(&err, "open request")
	code = vault.CleanCode(code)
	err = s.guarded(ctx, codeTries(code, address), func() error {
		row, err := getRequest(ctx, s.db.Reader(), "code_blind = $1 AND personal <> ''", s.vault.Blind("code", code))
		if err != nil {
			return err
		}
		sealed, err := s.unsealRequest(row)
		if err != nil {
			return err
		}
		if four := vault.LastFour(last4); len(four) != 4 || four != vault.LastFour(sealed.Phone) && four != vault.LastFour(sealed.Form.Phone) {
			return errs.New(errs.NotFound, "", "last four digits differ")
		}
		r, err = s.readRequest(ctx, s.db.Reader(), row)
		return err
	})
	return r, err
}

// RequestByID reads a request for its owner, whose cookie names it.
func (s *Store) RequestByID(ctx context.Context, id string) (_ Request, err error) {
	defer errs.Wrap(&err, "request %s", id)
	row, err := getRequest(ctx, s.db.Reader(), "id = $1", id)
	if err != nil {
		return Request{}, noRequest(err)
	}
	return s.readRequest(ctx, s.db.Reader(), row)
}

// SaveRequest keeps a draft, or a returned request, however half-filled it is.
// step is the page the organizer is on. A stale version is a Conflict. The books
// are not told of each key pressed in a draft that only its owner sees.
func (s *Store) SaveRequest(ctx context.Context, id string, version int, form RequestForm, step string) (_ Request, err error) {
	defer errs.Wrap(&err, "save request %s", id)
	form.clip()
	form.clean()
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		row, r, err := s.lockRequest(ctx, tx, id, version)
		if err != nil {
			return err
		}
		if !r.Editable() {
			return errs.New(errs.Conflict, "这份申请现在是“"+r.State.Label()+"”，不能再改。要改请打电话，或者撤回后重新申请。", "request is %s", r.State)
		}
		sealed, err := s.unsealRequest(row)
		if err != nil {
			return err
		}
		phone := sealed.Phone
		if typed, err := vault.Phone(form.Phone); err == nil {
			phone, row.PhoneBidx = typed, s.vault.Blind("phone", typed)
		}
		if row.Personal, err = s.sealRequest(id, form, phone); err != nil {
			return err
		}
		if row.ExpiresAt != nil {
			row.ExpiresAt = db.Millis(s.now().AddDate(0, 0, s.rules.DraftDays))
		}
		row.Step = oneLine(step)
		return s.updateRequest(ctx, tx, row)
	})
	if err != nil {
		return Request{}, err
	}
	return s.RequestByID(ctx, id)
}

// WithdrawRequest takes it back: a draft is thrown away with what was in it, a
// request up to accepted is withdrawn, a scheduled one is cancelled with the
// reason. A published session is the coordinator's to cancel.
func (s *Store) WithdrawRequest(ctx context.Context, id string, version int, reason string) (_ Request, err error) {
	defer errs.Wrap(&err, "withdraw request %s", id)
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		row, r, err := s.lockRequest(ctx, tx, id, version)
		if err != nil {
			return err
		}
		if r.Session == nil {
			if err := r.State.stepBy(ByOrganizer, Withdrawn); err != nil {
				return err
			}
			row.Personal, row.ExpiresAt = "", nil
			s.ledger.Record(tx, byOrganizer().Entry("request.withdraw", "request:"+id, "撤回未提交的申请"))
		} else if err := s.withdrawSession(ctx, tx, *r.Session, oneLine(reason)); err != nil {
			return err
		}
		row.State = Withdrawn
		return s.updateRequest(ctx, tx, row)
	})
	if err != nil {
		return Request{}, err
	}
	return s.RequestByID(ctx, id)
}

func (s *Store) withdrawSession(ctx context.Context, tx *db.Tx, se Session, reason string) error {
	to := Withdrawn
	if se.State == Scheduled {
		to = Cancelled
		var ps problems
		if ps.text("reason", "原因", reason, 2, 200); ps.err() != nil {
			return ps.err()
		}
	}
	next, err := s.changeIn(ctx, tx, byOrganizer(), se.ID, se.Version, "session.withdraw", func(_ context.Context, _ *db.Tx, r *record) (string, error) {
		if err := r.State.stepBy(ByOrganizer, to); err != nil {
			return "", err
		}
		r.State, r.Reason, r.Due = to, reason, time.Time{}
		return "组织单位撤回《" + r.Title + "》", nil
	})
	if err != nil {
		return err
	}
	return s.tellStaff(ctx, tx, next, "withdrawn", "已撤回："+next.Title, "组织单位撤回了"+next.When()+"的《"+next.Title+"》，原先留的场地和人员已经放开。")
}
