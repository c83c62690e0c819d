package search

import (
	"errors"
	"slices"
	"sync"

	"github.com/songfa/songfa/content"
)

// staffView is what the staff finds at the moment of a view: documents alone, each
// by its newest edition. Published ones are read from the fields of readers, so
// that nothing is indexed twice, and all others from those of deskPrefix. It is
// made when it is first asked for; a bureau's staff searches seldom.
type staffView struct {
	mu    sync.Mutex
	view  *view
	words *commonWords // of the last that was made, of this view or one before
}

func (s *staffView) lastWords() *commonWords {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.words
}

// forStaff is the staff's view. It is good as long as v is held.
func (v *view) forStaff() (*view, error) {
	s := &v.staff
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.view == nil {
		made := &view{reader: v.reader}
		if err := errors.Join(made.show(), made.learn(s.words)); err != nil {
			return nil, err
		}
		s.view, s.words = made, made.names.common
	}
	return s.view, nil
}

// show finds the documents of the staff's view.
func (v *view) show() error {
	shown := []bool{}
	add := func(p posting) {
		for int(p.doc) >= len(shown) {
			shown = append(shown, false)
		}
		shown[p.doc] = true
	}
	for _, k := range content.Kinds {
		for _, field := range [...]string{fieldKind, deskPrefix + fieldKind} {
			if err := v.walk(field, string(k), false, add); err != nil {
				return err
			}
		}
	}
	heads, err := v.idsOf(deskPrefix+fieldFlag, flagRevises)
	if err != nil {
		return err
	}
	for _, id := range heads { // the staff gets the newer one
		doc, ok, err := v.find(documentID(documentOf(id)))
		if err != nil {
			return err
		}
		if ok {
			shown[doc] = false
		}
	}
	v.shown = shown
	return nil
}

// eachShown is each of the staff's view.
func (v *view) eachShown(field, term string, freqs bool, visit func(posting)) error {
	var all []posting
	for _, name := range [...]string{field, deskPrefix + field} {
		err := v.walk(name, term, freqs, func(p posting) {
			if int(p.doc) < len(v.shown) && v.shown[p.doc] {
				all = append(all, p)
			}
		})
		if err != nil {
			return err
		}
	}
	slices.SortFunc(all, func(a, b posting) int { return int(a.doc) - int(b.doc) })
	for _, p := range all {
		visit(p)
	}
	return nil
}

// eachShownTerm is eachTerm of the staff's view; some terms may have no document in it.
func (v *view) eachShownTerm(field, prefix string, limit int, visit func(term string) error) error {
	var all []string
	for _, name := range [...]string{field, deskPrefix + field} {
		err := v.walkTerms(name, prefix, limit, func(term string) error {
			all = append(all, term)
			return nil
		})
		if err != nil {
			return err
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	for _, term := range all[:min(limit, len(all))] {
		if err := visit(term); err != nil {
			return err
		}
	}
	return nil
}
