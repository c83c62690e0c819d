package events_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/internal/vault"
)

// clients is how many people sign up for the one session at the same time.
const clients = 64

// BenchmarkSignUp signs people up for one session through the store, and holds
// that against the bare transaction (check places, insert the row, raise the
// counter) on the same tables: once with a commit for each person, once with one
// commit for all who wait. `make bench` reads it.
func BenchmarkSignUp(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			for _, way := range []string{"store", "grouped", "plain"} {
				b.Run(way, func(b *testing.B) { benchSignUp(b, open(b), way) })
			}
		})
	}
}

func benchSignUp(b *testing.B, d *db.DB, way string) {
	store := events.New(events.Config{DB: d, Ledger: ledger.New(d, time.Now), Now: time.Now,
		Vault: vault.New([]byte("a secret that only tests may know!"))})
	session := hotSession(b, store)
	var n atomic.Int64
	one := func(ctx context.Context) error {
		i := int(n.Add(1))
		f := guest(session, i, 1)
		f.Address = fmt.Sprintf("2001:db8:%x:%x::1", i>>16, i&0xffff)
		_, err := store.SignUp(ctx, f)
		return err
	}
	bare := &bareSignUp{d: d, session: session}
	switch way {
	case "grouped":
		one = bare.grouped
	case "plain":
		one = bare.plain
	}
	took := inParallel(b, one)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "signups/s")
	var taken int
	if err := db.Get(b.Context(), d.Reader(), &taken, `SELECT taken FROM session WHERE id = $1`, session); err != nil || taken != b.N {
		b.Fatalf("%d taken after %d sign-ups, %v", taken, b.N, err)
	}
}

// inParallel runs one b.N times over all clients and returns how long each took,
// sorted.
func inParallel(b *testing.B, one func(context.Context) error) []time.Duration {
	var left atomic.Int64
	left.Store(int64(b.N))
	took := make([][]time.Duration, clients)
	var all sync.WaitGroup
	b.ResetTimer()
	for c := range clients {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				began := time.Now()
				if err := one(b.Context()); err != nil {
					b.Error(err)
					return
				}
				took[c] = append(took[c], time.Since(began))
			}
		})
	}
	all.Wait()
	b.StopTimer()
	return slices.Sorted(slices.Values(slices.Concat(took...)))
}

// hotSession is one with more places than anybody can take.
func hotSession(b *testing.B, store *events.Store) string {
	starts := time.Now().AddDate(0, 0, 7).Truncate(time.Minute)
	s, err := store.CreateSession(b.Context(), coordinator, events.SessionForm{Type: events.JobFair, Title: "春季招聘会", Venue: "广场",
		Starts: starts, Ends: starts.Add(time.Hour)})
	if err != nil {
		b.Fatal(err)
	}
	if s, err = store.PublishSession(b.Context(), coordinator, s.ID, s.Version); err != nil {
		b.Fatal(err)
	}
	return s.ID
}

// bareSignUp is the least a sign-up can be: places, row, counter, on disk.
type bareSignUp struct {
	d       *db.DB
	session string

	mu      sync.Mutex
	waiting []chan error
	busy    bool
}

func (s *bareSignUp) write(ctx context.Context, tx *db.Tx) error {
	n, err := db.Exec(ctx, tx, `UPDATE session SET taken = taken + 1 WHERE id = $1 AND waiting = 0 AND (capacity IS NULL OR taken < capacity)`, s.session)
	if err != nil {
		return err
	}
	if n != 1 {
		return fmt.Errorf("no place")
	}
	id := db.NewID()
	_, err = db.Exec(ctx, tx, `INSERT INTO registration (id, session, party, state, wait_pos, origin, verify_level, town, worker_kind, personal,
		phone_bidx, code_bidx, qr_bidx, idem_key, idem_hash, ip_hash, consent, created_at, created_by, updated_at)
		VALUES ($1, $2, 1, 'confirmed', NULL, 'web', 0, '', '', $3, $4, $5, $6, $7, $8, $9, '2026-11', $10, '', $10)`,
		id, s.session, sealed, scattered("phone", id), scattered("code", id), scattered("qr", id), scattered("key", id)[:26],
		scattered("form", id), scattered("address", id), time.Now().UnixMilli())
	return err
}

// sealed is as long as what the vault makes of a name and a phone, and scattered
// is as spread over the index as its blind values: that is what costs.
var sealed = fmt.Sprintf("%0192d", 0)

func scattered(kind, id string) string {
	sum := sha256.Sum256([]byte(kind + id))
	return hex.EncodeToString(sum[:16])
}

// plain commits for each person, as a handler does that opens a transaction.
// On SQLite, where internal/db always groups, a lock keeps them apart.
func (s *bareSignUp) plain(ctx context.Context) error {
	if !s.d.Postgres() {
		s.mu.Lock()
		defer s.mu.Unlock()
	}
	return s.d.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if tx.Postgres() {
			var taken int
			if err := db.Get(ctx, tx, &taken, `SELECT taken FROM session WHERE id = $1 FOR UPDATE`, s.session); err != nil {
				return err
			}
		}
		return s.write(ctx, tx)
	})
}

// grouped commits once for all who wait. On SQLite internal/db does so.
func (s *bareSignUp) grouped(ctx context.Context) error {
	if !s.d.Postgres() {
		return s.d.Update(ctx, s.write)
	}
	answer := make(chan error, 1)
	s.mu.Lock()
	s.waiting = append(s.waiting, answer)
	lead := !s.busy
	s.busy = true
	s.mu.Unlock()
	if lead {
		go s.serve(context.WithoutCancel(ctx))
	}
	return <-answer
}

func (s *bareSignUp) serve(ctx context.Context) {
	for {
		s.mu.Lock()
		together := s.waiting
		s.waiting = nil
		s.busy = len(together) > 0
		s.mu.Unlock()
		if len(together) == 0 {
			return
		}
		err := s.d.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
			for range together {
				if err := s.write(ctx, tx); err != nil {
					return err
				}
			}
			return nil
		})
		for _, answer := range together {
			answer <- err
		}
	}
}
