package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
)

// Unit is an organizer (组织者单位): a company, a site, a street office.
type Unit struct {
	ID             string
	Version        int
	Name           string
	USCC           string // 统一社会信用代码, "" when unknown
	Kind           string // as typed: 企业, 建筑工地, 人社部门 …
	Town           string // code
	TownName       string
	Address        string
	Verified       time.Time // zero: nobody has checked it yet
	SuspendedUntil time.Time // zero: may ask
	Overdue        int       // sessions whose outcome is still owed
	Sessions       int       // all it ever asked for
}

// Suspended reports that the unit may not hand in requests now.
func (u Unit) Suspended(now time.Time) bool { return now.Before(u.SuspendedUntil) }

// UnitFilter narrows the list of units; zero fields do not.
type UnitFilter struct {
	Town          string
	Query         string // part of name or code
	Limit, Offset int    // Limit 0 is 50
}

// Units lists them by name.
func (s *Store) Units(ctx context.Context, f UnitFilter) ([]Unit, error) { return nil, errNotYet }

// Unit finds one by id.
func (s *Store) Unit(ctx context.Context, id string) (Unit, error) { return Unit{}, errNotYet }

// SaveUnit makes a unit when ID is "" and changes it otherwise: name, code,
// kind, town and address, and Verified.
func (s *Store) SaveUnit(ctx context.Context, actor auth.Actor, u Unit) (Unit, error) {
	return Unit{}, errNotYet
}

// SuspendUnit keeps a unit from handing in requests until a day; the zero time
// lets it ask again. The reason goes into the audit.
func (s *Store) SuspendUnit(ctx context.Context, actor auth.Actor, id string, version int, until time.Time, reason string) (Unit, error) {
	return Unit{}, errNotYet
}
