package content

import (
	"context"
	"slices"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// Topic is what documents are about.
type Topic struct {
	Slug     string `yaml:"slug" db:"slug"`
	Name     string `yaml:"name" db:"name"`
	Glyph    string `yaml:"glyph,omitempty" db:"glyph"`       // one character that stands for it: 薪
	Question string `yaml:"question,omitempty" db:"question"` // how readers would say it: 老板不给工资
	Hint     string `yaml:"hint,omitempty" db:"hint"`         // what is in it
	Order    int    `yaml:"order" db:"position"`
}

// Column is where documents show.
type Column struct {
	Slug  string `yaml:"slug" db:"slug"`
	Name  string `yaml:"name" db:"name"`
	Kinds []Kind `yaml:"kinds,flow,omitempty" db:"-"` // what it takes; empty takes all
	Intro string `yaml:"intro,omitempty" db:"intro"`
	Order int    `yaml:"order" db:"position"`
	Home  bool   `yaml:"home" db:"home"` // has a place on the home page

	Rhythm int   `yaml:"rhythm,omitempty" db:"rhythm"` // promised days between updates; 0 promises nothing
	Watch  Watch `yaml:"watch,omitempty" db:"watch"`   // how an inspection looks at it; "" by its kinds

	// Owner is the account that owes the updates, "" for nobody. It is of this
	// installation, as Review is.
	Owner     string `yaml:"-" db:"owner"`
	OwnerName string `yaml:"-" db:"owner_name"`

	// Review names accounts of this installation, so it is in no file: imports
	// leave it as it is.
	Review Review `yaml:"-" db:"-"`
}

// Takes reports whether documents of a kind belong in the column. The first
// column that takes a kind has those documents of it that name no column.
func (c Column) Takes(k Kind) bool { return len(c.Kinds) == 0 || slices.Contains(c.Kinds, k) }

// Topics lists all topics in their order.
func (s *Store) Topics(ctx context.Context) (_ []Topic, err error) {
	defer errs.Wrap(&err, "list topics")
	return readTopics(ctx, s.cfg.DB.Reader())
}

// Columns lists all columns in their order.
func (s *Store) Columns(ctx context.Context) (_ []Column, err error) {
	defer errs.Wrap(&err, "list columns")
	return readColumns(ctx, s.cfg.DB.Reader())
}

// TopicCounts counts the published documents of each topic.
func (s *Store) TopicCounts(ctx context.Context) (_ map[string]int, err error) {
	defer errs.Wrap(&err, "count topics")
	var rows []struct {
		Topic string `db:"topic"`
		N     int    `db:"n"`
	}
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT topic, count(*) AS n FROM document_topics WHERE live = TRUE GROUP BY topic`)
	counts := make(map[string]int, len(rows))
	for _, r := range rows {
		counts[r.Topic] = r.N
	}
	return counts, err
}

func readTopics(ctx context.Context, q db.Queryer) ([]Topic, error) {
	var topics []Topic
	err := db.Select(ctx, q, &topics, `SELECT slug, name, glyph, question, hint, position FROM topics ORDER BY position, slug`)
	return topics, err
}

func readColumns(ctx context.Context, q db.Queryer) ([]Column, error) {
	var rows []struct {
		Column
		Kinds  string `db:"kinds"`
		Review string `db:"review"`
	}
	err := db.Select(ctx, q, &rows, `SELECT slug, name, kinds, intro, position, home, rhythm, watch, owner, owner_name, review FROM columns ORDER BY position, slug`)
	if err != nil {
		return nil, err
	}
	columns := make([]Column, len(rows))
	for i, r := range rows {
		columns[i] = r.Column
		if err := db.FromJSON(r.Kinds, &columns[i].Kinds); err != nil {
			return nil, err
		}
		if err := db.FromJSON(r.Review, &columns[i].Review); err != nil {
			return nil, err
		}
	}
	return columns, nil
}

// columnOf is where a document shows: the column it names, or the first that
// takes its kind.
func columnOf(columns []Column, kind Kind, named string) string {
	if named != "" {
		return named
	}
	for _, c := range columns {
		if c.Takes(kind) {
			return c.Slug
		}
	}
	return ""
}

// SetTopics stores the whole list. A topic that documents use cannot be left
// out.
func (s *Store) SetTopics(ctx context.Context, actor auth.Actor, topics []Topic) (err error) {
	defer errs.Wrap(&err, "set topics")
	if err := actor.Must(auth.Import); err != nil {
		return err
	}
	for _, t := range topics {
		if err := needNamed("topics", t.Slug, t.Name); err != nil {
			return err
		}
	}
	return s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		old, err := readTopics(ctx, tx)
		if err != nil || slices.Equal(old, topics) {
			return err
		}
		if err := replaceTopics(ctx, tx, topics); err != nil {
			return err
		}
		var lost string
		err = db.Get(ctx, tx, &lost, `SELECT coalesce(min(topic), '') FROM document_topics WHERE topic NOT IN (SELECT slug FROM topics)`)
		if err != nil {
			return err
		}
		// Documents may name a topic that never was; only taking one away is refused.
		if slices.ContainsFunc(old, func(t Topic) bool { return t.Slug == lost }) {
			return errs.New(errs.Conflict, "主题“"+lost+"”还有内容在用，不能去掉。", "topic %s is in use", lost)
		}
		s.cfg.Ledger.Record(tx, actor.Entry("site.topics", "site:topics", "修改主题"), ledger.Change{Kind: "site", ID: "topics"})
		return nil
	})
}

func replaceTopics(ctx context.Context, tx *db.Tx, topics []Topic) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM topics`); err != nil {
		return err
	}
	for _, t := range topics {
		_, err := db.Exec(ctx, tx, `INSERT INTO topics (slug, name, glyph, question, hint, position) VALUES ($1, $2, $3, $4, $5, $6)`,
			t.Slug, t.Name, t.Glyph, t.Question, t.Hint, t.Order)
		if err != nil {
			return err
		}
	}
	return nil
}

// SetColumns stores the whole list. A column that documents name cannot be
// left out. Who owns a column and how its texts are reviewed stays as it is: see
// SaveColumn.
func (s *Store) SetColumns(ctx context.Context, actor auth.Actor, columns []Column) (err error) {
	defer errs.Wrap(&err, "set columns")
	if err := actor.Must(auth.Import); err != nil {
		return err
	}
	for _, c := range columns {
		if err := needNamed("columns", c.Slug, c.Name); err != nil {
			return err
		}
		if err := checkPromise(c).err(); err != nil {
			return err
		}
	}
	return s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		old, err := readColumns(ctx, tx)
		if err != nil || slices.EqualFunc(old, columns, Column.equal) {
			return err
		}
		columns := slices.Clone(columns)
		for i := range columns {
			columns[i].Review, columns[i].Owner, columns[i].OwnerName = Review{}, "", ""
			if j := slices.IndexFunc(old, func(c Column) bool { return c.Slug == columns[i].Slug }); j >= 0 {
				columns[i].Review, columns[i].Owner, columns[i].OwnerName = old[j].Review, old[j].Owner, old[j].OwnerName
			}
		}
		if err := replaceColumns(ctx, tx, columns); err != nil {
			return err
		}
		if err := rehouse(ctx, tx, columns); err != nil {
			return err
		}
		s.cfg.Ledger.Record(tx, actor.Entry("site.columns", "site:columns", "修改栏目"), ledger.Change{Kind: "site", ID: "columns"})
		return nil
	})
}

func (c Column) equal(d Column) bool {
	return c.Slug == d.Slug && c.Name == d.Name && slices.Equal(c.Kinds, d.Kinds) && c.Intro == d.Intro && c.Order == d.Order && c.Home == d.Home &&
		c.Rhythm == d.Rhythm && c.Watch == d.Watch
}

func replaceColumns(ctx context.Context, tx *db.Tx, columns []Column) error {
	var named []string
	err := db.Select(ctx, tx, &named, `SELECT slug FROM columns WHERE slug IN (SELECT e.column_slug FROM documents d JOIN editions e ON e.id IN (d.live_id, d.head_id))`)
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM columns`); err != nil {
		return err
	}
	for _, c := range columns {
		named = slices.DeleteFunc(named, func(slug string) bool { return slug == c.Slug })
		_, err := db.Exec(ctx, tx, `INSERT INTO columns (slug, name, kinds, intro, position, home, rhythm, watch, owner, owner_name, review)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			c.Slug, c.Name, db.JSON(c.Kinds), c.Intro, c.Order, c.Home, c.Rhythm, c.Watch, c.Owner, c.OwnerName, db.JSON(c.Review))
		if err != nil {
			return err
		}
	}
	if len(named) > 0 {
		return errs.New(errs.Conflict, "栏目“"+named[0]+"”还有内容在用，不能去掉。", "column %s is in use", named[0])
	}
	return nil
}

// rehouse moves the documents that name no column to the one that takes them now.
func rehouse(ctx context.Context, tx *db.Tx, columns []Column) error {
	for _, kind := range Kinds {
		home := columnOf(columns, kind, "")
		for _, which := range []string{"head", "live"} {
			_, err := db.Exec(ctx, tx, `UPDATE documents SET `+which+`_column = $1 WHERE kind = $2 AND `+which+`_column <> $1
				AND `+which+`_id IN (SELECT id FROM editions WHERE column_slug = '')`, home, kind)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func needNamed(field, slug, name string) error {
	if !ValidSlug(slug) || name == "" {
		return errs.Bad(field, "“"+slug+name+"”需要名称，和只用小写字母、数字、短横线写成的代号。")
	}
	return nil
}
