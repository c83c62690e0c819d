package search

import (
	"encoding/json"
	"strings"
	"time"
)

// entry is one thing that can be found: a document, an article, a law, a
// session, a station. It holds what is asked about and what a hit shows.
type entry struct {
	id       string // in the index: "article/ldht/38"
	desk     bool   // for the staff alone; see deskPrefix
	revises  bool   // readers find an older edition of it
	hit      stored
	headings string // of a document; the chapters above an article
	names    string // what it is of, or cites: law names, sources
	gloss    string // of an article: law.Gloss
	audience string
	law      string   // slug: all entries of a law go together
	called   string   // law.Name of an article's law
	mentions []string // law.Name of the laws an article names
	suggest  []string // what a reader may begin to type
	from, to string   // first and last day a station serves, 2006-01-02; "" without limit
}

// stored is the part of an entry that comes back with a hit. It is kept in the
// index, so that a result is one consistent state and costs no query to the
// database.
type stored struct {
	Kind     string   `json:"k"`
	ID       string   `json:"i"`
	Path     string   `json:"p"`
	Title    string   `json:"t"`
	Answer   string   `json:"a,omitempty"`
	Summary  string   `json:"s,omitempty"`
	Body     string   `json:"b,omitempty"`
	Topics   []string `json:"o,omitempty"`
	Column   string   `json:"c,omitempty"`
	At       int64    `json:"d,omitempty"` // Unix milliseconds
	Repealed bool     `json:"r,omitempty"`
}

func (s stored) at() time.Time {
	if s.At == 0 {
		return time.Time{}
	}
	return time.UnixMilli(s.At).UTC()
}

// size is what the entry weighs in a batch, in bytes of text.
func (e *entry) size() int {
	return len(e.hit.Title) + len(e.hit.Answer) + len(e.hit.Summary) + len(e.hit.Body) + len(e.headings) + len(e.names) + len(e.audience) + 64
}

// The text fields of the index, by weight (score.go). Names are short because
// every segment repeats them.
const (
	fieldTitle  = "t"
	fieldAnswer = "a" // answer, summary, audience
	fieldHead   = "h"
	fieldNames  = "n"
	fieldBody   = "b"
	fieldGloss  = "g" // what an article is about in the words of those who ask
)

var textFields = [...]string{fieldTitle, fieldAnswer, fieldHead, fieldNames, fieldBody, fieldGloss}

// Places in textFields.
const (
	titleField = 0
	namesField = 3
)

// The other fields hold whole values.
const (
	fieldKind    = "k"
	fieldTopic   = "o"
	fieldLaw     = "l"
	fieldCalled  = "c" // short name of the law, of its articles
	fieldMention = "m" // short names of the laws an article names, but its own
	fieldDay     = "d" // days since 1970, of news, notices and sessions
	fieldFrom    = "<" // first and last day a station serves
	fieldTo      = ">"
	fieldFlag    = "f"
	fieldSuggest = "s"
	fieldStored  = "_"
)

const (
	flagRepealed = "repealed"
	flagRevises  = "revises"
)

// everyLength is a term in each text field that is there, as often as the field
// has tokens: walking it tells the length of the field in every document. No
// token is ever written like this.
const everyLength = "\x00"

// document makes what Bleve indexes of an entry.
func (a *analyzer) document(e *entry) (*document, error) {
	body, err := json.Marshal(e.hit)
	if err == nil {
		body, err = packing().pack(body)
	}
	if err != nil {
		return nil, err
	}
	d := &document{id: e.id}
	title := e.hit.Title
	if e.hit.Kind == "article" { // its name is among names: in a title all articles of a law would look alike
		title = ""
	}
	texts := [...]string{title, join(e.hit.Answer, e.hit.Summary, e.audience), e.headings, e.names, e.hit.Body, e.gloss}
	for i, name := range textFields {
		if texts[i] != "" {
			d.fields = append(d.fields, &field{name: name, text: texts[i], analyzer: a})
		}
	}
	a.keywords(d, e)
	if e.desk { // the list reads what it shows from the database
		d.moveTo(deskPrefix)
		return d, nil
	}
	d.fields = append(d.fields, &field{name: fieldStored, stored: body})
	return d, nil
}

// keywords adds the whole values that an entry is found, counted and judged by.
func (a *analyzer) keywords(d *document, e *entry) {
	d.keyword(fieldKind, e.hit.Kind)
	for _, t := range e.hit.Topics {
		d.keyword(fieldTopic, t)
	}
	if e.law != "" {
		d.keyword(fieldLaw, e.law)
	}
	if e.called != "" {
		d.keyword(fieldCalled, e.called)
	}
	for _, name := range e.mentions {
		if name != e.called {
			d.keyword(fieldMention, name)
		}
	}
	if e.hit.At != 0 {
		d.keyword(fieldDay, dayTerm(e.hit.at()))
	}
	if e.from != "" {
		d.keyword(fieldFrom, e.from)
	}
	if e.to != "" {
		d.keyword(fieldTo, e.to)
	}
	if e.hit.Repealed {
		d.keyword(fieldFlag, flagRepealed)
	}
	for _, s := range e.suggest {
		if key := suggestKey(a.fold(s)); key != "" {
			d.keyword(fieldSuggest, key)
		}
	}
	if e.revises {
		d.keyword(fieldFlag, flagRevises)
	}
}

func join(parts ...string) string {
	return strings.TrimSpace(strings.Join(parts, "\n"))
}
