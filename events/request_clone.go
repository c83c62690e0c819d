package events

import (
	"context"
	"time"

	"github.com/6tail/lunar-go/calendar"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// CloneRequest is 照去年再来一场: a new draft with all but the people. The phone
// stays, since it opens the draft. Its wishes stand on the same weekday of the
// matching week of a coming year, around the Spring Festival on the same lunar
// date, to be confirmed or changed.
func (s *Store) CloneRequest(ctx context.Context, id string) (_ Request, err error) {
	defer errs.Wrap(&err, "clone request %s", id)
	var row requestRow
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		old, err := getRequest(ctx, tx, "id = $1", id)
		if err != nil {
			return noRequest(err)
		}
		if old.Personal == "" {
			return errs.New(errs.Gone, "这份申请的内容已按规定删除，请重新填写一份。", "request %s was wiped", id)
		}
		sealed, err := s.unsealRequest(old)
		if err != nil {
			return err
		}
		if row, err = getRequest(ctx, tx, `cloned = $1 AND session IS NULL AND state = 'draft' ORDER BY id DESC LIMIT 1`, id); !errs.Is(err, errs.NotFound) {
			return err // a double click: the copy is there
		}
		form := sealed.Form
		form.Contact, form.Phone = "", sealed.Phone
		for i, w := range form.Wishes {
			form.Wishes[i] = w.again(s.now())
		}
		row, err = s.startRequest(ctx, tx, form, sealed.Phone, "clone-"+db.NewID(), id)
		return err
	})
	if err != nil {
		return Request{}, err
	}
	return s.readRequest(ctx, s.db.Reader(), row)
}

// again is the wish on the matching day of the first year that still lies ahead.
func (w Wish) again(now time.Time) Wish {
	if w.Starts.IsZero() {
		return Wish{Day: w.Day, Clock: w.Clock}
	}
	length := w.Ends.Sub(w.Starts)
	starts := w.Starts
	for !starts.After(now) || starts.Equal(w.Starts) {
		starts = nextYear(starts)
	}
	next := Wish{Starts: starts}
	if !w.Ends.IsZero() {
		next.Ends = starts.Add(length)
	}
	return next
}

// nextYear is the same weekday and hour of the matching week a year on. Around
// the Spring Festival (腊月, 正月) it is the same lunar date, whatever its weekday,
// because that is when people come home and leave again. 腊月三十 becomes the last
// day of a 腊月 that has twenty-nine.
func nextYear(t time.Time) time.Time {
	t = t.In(Zone)
	var year, month, day int
	lunarOf(t, func(l *calendar.Lunar) { year, month, day = l.GetYear(), l.GetMonth(), l.GetDay() })
	if !festive(month) {
		return t.AddDate(0, 0, 52*7)
	}
	lunarMu.Lock()
	defer lunarMu.Unlock()
	day = min(day, calendar.NewLunarMonthFromYm(year+1, month).GetDayCount())
	solar := calendar.NewLunarFromYmd(year+1, month, day).GetSolar()
	return time.Date(solar.GetYear(), time.Month(solar.GetMonth()), solar.GetDay(), t.Hour(), t.Minute(), 0, 0, Zone)
}

// festive are the months that go by the Spring Festival.
func festive(lunarMonth int) bool { return lunarMonth == 12 || lunarMonth == 1 }

// FestiveDay names the lunar date (正月十二) of a day around the Spring Festival,
// by which clones are matched; "" for all other days.
func FestiveDay(day time.Time) (name string) {
	lunarOf(day, func(l *calendar.Lunar) {
		if festive(l.GetMonth()) {
			name = l.GetMonthInChinese() + "月" + l.GetDayInChinese()
		}
	})
	return name
}
