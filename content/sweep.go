package content

import (
	"context"
	"time"

	"github.com/songfa/songfa/content/proof"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Sweep is one run of the machine checks over all that readers get (全站校对): for
// when a list has changed. Corrections of what it finds go the usual way.
type Sweep struct {
	ID        string
	Asked     time.Time
	By        string    // name
	Ended     time.Time // zero while it runs
	Documents int       // checked so far
	Hits      int
}

// Hit is one blocker or warning that a Sweep found. Hints are left out: over years
// of texts they would bury the rest.
type Hit struct {
	DocumentID string
	Address    string
	Title      string
	Finding    proof.Finding
}

const (
	sweepBatch = 50              // documents that share a transaction
	sweepStale = 2 * time.Minute // after which another node takes an abandoned run over
	sweepHits  = 20              // of one document
)

type sweepRow struct {
	ID        string `db:"id"`
	AskedAt   int64  `db:"asked_at"`
	AskedName string `db:"asked_name"`
	EndedAt   *int64 `db:"ended_at"`
	LastID    string `db:"last_id"`
	Documents int    `db:"documents"`
	Hits      int    `db:"hits"`
}

const sweepColumns = `id, asked_at, asked_name, ended_at, last_id, documents, hits`

func (r sweepRow) sweep() Sweep {
	return Sweep{ID: r.ID, Asked: time.UnixMilli(r.AskedAt).UTC(), By: r.AskedName, Ended: db.Time(r.EndedAt), Documents: r.Documents, Hits: r.Hits}
}

// AskSweep asks for a run; a node begins it soon. Errors: errs.Conflict while one
// is under way.
func (s *Store) AskSweep(ctx context.Context, actor auth.Actor) (err error) {
	defer errs.Wrap(&err, "ask for a sweep")
	if err := actor.Must(auth.Publish); err != nil {
		return err
	}
	return s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		var open int
		if err := db.Get(ctx, tx, &open, `SELECT count(*) FROM proof_run WHERE ended_at IS NULL`); err != nil {
			return err
		}
		if open > 0 {
			return errs.New(errs.Conflict, "全站校对正在进行，完成以后再开始新的一次。", "a sweep is open")
		}
		id := db.NewID()
		_, err := db.Exec(ctx, tx, `INSERT INTO proof_run (id, asked_at, asked_by, asked_name, last_id, documents, hits)
			VALUES ($1, $2, $3, $4, '', 0, 0)`, id, s.now().UnixMilli(), actor.ID, actor.Name)
		s.cfg.Ledger.Record(tx, actor.Entry("proof.sweep", "proof:"+id, "开始全站校对"))
		return err
	})
}

// RunSweep works on the run that waits, if there is one, to its end. A run whose
// node went away is taken over where it stood. Any node may call it at any time.
func (s *Store) RunSweep(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "run a sweep")
	if s.cfg.Proof == nil {
		return nil
	}
	var run sweepRow
	err = db.Get(ctx, s.cfg.DB.Reader(), &run, `SELECT `+sweepColumns+` FROM proof_run
		WHERE ended_at IS NULL AND (claimed_at IS NULL OR claimed_at < $1) ORDER BY id LIMIT 1`, s.now().Add(-sweepStale).UnixMilli())
	if err != nil {
		return ignoreNotFound(err)
	}
	claimed := false
	err = s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, `UPDATE proof_run SET claimed_at = $2 WHERE id = $1 AND (claimed_at IS NULL OR claimed_at < $3)`,
			run.ID, s.now().UnixMilli(), s.now().Add(-sweepStale).UnixMilli())
		claimed = n > 0
		return err
	})
	for err == nil && claimed && run.EndedAt == nil {
		err = s.sweepOn(ctx, &run)
	}
	return err
}

// sweepOn checks the next documents of a run and notes what it found.
func (s *Store) sweepOn(ctx context.Context, run *sweepRow) error {
	some, err := s.EachPublished(ctx, run.LastID, sweepBatch)
	if err != nil {
		return err
	}
	hits := make([][]proof.Finding, len(some))
	for i, l := range some {
		found, err := s.Findings(ctx, l.Document, l.Text)
		if err != nil {
			return err
		}
		for _, f := range found {
			if f.Severity != proof.Hint && f.Reason.Text == "" && len(hits[i]) < sweepHits {
				hits[i] = append(hits[i], f.Finding)
			}
		}
	}
	return s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		next := *run
		for i, l := range some {
			for n, f := range hits[i] {
				if err := writeHit(ctx, tx, run.ID, l, n, f); err != nil {
					return err
				}
			}
			next.LastID, next.Documents, next.Hits = l.Document.ID, next.Documents+1, next.Hits+len(hits[i])
		}
		if len(some) == 0 {
			next.EndedAt = db.Millis(s.now())
		}
		_, err := db.Exec(ctx, tx, `UPDATE proof_run SET claimed_at = $2, ended_at = $3, last_id = $4, documents = $5, hits = $6 WHERE id = $1`,
			run.ID, s.now().UnixMilli(), next.EndedAt, next.LastID, next.Documents, next.Hits)
		if err == nil {
			*run = next
		}
		return err
	})
}

func writeHit(ctx context.Context, tx *db.Tx, runID string, l Live, n int, f proof.Finding) error {
	grade := 1
	if f.Severity == proof.Block {
		grade = 0
	}
	_, err := db.Exec(ctx, tx, `INSERT INTO proof_hit (run_id, document_id, position, kind, slug, title, finding, rule, grade)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, runID, l.Document.ID, n, l.Kind, l.Slug, l.Title, db.JSON(f), f.Rule, grade)
	return err
}

// Sweeps lists the last runs, the newest first.
func (s *Store) Sweeps(ctx context.Context, limit int) (_ []Sweep, err error) {
	defer errs.Wrap(&err, "list sweeps")
	var rows []sweepRow
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT `+sweepColumns+` FROM proof_run ORDER BY id DESC LIMIT $1`, limit)
	list := make([]Sweep, len(rows))
	for i, r := range rows {
		list[i] = r.sweep()
	}
	return list, err
}

// SweepHits lists what a run found, blockers first, document by document.
func (s *Store) SweepHits(ctx context.Context, runID string, offset, limit int) (_ []Hit, err error) {
	defer errs.Wrap(&err, "list hits of sweep %s", runID)
	var rows []struct {
		DocumentID string `db:"document_id"`
		Kind       Kind   `db:"kind"`
		Slug       string `db:"slug"`
		Title      string `db:"title"`
		Finding    string `db:"finding"`
	}
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT document_id, kind, slug, title, finding FROM proof_hit
		WHERE run_id = $1 ORDER BY grade, document_id, position LIMIT $2 OFFSET $3`, runID, limit, offset)
	if err != nil {
		return nil, err
	}
	hits := make([]Hit, len(rows))
	for i, r := range rows {
		hits[i] = Hit{DocumentID: r.DocumentID, Address: Address(r.Kind, r.Slug), Title: r.Title}
		if err := db.FromJSON(r.Finding, &hits[i].Finding); err != nil {
			return nil, err
		}
	}
	return hits, nil
}
