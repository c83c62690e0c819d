package search

import (
	"context"
	"time"
)

// Query is what somebody asks. Text is free; Kind and Topic narrow the answer.
type Query struct {
	Text  string
	Kind  string // guide, notice, news, qa, page, article, law, session, station; "" for all
	Topic string // topic slug; "" for all
	Page  int    // from 1; 0 is 1
	Size  int    // hits on a page; 0 is 10
}

// Result is the answer.
type Result struct {
	// Exact is the article or law the text names by citation, if it does.
	Exact  *Hit
	Total  int
	Hits   []Hit
	Kinds  []Facet
	Topics []Facet
}

// Hit is one thing found.
type Hit struct {
	Kind    string // as in Query.Kind
	ID      string // document id, session id, station code, or law slug/article
	Path    string // root-relative address
	Title   []Span
	Answer  []Span // the one-sentence answer of a guide; may be empty
	Snippet []Span
	Topics  []string
	Column  string
	At      time.Time // published, or start of the session; zero for others
	Score   float64
}

// Span is a piece of text; Mark says that it is why this was found.
type Span struct {
	Text string
	Mark bool
}

// Facet counts the hits that have a value, before narrowing by it.
type Facet struct {
	Value string
	Count int
}

// Suggestion completes what is being typed.
type Suggestion struct {
	Text string // to show
	Path string // where it leads; "" means: search for Text
	Kind string
}

// Search answers a query. A text that is too long or holds nothing to look for
// is Invalid, with a sentence that says so.
func (x *Index) Search(ctx context.Context, q Query) (Result, error) { return Result{}, nil }

// Suggest lists up to n completions.
func (x *Index) Suggest(ctx context.Context, text string, n int) ([]Suggestion, error) {
	return nil, nil
}
