package law

import (
	"context"
	"regexp"
	"strings"

	"github.com/songfa/songfa/internal/errs"
)

// Renumbered tells where an article of an older loaded version stands in the one
// in force. ok is false when it went, was rewritten, or stands there twice.
func (s *Store) Renumbered(ctx context.Context, slug string, number, sub int) (toNumber, toSub int, ok bool, err error) {
	defer errs.Wrap(&err, "renumbered %s", ArticleID(number, sub))
	l, err := s.Law(ctx, slug)
	if err != nil {
		return 0, 0, false, err
	}
	now, err := articlesOf(ctx, s.cfg.DB.Reader(), l.InForce().id)
	if err != nil {
		return 0, 0, false, err
	}
	for _, h := range l.Versions[l.Current+1:] { // newest first
		old, err := articlesOf(ctx, s.cfg.DB.Reader(), h.id)
		if err != nil {
			return 0, 0, false, err
		}
		for _, a := range old {
			if a.Number == number && a.Sub == sub && number > 0 {
				to, ok := alike(a, now)
				return to.Number, to.Sub, ok, nil
			}
		}
	}
	return 0, 0, false, nil
}

// alike finds the one numbered article that says the same.
func alike(a Article, in []Article) (found Article, ok bool) {
	want := bare(a)
	for _, b := range in {
		if b.Number == 0 || bare(b) != want {
			continue
		}
		if ok {
			return Article{}, false
		}
		found, ok = b, true
	}
	return found, ok
}

var reference = regexp.MustCompile(`第[零〇一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?`)

// bare is the text of an article without blanks and without the numbers it refers
// to, which move when the others do.
func bare(a Article) string {
	text := strings.Join(strings.FieldsFunc(a.Text(), isBlank), "")
	return reference.ReplaceAllString(text, "第条")
}
