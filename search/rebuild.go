package search

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// reopen opens the current shelf if it can be used: whole, undamaged, of this
// schema, and on the same journal. The error says why not.
func (x *Index) reopen(ctx context.Context, last int64) (s *shelf, err error) {
	if x.home == nil {
		return nil, errNone
	}
	name, err := x.home.currentName()
	if err != nil {
		return nil, err
	}
	if err := x.home.verify(name); err != nil {
		return nil, err
	}
	if _, err := os.Stat(x.home.path(name)); err != nil {
		return nil, err // or Bleve would make an empty one
	}
	s, err = openShelf(x.home.path(name))
	if err != nil {
		return nil, err
	}
	if err := x.fits(ctx, s, last); err != nil {
		return nil, errors.Join(err, s.retire())
	}
	return s, x.home.sweep(name)
}

func (x *Index) fits(ctx context.Context, s *shelf, last int64) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("bleve panics: %v", r)
		}
	}()
	st, err := s.read()
	switch {
	case err != nil:
		return err
	case st.Schema != schema():
		return fmt.Errorf("schema %s, this program has %s", st.Schema, schema())
	case !st.Complete:
		return errors.New("build was not finished")
	case st.Position > last:
		return fmt.Errorf("position %d is beyond the journal's %d: %w", st.Position, last, errGap)
	}
	row, err := x.rowAt(ctx, st.Position)
	if err != nil {
		return err
	}
	if row != st.Last {
		return fmt.Errorf("journal row %d is another one: %w", st.Position, errGap)
	}
	s.position = st.Position
	return s.refresh()
}

// rowAt reads one row of the journal: with it an index knows the journal again.
func (x *Index) rowAt(ctx context.Context, seq int64) (row ledger.Row, err error) {
	if seq == 0 {
		return row, nil
	}
	rows, err := x.cfg.Ledger.Since(ctx, seq-1, 1)
	if err == nil && len(rows) == 1 && rows[0].Seq == seq {
		row = rows[0]
	}
	return row, err
}

// Rebuild makes the whole index anew beside the old one and swaps; searching
// goes on meanwhile. progress may be nil. A second one at the same time is a
// Conflict.
func (x *Index) Rebuild(ctx context.Context, progress func(done, total int)) (err error) {
	defer errs.Wrap(&err, "rebuild search index")
	if !x.rebuilds.TryLock() {
		return errs.New(errs.Conflict, "搜索索引正在重建，请等它完成。", "another rebuild runs")
	}
	defer x.rebuilds.Unlock()
	name, path := newShelfName(), ""
	if x.home != nil {
		path = x.home.path(name)
	}
	s, err := openShelf(path)
	if err != nil {
		return err
	}
	if err := x.build(ctx, s, progress); err != nil {
		return errors.Join(err, s.discard())
	}
	if err := x.swap(ctx, s, name); err != nil {
		return errors.Join(err, s.discard())
	}
	if x.home != nil {
		return x.home.sweep(name)
	}
	return nil
}

// discard throws away a shelf that never became current.
func (s *shelf) discard() error {
	err := s.retire()
	if s.path != "" {
		err = errors.Join(err, os.RemoveAll(s.path))
	}
	return err
}

// build fills a shelf with everything, and then with what happened meanwhile.
func (x *Index) build(ctx context.Context, s *shelf, progress func(done, total int)) error {
	position, err := x.cfg.Ledger.Refresh(ctx) // before reading: what comes later is replayed
	if err != nil {
		return err
	}
	last, err := x.rowAt(ctx, position)
	if err != nil {
		return err
	}
	if err := x.learnTopics(ctx); err != nil {
		return err
	}
	if err := x.cfg.Laws.Reload(ctx); err != nil {
		return err
	}
	w := x.newWriter(s)
	if err := x.fill(ctx, w, progress); err != nil {
		return err
	}
	if err := w.flush(&state{Schema: schema(), Position: position, Last: last}); err != nil {
		return err
	}
	if err := s.compact(ctx); err != nil {
		return err
	}
	if err := s.refresh(); err != nil {
		return err
	}
	for {
		n, _, err := x.take(ctx, s, maxRows, false)
		if n == 0 || err != nil {
			return err
		}
		if err := s.refresh(); err != nil { // a law's old articles are looked up in it
			return err
		}
	}
}

func (x *Index) fill(ctx context.Context, w *writer, progress func(done, total int)) error {
	slugs, total, err := x.extent(ctx)
	if err != nil {
		return err
	}
	done := 0
	add := func(e *entry) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if done++; progress != nil && done%200 == 0 {
			progress(min(done, total), total)
		}
		return w.add(e)
	}
	if err := x.eachDocument(ctx, add); err != nil {
		return err
	}
	if err := x.eachHead(ctx, add); err != nil {
		return err
	}
	for _, slug := range slugs {
		if err := x.eachOfLaw(ctx, slug, add); err != nil {
			return err
		}
	}
	if err := x.eachSession(ctx, add); err != nil {
		return err
	}
	if err := x.eachStation(ctx, add); err != nil {
		return err
	}
	if progress != nil {
		progress(total, total)
	}
	return nil
}

// extent counts what there is to index.
func (x *Index) extent(ctx context.Context) (slugs []string, total int, err error) {
	published, heads, err := x.cfg.Content.Count(ctx)
	if err != nil {
		return nil, 0, err
	}
	laws, err := x.cfg.Laws.Laws(ctx)
	if err != nil {
		return nil, 0, err
	}
	sessions, err := x.cfg.Events.CountSessions(ctx, events.Filter{})
	if err != nil {
		return nil, 0, err
	}
	stations, err := x.cfg.Events.Stations(ctx, events.StationFilter{})
	if err != nil {
		return nil, 0, err
	}
	total = published + heads + sessions + len(stations)
	for _, l := range laws {
		slugs = append(slugs, l.Slug)
		total += 1 + l.InForce().Articles
	}
	return slugs, total, nil
}

// swap makes a built shelf the one that answers. The journal stands still for
// the index meanwhile, so nobody who waits for a number sees it go back.
func (x *Index) swap(ctx context.Context, s *shelf, name string) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	if x.closed {
		return errs.New(errs.Unavailable, "", "index is closed")
	}
	for {
		n, _, err := x.take(ctx, s, maxRows, false)
		if err != nil {
			return err
		}
		if err := s.refresh(); err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	last, err := x.rowAt(ctx, s.position)
	if err != nil {
		return err
	}
	if err := x.newWriter(s).flush(&state{Schema: schema(), Position: s.position, Last: last, Complete: true}); err != nil {
		return err
	}
	if x.home != nil {
		if err := x.home.setCurrent(name); err != nil {
			return err
		}
	}
	x.put(s)
	return nil
}
