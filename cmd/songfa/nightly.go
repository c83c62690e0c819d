package main

import (
	"context"
	"time"

	"github.com/songfa/songfa/events"
)

// nightHour is when the work of the night begins, in the bureau's time.
const nightHour = 3

// untilNight is how long it is until the next night's work.
func untilNight(now time.Time) time.Duration {
	now = now.In(events.Zone)
	next := time.Date(now.Year(), now.Month(), now.Day(), nightHour, 0, 0, 0, events.Zone)
	if !next.After(now) {
		next = next.AddDate(0, 0, 1)
	}
	return next.Sub(now)
}

// nightly deletes personal data whose time has come and recounts the places of
// sessions. Every node does it; the second finds nothing to do.
func (a *application) nightly(ctx context.Context) {
	for {
		select {
		case <-time.After(untilNight(a.now())):
			a.night(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// night is the work of one night. A difference between counters and rows is an
// alarm and never mended silently: it means a bug.
func (a *application) night(ctx context.Context) {
	purged, err := a.retention(ctx, false)
	if err != nil {
		a.log.Error("delete personal data that is due", "err", err)
	}
	for _, p := range purged {
		if p.Rows > 0 {
			a.log.Info("deleted personal data that was due", "purpose", p.Purpose, "rows", p.Rows)
		}
	}
	if n, err := a.content.PurgeCopies(ctx); err != nil {
		a.log.Error("delete old working copies", "err", err)
	} else if n > 0 {
		a.log.Info("deleted old working copies", "rows", n)
	}
	differences, err := a.events.RecountPlaces(ctx)
	if err != nil {
		a.log.Error("recount places", "err", err)
	}
	for _, d := range differences {
		a.log.Error("places do not add up", "difference", d)
	}
}
