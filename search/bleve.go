package search

import (
	index "github.com/blevesearch/bleve_index_api"
)

// document and field are what we hand to Bleve. Its own document and mapping
// would go through analyzers registered by name in a process-wide registry, and
// would build a slice of tokens with positions that nothing here reads; these
// count terms straight away. There is no _all, no term vector and no doc value:
// they made the index five times larger and ranked nothing better.
type document struct {
	id     string
	fields []*field
}

var _ index.Document = (*document)(nil)

func (d *document) keyword(name, term string) {
	d.fields = append(d.fields, &field{name: name, text: term})
}

func (d *document) ID() string { return d.id }

// AddIDField is called by Bleve before it analyses; the field's form is Bleve's.
func (d *document) AddIDField() {
	d.fields = append(d.fields, &field{name: "_id", text: d.id, stored: []byte(d.id)})
}

func (d *document) VisitFields(visit index.FieldVisitor) {
	for _, f := range d.fields {
		visit(f)
	}
}

func (d *document) VisitComposite(index.CompositeFieldVisitor) {}
func (d *document) HasComposite() bool                         { return false }
func (d *document) Indexed() bool                              { return false }

func (d *document) Size() int {
	n := len(d.id)
	for _, f := range d.fields {
		n += len(f.text) + len(f.stored) + 64*len(f.terms)
	}
	return n
}

func (d *document) NumPlainTextBytes() (n uint64) {
	for _, f := range d.fields {
		n += f.NumPlainTextBytes()
	}
	return n
}

func (d *document) StoredFieldsBytes() (n uint64) {
	for _, f := range d.fields {
		n += uint64(len(f.stored))
	}
	return n
}

// field is a text to be analysed, a keyword (no analyzer) or a stored value (no
// text).
type field struct {
	name     string
	text     string
	analyzer *analyzer
	stored   []byte

	terms  index.TokenFrequencies
	length int
}

var _ index.Field = (*field)(nil)

func (f *field) Name() string             { return f.name }
func (f *field) Value() []byte            { return f.stored }
func (f *field) ArrayPositions() []uint64 { return nil }
func (f *field) EncodedFieldType() byte   { return 't' }

// AnalyzedLength is stored with every posting of the field, two bytes each.
// What ranking needs is told once, by everyLength.
func (f *field) AnalyzedLength() int { return 1 }

func (f *field) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.terms }

func (f *field) NumPlainTextBytes() uint64 { return uint64(len(f.text)) }

func (f *field) Options() (o index.FieldIndexingOptions) {
	if f.text != "" {
		o |= index.IndexField
	}
	if f.stored != nil {
		o |= index.StoreField
	}
	return o
}

// Analyze counts the terms. Bleve calls it on several goroutines, one document
// each.
func (f *field) Analyze() {
	f.terms, f.length = index.TokenFrequencies{}, 0
	if f.analyzer == nil {
		f.count(f.text)
		return
	}
	f.analyzer.tokens(f.analyzer.fold(f.text), func(t token) { f.count(t.term) })
	every := &index.TokenFreq{Term: []byte(everyLength)}
	every.SetFrequency(max(1, f.length))
	f.terms[everyLength] = every
}

func (f *field) count(term string) {
	f.length++
	if t := f.terms[term]; t != nil {
		t.SetFrequency(t.Frequency() + 1)
		return
	}
	t := &index.TokenFreq{Term: []byte(term)}
	t.SetFrequency(1)
	f.terms[term] = t
}
