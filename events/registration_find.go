package events

import (
	"context"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
)

// FindRegistration shows a sign-up to who knows its code and the last four
// digits of its phone. Wrong and unknown codes answer alike, and five wrong ones
// pause the code and the address.
func (s *Store) FindRegistration(ctx context.Context, code, last4, address string) (_ Registration, _ Session, err error) {
	defer errs.Wrap(&err, "find registration")
	row, err := s.claimed(ctx, code, last4, address)
	if err != nil {
		return Registration{}, Session{}, err
	}
	return s.owned(ctx, row)
}

// CancelRegistration gives the places back; those who wait get them in the same
// transaction. Cancelling twice is no error.
func (s *Store) CancelRegistration(ctx context.Context, code, last4, address string) (_ Registration, err error) {
	defer errs.Wrap(&err, "cancel registration")
	return s.giveByCode(ctx, code, last4, address, giveBack{to: RegCancelledByUser})
}

// ShrinkParty gives some of the places back. A party cannot grow: that would
// overtake the queue.
func (s *Store) ShrinkParty(ctx context.Context, code, last4, address string, party int) (_ Registration, err error) {
	defer errs.Wrap(&err, "shrink party")
	return s.giveByCode(ctx, code, last4, address, giveBack{party: party})
}

func (s *Store) giveByCode(ctx context.Context, code, last4, address string, g giveBack) (Registration, error) {
	row, err := s.claimed(ctx, code, last4, address)
	if err != nil {
		return Registration{}, err
	}
	if row, err = s.give(ctx, row.ID, g, nil); err != nil {
		return Registration{}, err
	}
	reg, _, err := s.owned(ctx, row)
	return reg, err
}

// owned is a sign-up as its owner sees it.
func (s *Store) owned(ctx context.Context, row registrationRow) (Registration, Session, error) {
	reg, err := s.registration(row, owned)
	if err != nil {
		return reg, Session{}, err
	}
	if reg.Position, err = position(ctx, s.db.Reader(), row); err != nil {
		return reg, Session{}, err
	}
	session, err := s.SessionByID(ctx, row.Session)
	return reg, session, err
}

// claimed finds a sign-up by what only its owner holds.
func (s *Store) claimed(ctx context.Context, code, last4, address string) (registrationRow, error) {
	code, last4 = vault.CleanCode(code), vault.LastFour(last4)
	var ps problems
	if len(code) != vault.CodeLength {
		ps.add("code", "报名码是 10 个字符，请照报名成功页上的样子填写。")
	}
	if len(last4) != 4 {
		ps.add("last4", "请填写报名时手机号的后四位数字。")
	}
	if err := ps.all(); err != nil {
		return registrationRow{}, err
	}
	var row registrationRow
	err := s.guarded(ctx, codeTries(code, address), func() (err error) {
		if row, err = getRegistration(ctx, s.db.Reader(), "code_bidx = $1", s.blind(vaultCode, code)); err != nil {
			return err
		}
		var p person
		if err := s.vault.Open(sealContext(row.ID), row.Personal, &p); err != nil {
			return err
		}
		if vault.LastFour(p.Phone) != last4 {
			return errs.New(errs.NotFound, "", "phone does not belong to the code")
		}
		return nil
	})
	return row, err
}

// RegistrationByQR finds a sign-up by the token of its QR code, for the desk on
// site: masked. ErrNotFound tells that the token is of no sign-up.
func (s *Store) RegistrationByQR(ctx context.Context, token string) (_ Registration, err error) {
	defer errs.Wrap(&err, "registration by QR")
	row, err := getRegistration(ctx, s.db.Reader(), "qr_bidx = $1", s.blind(vaultQR, token))
	if err != nil {
		return Registration{}, notRegistered(err)
	}
	return s.registration(row, masked)
}

func notRegistered(err error) error {
	if errs.Is(err, errs.NotFound) {
		return errs.New(errs.NotFound, "没有这份报名，请刷新名单再看。", "%w", err)
	}
	return err
}

// selectRegistrations lists rows for the store's other files.
func selectRegistrations(ctx context.Context, q db.Queryer, tail string, args ...any) (rows []registrationRow, err error) {
	err = db.Select(ctx, q, &rows, `SELECT `+registrationColumns+` FROM registration `+tail, args...)
	return rows, err
}
