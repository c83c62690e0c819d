package content

import (
	"context"

	"github.com/songfa/songfa/internal/auth"
)

// Topic is what documents are about.
type Topic struct {
	Slug  string `yaml:"slug" db:"slug"`
	Name  string `yaml:"name" db:"name"`
	Glyph string `yaml:"glyph,omitempty" db:"glyph"` // one character that stands for it: 薪
	Intro string `yaml:"intro,omitempty" db:"intro"`
}

// Column is where documents show.
type Column struct {
	Slug   string `yaml:"slug" db:"slug"`
	Name   string `yaml:"name" db:"name"`
	Kind   Kind   `yaml:"kind,omitempty" db:"kind"` // of its documents; "" for any
	Intro  string `yaml:"intro,omitempty" db:"intro"`
	Hidden bool   `yaml:"hidden,omitempty" db:"hidden"` // not in menus
}

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
