package events

import (
	"context"
	"net/netip"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// SignUp takes places in a session or a place in its queue. The same IdemKey with
// the same content answers as before; with other content it is a Conflict. Full,
// closed and doubled sign-ups are Conflicts too; too many from one phone or
// address are TooMany.
func (s *Store) SignUp(ctx context.Context, f SignUp) (_ Registration, err error) {
	defer errs.Wrap(&err, "sign up for session %s", f.Session)
	f.Origin = FromWeb
	return s.ask(ctx, f, "")
}

// StaffSignUp signs up somebody who rang, stands at the counter or is on a paper
// list; a phone is not required and limits do not apply, but places are counted
// all the same. The answer holds the code, to be read out.
func (s *Store) StaffSignUp(ctx context.Context, actor auth.Actor, f SignUp) (_ Registration, err error) {
	defer errs.Wrap(&err, "sign up for session %s by staff", f.Session)
	if err := actor.Must(auth.Sessions); err != nil {
		return Registration{}, err
	}
	if err := oursBy(ctx, s.db.Reader(), actor, townOfSession, f.Session); err != nil {
		return Registration{}, err
	}
	if f.Origin != FromPaper {
		f.Origin = FromStaff
	}
	f.Address = ""
	return s.ask(ctx, f, actor.ID)
}

func (s *Store) ask(ctx context.Context, f SignUp, by string) (Registration, error) {
	if err := problems(f.Problems()).err(); err != nil {
		return Registration{}, err
	}
	if err := s.knownTown(ctx, f.Town); err != nil {
		return Registration{}, err
	}
	row, err := s.newRegistration(f, by)
	if err != nil {
		return Registration{}, err
	}
	v := s.queues.join(f.Session, &ask{ctx: ctx, row: row}, s.seatTogether)
	switch {
	case errs.Is(v.err, errs.NotFound):
		return Registration{}, noSession("%w", v.err)
	case v.err != nil:
		return Registration{}, v.err
	}
	reg, err := s.registration(v.row, owned)
	reg.Position = v.position
	if err == nil && v.replayed {
		reg.Position, err = position(ctx, s.db.Reader(), v.row)
	}
	return reg, err
}

func (s *Store) knownTown(ctx context.Context, code string) error {
	if code == "" {
		return nil
	}
	var n int
	if err := db.Get(ctx, s.db.Reader(), &n, `SELECT count(*) FROM town WHERE code = $1`, code); err != nil {
		return err
	}
	if n == 0 {
		return errs.Bad("town", "没有这个镇街，请从列表中选择。")
	}
	return nil
}

// newRegistration is the row of a form that has no problems. What costs time,
// the encryption, happens here, before anybody holds a lock.
func (s *Store) newRegistration(f SignUp, by string) (registrationRow, error) {
	id, now := db.NewID(), s.now().UnixMilli()
	r := registrationRow{ID: id, Session: f.Session, Party: f.Party, Pool: f.Pool, Origin: string(f.Origin), Town: f.Town, WorkerKind: f.WorkerKind,
		IdemKey: nullText(f.IdemKey), Consent: f.Consent, CreatedAt: now, CreatedBy: by, UpdatedAt: now}
	if f.Origin != FromWeb {
		r.VerifyLevel = VerifyStaff // they spoke with the person
	}
	p := person{Name: f.Name, Phone: f.Phone, Question: f.Question, Access: f.Access}
	var err error
	if r.Personal, err = s.vault.Seal(sealContext(id), p); err != nil {
		return r, err
	}
	if f.Phone != "" {
		r.PhoneBidx = nullText(s.blind(vaultPhone, f.Phone))
	}
	if f.IdemKey != "" {
		content := []any{p, f.Party, f.Town, f.WorkerKind, f.Consent}
		if f.Pool != "" { // without one the hash is that of forms sent before there were pools
			content = append(content, f.Pool)
		}
		r.IdemHash = s.blind(vaultForm, db.JSON(content))
	}
	r.IPHash = s.hashAddress(f.Address)
	r.CodeBidx = nullText(s.blind(vaultCode, s.registrationCode(id)))
	r.QRBidx = nullText(s.blind(vaultQR, s.registrationQR(id)))
	return r, nil
}

// hashAddress keeps addresses comparable, not readable. One household has a
// whole /64 of IPv6.
func (s *Store) hashAddress(address string) string {
	if address == "" {
		return ""
	}
	if ip, err := netip.ParseAddr(address); err == nil {
		ip = ip.Unmap().WithZone("")
		if ip.Is6() {
			if prefix, err := ip.Prefix(64); err == nil {
				ip = prefix.Addr()
			}
		}
		address = ip.String()
	}
	return s.blind(vaultAddress, address)
}

// position is the place in the queue, 1 is next; 0 for who does not wait.
func position(ctx context.Context, q db.Queryer, r registrationRow) (n int, err error) {
	if r.State != RegWaiting || r.WaitPos == nil {
		return 0, nil
	}
	err = db.Get(ctx, q, &n, `SELECT count(*) FROM registration WHERE session = $1 AND state = 'waiting' AND wait_pos <= $2`, r.Session, *r.WaitPos)
	return n, err
}
