package events

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// recently is how far back uses are counted when the least used come first.
const recently = 180 * 24 * time.Hour

// Suggestion is somebody who could be asked, with what speaks for and against.
type Suggestion struct {
	Person  Person
	Blocked string   // why it is impossible, "" when it is not
	Warns   []string // why one should think twice: leave, counsel of the host
	Pros    []string // free, near, knows the subject
	Near    bool
	Offers  bool // has said to be free then
	Fits    bool // knows the subject
	Uses    int  // sessions in the last half year and promised
}

// roster is all that is known about people at the time of a session.
type roster struct {
	session  Session
	actor    auth.Actor        // who reads it
	from, to time.Time         // what the session takes of a person's day
	org      map[string]string // town of each organisation
	busy     map[string]string // person: the other session
	leave    map[string]string // person: when
	offers   map[string]bool
	uses     map[string]int
	counsel  map[string]bool // persons and firms
	asked    map[string]bool
}

// roster reads what judges everybody, in a few queries however many there are.
func (s *Store) roster(ctx context.Context, q db.Queryer, actor auth.Actor, se Session) (*roster, error) {
	c := &roster{session: se, actor: actor, org: map[string]string{}, busy: map[string]string{}, leave: map[string]string{},
		offers: map[string]bool{}, uses: map[string]int{}, asked: map[string]bool{}}
	c.from, c.to = s.personTime(se)
	for _, read := range []func(context.Context, db.Queryer, time.Time) error{c.readOrgs, c.readBusy, c.readAvailability, c.readUses, c.readAsked, c.readCounsel} {
		if err := read(ctx, q, s.now()); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// pair is a person with a word about them.
type pair struct {
	ID   string `db:"id"`
	Word string `db:"word"`
}

func pairs(ctx context.Context, q db.Queryer, into map[string]string, query string, args ...any) error {
	var rows []pair
	if err := db.Select(ctx, q, &rows, query, args...); err != nil {
		return err
	}
	for _, r := range rows {
		into[r.ID] = r.Word
	}
	return nil
}

func (c *roster) readOrgs(ctx context.Context, q db.Queryer, _ time.Time) error {
	return pairs(ctx, q, c.org, `SELECT id, town AS word FROM legal_org`)
}

func (c *roster) readBusy(ctx context.Context, q db.Queryer, _ time.Time) error {
	var rows []struct{ Resource, Title, Town string }
	err := db.Select(ctx, q, &rows, `SELECT b.resource, s.title, s.town FROM booking b JOIN session s ON s.id = b.session
		WHERE b.kind = 'person' AND b.session <> $1 AND b.status IN ('hold', 'firm') AND b.from_at < $3 AND b.to_at > $2`,
		c.session.ID, c.from.UnixMilli(), c.to.UnixMilli())
	for _, r := range rows {
		if c.busy[r.Resource] = r.Title; !c.actor.InTown(r.Town) {
			c.busy[r.Resource] = elsewhere
		}
	}
	return err
}

func (c *roster) readAvailability(ctx context.Context, q db.Queryer, _ time.Time) error {
	var rows []struct {
		Person   string           `db:"practitioner"`
		Kind     AvailabilityKind `db:"kind"`
		StartsAt int64            `db:"starts_at"`
		EndsAt   int64            `db:"ends_at"`
	}
	err := db.Select(ctx, q, &rows, `SELECT practitioner, kind, starts_at, ends_at FROM availability WHERE starts_at < $2 AND ends_at > $1`,
		c.session.Starts.UnixMilli(), c.session.Ends.UnixMilli())
	for _, r := range rows {
		a := Availability{Starts: local(r.StartsAt), Ends: local(r.EndsAt)}
		switch {
		case r.Kind == AvailLeave:
			c.leave[r.Person] = a.When()
		case !a.Starts.After(c.session.Starts) && !a.Ends.Before(c.session.Ends): // an offer counts when it is for the whole time
			c.offers[r.Person] = true
		}
	}
	return err
}

func (c *roster) readUses(ctx context.Context, q db.Queryer, now time.Time) error {
	var rows []struct {
		Person string `db:"practitioner"`
		N      int    `db:"n"`
	}
	err := db.Select(ctx, q, &rows, `SELECT a.practitioner, count(*) AS n FROM assignment a JOIN session s ON s.id = a.session
		WHERE a.state IN ('accepted', 'moved', 'present') AND s.starts_at >= $1 AND s.id <> $2 GROUP BY a.practitioner`,
		now.Add(-recently).UnixMilli(), c.session.ID)
	for _, r := range rows {
		c.uses[r.Person] = r.N
	}
	return err
}

func (c *roster) readAsked(ctx context.Context, q db.Queryer, _ time.Time) error {
	in, args := db.In(1, live)
	var ids []string
	err := db.Select(ctx, q, &ids, `SELECT practitioner FROM assignment WHERE session = $1 AND state IN (`+in+`)`, append([]any{c.session.ID}, args...)...)
	for _, id := range ids {
		c.asked[id] = true
	}
	return err
}

func (c *roster) readCounsel(ctx context.Context, q db.Queryer, _ time.Time) error {
	var err error
	c.counsel, err = counselOf(ctx, q, c.session.Unit, c.session.Day())
	return err
}

// judge says what speaks for and against one person.
func (c *roster) judge(p Person) Suggestion {
	g := Suggestion{Person: p, Offers: c.offers[p.ID], Uses: c.uses[p.ID]}
	town := c.session.Town
	g.Near = town != "" && (slices.Contains(p.Towns, town) || p.Org != "" && c.org[p.Org] == town)
	switch other, busy := c.busy[p.ID]; {
	case busy:
		g.Blocked = "那个时间（含路上）已答应《" + other + "》"
	case !p.Active(c.session.Starts):
		g.Blocked = "那一天不在服务期内"
	}
	if when, ok := c.leave[p.ID]; ok {
		g.Warns = append(g.Warns, "请假："+when)
	}
	if c.counsel[p.ID] {
		g.Warns = append(g.Warns, "是主办单位的法律顾问")
	} else if p.Org != "" && c.counsel[p.Org] {
		g.Warns = append(g.Warns, "所在机构是主办单位的法律顾问")
	}
	c.praise(&g)
	return g
}

// praise lists what speaks for a person, the most important first.
func (c *roster) praise(g *Suggestion) {
	if g.Offers {
		g.Pros = append(g.Pros, "本人说那时有空")
	}
	if g.Near {
		g.Pros = append(g.Pros, "离得近")
	}
	for _, skill := range g.Person.Skills {
		if strings.Contains(c.session.Title+c.session.Summary, skill) {
			g.Pros, g.Fits = append(g.Pros, "擅长"+skill), true
		}
	}
	if g.Uses == 0 {
		g.Pros = append(g.Pros, "半年内还没有安排过")
	} else {
		g.Pros = append(g.Pros, fmt.Sprintf("半年内 %d 场", g.Uses))
	}
}

// better orders suggestions: who cannot come last, before them those with a
// warning; then who offered, who is near, who knows the subject, who was used
// least.
func better(a, b Suggestion) int {
	return cmp.Or(
		cmp.Compare(bit(a.Blocked != ""), bit(b.Blocked != "")),
		cmp.Compare(len(a.Warns), len(b.Warns)),
		cmp.Compare(bit(b.Offers), bit(a.Offers)),
		cmp.Compare(bit(b.Near), bit(a.Near)),
		cmp.Compare(a.Uses, b.Uses),
		cmp.Compare(bit(b.Fits), bit(a.Fits)),
		cmp.Compare(a.Person.Name, b.Person.Name),
		cmp.Compare(a.Person.ID, b.Person.ID))
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Suggest ranks the people of a role who have not been asked yet.
func (s *Store) Suggest(ctx context.Context, actor auth.Actor, session string, role Role) ([]Suggestion, error) {
	return s.SuggestAt(ctx, actor, session, role, time.Time{}, time.Time{})
}

// SuggestAt is Suggest for another time, such as one that is wished for; the
// zero time is the session's own.
func (s *Store) SuggestAt(ctx context.Context, actor auth.Actor, session string, role Role, starts, ends time.Time) (_ []Suggestion, err error) {
	defer errs.Wrap(&err, "suggest %s for session %s", role, session)
	se, err := s.SessionFor(ctx, actor, session)
	if err != nil {
		return nil, err
	}
	if !starts.IsZero() {
		se.Starts, se.Ends = starts, ends
	}
	people, err := s.People(ctx, actor, PeopleFilter{Kind: role})
	if err != nil {
		return nil, err
	}
	c, err := s.roster(ctx, s.db.Reader(), actor, se)
	if err != nil {
		return nil, err
	}
	var list []Suggestion
	for _, p := range people {
		if !c.asked[p.ID] {
			list = append(list, c.judge(p))
		}
	}
	slices.SortFunc(list, better)
	return list, nil
}
