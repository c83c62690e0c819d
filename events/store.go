package events

import (
	"context"
	"regexp"
	"time"

	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/events/stock"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/internal/vault"
)

// Config is what the package needs.
type Config struct {
	DB     *db.DB
	Ledger *ledger.Ledger
	Now    func() time.Time
	// UIDSuffix follows the @ of new calendar UIDs; "" is "songfa". It names no
	// host: an installation that moves keeps the UIDs it has given.
	UIDSuffix string
	// Vault seals names and phone numbers.
	Vault *vault.Vault
	// Rules are the bureau's numbers of days and minutes; zero fields are the
	// defaults.
	Rules Rules
	// Stock is the book of brochures; nil makes one over the same database.
	Stock *stock.Store
	// Figures keeps what is counted; nil makes one over the same database.
	Figures *figures.Store
	// Pictures is told what becomes of photos.
	Pictures Pictures
}

// Store keeps sessions, stations, towns and the calendar. Its tables belong to
// nobody else.
type Store struct {
	db      *db.DB
	ledger  *ledger.Ledger
	now     func() time.Time
	suffix  string
	vault   *vault.Vault
	rules   Rules
	queues  queues // those who are signing up at this moment
	stock   *stock.Store
	figures *figures.Store

	pictures Pictures
}

// New makes a store; it reads and writes nothing yet.
func New(cfg Config) *Store {
	if cfg.UIDSuffix == "" {
		cfg.UIDSuffix = "songfa"
	}
	if cfg.Stock == nil {
		cfg.Stock = stock.New(stock.Config{DB: cfg.DB, Ledger: cfg.Ledger, Now: cfg.Now, Zone: Zone})
	}
	if cfg.Figures == nil {
		cfg.Figures = figures.New(figures.Config{DB: cfg.DB, Ledger: cfg.Ledger, Now: cfg.Now})
	}
	s := &Store{db: cfg.DB, ledger: cfg.Ledger, now: cfg.Now, suffix: cfg.UIDSuffix,
		vault: cfg.Vault, rules: cfg.Rules.orDefaults(), stock: cfg.Stock, figures: cfg.Figures, pictures: cfg.Pictures}
	s.attachStations()
	s.attachPeople()
	s.attachStock()
	return s
}

// Figures is what is counted of the sessions, and by others.
func (s *Store) Figures() *figures.Store { return s.figures }

// Kinds of journal rows.
const (
	journalSession = "session"
	journalStation = "station"
	journalSite    = "site" // towns and the calendar: every page may show them
)

// codeShape is a town's, station's or session key's form: it goes into addresses.
var codeShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,19}$`)

const sessionColumns = `s.id, s.no, s.ics_uid, s.ics_seq, s.version, s.state, s.type, s.title, s.summary, s.audience,
	s.town, COALESCE(t.name, '') AS town_name, s.station, COALESCE(p.name, '') AS station_name, s.venue, s.address,
	s.starts_at, s.ends_at, s.capacity, s.taken, s.organizer, s.lawyers, s.contact_phone, s.cancel_reason, s.moves,
	s.first_published_at, s.outcome_attendance, s.outcome_brochures, s.outcome_consultations, s.outcome_documents,
	s.unit, s.venue_id, s.personal, s.host_notes, s.expected, s.owner, s.owner_name, s.alternative, s.notice, s.due_at, s.pending, s.submitted_at, s.held_at,
	s.verified_at, s.reviewed, s.series_id, s.original_date, s.detached, s.wait_cap, s.waiting, s.signup_from, s.signup_to,
	s.verify_level, s.promote_paused, s.fit_first, s.pools,
	s.import_key, s.import_hash, s.import_version, s.updated_at`

const sessionTables = ` FROM session s LEFT JOIN town t ON t.code = s.town LEFT JOIN station p ON p.code = s.station `

// sessionRow is a session as the database holds it.
type sessionRow struct {
	Session
	AudienceJSON  string  `db:"audience"`
	StartsAt      int64   `db:"starts_at"`
	EndsAt        int64   `db:"ends_at"`
	CapacityN     *int    `db:"capacity"`
	PublishedAt   *int64  `db:"first_published_at"`
	UpdatedAt     int64   `db:"updated_at"`
	Attendance    *int    `db:"outcome_attendance"`
	Brochures     *int    `db:"outcome_brochures"`
	Consultations *int    `db:"outcome_consultations"`
	Documents     *int    `db:"outcome_documents"`
	ImportKey     *string `db:"import_key"`
	ImportHash    string  `db:"import_hash"`
	ImportVersion int     `db:"import_version"`
	Personal      string  `db:"personal"`
	DueAt         *int64  `db:"due_at"`
	PendingJSON   string  `db:"pending"`
	SubmittedAt   *int64  `db:"submitted_at"`
	HeldMS        *int64  `db:"held_at"`
	VerifiedMS    *int64  `db:"verified_at"`
	DetachedJSON  string  `db:"detached"`
	SignUpFromMS  *int64  `db:"signup_from"`
	SignUpToMS    *int64  `db:"signup_to"`
	PoolCount     int     `db:"pools"`
}

// session finishes what the scan could not do.
func (r *sessionRow) session() (Session, error) {
	s := r.Session
	if err := db.FromJSON(r.AudienceJSON, &s.Audience); err != nil {
		return s, err
	}
	s.Starts, s.Ends, s.Updated = local(r.StartsAt), local(r.EndsAt), local(r.UpdatedAt)
	for _, moment := range []struct {
		to   *time.Time
		from *int64
	}{
		{&s.FirstPublished, r.PublishedAt}, {&s.Due, r.DueAt}, {&s.Submitted, r.SubmittedAt}, {&s.HeldAt, r.HeldMS},
		{&s.VerifiedAt, r.VerifiedMS}, {&s.SignUpFrom, r.SignUpFromMS}, {&s.SignUpTo, r.SignUpToMS},
	} {
		if moment.from != nil {
			*moment.to = local(*moment.from)
		}
	}
	if err := db.FromJSON(r.DetachedJSON, &s.Detached); err != nil {
		return s, err
	}
	if r.PendingJSON != "" {
		s.Pending = new(Decision)
		if err := db.FromJSON(r.PendingJSON, s.Pending); err != nil {
			return s, err
		}
	}
	s.Capacity = orZero(r.CapacityN)
	if r.Attendance != nil {
		s.Outcome = &Outcome{Attendance: *r.Attendance, Brochures: orZero(r.Brochures),
			Consultations: orZero(r.Consultations), Documents: orZero(r.Documents)}
	}
	return s, nil
}

// local is a column's moment in Zone, so that no page can print the wrong hour.
func local(ms int64) time.Time { return time.UnixMilli(ms).In(Zone) }

func orZero(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

func selectSessions(ctx context.Context, q db.Queryer, tail string, args ...any) ([]Session, error) {
	return selectSessionColumns(ctx, q, sessionColumns, tail, args...)
}

// cellColumns are what a cell of the calendar and a line of a list show. A month
// may have thousands of sessions, and reading a column costs as much as a row's
// share of the index.
const cellColumns = `s.id, s.no, s.version, s.state, s.type, s.title, s.town, COALESCE(t.name, '') AS town_name, s.venue, s.address,
	s.starts_at, s.ends_at, s.capacity, s.taken, s.lawyers, s.moves, s.wait_cap, s.waiting, s.signup_from, s.signup_to,
	s.verify_level, s.pools, s.updated_at`

func selectSessionColumns(ctx context.Context, q db.Queryer, columns, tail string, args ...any) ([]Session, error) {
	var rows []*sessionRow // a row is large; growing a list of them would copy each several times
	if err := db.Select(ctx, q, &rows, `SELECT `+columns+sessionTables+tail, args...); err != nil {
		return nil, err
	}
	sessions := make([]Session, len(rows))
	for i := range rows {
		s, err := rows[i].session()
		if err != nil {
			return nil, err
		}
		sessions[i] = s
	}
	return sessions, fillPools(ctx, q, rows, sessions)
}

func getSession(ctx context.Context, q db.Queryer, where string, arg any) (Session, error) {
	rec, err := getRecord(ctx, q, where, arg)
	return rec.Session, err
}

const stationColumns = `p.id, p.code, p.version, p.tier, p.parent, p.name, p.town, COALESCE(t.name, '') AS town_name,
	p.address, p.phone, p.hours, p.bus, p.note, p.valid_from, p.valid_to,
	p.import_hash, p.import_version, p.updated_at`

const stationTables = ` FROM station p LEFT JOIN town t ON t.code = p.town `

type stationRow struct {
	Station
	ImportHash    string `db:"import_hash"`
	ImportVersion int    `db:"import_version"`
	UpdatedAt     int64  `db:"updated_at"`
}

func (r stationRow) station() Station {
	r.Updated = local(r.UpdatedAt)
	return r.Station
}

func selectStations(ctx context.Context, q db.Queryer, tail string, args ...any) ([]Station, error) {
	var rows []stationRow
	if err := db.Select(ctx, q, &rows, `SELECT `+stationColumns+stationTables+tail, args...); err != nil {
		return nil, err
	}
	stations := make([]Station, len(rows))
	for i, r := range rows {
		stations[i] = r.station()
	}
	return stations, nil
}
