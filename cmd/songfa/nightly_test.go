package main

import (
	"testing"
	"time"

	"github.com/songfa/songfa/events"
)

func TestTheNightIsAtThree(t *testing.T) {
	for _, c := range []struct {
		now  string
		want time.Duration
	}{
		{"2026-11-24 02:59:59", time.Second}, {"2026-11-24 03:00:00", 24 * time.Hour},
		{"2026-11-24 23:59:59", 3*time.Hour + time.Second}, {"2026-12-31 12:00:00", 15 * time.Hour},
	} {
		now, err := time.ParseInLocation(time.DateTime, c.now, events.Zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := untilNight(now.UTC()); got != c.want {
			t.Errorf("at %s the night is in %s, want %s", c.now, got, c.want)
		}
	}
}
