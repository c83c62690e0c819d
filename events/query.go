package events

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Filter narrows a list of sessions; zero fields do not.
type Filter struct {
	Town     string     // code
	For      auth.Actor // of staff: only their towns; the zero actor sees all
	Type     Type
	From, To time.Time // sessions that end after From and start before To
	States   []State   // none: those readers may see
	Lawyer   bool      // only 现场有律师
	Audience string    // one of Session.Audience; "" any
	Text     string    // part of the number, title or organizer; for staff
	Newest   bool      // latest first: for the archive
	Limit    int       // 0 is 50
	Offset   int
}

// where builds the conditions and their arguments.
func (f Filter) where() (string, []any) {
	states := f.States
	if len(states) == 0 {
		states = publicStates()
	}
	list, args := db.In(0, states)
	cond := []string{"s.state IN (" + list + ")"}
	add := func(expr string, value any) {
		args = append(args, value)
		cond = append(cond, expr+db.Placeholder(len(args)))
	}
	if towns, more := inTowns(f.For, "s.town", len(args)); towns != "" {
		cond, args = append(cond, strings.TrimPrefix(towns, " AND ")), append(args, more...)
	}
	if f.Town != "" {
		add("s.town = ", f.Town)
	}
	if f.Type != "" {
		add("s.type = ", f.Type)
	}
	if !f.From.IsZero() {
		add("s.ends_at > ", f.From.UnixMilli())
	}
	if !f.To.IsZero() {
		add("s.starts_at < ", f.To.UnixMilli())
	}
	if f.Lawyer {
		cond = append(cond, "s.lawyers <> ''")
	}
	if f.Audience != "" { // the column is a JSON list
		add(`s.audience LIKE `, "%"+likeText.Replace(db.JSON(f.Audience))+"%")
		cond[len(cond)-1] += ` ESCAPE '\'`
	}
	if text := oneLine(f.Text); text != "" {
		args = append(args, "%"+likeEscaper.Replace(strings.ToLower(narrow(text)))+"%")
		n := db.Placeholder(len(args))
		cond = append(cond, "(lower(s.no) LIKE "+n+" ESCAPE '!' OR lower(s.title) LIKE "+n+" ESCAPE '!' OR lower(s.organizer) LIKE "+n+" ESCAPE '!')")
	}
	return "WHERE " + strings.Join(cond, " AND "), args
}

// likeEscaper keeps signs that LIKE would read as "anything"; ! is the escape.
var likeEscaper = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// likeText takes the wildcards of LIKE as they stand.
var likeText = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

// maxAudiences is how many a list to choose from has.
const maxAudiences = 12

// Audiences lists whom the public sessions of the last 90 days and to come are
// for, most frequent first.
func (s *Store) Audiences(ctx context.Context) (_ []string, err error) {
	defer errs.Wrap(&err, "list audiences")
	where, args := Filter{From: midnight(s.now()).AddDate(0, 0, -feedBack)}.where()
	var rows []struct {
		Audience string
		N        int
	}
	if err := db.Select(ctx, s.db.Reader(), &rows, `SELECT s.audience, count(*) AS n FROM session s `+where+` GROUP BY s.audience`, args...); err != nil {
		return nil, err
	}
	count := make(map[string]int)
	for _, r := range rows {
		var list []string
		if err := db.FromJSON(r.Audience, &list); err != nil {
			return nil, err
		}
		for _, a := range list {
			count[a] += r.N
		}
	}
	all := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		return cmp.Or(count[b]-count[a], strings.Compare(a, b))
	})
	return all[:min(len(all), maxAudiences)], nil
}

// Sessions lists what the filter leaves, by time; for staff and archives.
func (s *Store) Sessions(ctx context.Context, f Filter) (_ []Session, err error) {
	defer errs.Wrap(&err, "list sessions")
	if f.Limit <= 0 {
		f.Limit = 50
	}
	order := " ORDER BY s.starts_at, s.id"
	if f.Newest {
		order = " ORDER BY s.starts_at DESC, s.id DESC"
	}
	where, args := f.where()
	args = append(args, f.Limit, max(0, f.Offset))
	return selectSessions(ctx, s.db.Reader(),
		where+order+" LIMIT "+db.Placeholder(len(args)-1)+" OFFSET "+db.Placeholder(len(args)), args...)
}

// CountSessions is how many Sessions would list without a limit.
func (s *Store) CountSessions(ctx context.Context, f Filter) (n int, err error) {
	defer errs.Wrap(&err, "count sessions")
	where, args := f.where()
	err = db.Get(ctx, s.db.Reader(), &n, `SELECT count(*) FROM session s `+where, args...)
	return n, err
}

// Upcoming lists the public sessions that have not ended, soonest first. From
// is now when unset.
func (s *Store) Upcoming(ctx context.Context, f Filter) ([]Session, error) {
	if f.From.IsZero() {
		f.From = s.now()
	}
	return s.Sessions(ctx, f)
}

// Past lists the public sessions that have ended, latest first.
func (s *Store) Past(ctx context.Context, f Filter) (_ []Session, err error) {
	defer errs.Wrap(&err, "list past sessions")
	if f.Limit <= 0 {
		f.Limit = 50
	}
	where, args := f.where()
	args = append(args, s.now().UnixMilli(), f.Limit, max(0, f.Offset))
	n := len(args)
	return selectSessions(ctx, s.db.Reader(), where+" AND s.ends_at <= "+db.Placeholder(n-2)+
		" ORDER BY s.starts_at DESC, s.id DESC LIMIT "+db.Placeholder(n-1)+" OFFSET "+db.Placeholder(n), args...)
}

// allOfMonth is more than a month can hold: a grid has no second page.
const allOfMonth = 50_000

// Month lists the sessions that begin in the month, by time.
func (s *Store) Month(ctx context.Context, year int, month time.Month, f Filter) ([]Session, error) {
	from := time.Date(year, month, 1, 0, 0, 0, 0, Zone)
	return s.beginning(ctx, sessionColumns, from, from.AddDate(0, 1, 0), f)
}

// beginning lists the sessions that begin in [from, to).
func (s *Store) beginning(ctx context.Context, columns string, from, to time.Time, f Filter) (_ []Session, err error) {
	defer errs.Wrap(&err, "list sessions from %s to %s", dateOf(from), dateOf(to))
	where, args := f.beginning(from, to)
	args = append(args, allOfMonth)
	return selectSessionColumns(ctx, s.db.Reader(), columns, where+" ORDER BY s.starts_at, s.id LIMIT "+db.Placeholder(len(args)), args...)
}

// Session finds a public session by its number, with its history. One that was
// never published is NotFound.
func (s *Store) Session(ctx context.Context, no string) (_ Session, err error) {
	defer errs.Wrap(&err, "session %q", no)
	got, err := s.load(ctx, "s.no = $1", strings.ToUpper(no))
	if err == nil && !got.State.Public() {
		return Session{}, noSession("state %s is not public", got.State)
	}
	return got, err
}

// SessionByID finds a session in any state, with its history; for staff, and
// for the index, which looks at State.Public itself.
func (s *Store) SessionByID(ctx context.Context, id string) (_ Session, err error) {
	defer errs.Wrap(&err, "session %s", id)
	return s.load(ctx, "s.id = $1", id)
}

func (s *Store) load(ctx context.Context, where string, arg any) (Session, error) {
	got, err := getSession(ctx, s.db.Reader(), where, arg)
	if errs.Is(err, errs.NotFound) {
		return got, noSession("%w", err)
	}
	if err != nil {
		return got, err
	}
	got.History, err = s.history(ctx, got.ID)
	return got, err
}

func noSession(format string, args ...any) error {
	return errs.New(errs.NotFound, "没有找到这一场活动，请检查地址，或到活动日程里查找。", format, args...)
}

// SessionsByID finds many at once, in no order and without history; unknown ids
// are left out.
func (s *Store) SessionsByID(ctx context.Context, ids []string) (_ []Session, err error) {
	defer errs.Wrap(&err, "sessions by id")
	if len(ids) == 0 {
		return nil, nil
	}
	list, args := db.In(0, ids)
	return selectSessions(ctx, s.db.Reader(), "WHERE s.id IN ("+list+")", args...)
}

// EachSession lists public sessions by id, after the given one: the way to read
// them all, batch by batch.
func (s *Store) EachSession(ctx context.Context, after string, limit int) (_ []Session, err error) {
	defer errs.Wrap(&err, "sessions after %q", after)
	where, args := Filter{}.where()
	args = append(args, after, limit)
	n := len(args)
	return selectSessions(ctx, s.db.Reader(), where+" AND s.id > "+db.Placeholder(n-1)+
		" ORDER BY s.id LIMIT "+db.Placeholder(n), args...)
}

func (s *Store) history(ctx context.Context, id string) ([]Move, error) {
	var rows []struct {
		Seq      int
		StartsAt int64
		EndsAt   int64
		Venue    string
		Address  string
		MovedAt  int64
	}
	err := db.Select(ctx, s.db.Reader(), &rows, `SELECT seq, starts_at, ends_at, venue, address, moved_at
		FROM session_history WHERE session = $1 ORDER BY seq`, id)
	moves := make([]Move, len(rows))
	for i, r := range rows {
		moves[i] = Move{Seq: r.Seq, Starts: local(r.StartsAt), Ends: local(r.EndsAt),
			Venue: r.Venue, Address: r.Address, MovedAt: local(r.MovedAt)}
	}
	return moves, err
}

// StationFilter narrows a list of stations; zero fields do not.
type StationFilter struct {
	Town   string // code
	Tier   Tier
	Closed bool       // also those that do not serve today
	For    auth.Actor // of staff: only their towns and the district
}

// Stations lists the stations by tier, town and code.
func (s *Store) Stations(ctx context.Context, f StationFilter) (_ []Station, err error) {
	defer errs.Wrap(&err, "list stations")
	day := dateOf(s.now())
	towns, more := inTownsOrNone(f.For, "p.town", 4)
	return selectStations(ctx, s.db.Reader(), `WHERE ($1 = '' OR p.town = $1) AND ($2 = '' OR p.tier = $2)
		AND ($3 = TRUE OR ((p.valid_from = '' OR p.valid_from <= $4) AND (p.valid_to = '' OR p.valid_to >= $4)))`+towns+`
		ORDER BY CASE p.tier WHEN 'center' THEN 0 WHEN 'town' THEN 1 WHEN 'department' THEN 2 ELSE 3 END,
		COALESCE(t.ord, 0), p.code`, append([]any{f.Town, f.Tier, f.Closed, day}, more...)...)
}

// TownStations are the stations of one town.
type TownStations struct {
	Town     Town // zero: those of no town
	Stations []Station
}

// StationsByTown groups the serving stations by town, towns in their order.
func (s *Store) StationsByTown(ctx context.Context) ([]TownStations, error) {
	towns, err := s.Towns(ctx)
	if err != nil {
		return nil, err
	}
	stations, err := s.Stations(ctx, StationFilter{})
	if err != nil {
		return nil, err
	}
	byTown := make(map[string][]Station)
	for _, st := range stations {
		byTown[st.Town] = append(byTown[st.Town], st)
	}
	var groups []TownStations
	for _, t := range append([]Town{{}}, towns...) {
		if len(byTown[t.Code]) > 0 {
			groups = append(groups, TownStations{Town: t, Stations: byTown[t.Code]})
		}
	}
	return groups, nil
}

// Station finds a station by its code.
func (s *Store) Station(ctx context.Context, code string) (Station, error) {
	return s.station(ctx, s.db.Reader(), "p.code = $1", code)
}

// StationByID finds a station by the id of its journal rows.
func (s *Store) StationByID(ctx context.Context, id string) (Station, error) {
	return s.station(ctx, s.db.Reader(), "p.id = $1", id)
}

func (s *Store) station(ctx context.Context, q db.Queryer, where, arg string) (_ Station, err error) {
	defer errs.Wrap(&err, "station %q", arg)
	var row stationRow
	err = db.Get(ctx, q, &row, `SELECT `+stationColumns+stationTables+`WHERE `+where, arg)
	if errs.Is(err, errs.NotFound) {
		return Station{}, errs.New(errs.NotFound, "没有找到这个站点，请到站点页查找，或拨打 12348。", "%w", err)
	}
	return row.station(), err
}

// EachStation lists stations by id, after the given one; the index looks at
// Serves itself.
func (s *Store) EachStation(ctx context.Context, after string, limit int) (_ []Station, err error) {
	defer errs.Wrap(&err, "stations after %q", after)
	return selectStations(ctx, s.db.Reader(), `WHERE p.id > $1 ORDER BY p.id LIMIT $2`, after, limit)
}

// Towns lists the towns in their order.
func (s *Store) Towns(ctx context.Context) (_ []Town, err error) {
	defer errs.Wrap(&err, "list towns")
	var towns []Town
	err = db.Select(ctx, s.db.Reader(), &towns, `SELECT code, name, ord FROM town ORDER BY ord, code`)
	return towns, err
}
