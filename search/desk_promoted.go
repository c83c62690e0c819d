package search

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// Promoted is a promoted answer: pages that editors put on top for some queries.
type Promoted struct {
	ID      string // "" for a new one
	Queries []string
	Targets []Target
	Version int64 // 0 for a new one
	At      time.Time
	By      string // account id
}

const (
	maxPromotedQueries = 20
	maxTargets         = 5 // more would be a page of its own
)

// noPromoted is NotFound with a sentence.
func noPromoted(err error) error {
	return errs.New(errs.NotFound, "没有这条推荐答案，可能已被删除。请回到列表查看。", "%w", err)
}

type promotedRow struct {
	ID        string
	Queries   string
	Targets   string
	Version   int64
	UpdatedAt int64
	UpdatedBy string
}

const promotedColumns = `SELECT id, queries, targets, version, updated_at, updated_by FROM search_promoted `

func (r promotedRow) promoted() (p Promoted, err error) {
	p = Promoted{ID: r.ID, Version: r.Version, At: db.Time(&r.UpdatedAt), By: r.UpdatedBy}
	if err := db.FromJSON(r.Queries, &p.Queries); err != nil {
		return p, err
	}
	return p, db.FromJSON(r.Targets, &p.Targets)
}

// AllPromoted lists the promoted answers, last changed first.
func (d *Desk) AllPromoted(ctx context.Context) (_ []Promoted, err error) {
	defer errs.Wrap(&err, "list promoted answers")
	var rows []promotedRow
	if err := db.Select(ctx, d.cfg.DB.Reader(), &rows, promotedColumns+`ORDER BY updated_at DESC, id DESC`); err != nil {
		return nil, err
	}
	list := make([]Promoted, len(rows))
	for i, r := range rows {
		if list[i], err = r.promoted(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Promoted finds one by id.
func (d *Desk) Promoted(ctx context.Context, id string) (_ Promoted, err error) {
	defer errs.Wrap(&err, "promoted answer %q", id)
	return getPromoted(ctx, d.cfg.DB.Reader(), id)
}

func getPromoted(ctx context.Context, q db.Queryer, id string) (Promoted, error) {
	var row promotedRow
	err := db.Get(ctx, q, &row, promotedColumns+`WHERE id = $1`, id)
	if errs.Is(err, errs.NotFound) {
		return Promoted{}, noPromoted(err)
	}
	if err != nil {
		return Promoted{}, err
	}
	return row.promoted()
}

// learnPromoted brings them into memory: every search asks for them.
func (d *Desk) learnPromoted(ctx context.Context) error {
	list, err := d.AllPromoted(ctx)
	if err != nil {
		return err
	}
	byQuery := map[string]Promoted{}
	for _, p := range list {
		for _, q := range p.Queries {
			byQuery[d.index.canonical(q)] = p
		}
	}
	d.promoted.Store(&byQuery)
	return nil
}

// SavePromoted adds a promoted answer (no ID), or changes the one with this ID
// when its version is still the one given. Addresses are the targets as editors
// write them; what is not a page of this site is Invalid at field targets.
func (d *Desk) SavePromoted(ctx context.Context, actor auth.Actor, p Promoted, addresses []string) (_ Promoted, err error) {
	defer errs.Wrap(&err, "save promoted answer")
	if err := actor.Must(auth.Write); err != nil {
		return p, err
	}
	texts, err := d.checkQueries(&p)
	if err != nil {
		return p, err
	}
	if p.Targets, err = d.targets(ctx, addresses); err != nil {
		return p, err
	}
	err = d.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := d.putPromoted(ctx, tx, actor, &p); err != nil {
			return err
		}
		if err := takeQueries(ctx, tx, p, texts); err != nil {
			return err
		}
		d.recordPromoted(tx, actor, "search.promote", p, "保存推荐答案“"+p.Queries[0]+"”")
		return nil
	})
	if err != nil {
		return p, err
	}
	return p, d.learnPromoted(ctx)
}

// putPromoted writes the row and gives p its new version.
func (d *Desk) putPromoted(ctx context.Context, tx *db.Tx, actor auth.Actor, p *Promoted) error {
	now := d.cfg.Now()
	p.At, p.By = now.UTC().Truncate(time.Millisecond), actor.ID
	if p.ID == "" {
		p.ID, p.Version = db.NewID(), 1
		_, err := db.Exec(ctx, tx, `INSERT INTO search_promoted (id, queries, targets, version, created_at, created_by, updated_at, updated_by)
			VALUES ($1, $2, $3, 1, $4, $5, $4, $5)`, p.ID, db.JSON(p.Queries), db.JSON(p.Targets), now.UnixMilli(), actor.ID)
		return err
	}
	err := db.Get(ctx, tx, &p.Version, `UPDATE search_promoted SET queries = $3, targets = $4, version = version + 1,
		updated_at = $5, updated_by = $6 WHERE id = $1 AND version = $2 RETURNING version`,
		p.ID, p.Version, db.JSON(p.Queries), db.JSON(p.Targets), now.UnixMilli(), actor.ID)
	if errs.Is(err, errs.NotFound) {
		return stalePromoted(ctx, tx, p.ID)
	}
	return err
}

func stalePromoted(ctx context.Context, tx *db.Tx, id string) error {
	if _, err := getPromoted(ctx, tx, id); err != nil {
		return err
	}
	return errs.New(errs.Conflict, "这条推荐答案刚被别人改过。您填的还在，请对照后再保存。", "promoted answer %s: stale version", id)
}

// takeQueries makes the queries lead to this answer and to no other.
func takeQueries(ctx context.Context, tx *db.Tx, p Promoted, texts []string) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM search_promoted_query WHERE promoted = $1`, p.ID); err != nil {
		return err
	}
	for i, text := range texts {
		n, err := db.Exec(ctx, tx, `INSERT INTO search_promoted_query (text, promoted) VALUES ($1, $2) ON CONFLICT (text) DO NOTHING`, text, p.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Bad("queries", "“"+p.Queries[i]+"”已经有另一条推荐答案了，请改那一条，或者先从那里去掉。")
		}
	}
	return nil
}

// DeletePromoted takes it away.
func (d *Desk) DeletePromoted(ctx context.Context, actor auth.Actor, id string, version int64) (err error) {
	defer errs.Wrap(&err, "delete promoted answer %q", id)
	if err := actor.Must(auth.Write); err != nil {
		return err
	}
	err = d.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := getPromoted(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `DELETE FROM search_promoted_query WHERE promoted = $1`, id); err != nil {
			return err
		}
		n, err := db.Exec(ctx, tx, `DELETE FROM search_promoted WHERE id = $1 AND version = $2`, id, version)
		if err == nil && n == 0 {
			return stalePromoted(ctx, tx, id)
		}
		d.recordPromoted(tx, actor, "search.unpromote", p, "删除推荐答案“"+p.Queries[0]+"”")
		return err
	})
	if err != nil {
		return err
	}
	return d.learnPromoted(ctx)
}

func (d *Desk) recordPromoted(tx *db.Tx, actor auth.Actor, action string, p Promoted, summary string) {
	e := actor.Entry(action, "promoted:"+p.ID, summary)
	e.Detail = db.JSON(map[string]any{"queries": p.Queries, "targets": p.Targets})
	d.cfg.Ledger.Record(tx, e, ledger.Change{Kind: "site", ID: journalPromoted})
}

// checkQueries tidies the spellings and returns their canonical forms, in the
// same order; two that are the same become one.
func (d *Desk) checkQueries(p *Promoted) (texts []string, err error) {
	var kept []string
	for _, q := range p.Queries {
		q = strings.Join(strings.Fields(q), " ")
		text := d.index.canonical(q)
		switch {
		case q == "" || slices.Contains(texts, text):
			continue
		case text == "":
			return nil, errs.Bad("queries", "“"+clip(q, 20)+"”里没有可以查找的字，请删掉。")
		case utf8.RuneCountInString(q) > maxKept:
			return nil, errs.Bad("queries", "“"+clip(q, 10)+"…”太长，请写 "+strconv.Itoa(maxKept)+" 字以内的说法。")
		case hasNumber(text) && len(text) > len("12348"):
			return nil, errs.Bad("queries", "“"+q+"”像是号码，请不要写进来。")
		}
		kept, texts = append(kept, q), append(texts, text)
	}
	p.Queries = kept
	if len(kept) == 0 {
		return nil, errs.Bad("queries", "请写上读者会搜的话，一行一种说法。")
	}
	if len(kept) > maxPromotedQueries {
		return nil, errs.Bad("queries", "说法太多，最多 "+strconv.Itoa(maxPromotedQueries)+" 种，请留下常用的。")
	}
	return texts, nil
}
