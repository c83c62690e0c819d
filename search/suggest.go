package search

import (
	"cmp"
	"context"
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
	maxTyped    = 40 // characters that are looked at
	maxComplete = 40 // titles that are looked at
)

// learnTopics reads the topics, which are suggested by name.
func (x *Index) learnTopics(ctx context.Context) error {
	topics, err := x.cfg.Content.Topics(ctx)
	if err == nil {
		x.topics.Store(&topics)
	}
	return err
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

// Suggest lists up to n completions: topics, then titles and names of laws that
// begin so, then words people search for, then titles that hold the words.
func (x *Index) Suggest(ctx context.Context, text string, n int) (_ []Suggestion, err error) {
	defer errs.Wrap(&err, "suggest")
	n = min(n, maxComplete)
	if len(text) > 4*maxTyped || utf8.RuneCountInString(text) > maxTyped {
		return nil, nil // a sentence is not being completed
	}
	f := x.analyzer.fold(text)
	key := suggestKey(f)
	if key == "" || n <= 0 {
		return nil, nil
	}
	list := suggestions{n: n}
	for _, t := range *x.topics.Load() {
		if strings.Contains(t.Name, key) || strings.Contains(suggestKey(x.analyzer.fold(t.Question)), key) {
			list.add(Suggestion{t.Name, "/topics/" + t.Slug + "/", "topic"})
		}
	}
	err = x.read(func(v *view) error {
		if err := v.complete(key, &list); err != nil {
			return err
		}
		for _, word := range x.synonyms.Load().popular {
			if word != key && strings.HasPrefix(word, key) {
				list.add(Suggestion{Text: word})
			}
		}
		if list.full() {
			return nil
		}
		return x.suggestTitles(ctx, v, text, &list)
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

// complete adds the titles and law names that begin with key, those of guides
// first, short ones before long ones.
func (v *view) complete(key string, list *suggestions) error {
	type title struct {
		doc  uint32
		size int
	}
	var found []title
	err := v.eachTerm(fieldSuggest, key, maxComplete, func(term string) error {
		return v.each(fieldSuggest, term, false, func(p posting) {
			if len(found) < maxComplete {
				found = append(found, title{p.doc, len(term)})
			}
		})
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(found, func(a, b title) int {
		return cmp.Or(cmp.Compare(v.kinds[a.doc], v.kinds[b.doc]), cmp.Compare(a.size, b.size))
	})
	for _, t := range found {
		if list.full() {
			return nil
		}
		if err := v.suggest(t.doc, list); err != nil {
			return err
		}
	}
	return nil
}

func (v *view) suggest(doc uint32, list *suggestions) error {
	st, err := v.load(doc)
	if err == nil {
		list.add(Suggestion{st.Title, st.Path, st.Kind})
	}
	return err
}

// suggestTitles adds guides, questions and laws that have all the words in
// their title.
func (x *Index) suggestTitles(ctx context.Context, v *view, text string, list *suggestions) error {
	asked, err := x.understand(text)
	if errs.Is(err, errs.Invalid) {
		return nil
	}
	if err != nil {
		return err
	}
	s, err := v.score(ctx, asked)
	defer v.recycle(s)
	if err != nil {
		return err
	}
	var found []ranked
	for _, d := range s.touched {
		if k := v.kinds[d]; (k == kindIndex("guide") || k == kindIndex("qa") || k == kindIndex("law")) && asked.covers(s.inTitle[d]) == 1 {
			found = append(found, ranked{d, s.value[d]})
		}
	}
	order(found)
	for _, r := range found {
		if list.full() {
			break
		}
		if err := v.suggest(r.doc, list); err != nil {
			return err
		}
	}
	return nil
}
