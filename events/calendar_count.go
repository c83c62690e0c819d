package events

import "time"

// maxCounted bounds counting: nobody reads beyond some years of working days.
const maxCounted = 2000

// WorkingDays counts the working days after from's date up to and with to's
// date, as in 自次日起算; negative when to is before from, and 0 within a day. It
// is how far a due date is away: AddWorkingDays(from, n) is n away.
func (c *Calendar) WorkingDays(from, to time.Time) int {
	if dateOf(to) < dateOf(from) {
		return -c.WorkingDays(to, from)
	}
	n, last := 0, dateOf(to)
	for t, i := midnight(from), 0; dateOf(t) < last && i < maxCounted; i++ {
		if t = t.AddDate(0, 0, 1); c.IsWorkingDay(t) {
			n++
		}
	}
	return n
}
