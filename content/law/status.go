package law

import "slices"

// Status is what checks of a text want to know of a loaded law.
type Status struct {
	Title string // 劳动合同法
	Since string // 2006-01-02: the version in force counts from here; later than today when none is yet
	Newer string // a newer text is in force since this day and is not loaded; "" as a rule

	earlier [][2]int
}

// HadBefore reports whether an older loaded version had an article that the one
// in force has not.
func (s Status) HadBefore(number, sub int) bool {
	return slices.Contains(s.earlier, [2]int{number, sub})
}

// Status tells of a loaded law; zero for another slug.
func (r *Registry) Status(slug string) Status {
	e := r.snapshot.Load().laws[slug]
	return Status{Title: Name(e.Title), Since: e.Since, Newer: e.Newer, earlier: e.Earlier}
}

// Repeal is the end of a law.
type Repeal struct {
	Day string // from which it no longer holds, 2006-01-02
	By  string // the name of what took its place; may be ""
}

// RepealedOn tells, by any name, of a law that another took the place of, loaded
// or not.
func (r *Registry) RepealedOn(name string) (Repeal, bool) {
	s := r.snapshot.Load()
	own := Name(name)
	if n, ok := s.own[own]; ok {
		own = n
	}
	k, ok := knownLaws()[own]
	return Repeal{Day: k.since, By: k.by}, ok && k.since != ""
}

// earlier lists the articles that older versions of a law had and the one in force
// has not. articles are those of each version by its id.
func earlier(l Law, articles map[string][][2]int) (gone [][2]int) {
	for i := l.Current + 1; i < len(l.Versions); i++ {
		for _, a := range articles[l.Versions[i].id] {
			if !slices.Contains(articles[l.InForce().id], a) && !slices.Contains(gone, a) {
				gone = append(gone, a)
			}
		}
	}
	return gone
}
