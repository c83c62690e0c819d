package search

import (
	"context"
	"strconv"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Zero is a query that found nothing.
type Zero struct {
	Text     string // canonical
	Searches int64
	FirstDay string // 2006-01-02
	LastDay  string
	Done     ZeroDone
	DoneDay  string // "" while open
	DoneBy   string // account id
	Reopened bool   // it was dealt with and found nothing again since
}

// ZeroDone says how a query that found nothing was dealt with.
type ZeroDone string

// What editors do about them.
const (
	ZeroOpen     ZeroDone = ""
	ZeroSynonym  ZeroDone = "synonym"  // given a synonym
	ZeroPromoted ZeroDone = "promoted" // given a promoted answer
	ZeroIgnored  ZeroDone = "ignored"  // not our subject
)

// Label is the Chinese name.
func (z ZeroDone) Label() string {
	switch z {
	case ZeroSynonym:
		return "已加同义词"
	case ZeroPromoted:
		return "已加推荐"
	case ZeroIgnored:
		return "不用管"
	}
	return "待处理"
}

const (
	maxZeros     = 2000 // rows; the rarest and oldest go first
	maxZeroBatch = 200  // new queries that one node takes between two writings
)

// FoundNothing counts a query that found nothing. What may hold somebody's
// number is dropped, what is too long is cut. It never waits.
func (d *Desk) FoundNothing(text string) {
	kept, ok := d.index.keepable(text)
	if !ok {
		return
	}
	kept = clip(kept, maxKept)
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, known := d.zeros[kept]; known || len(d.zeros) < maxZeroBatch {
		d.zeros[kept]++
	}
}

// flushZeros writes the counters, and forgets what is old or too much.
func (d *Desk) flushZeros(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "write searches without a result")
	d.mu.Lock()
	taken := d.zeros
	d.zeros = map[string]int64{}
	d.mu.Unlock()
	if len(taken) == 0 {
		return nil
	}
	today := d.today(0)
	err = d.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		for text, n := range taken {
			_, err := db.Exec(ctx, tx, `INSERT INTO search_zero (text, searches, first_day, last_day, done, done_day, done_by)
				VALUES ($1, $2, $3, $3, '', '', '')
				ON CONFLICT (text) DO UPDATE SET searches = search_zero.searches + $2, last_day = $3`, text, n, today)
			if err != nil {
				return err
			}
		}
		return d.boundZeros(ctx, tx)
	})
	if err != nil {
		d.mu.Lock()
		defer d.mu.Unlock()
		for text, n := range taken {
			if len(d.zeros) < maxZeroBatch {
				d.zeros[text] += n
			}
		}
	}
	return err
}

func (d *Desk) boundZeros(ctx context.Context, tx *db.Tx) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM search_zero WHERE last_day < $1`, d.today(keepDays)); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM search_zero WHERE text IN (
		SELECT text FROM search_zero ORDER BY searches DESC, last_day DESC, text LIMIT 1000000 OFFSET $1)`, maxZeros)
	return err
}

// zeroIsOpen selects what editors should look at: also what was given a synonym or an
// answer and found nothing on a later day.
const zeroIsOpen = `(done = '' OR done <> 'ignored' AND last_day > done_day)`

// Zeros lists the queries that found nothing, most frequent first: those to look
// at, or those that were dealt with. Offset and limit choose the page; total is
// how many there are.
func (d *Desk) Zeros(ctx context.Context, done bool, offset, limit int) (list []Zero, total int, err error) {
	defer errs.Wrap(&err, "list searches without a result")
	where := ` FROM search_zero WHERE ` + zeroIsOpen
	if done {
		where = ` FROM search_zero WHERE NOT ` + zeroIsOpen
	}
	if err := db.Get(ctx, d.cfg.DB.Reader(), &total, `SELECT count(*)`+where); err != nil {
		return nil, 0, err
	}
	err = db.Select(ctx, d.cfg.DB.Reader(), &list, `SELECT text, searches, first_day, last_day, done, done_day, done_by`+where+
		` ORDER BY searches DESC, last_day DESC, text LIMIT $1 OFFSET $2`, limit, offset)
	for i, z := range list {
		list[i].Reopened = !done && z.Done != ZeroOpen
	}
	return list, total, err
}

// MarkZero says how a query was dealt with; ZeroOpen takes that back.
func (d *Desk) MarkZero(ctx context.Context, actor auth.Actor, text string, done ZeroDone) (err error) {
	defer errs.Wrap(&err, "mark search without a result")
	if err := actor.Must(auth.Write); err != nil {
		return err
	}
	switch done {
	case ZeroOpen, ZeroSynonym, ZeroPromoted, ZeroIgnored:
	default:
		return errs.New(errs.Invalid, "没有这种处理办法，请从列表里选。", "done is %s", strconv.Quote(clip(string(done), 20)))
	}
	day := d.today(0)
	if done == ZeroOpen {
		day = ""
	}
	return d.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, `UPDATE search_zero SET done = $2, done_day = $3, done_by = $4 WHERE text = $1`, text, done, day, actor.ID)
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "这一条已经不在列表里了。", "no such search")
		}
		if err != nil {
			return err
		}
		d.cfg.Ledger.Record(tx, actor.Entry("search.zero", "search:zero", "无结果的搜索“"+text+"”："+done.Label()))
		return nil
	})
}
