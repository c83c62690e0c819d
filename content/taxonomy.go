package content

import (
	"context"
	"slices"

	"github.com/songfa/songfa/internal/auth"
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
	Slug  string `yaml:"slug"`
	Name  string `yaml:"name"`
	Kinds []Kind `yaml:"kinds,flow,omitempty"` // what it takes; empty takes all
	Intro string `yaml:"intro,omitempty"`
	Order int    `yaml:"order"`
	Home  bool   `yaml:"home"` // has a place on the home page
}

// Takes reports whether documents of a kind belong in the column. The first
// column that takes a kind has those documents of it that name no column.
func (c Column) Takes(k Kind) bool { return len(c.Kinds) == 0 || slices.Contains(c.Kinds, k) }

// Topics lists all topics in their order.
func (s *Store) Topics(ctx context.Context) ([]Topic, error) { return nil, nil }

// Columns lists all columns in their order.
func (s *Store) Columns(ctx context.Context) ([]Column, error) { return nil, nil }

// SetTopics stores the whole list in its order. A topic that documents use
// cannot be left out.
func (s *Store) SetTopics(ctx context.Context, actor auth.Actor, topics []Topic) error { return nil }

// SetColumns stores the whole list in its order. A column that documents use
// cannot be left out.
func (s *Store) SetColumns(ctx context.Context, actor auth.Actor, columns []Column) error { return nil }

// TopicCounts counts the published documents of each topic.
func (s *Store) TopicCounts(ctx context.Context) (map[string]int, error) { return nil, nil }
