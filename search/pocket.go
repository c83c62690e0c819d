package search

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
)

// This file writes the pocket index: search as files, for a site without a
// server behind it. A browser reads start.js, the shards that hold the words of a
// query, and the entries that it shows; all of them are scripts that hand over
// data, because a page on a USB stick may load scripts beside it and nothing
// else. The reader of these files is static/pocket.js of the default theme; it
// folds and cuts a query as this file folds and cuts the texts, and adds up what
// the shards say.

// PocketConfig says what goes into a pocket index and where.
type PocketConfig struct {
	// File tells which file shows a root-relative address, relative to the root of
	// the site; false leaves the entry out.
	File func(address string) (file string, ok bool)
	// Put takes a finished file.
	Put func(name string, body []byte) error
}

// Weights of the fields, as a sum of shares in 1/(k+x). They are coarser than
// those of score.go: there is one sum for each word and entry.
var pocketWeights = [...]float64{titleField: 6, 1: 3, 2: 2.5, namesField: 3, 4: 1, 5: 3}

const (
	pocketK      = 1.6
	pocketScale  = 12   // impacts are whole numbers up to some hundreds
	pocketMost   = 4000 // entries of one word: the best ones
	pocketShard  = 48 << 10
	pocketChunk  = 128 // entries in a file
	pocketShards = 1024
	pocketText   = 110 // characters shown of an entry
)

// pocketEntry is what a result shows: file, title, kind, text, day.
type pocketEntry [5]string

// pocketPosting is an entry with a word, and how much the word says of it.
type pocketPosting struct {
	entry  int
	impact float64
}

// pocket gathers the index in memory.
type pocket struct {
	x       *Index
	cfg     PocketConfig
	entries []pocketEntry
	known   map[string]int // by the entry's id
	words   map[string][]pocketPosting
	laws    []law.Law
}

// WritePocket writes the pocket index of everything that readers may find.
func (d *Desk) WritePocket(ctx context.Context, cfg PocketConfig) (err error) {
	defer errs.Wrap(&err, "write pocket index")
	p := &pocket{x: d.cfg.Index, cfg: cfg, known: map[string]int{}, words: map[string][]pocketPosting{}}
	for _, each := range []func(context.Context, func(*entry) error) error{p.x.eachDocument, p.x.eachSession, p.x.eachStation, p.eachLaw} {
		if err := each(ctx, p.add); err != nil {
			return err
		}
	}
	promoted, err := d.AllPromoted(ctx)
	if err != nil {
		return err
	}
	shards, err := p.writeShards()
	if err != nil {
		return err
	}
	if err := p.writeEntries(); err != nil {
		return err
	}
	return p.writeStart(shards, promoted)
}

func (p *pocket) eachLaw(ctx context.Context, add func(*entry) error) error {
	var err error
	if p.laws, err = p.x.cfg.Laws.Laws(ctx); err != nil {
		return err
	}
	for _, l := range p.laws {
		if err := p.x.eachOfLaw(ctx, l.Slug, add); err != nil {
			return err
		}
	}
	return nil
}

// add takes an entry in, if there is a file that shows it.
func (p *pocket) add(e *entry) error {
	address, anchor, _ := strings.Cut(e.hit.Path, "#")
	file, ok := p.cfg.File(address)
	if !ok {
		return nil
	}
	if anchor != "" {
		file += "#" + anchor
	}
	day := ""
	if at := e.hit.at(); !at.IsZero() && (e.hit.Kind == "session" || e.hit.Kind == "notice" || e.hit.Kind == "news") {
		day = at.In(events.Zone).Format("2006-01-02")
	}
	text := []rune(firstOf(e.hit.Answer, e.hit.Summary, strings.Join(strings.Fields(e.hit.Body), " ")))
	if len(text) > pocketText {
		text = append(text[:pocketText], '…')
	}
	n := len(p.entries)
	p.entries = append(p.entries, pocketEntry{file, e.hit.Title, e.hit.Kind, string(text), day})
	p.known[e.id] = n
	fields := [...]string{e.hit.Title, join(e.hit.Answer, e.hit.Summary, e.audience), e.headings, e.names, e.hit.Body, e.gloss}
	said := map[string]float64{}
	for i, field := range fields {
		weigh(p.x.analyzer.fold(field).text, pocketWeights[i], i <= 1, said)
	}
	for word, w := range said {
		p.words[word] = append(p.words[word], pocketPosting{n, w / (pocketK + w)})
	}
	return nil
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// weigh adds what a field says: each word for its weight, less in a long field
// and less each time again.
func weigh(folded string, weight float64, single bool, said map[string]float64) {
	count := map[string]float64{}
	total := 0.0
	cutPocket(folded, single, func(word string) { count[word]++; total++ })
	for word, n := range count {
		said[word] += weight * n / (n + .5 + total/400)
	}
}

// cutPocket cuts a folded text into pairs of Chinese characters and words of
// Latin letters and digits; single says to give each Chinese character too.
// pocket.js cuts queries the same way.
func cutPocket(folded string, single bool, emit func(string)) {
	text := []rune(folded)
	for i := 0; i < len(text); {
		switch r := text[i]; {
		case isHan(r):
			if single {
				emit(string(r))
			}
			if i+1 < len(text) && isHan(text[i+1]) {
				emit(string(text[i : i+2]))
			}
			i++
		case isLatin(r) || isDigit(r):
			from := i
			for i < len(text) && (isLatin(text[i]) || isDigit(text[i])) {
				i++
			}
			emit(string(text[from:i]))
		default:
			i++
		}
	}
}

// writeShards turns shares into impacts, which hold how rare a word is, and
// writes the words by their hash. It returns how many shards there are.
func (p *pocket) writeShards() (int, error) {
	lines := make(map[string]string, len(p.words))
	size := 0
	for word, list := range p.words {
		idf := math.Log(1 + (float64(len(p.entries))-float64(len(list))+.5)/(float64(len(list))+.5))
		line := encodePostings(list, idf)
		lines[word] = line
		size += len(word) + len(line) + 6
	}
	shards := 1
	for shards < pocketShards && size/shards > pocketShard {
		shards *= 2
	}
	byShard := make([]map[string]string, shards)
	for word, line := range lines {
		n := pocketHash(word) % uint32(shards)
		if byShard[n] == nil {
			byShard[n] = map[string]string{}
		}
		byShard[n][word] = line
	}
	for n, words := range byShard {
		if err := p.put(fmt.Sprintf("words-%d.js", n), "words", n, words); err != nil {
			return 0, err
		}
	}
	return shards, nil
}

// encodePostings writes entry and impact by turns, entries as the distance from
// the one before.
func encodePostings(list []pocketPosting, idf float64) string {
	if len(list) > pocketMost {
		slices.SortStableFunc(list, func(a, b pocketPosting) int { return cmp.Compare(b.impact, a.impact) })
		list = list[:pocketMost]
		slices.SortFunc(list, func(a, b pocketPosting) int { return a.entry - b.entry })
	}
	var b strings.Builder
	last := 0
	for i, at := range list {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%d %d", at.entry-last, max(1, int(math.Round(at.impact*idf*pocketScale))))
		last = at.entry
	}
	return b.String()
}

// pocketHash is FNV-1a over UTF-16, which JavaScript has at hand.
func pocketHash(word string) uint32 {
	h := uint32(2166136261)
	for _, unit := range utf16.Encode([]rune(word)) {
		h = (h ^ uint32(unit)) * 16777619
	}
	return h
}

func (p *pocket) writeEntries() error {
	for n := 0; n*pocketChunk < len(p.entries); n++ {
		chunk := p.entries[n*pocketChunk : min((n+1)*pocketChunk, len(p.entries))]
		if err := p.put(fmt.Sprintf("entries-%d.js", n), "entries", n, chunk); err != nil {
			return err
		}
	}
	return nil
}

// pocketStart is what every search needs first.
type pocketStart struct {
	Entries  int                 `json:"entries"`
	Chunk    int                 `json:"chunk"`
	Shards   int                 `json:"shards"`
	Simple   string              `json:"simple"`   // traditional and simplified by turns
	Others   map[string][]string `json:"others"`   // synonyms
	Fillers  []string            `json:"fillers"`  // say nothing in a question
	Words    []string            `json:"words"`    // that fillers are part of, and do
	Laws     map[string]string   `json:"laws"`     // name to the folder of its articles
	Promoted map[string][]int    `json:"promoted"` // query to entries
	Scale    int                 `json:"scale"`
}

func (p *pocket) writeStart(shards int, promoted []Promoted) error {
	s := pocketStart{Entries: len(p.entries), Chunk: pocketChunk, Shards: shards, Others: p.x.synonyms.Load().others,
		Fillers: fillerWords, Words: notFiller, Laws: map[string]string{}, Promoted: map[string][]int{}, Scale: pocketScale}
	for line := range strings.Lines(t2sText) {
		if !strings.HasPrefix(line, "#") {
			s.Simple += strings.TrimSpace(line)
		}
	}
	for _, l := range p.laws {
		if _, ok := p.known[lawID(l.Slug)]; !ok {
			continue
		}
		for _, name := range append([]string{l.Short, l.Title}, l.Aliases...) {
			s.Laws[p.x.analyzer.fold(name).text] = strings.TrimPrefix(law.LawPath(l.Slug), "/")
		}
	}
	for _, pr := range promoted {
		for _, q := range pr.Queries {
			key := p.x.analyzer.fold(q).text
			for _, t := range pr.Targets {
				if n, ok := p.known[t.Entry]; ok {
					s.Promoted[key] = append(s.Promoted[key], n)
				}
			}
		}
	}
	return p.put("start.js", "start", 0, s)
}

// put writes a script that hands over data: songfaPocket("words", 3, {…}).
func (p *pocket) put(name, what string, n int, data any) error {
	body, err := json.Marshal(data)
	if err != nil {
		return errs.New(errs.Internal, "", "write %s: %w", name, err)
	}
	return p.cfg.Put(name, fmt.Appendf(nil, "songfaPocket(%q,%d,%s);\n", what, n, body))
}
