package law

import (
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"
)

// Registry is what the loaded laws are called and which articles they have.
// It is safe for concurrent use; Store.Reload replaces what it knows.
type Registry struct {
	snapshot atomic.Pointer[snapshot]
}

// Entry is a loaded law as a Registry knows it.
type Entry struct {
	Slug     string
	Title    string   // with 中华人民共和国
	Articles [][2]int // number and sub of the version in force

	Since   string   // day from which that version counts; it may be still to come
	Newer   string   // a newer text that is not loaded is in force since this day; "" as a rule
	Earlier [][2]int // articles that an older loaded version had and this one has not
}

// NewRegistry makes a Registry of these laws.
func NewRegistry(laws ...Entry) *Registry {
	r := &Registry{}
	r.snapshot.Store(newSnapshot(laws))
	return r
}

// Citations finds the citations in a text that stands in no law.
func (r *Registry) Citations(text string) []Citation { return r.CitationsIn("", text) }

// CitationsIn finds the citations in a text of the law with this slug, where
// 本法第三条 and 本章第三条 mean that law.
func (r *Registry) CitationsIn(slug, text string) []Citation {
	f := finder{names: r.snapshot.Load(), text: text, current: slug}
	return f.find()
}

// Source reads a source as front matter gives it: citations that fill the
// whole string, of which it returns the first (《劳动合同法》第三十条), or the
// name of a law alone.
func (r *Registry) Source(s string) (Citation, bool) {
	s = trimBlank(s)
	if cs := r.Citations(s); len(cs) > 0 {
		return cs[0], cs[0].Start == 0 && cs[len(cs)-1].End == len(s)
	}
	inner := s
	if strings.HasPrefix(s, "《") && strings.HasSuffix(s, "》") {
		inner = s[len("《") : len(s)-len("》")]
	}
	slug, ok := r.snapshot.Load().law(inner)
	return Citation{End: len(s), LabelEnd: len(s), Law: inner, LawSlug: slug, Exists: slug != ""}, ok
}

// Resolve gives the slug of a law by any name it goes by, with or without 《》
// and 中华人民共和国; "" when it is not loaded.
func (r *Registry) Resolve(name string) string {
	name = trimBlank(name)
	if inner, ok := strings.CutPrefix(name, "《"); ok && strings.HasSuffix(inner, "》") {
		name = strings.TrimSuffix(inner, "》")
	}
	slug, _ := r.snapshot.Load().law(name)
	return slug
}

// Mention is a law that a text names, with or without an article.
type Mention struct {
	Name       string // its short name (see Name)
	Start, End int    // of the name as it stands in the text, in bytes
}

// Mentions finds the laws that a text names, loaded or only known.
func (r *Registry) Mentions(text string) (found []Mention) {
	s := r.snapshot.Load()
	for i, c := range text {
		end := i + utf8.RuneLen(c)
		if !s.ends[c] {
			continue
		}
		if n := s.longest(text[:end]); n > 0 {
			found = append(found, Mention{s.own[text[end-n:end]], end - n, end})
		}
	}
	return found
}

// Title is a law's name for short, 劳动合同法; "" for a slug that is not loaded.
func (r *Registry) Title(slug string) string {
	return Name(r.snapshot.Load().laws[slug].Title)
}

// Has reports whether the version in force of a loaded law has this article.
func (r *Registry) Has(slug string, number, sub int) bool {
	return r.snapshot.Load().has(slug, number, sub)
}

// snapshot never changes once made.
type snapshot struct {
	laws    map[string]Entry
	names   map[string]string // every name to a slug; "" for a law we know and have not
	own     map[string]string // every name to what Name gives
	lengths []int             // of the names in bytes, longest first
	ends    map[rune]bool     // last characters of the names
}

func newSnapshot(laws []Entry) *snapshot {
	s := &snapshot{laws: map[string]Entry{}, names: map[string]string{}, own: map[string]string{}, ends: map[rune]bool{}}
	for _, k := range knownLaws() {
		s.add(k.name, "")
	}
	for _, l := range laws {
		l.Articles = slices.Clone(l.Articles)
		slices.SortFunc(l.Articles, compareNumbers)
		s.laws[l.Slug] = l
		s.add(Name(l.Title), l.Slug)
	}
	seen := map[int]bool{}
	for name := range s.names {
		seen[len(name)] = true
		s.ends[lastRune(name)] = true
	}
	for n := range seen {
		s.lengths = append(s.lengths, n)
	}
	slices.SortFunc(s.lengths, func(a, b int) int { return b - a })
	return s
}

// add takes the names of a law. A law's own name beats another's alias.
func (s *snapshot) add(name, slug string) {
	for i, n := range namesOf(name) {
		if _, taken := s.names[n]; i == 0 || !taken || slug != "" && s.names[n] == "" {
			s.names[n], s.own[n] = slug, name
		}
	}
}

func compareNumbers(a, b [2]int) int {
	if a[0] != b[0] {
		return a[0] - b[0]
	}
	return a[1] - b[1]
}

func (s *snapshot) has(slug string, number, sub int) bool {
	_, found := slices.BinarySearchFunc(s.laws[slug].Articles, [2]int{number, sub}, compareNumbers)
	return found
}

// longest is the length of the longest name that ends s; 0 when none does.
func (s *snapshot) longest(text string) int {
	if !s.ends[lastRune(text)] {
		return 0
	}
	for _, n := range s.lengths {
		if n <= len(text) {
			if _, ok := s.names[text[len(text)-n:]]; ok {
				return n
			}
		}
	}
	return 0
}

// law finds a law by name; ok also for names that can only be a law's although
// none is loaded under them.
func (s *snapshot) law(name string) (slug string, ok bool) {
	name = Name(name)
	if slug, ok := s.names[name]; ok {
		return slug, true
	}
	base := withoutNote(name)
	if slug, ok := s.names[base]; ok {
		return slug, true
	}
	return "", isLawName(base)
}

// withoutNote takes a note on the version off a name: 劳动合同法（2012年修正）.
func withoutNote(name string) string {
	if open := strings.LastIndex(name, "（"); open > 0 && strings.HasSuffix(name, "）") && isNote(name[open+len("（"):len(name)-len("）")]) {
		return name[:open]
	}
	return name
}

// lawWords end the names of laws; looksLike are words that end the same way
// and are none.
var (
	lawWords  = []string{"法", "法典", "条例", "规定", "办法", "解释", "通知", "决定", "意见", "规则", "细则", "批复", "答复", "规程", "修正案"}
	looksLike = []string{"方法", "做法", "看法", "书法", "说法", "想法", "手法", "魔法", "兵法", "语法", "用法", "写法"}
)

func isLawName(name string) bool {
	ends := func(w string) bool { return strings.HasSuffix(name, w) && len(name) > len(w) }
	if slices.ContainsFunc(looksLike, func(w string) bool { return strings.HasSuffix(name, w) }) {
		return false
	}
	if open := strings.LastIndex(name, "（"); open > 0 && strings.HasSuffix(name, "）") {
		name = name[:open] // 解释（一）
	}
	return slices.ContainsFunc(lawWords, ends)
}

// isNote reports whether words in brackets behind a name are about its version
// or its name, and not part of the sentence.
func isNote(s string) bool {
	if len(s) > 120 {
		return false
	}
	for _, w := range []string{"修正", "修订", "试行", "施行", "以下简称", "以下称", "下称", "简称", "年", "号", "版", "现行", "已废止", "已失效"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}
