package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

const (
	maxRows = 200                    // journal rows taken at once
	gather  = 100 * time.Millisecond // between batches: an import publishes one by one
	idle    = 20 * time.Second       // between looks at an index nothing happens to
	settle  = 2 * time.Second        // after a change, for Bleve's merges to be done
	maxTry  = 3                      // at one row, before it is left out
)

// rebuildKind is the journal kind that asks every node to rebuild its index.
const rebuildKind = "index"

// errGap says that the journal does not continue where the index stands: the
// database is another one, or an older one. Only a rebuild helps.
var errGap = errors.New("journal does not continue at the index's position")

// Follow keeps the index up with the journal until ctx ends. It builds an index
// that is missing and one that turns out to be broken.
func (x *Index) Follow(ctx context.Context) {
	f := follower{Index: x, limit: maxRows}
	for ctx.Err() == nil {
		if f.again || x.Ready() != nil {
			f.rebuild(ctx)
			continue
		}
		f.step(ctx)
	}
}

// follower is the loop's memory.
type follower struct {
	*Index
	limit    int       // rows to take; one after a failure, to find the row at fault
	failures int       // in a row, at limit 1
	last     time.Time // of the last batch
	stale    bool      // Bleve may have merged since the view was made
	again    bool      // make the index anew, while this one answers
}

func (f *follower) rebuild(ctx context.Context) {
	err := f.Rebuild(ctx, nil)
	switch {
	case err == nil:
		f.again = false
	case errs.Is(err, errs.Conflict): // somebody else builds it
		f.pause(ctx, time.Second)
	case ctx.Err() == nil:
		f.cfg.Log.Error("build search index", "err", err)
		f.pause(ctx, 5*time.Second)
	}
}

func (f *follower) step(ctx context.Context) {
	wait := idle
	if f.stale {
		wait = settle
	}
	if !f.await(ctx, wait) {
		f.lookAround()
		return
	}
	f.pause(ctx, gather-time.Since(f.last))
	n, again, err := f.advance(ctx, f.limit)
	f.last, f.stale = time.Now(), true
	switch {
	case ctx.Err() != nil:
	case err == nil:
		f.limit, f.failures, f.again = maxRows, 0, again
	case errors.Is(err, errGap), errors.Is(err, errStuck):
		f.cfg.Log.Warn("search index is made anew", "err", err)
		f.broken.Store(true)
	default:
		f.cfg.Log.Error("follow journal for search", "err", err, "rows", n)
		f.failed(ctx)
	}
}

// await returns true once there is something to index, and false after a while
// or when somebody calls.
func (f *follower) await(ctx context.Context, wait time.Duration) bool {
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	go func() {
		select {
		case <-f.wake:
			cancel()
		case <-waiting.Done():
		}
	}()
	_, err := f.cfg.Ledger.Wait(waiting, f.Position())
	return err == nil
}

// lookAround is for quiet moments: it takes over what Bleve merged, and notices
// when the folder is gone.
func (f *follower) lookAround() {
	s := f.current.Load()
	if s == nil {
		return
	}
	if s.gone() {
		f.cfg.Log.Warn("folder of the search index is gone; it is made anew")
		f.again = true
		return
	}
	if f.stale {
		f.stale = false
		if err := s.refresh(); err != nil {
			f.cfg.Log.Error("refresh search index", "err", err)
		}
	}
}

// failed decides how to go on. A row that cannot be indexed by itself is left
// out in the end: one broken document must not stop all others.
func (f *follower) failed(ctx context.Context) {
	if s := f.current.Load(); s == nil || s.gone() {
		f.again = true // what is mapped into memory still answers
		return
	}
	if f.limit > 1 {
		f.limit = 1
		return
	}
	if f.failures++; f.failures >= maxTry {
		if _, err := f.cfg.Ledger.Refresh(ctx); err == nil { // the database answers: it is the row
			f.skip(ctx)
			f.failures = 0
		}
	}
	f.pause(ctx, time.Second)
}

func (f *follower) skip(ctx context.Context) {
	f.writing.Lock()
	defer f.writing.Unlock()
	s := f.current.Load()
	rows, err := f.rowsAfter(ctx, s, 1)
	if err == nil && len(rows) == 1 {
		err = f.newWriter(s).flush(&state{Schema: schema(), Position: rows[0].Seq, Last: rows[0], Complete: true})
	}
	if err != nil {
		f.cfg.Log.Error("leave out a change", "err", err)
		return
	}
	f.cfg.Log.Error("search index leaves out a change", "seq", rows[0].Seq, "kind", rows[0].Kind, "id", rows[0].ID)
	f.reached(s.position)
}

func (x *Index) pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// advance takes the next rows of the journal into the index that answers. again
// asks for a rebuild.
func (x *Index) advance(ctx context.Context, limit int) (n int, again bool, err error) {
	x.writing.Lock()
	defer x.writing.Unlock()
	s := x.current.Load()
	if s == nil || x.closed {
		return 0, false, nil
	}
	n, again, err = x.take(ctx, s, limit, true)
	if err == nil && n > 0 {
		err = s.refresh()
	}
	if err == nil {
		x.reached(s.position)
	}
	return n, again, err
}

// take writes the next rows of the journal into a shelf.
func (x *Index) take(ctx context.Context, s *shelf, limit int, complete bool) (n int, again bool, err error) {
	rows, err := x.rowsAfter(ctx, s, limit)
	if err != nil || len(rows) == 0 {
		return 0, false, err
	}
	defer errs.Wrap(&err, "index journal rows %d to %d", rows[0].Seq, rows[len(rows)-1].Seq)
	w := x.newWriter(s)
	again, err = x.index(ctx, w, rows)
	if err != nil {
		return len(rows), false, err
	}
	last := rows[len(rows)-1]
	return len(rows), again, w.flush(&state{Schema: schema(), Position: last.Seq, Last: last, Complete: complete})
}

func (x *Index) rowsAfter(ctx context.Context, s *shelf, limit int) ([]ledger.Row, error) {
	rows, err := x.cfg.Ledger.Since(ctx, s.position, limit)
	if err == nil && len(rows) > 0 && rows[0].Seq != s.position+1 {
		err = fmt.Errorf("row %d follows position %d: %w", rows[0].Seq, s.position, errGap)
	}
	return rows, err
}

// index brings the entries of what changed up to date: as things are now, which
// may be later than the rows.
func (x *Index) index(ctx context.Context, w *writer, rows []ledger.Row) (again bool, err error) {
	changed := map[string][]string{}
	for _, r := range rows {
		if !slices.Contains(changed[r.Kind], r.ID) {
			changed[r.Kind] = append(changed[r.Kind], r.ID)
		}
	}
	if err := x.indexDocuments(ctx, w, changed["document"]); err != nil {
		return false, err
	}
	if err := x.indexLaws(ctx, w, changed["law"]); err != nil {
		return false, err
	}
	if err := x.indexSessions(ctx, w, changed["session"]); err != nil {
		return false, err
	}
	if err := x.indexStations(ctx, w, changed["station"]); err != nil {
		return false, err
	}
	site := changed["site"]
	if slices.Contains(site, "topics") || slices.Contains(site, "towns") {
		if err := x.learnTopics(ctx); err != nil {
			return false, err
		}
	}
	if slices.Contains(site, "towns") { // their names are in all of these
		err = errors.Join(x.eachSession(ctx, w.add), x.eachStation(ctx, w.add))
	}
	return len(changed[rebuildKind]) > 0, err
}

func (x *Index) indexDocuments(ctx context.Context, w *writer, ids []string) error {
	for chunk := range slices.Chunk(ids, readDocuments) {
		lives, err := x.cfg.Content.LiveByIDs(ctx, chunk)
		if err != nil {
			return err
		}
		missing := slices.Clone(chunk)
		for _, l := range lives {
			if l.Live != "published" { // withdrawn: readable, not found
				continue
			}
			missing = slices.DeleteFunc(missing, func(id string) bool { return id == l.Document.ID })
			if err := w.add(documentEntry(l)); err != nil {
				return err
			}
		}
		for _, id := range missing {
			w.delete(documentID(id))
		}
		if err := x.indexHeads(ctx, w, chunk); err != nil {
			return err
		}
	}
	return nil
}

func (x *Index) indexLaws(ctx context.Context, w *writer, slugs []string) error {
	if len(slugs) == 0 {
		return nil
	}
	if err := x.cfg.Laws.Reload(ctx); err != nil { // who searches next may cite it
		return err
	}
	for _, slug := range slugs {
		old := map[string]bool{}
		if v := w.shelf.acquire(); v != nil {
			ids, err := v.idsOf(fieldLaw, slug)
			if err = errors.Join(err, v.release()); err != nil {
				return err
			}
			for _, id := range ids {
				old[id] = true
			}
		}
		err := x.eachOfLaw(ctx, slug, func(e *entry) error {
			delete(old, e.id)
			return w.add(e)
		})
		if err != nil {
			return err
		}
		for id := range old { // articles the version in force no longer has
			w.delete(id)
		}
	}
	return nil
}

func (x *Index) indexSessions(ctx context.Context, w *writer, ids []string) error {
	for chunk := range slices.Chunk(ids, readRows) {
		sessions, err := x.cfg.Events.SessionsByID(ctx, chunk)
		if err != nil {
			return err
		}
		for _, id := range chunk {
			w.delete(sessionID(id))
		}
		for _, s := range sessions {
			if !s.State.Public() {
				continue
			}
			if err := w.add(sessionEntry(s)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *Index) indexStations(ctx context.Context, w *writer, ids []string) error {
	for _, id := range ids {
		s, err := x.cfg.Events.StationByID(ctx, id)
		switch {
		case errs.Is(err, errs.NotFound):
			w.delete(stationID(id))
		case err != nil:
			return err
		default:
			if err := w.add(stationEntry(s)); err != nil {
				return err
			}
		}
	}
	return nil
}
