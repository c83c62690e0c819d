package events

import (
	"context"
	"slices"
	"strings"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// What is of no town is the whole district's: whoever is bound to towns may see
// and choose a venue, unit or lawyer of the district, but not change it, and has
// nothing to do with the district's sessions. An actor bound to no town passes
// everywhere, and no query is spent on it.

// ours refuses what belongs to another town than the actor's.
func ours(actor auth.Actor, town string) error {
	if actor.InTown(town) {
		return nil
	}
	return errs.New(errs.Forbidden, "这一项不在您负责的镇街里。要办理的请联系那个镇街的协调员，或者局里的协调员。", "actor %s is not in town %q", actor.ID, town)
}

// oursToSee is ours for what the whole district shares.
func oursToSee(actor auth.Actor, town string) error {
	if town == "" {
		return nil
	}
	return ours(actor, town)
}

// into refuses to put something where the actor has no say.
func into(actor auth.Actor, town string) error {
	if actor.InTown(town) {
		return nil
	}
	return errs.Bad("town", "您的账号只负责部分镇街，请选其中的一个镇街。")
}

// districtOnly refuses what one town must not decide for all.
func districtOnly(actor auth.Actor, what string) error {
	if len(actor.Towns) == 0 {
		return nil
	}
	return errs.New(errs.Forbidden, what+"由局里统一管理。需要改的，请告诉局里的协调员或管理员。", "actor %s is bound to towns", actor.ID)
}

// Where the town of a row is read.
const (
	townOfSession      = `SELECT town FROM session WHERE id = $1`
	townOfRegistration = `SELECT s.town FROM registration r JOIN session s ON s.id = r.session WHERE r.id = $1`
	townOfVenue        = `SELECT town FROM venue WHERE id = $1`
	townOfUnit         = `SELECT town FROM unit WHERE id = $1`
	townOfStation      = `SELECT town FROM station WHERE code = $1`
	townOfOrg          = `SELECT town FROM legal_org WHERE id = $1`
)

// oursBy is ours for a row that one of the queries above finds. A row that does
// not exist is left to the use case, which has a sentence for it.
func oursBy(ctx context.Context, q db.Queryer, actor auth.Actor, query, id string) error {
	if len(actor.Towns) == 0 {
		return nil
	}
	var town string
	err := db.Get(ctx, q, &town, query, id)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return ours(actor, town)
}

// mayChange refuses to change a row of another town or of the whole district, and
// to put one there; id is "" for a new row.
func mayChange(ctx context.Context, q db.Queryer, actor auth.Actor, query, id, town string) error {
	if id != "" {
		if err := oursBy(ctx, q, actor, query, id); err != nil {
			return err
		}
	}
	return into(actor, town)
}

// inTowns narrows a query to the actor's towns: " AND column IN ($3, $4)" and
// its arguments, which come after the first n; nothing for who is bound to none.
func inTowns(actor auth.Actor, column string, n int) (cond string, args []any) {
	if len(actor.Towns) == 0 {
		return "", nil
	}
	list, args := db.In(n, actor.Towns)
	return " AND " + column + " IN (" + list + ")", args
}

// inTownsOrNone is inTowns for what the whole district shares.
func inTownsOrNone(actor auth.Actor, column string, n int) (cond string, args []any) {
	if len(actor.Towns) == 0 {
		return "", nil
	}
	list, args := db.In(n, actor.Towns)
	return " AND (" + column + " = '' OR " + column + " IN (" + list + "))", args
}

// SessionFor finds a session in any state, with its history, for the staff of its
// town.
func (s *Store) SessionFor(ctx context.Context, actor auth.Actor, id string) (Session, error) {
	se, err := s.SessionByID(ctx, id)
	if err == nil {
		err = ours(actor, se.Town)
	}
	if err != nil {
		return Session{}, err
	}
	return se, nil
}

// SessionsFor finds many at once; those of other towns are left out.
func (s *Store) SessionsFor(ctx context.Context, actor auth.Actor, ids []string) (_ []Session, err error) {
	defer errs.Wrap(&err, "sessions by id for %s", actor.ID)
	if len(ids) == 0 {
		return nil, nil
	}
	list, args := db.In(0, ids)
	cond, more := inTowns(actor, "s.town", len(args))
	return selectSessions(ctx, s.db.Reader(), "WHERE s.id IN ("+list+")"+cond, append(args, more...)...)
}

// ReportSheetFor is ReportSheet for the staff of the session's town.
func (s *Store) ReportSheetFor(ctx context.Context, actor auth.Actor, session string) (ReportSheet, error) {
	sh, err := s.ReportSheet(ctx, session)
	if err == nil {
		err = ours(actor, sh.Session.Town)
	}
	if err != nil {
		return ReportSheet{}, err
	}
	return sh, nil
}

// TownsFor lists the towns somebody may choose from.
func (s *Store) TownsFor(ctx context.Context, actor auth.Actor) (_ []Town, err error) {
	defer errs.Wrap(&err, "list towns of %s", actor.ID)
	var towns []Town
	cond, args := inTowns(actor, "code", 0)
	err = db.Select(ctx, s.db.Reader(), &towns, `SELECT code, name, ord FROM town WHERE TRUE`+cond+` ORDER BY ord, code`, args...)
	return towns, err
}

// ServiceFor is Service as far as it was in the actor's towns.
func (s *Store) ServiceFor(ctx context.Context, actor auth.Actor, person string) ([]Hours, error) {
	if err := oursPerson(ctx, s.db.Reader(), actor, person, false); err != nil {
		return nil, err
	}
	list, err := s.Service(ctx, person, "", "")
	return slices.DeleteFunc(list, func(h Hours) bool { return !actor.InTown(h.Session.Town) }), err
}

// VenueFor finds a venue of the actor's towns or of the whole district.
func (s *Store) VenueFor(ctx context.Context, actor auth.Actor, id string) (Venue, error) {
	v, err := s.Venue(ctx, id)
	if err == nil {
		err = oursToSee(actor, v.Town)
	}
	if err != nil {
		return Venue{}, err
	}
	return v, nil
}

// UnitFor finds a unit of the actor's towns or of the whole district.
func (s *Store) UnitFor(ctx context.Context, actor auth.Actor, id string) (Unit, error) {
	u, err := s.Unit(ctx, id)
	if err == nil {
		err = oursToSee(actor, u.Town)
	}
	if err != nil {
		return Unit{}, err
	}
	return u, nil
}

// StationFor finds a station by code for those who may change it.
func (s *Store) StationFor(ctx context.Context, actor auth.Actor, code string) (Station, error) {
	st, err := s.Station(ctx, code)
	if err == nil {
		err = oursToSee(actor, st.Town)
	}
	if err != nil {
		return Station{}, err
	}
	return st, nil
}

// peopleCond narrows people p with their organisation o: those near one of the
// actor's towns, those of an organisation there, and those of the district.
func peopleCond(actor auth.Actor, n int) (cond string, args []any) {
	if len(actor.Towns) == 0 {
		return "", nil
	}
	list, args := db.In(n, actor.Towns)
	either := []string{"p.towns IN ('', '[]', 'null') AND (COALESCE(o.town, '') = '' OR o.town IN (" + list + "))"}
	for _, town := range actor.Towns {
		args = append(args, "%"+likeText.Replace(db.JSON(town))+"%")
		either = append(either, "p.towns LIKE "+db.Placeholder(n+len(args))+` ESCAPE '\'`)
	}
	return " AND (" + strings.Join(either, " OR ") + ")", args
}

// oursPerson refuses people of other towns, and with change also those of the
// whole district.
func oursPerson(ctx context.Context, q db.Queryer, actor auth.Actor, id string, change bool) error {
	if len(actor.Towns) == 0 || id == "" {
		return nil
	}
	var p struct{ Towns, OrgTown string }
	err := db.Get(ctx, q, &p, `SELECT p.towns, COALESCE(o.town, '') AS org_town FROM practitioner p LEFT JOIN legal_org o ON o.id = p.org WHERE p.id = $1`, id)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var towns []string
	if err := db.FromJSON(p.Towns, &towns); err != nil {
		return err
	}
	if len(towns) == 0 {
		if change {
			return ours(actor, p.OrgTown)
		}
		return oursToSee(actor, p.OrgTown)
	}
	for _, town := range towns {
		if actor.InTown(town) {
			return nil
		}
	}
	return ours(actor, towns[0])
}

// seriesCond narrows series to those with all their sessions in the actor's
// towns.
func seriesCond(actor auth.Actor, n int) (cond string, args []any) {
	if len(actor.Towns) == 0 {
		return "", nil
	}
	list, args := db.In(n, actor.Towns)
	return ` AND EXISTS (SELECT 1 FROM session s WHERE s.series_id = series.id)
		AND NOT EXISTS (SELECT 1 FROM session s WHERE s.series_id = series.id AND s.town NOT IN (` + list + `))`, args
}

// SeriesFor finds a series whose sessions are all in the actor's towns.
func (s *Store) SeriesFor(ctx context.Context, actor auth.Actor, id string) (_ Series, err error) {
	if err := oursSeries(ctx, s.db.Reader(), actor, id); err != nil {
		return Series{}, err
	}
	return s.SeriesByID(ctx, id)
}

func oursSeries(ctx context.Context, q db.Queryer, actor auth.Actor, id string) error {
	if len(actor.Towns) == 0 {
		return nil
	}
	cond, args := seriesCond(actor, 1)
	var there, mine int
	if err := db.Get(ctx, q, &there, `SELECT count(*) FROM series WHERE id = $1`, id); err != nil || there == 0 {
		return err
	}
	if err := db.Get(ctx, q, &mine, `SELECT count(*) FROM series WHERE id = $1`+cond, append([]any{id}, args...)...); err != nil {
		return err
	}
	if mine == 0 {
		return ours(actor, "")
	}
	return nil
}

// seenBy is the booking as the actor may know it: of a session in another town
// only that there is one.
func (b Booking) seenBy(actor auth.Actor) Booking {
	if !actor.InTown(b.Town) {
		b.Session, b.No, b.Title = "", "", elsewhere
	}
	return b
}

// elsewhere stands for the title of a session that is not the actor's business.
const elsewhere = "别的镇街的活动"

func bookingsSeenBy(actor auth.Actor, list []Booking) []Booking {
	for i := range list {
		list[i] = list[i].seenBy(actor)
	}
	return list
}
