package search

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// DeskConfig is what a Desk is made of. All must be set.
type DeskConfig struct {
	DB     *db.DB
	Ledger *ledger.Ledger
	Index  *Index   // whose synonyms it sets and whose entries it promotes
	Base   *url.URL // of the site: editors paste whole addresses
	Now    func() time.Time
	Log    *slog.Logger
}

// Desk is the editors' side of search: synonyms, promoted answers, searches
// without a result, and related searches. It lives in the database, so that all
// nodes share it; what a search needs of it is held in memory and follows the
// journal. It is safe for concurrent use.
type Desk struct {
	cfg   DeskConfig
	index *Index

	promoted atomic.Pointer[map[string]Promoted] // by query, canonical
	related  atomic.Pointer[related]
	seen     atomic.Int64 // journal position of what is in memory

	learning sync.Mutex
	learned  string // the editors' synonyms in force, guarded by learning

	mu     sync.Mutex
	zeros  map[string]int64 // not yet in the database
	clicks map[click]int64
}

// Ids of the journal rows of kind site that tell of changes.
const (
	journalSynonyms = "synonyms"
	journalPromoted = "promoted"
)

// NewDesk makes a Desk and reads what editors have set.
func NewDesk(ctx context.Context, cfg DeskConfig) (_ *Desk, err error) {
	defer errs.Wrap(&err, "open search desk")
	d := &Desk{cfg: cfg, index: cfg.Index, zeros: map[string]int64{}, clicks: map[click]int64{}}
	d.related.Store(&related{})
	d.seen.Store(cfg.Ledger.Position()) // first: what happens while we read is read again
	return d, errors.Join(d.learnSynonyms(ctx), d.learnPromoted(ctx))
}

// Ready is nil when the index answers.
func (d *Desk) Ready() error { return d.index.Ready() }

// Run follows the journal and writes what was counted, until ctx ends; what is
// counted by then is written before it returns.
func (d *Desk) Run(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { d.follow(ctx) })
	wg.Go(func() { d.count(ctx) })
	wg.Wait()
}

// follow takes over what another node or process changed.
func (d *Desk) follow(ctx context.Context) {
	for {
		if _, err := d.cfg.Ledger.Wait(ctx, d.seen.Load()); err != nil {
			return
		}
		err := d.catchUp(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			d.cfg.Log.Error("follow journal for the search desk", "err", err)
			d.index.pause(ctx, time.Second)
		}
	}
}

// catchUp reads the journal on, and again what changed.
func (d *Desk) catchUp(ctx context.Context) error {
	rows, err := d.cfg.Ledger.Since(ctx, d.seen.Load(), 1000)
	if err != nil || len(rows) == 0 {
		return err
	}
	changed := func(id string) bool {
		return slices.ContainsFunc(rows, func(r ledger.Row) bool { return r.Kind == "site" && r.ID == id })
	}
	if changed(journalSynonyms) {
		err = errors.Join(err, d.learnSynonyms(ctx))
	}
	if changed(journalPromoted) {
		err = errors.Join(err, d.learnPromoted(ctx))
	}
	if err == nil {
		d.seen.Store(rows[len(rows)-1].Seq)
	}
	return err
}

const (
	countEvery   = 30 * time.Second
	relatedEvery = 10 * time.Minute
	keepDays     = 180 // of searches without a result and of clicks
)

// count writes the counters from time to time, and works out anew which
// searches are related.
func (d *Desk) count(ctx context.Context) {
	tick := time.NewTicker(countEvery)
	defer tick.Stop()
	d.logged("relate searches", d.Relate(ctx))
	for next := d.cfg.Now().Add(relatedEvery); ; {
		select {
		case <-tick.C:
			d.logged("count searches", d.Flush(ctx))
			if now := d.cfg.Now(); now.After(next) {
				next = now.Add(relatedEvery)
				d.logged("relate searches", d.Relate(ctx))
			}
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			d.logged("count searches", d.Flush(last))
			return
		}
	}
}

func (d *Desk) logged(what string, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		d.cfg.Log.Warn(what+": next time again", "err", err)
	}
}

// Flush writes what was counted since the last time. What cannot be written
// waits.
func (d *Desk) Flush(ctx context.Context) error {
	return errors.Join(d.flushZeros(ctx), d.flushClicks(ctx))
}

// canonical is the one form a query is compared by: folded, without signs, with
// a space only between words of letters. 勞動合同 and 劳动 合同！ are 劳动合同.
func (x *Index) canonical(text string) string {
	var b strings.Builder
	gap, latin := false, false // what the last written character is followed by, and was
	for _, r := range x.analyzer.fold(text).text {
		if !isHan(r) && !isLatin(r) {
			gap = true
			continue
		}
		if gap && latin && isLatin(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		gap, latin = false, isLatin(r)
	}
	return b.String()
}

// today is the date of the bureau, days before it.
func (d *Desk) today(before int) string {
	return d.cfg.Now().In(events.Zone).AddDate(0, 0, -before).Format(time.DateOnly)
}
