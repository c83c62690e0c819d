package themes

import (
	"bytes"
	"encoding/json"
	"html/template"
	"sync"

	"github.com/songfa/songfa/internal/errs"
)

// RenderWith renders a page that many people get at the same time, each with a
// few words of their own, such as the answer to a sign-up with its code. page
// makes the struct around the words it is given; it must be the same for the
// same words, and keep them as they are in fields that a template shows as text.
//
// The page is rendered once with marks in place of the words; what stands between
// the marks is kept, and the words are set into it. That takes a tenth of the
// time of a template. Everything but the words is part of what a page is kept
// by, so a letter can never be sent in another page's envelope. Where a theme
// does more with a word than show it, the template runs each time.
func (t *Theme) RenderWith(page func(words []string) Page, words ...string) ([]byte, error) {
	s := t.current()
	for _, w := range words {
		if w == "" { // a template may leave out what is around it
			return s.render(page(words))
		}
	}
	l, err := s.letter(page, len(words))
	if err != nil {
		return nil, err
	}
	if l.parts == nil {
		return s.render(page(words))
	}
	return l.fill(words), nil
}

// letter is a page with blanks; without parts it cannot be one.
type letter struct {
	parts  [][]byte // what stands between the blanks
	blanks []int    // which word goes behind each part but the last
	size   int
}

// maxLetters bounds what is kept: as many sessions as may be hot at once.
const maxLetters = 64

// letters are those of one set of templates: a changed theme starts anew.
type letters struct {
	mu   sync.Mutex
	kept map[string]*letter
}

// Marks are letters and digits, which every context of a template leaves alone.
// The trial mark also has what must be escaped: where a template does that in
// another way than for text, the words may not simply be set in.
func mark(i int) string  { return "q7Zk" + string(rune('A'+i)) + "v3Xw" }
func trial(i int) string { return `"<&>'` + mark(i) }

func marks(n int, of func(int) string) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = of(i)
	}
	return list
}

// letter finds the page among those kept, or makes it.
func (s *set) letter(page func([]string) Page, words int) (*letter, error) {
	p := page(marks(words, mark))
	key, err := json.Marshal(p)
	if err != nil {
		return nil, errs.New(errs.Internal, "", "name letter of %s.html: %w", p.template(), err)
	}
	name := p.template() + string(key)
	s.letters.mu.Lock()
	l := s.letters.kept[name]
	s.letters.mu.Unlock()
	if l != nil {
		return l, nil
	}
	body, err := s.render(p)
	if err != nil {
		return nil, err
	}
	tried, err := s.render(page(marks(words, trial)))
	if err != nil {
		return nil, err
	}
	l = cut(body, words)
	if want := l.fill(marks(words, trial)); !bytes.Equal(want, tried) {
		l = &letter{}
	}
	s.letters.mu.Lock()
	defer s.letters.mu.Unlock()
	if s.letters.kept == nil || len(s.letters.kept) >= maxLetters {
		s.letters.kept = make(map[string]*letter)
	}
	s.letters.kept[name] = l
	return l, nil
}

// cut takes a rendered page apart at its marks.
func cut(body []byte, words int) *letter {
	l := &letter{size: len(body)}
	for {
		at, which := len(body), -1
		for i := range words {
			if n := bytes.Index(body, []byte(mark(i))); n >= 0 && n < at {
				at, which = n, i
			}
		}
		l.parts = append(l.parts, body[:at])
		if which < 0 {
			return l
		}
		l.blanks = append(l.blanks, which)
		body = body[at+len(mark(which)):]
	}
}

// fill sets the words in.
func (l *letter) fill(words []string) []byte {
	var buf bytes.Buffer
	buf.Grow(l.size + 8<<10)
	for i, part := range l.parts {
		buf.Write(part)
		if i < len(l.blanks) {
			template.HTMLEscape(&buf, []byte(words[l.blanks[i]]))
		}
	}
	return buf.Bytes()
}
