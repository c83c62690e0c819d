package events

import (
	"testing"
	"time"
)

func TestNearNamesHolidaysAndDaysMadeUpFor(t *testing.T) {
	cal := NewCalendar(libraryDays(2026))
	for date, want := range map[string]string{
		"2026-09-22": "9月20日（周日）上班，9月25日至27日放假（中秋节）",
		"2026-10-08": "10月1日至7日放假（国庆节），10月10日（周六）上班",
		"2026-11-24": "",
		"2026-01-01": "1月1日至3日放假（元旦节），1月4日（周日）上班",
		"2028-02-29": "", // a year without a notice
	} {
		day, err := time.ParseInLocation(time.DateOnly, date, Zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := cal.Near(day.Add(23*time.Hour+59*time.Minute+59*time.Second), 5); got != want {
			t.Errorf("near %s: %q, want %q", date, got, want)
		}
	}
}
