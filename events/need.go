package events

import (
	"context"
	"fmt"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Need is how many people of a role a session wants.
type Need struct {
	Role Role `db:"role"`
	Qty  int  `db:"qty"`
	Must bool `db:"must"` // without them the session is not scheduled
}

// maxNeed is more than any desk has chairs.
const maxNeed = 50

// needsOf is the template of each type. A desk at a job fair has a queue, and
// needs two to answer; a lecture needs one.
func needsOf(t Type) []Need {
	switch t {
	case JobFair:
		return []Need{{RoleLawyer, 2, true}, {RoleVolunteer, 3, false}, {RoleStaff, 1, false}}
	case Site, Community:
		return []Need{{RoleLawyer, 1, true}, {RoleVolunteer, 2, false}}
	}
	return []Need{{RoleLawyer, 1, true}, {RoleVolunteer, 1, false}}
}

// Needs are those of a session, in the order of roles; while nobody has set any,
// the template of its type.
func (s *Store) Needs(ctx context.Context, session Session) (_ []Need, set bool, err error) {
	defer errs.Wrap(&err, "needs of session %s", session.ID)
	needs, err := needs(ctx, s.db.Reader(), session.ID)
	if err != nil || len(needs) > 0 {
		return needs, true, err
	}
	return needsOf(session.Type), false, nil
}

func needs(ctx context.Context, q db.Queryer, session string) (list []Need, err error) {
	err = db.Select(ctx, q, &list, `SELECT role, qty, must FROM need WHERE session = $1
		ORDER BY CASE role WHEN 'lawyer' THEN 1 WHEN 'volunteer' THEN 2 ELSE 3 END`, session)
	return list, err
}

// SetNeeds replaces what a session wants; a role with quantity 0 is not wanted.
func (s *Store) SetNeeds(ctx context.Context, actor auth.Actor, session string, list []Need) (err error) {
	defer errs.Wrap(&err, "set needs of session %s", session)
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	var ps problems
	for _, n := range list {
		if !n.Role.Valid() {
			ps.add("need", "没有“%s”这样的角色。", string(n.Role))
		}
		if n.Qty < 0 || n.Qty > maxNeed {
			ps.add("need_"+string(n.Role), "%s的人数应在 0 至 %d 之间。", n.Role.Label(), maxNeed)
		}
	}
	if err := ps.err(); err != nil {
		return err
	}
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := s.staffed(ctx, tx, actor, session); err != nil {
			return err
		}
		if err := putNeeds(ctx, tx, session, list); err != nil {
			return err
		}
		summary := "需要"
		for _, n := range list {
			summary += fmt.Sprintf(" %s×%d", n.Role.Label(), n.Qty)
		}
		s.ledger.Record(tx, actor.Entry("session.needs", "session:"+session, summary))
		return nil
	})
}

func putNeeds(ctx context.Context, tx *db.Tx, session string, list []Need) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM need WHERE session = $1`, session); err != nil {
		return err
	}
	for _, n := range list {
		_, err := db.Exec(ctx, tx, `INSERT INTO need (id, session, role, qty, must) VALUES ($1, $2, $3, $4, $5)`,
			db.NewID(), session, n.Role, n.Qty, n.Must)
		if err != nil {
			return err
		}
	}
	return nil
}

// ensureNeeds gives an accepted session the needs of its type, unless somebody
// has set them already.
func ensureNeeds(ctx context.Context, tx *db.Tx, session Session) error {
	got, err := needs(ctx, tx, session.ID)
	if err != nil || len(got) > 0 {
		return err
	}
	return putNeeds(ctx, tx, session.ID, needsOf(session.Type))
}
