package search

import (
	"slices"
	"time"

	"github.com/songfa/songfa/events"
)

// serving is the first and the last day on which a station serves, 2006-01-02; ""
// without limit. The index holds stations of any day, and who searches is shown
// those of today: nothing is written when a day ends.
type serving struct{ from, to string }

func (s serving) holds(day string) bool { return s.from <= day && (s.to == "" || day <= s.to) }

func (x *Index) date() string { return x.cfg.Now().In(events.Zone).Format(time.DateOnly) }

func (v *view) readServes() error {
	limit := func(field string, set func(s *serving, day string)) error {
		return v.eachTerm(field, "", 1<<20, func(day string) error {
			return v.each(field, day, false, func(p posting) {
				s := v.serves[p.doc]
				set(&s, day)
				v.serves[p.doc] = s
			})
		})
	}
	if err := limit(fieldFrom, func(s *serving, day string) { s.from = day }); err != nil {
		return err
	}
	return limit(fieldTo, func(s *serving, day string) { s.to = day })
}

// closed reports a station that does not serve on the day.
func (v *view) closed(doc uint32, day string) bool {
	s, limited := v.serves[doc]
	return limited && !s.holds(day)
}

// hide takes stations that do not serve on the day out of what was scored.
func (v *view) hide(s *scores, day string) {
	if len(v.serves) == 0 {
		return
	}
	s.touched = slices.DeleteFunc(s.touched, func(d uint32) bool {
		shut := v.closed(d, day)
		if shut {
			s.value[d], s.cells[d], s.inTitle[d] = 0, 0, 0
		}
		return shut
	})
}
