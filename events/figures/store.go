package figures

import (
	"context"
	"sync"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/ledger"
)

// zone is the time zone of all days; see events.Zone.
var zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// Config is what the package needs.
type Config struct {
	DB     *db.DB
	Ledger *ledger.Ledger
	Now    func() time.Time
}

// Store keeps facts, definitions and periods.
type Store struct {
	db       *db.DB
	ledger   *ledger.Ledger
	now      func() time.Time
	mu       sync.Mutex
	attached []Attached
}

// New makes a store; it reads and writes nothing yet.
func New(cfg Config) *Store {
	return &Store{db: cfg.DB, ledger: cfg.Ledger, now: cfg.Now}
}

// Attached is a measure that is counted where it lives.
type Attached struct {
	Measure string
	// Count gives the figures of the days of the query, by month and whatever
	// else is known. A stand (stations on a day) is that of the query's last day.
	Count func(ctx context.Context, q db.Queryer, query Query) ([]Cell, error)
	// Rows lists what is under them; nil when there is nothing to show.
	Rows func(ctx context.Context, q db.Queryer, query Query) ([]Row, error)
}

// Attach adds a measure; it is called while the program is put together. A
// second one of the same measure takes the first one's place.
func (s *Store) Attach(a Attached) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.attached {
		if s.attached[i].Measure == a.Measure {
			s.attached[i] = a
			return
		}
	}
	s.attached = append(s.attached, a)
}

func (s *Store) attachments() []Attached {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attached
}

// lock makes writers of facts and the freezing of periods take turns.
func lock(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `UPDATE fact_head SET writes = writes + 1`)
	return err
}

func (s *Store) today() string { return s.now().In(zone).Format(time.DateOnly) }

// isDate reports whether text is a calendar date.
func isDate(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// nextDay is the day after a date.
func nextDay(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return t.AddDate(0, 0, 1).Format(time.DateOnly)
}
