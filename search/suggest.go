package search

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/errs"
)

// Suggestion completes what is being typed.
type Suggestion struct {
	Text string // to show
	Path string // where it leads; "" means: search for Text
	Kind string // as in Query.Kind; topic for a topic, "" for words
}

const (
	maxTyped    = 40   // characters that are looked at
	maxComplete = 40   // that are suggested at most
	maxBegun    = 300  // titles that are looked at because they begin so
	maxHolding  = 5000 // and because they hold a word that was typed
)

// learnTopics reads the topics, which are suggested by name, and the towns,
// whose names alone ask for what is on there.
func (x *Index) learnTopics(ctx context.Context) error {
	topics, err := x.cfg.Content.Topics(ctx)
	if err != nil {
		return err
	}
	towns, err := x.cfg.Events.Towns(ctx)
	if err != nil {
		return err
	}
	names := map[string]bool{}
	for _, t := range towns {
		names[suggestKey(x.analyzer.fold(t.Name))] = true
	}
	x.topics.Store(&topics)
	x.towns.Store(&names)
	return nil
}

// suggestKey is what a title is found by while it is typed: folded, without
// spaces and signs.
func suggestKey(f *folded) string {
	return strings.Map(func(r rune) rune {
		if isHan(r) || isLatin(r) {
			return r
		}
		return -1
	}, f.text)
}

// Suggest lists up to n completions of what is being typed, in Chinese, pinyin,
// initials, or all of these: topics, words, titles and names of laws that begin so,
// then titles that hold it.
func (x *Index) Suggest(ctx context.Context, text string, n int) (_ []Suggestion, err error) {
	defer errs.Wrap(&err, "suggest")
	n = min(n, maxComplete)
	if len(text) > 4*maxTyped || utf8.RuneCountInString(text) > maxTyped {
		return nil, nil // a sentence is not being completed
	}
	key := suggestKey(x.analyzer.fold(text))
	if key == "" || n <= 0 {
		return nil, nil
	}
	list := suggestions{n: n}
	err = x.read(func(v *view) error {
		c := &completer{x: x, v: v, list: &list, date: x.date()}
		if err := c.complete(key, text); err != nil || list.full() {
			return err
		}
		meant, err := c.meant(key)
		if err == nil && meant != "" {
			err = errors.Join(ctx.Err(), c.complete(meant, meant))
		}
		return err
	})
	return list.items, err
}

// suggestions are at most n, each once.
type suggestions struct {
	n     int
	items []Suggestion
}

func (l *suggestions) full() bool { return len(l.items) >= l.n }

func (l *suggestions) add(s Suggestion) {
	if !l.full() && !slices.ContainsFunc(l.items, func(o Suggestion) bool { return o.Text == s.Text || s.Path != "" && o.Path == s.Path }) {
		l.items = append(l.items, s)
	}
}
