package events_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
)

// album is a desk that writes down what the keeper of the bytes is told.
type album struct {
	*desk
	session       events.Session
	hidden        []string
	dropped       []string
	shown         []string // what the session uses now
	first, second string   // keys
}

func newAlbum(t *testing.T, d *db.DB) *album {
	k := newDesk(t, d)
	a := &album{desk: k, first: strings.Repeat("a", 64), second: strings.Repeat("b", 64)}
	k.Store = events.New(events.Config{DB: d, Ledger: k.ledger, Now: func() time.Time { return k.now },
		Vault: vault.New([]byte("a secret that only tests may know!")), Pictures: events.Pictures{
			Hide: func(_ context.Context, _ *db.Tx, _ auth.Actor, key, _ string) error {
				a.hidden = append(a.hidden, key)
				return nil
			},
			Drop: func(_ context.Context, _ *db.Tx, key string) error { a.dropped = append(a.dropped, key); return nil },
			Use:  func(_ context.Context, _ *db.Tx, _ string, keys []string) error { a.shown = keys; return nil },
		}})
	a.session = k.held()
	return a
}

func (a *album) add(key string) {
	a.Helper()
	a.ok(a.AddReportPhoto(a.Context(), coordinator, a.session.ID, events.ReportPhoto{Key: key, Name: "现场.jpg", Consent: true}))
}

func (a *album) show(key string) {
	a.Helper()
	a.ok(a.ShowReportPhoto(a.Context(), second, a.session.ID, key, nil))
}

// public are the keys that readers get.
func (a *album) public() (keys []string) {
	a.Helper()
	list, err := a.PublicPhotos(a.Context(), a.session.ID)
	a.ok(err)
	for _, p := range list {
		keys = append(keys, p.Public())
	}
	return keys
}

func (a *album) want(what string, got []string, want ...string) {
	a.Helper()
	if !slices.Equal(got, want) {
		a.Errorf("%s: %v, want %v", what, got, want)
	}
}

// The picture as it came never gets an address once faces were made
// unrecognisable in it, and each change is looked at again before readers see it.
func TestBlurredPhotosStandForTheOriginal(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := newAlbum(t, d)
		blurred, better := strings.Repeat("c", 64), strings.Repeat("d", 64)
		a.add(a.first)
		a.show(a.first)
		a.want("at first", a.public(), a.first)

		a.ok(a.BlurReportPhoto(t.Context(), coordinator, a.session.ID, a.first, blurred))
		a.want("blurred, not approved", a.public())
		a.want("hidden", a.hidden, a.first)
		a.show(a.first)
		a.want("approved", a.public(), blurred)
		a.want("used", a.shown, blurred)

		a.ok(a.BlurReportPhoto(t.Context(), coordinator, a.session.ID, a.first, better))
		a.want("hidden then", a.hidden, a.first, blurred)
		a.want("dropped", a.dropped, blurred)
		a.show(a.first)
		a.ok(a.HideReportPhoto(t.Context(), coordinator, a.session.ID, a.first))
		a.want("hidden at last", a.hidden, a.first, blurred, better)
		a.want("used at last", a.shown)

		a.ok(a.RemoveReportPhoto(t.Context(), coordinator, a.session.ID, a.first))
		a.want("dropped with the photo", a.dropped, blurred, a.first, better)

		a.ok(a.AddReportPhoto(t.Context(), coordinator, a.session.ID, events.ReportPhoto{Key: a.second, Sheet: true, Consent: true}))
		a.refused(a.BlurReportPhoto(t.Context(), coordinator, a.session.ID, a.second, blurred), errs.Invalid, "永远不公开")
		stranger := auth.Actor{ID: "e", Roles: []auth.Role{auth.Editor}}
		a.refused(a.BlurReportPhoto(t.Context(), stranger, a.session.ID, a.second, blurred), errs.Forbidden, "")
	})
}

// A picture that two sessions show keeps its address until neither does.
func TestSharedPhotosStayUntilTheLast(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := newAlbum(t, d)
		a.add(a.first)
		a.show(a.first)
		one := a.session
		a.now = time.Date(2026, 11, 20, 9, 0, 0, 0, events.Zone) // before the day that held lets pass
		a.session = a.desk.held()
		a.add(a.first)
		a.show(a.first)
		a.ok(a.RemoveReportPhoto(t.Context(), coordinator, one.ID, a.first))
		a.want("hidden", a.hidden)
		a.want("dropped", a.dropped)
		a.ok(a.RemoveReportPhoto(t.Context(), coordinator, a.session.ID, a.first))
		a.want("hidden at last", a.hidden, a.first)
		a.want("dropped at last", a.dropped, a.first)
	})
}

func TestPhotosAreLookedAtAgainAfterYears(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := newAlbum(t, d)
		a.add(a.first)
		a.add(a.second)
		a.show(a.first)
		a.show(a.second)
		due := func(want ...string) {
			t.Helper()
			list, err := a.AgedPhotos(t.Context(), auth.System())
			a.ok(err)
			var keys []string
			for _, p := range list {
				if p.SessionID != a.session.ID || p.SessionTitle != a.session.Title || p.Since.IsZero() {
					t.Errorf("due: %+v", p)
				}
				keys = append(keys, p.Key)
			}
			a.want("due", keys, want...)
		}
		start := a.now
		a.now = start.AddDate(3, 0, 0)
		due()
		a.now = start.AddDate(3, 0, 1)
		due(a.first, a.second)
		a.refused(a.KeepPhoto(t.Context(), second, a.session.ID, a.first, "  "), errs.Invalid, "理由")
		a.refused(a.KeepPhoto(t.Context(), second, a.session.ID, a.first, strings.Repeat("长", 201)), errs.Invalid, "200 字以内")
		a.ok(a.KeepPhoto(t.Context(), second, a.session.ID, a.first, "普法展板还在用"))
		due(a.second)
		a.ok(a.TakeDownPhoto(t.Context(), second, a.session.ID, a.second))
		due()
		a.want("hidden", a.hidden, a.second)
		a.want("dropped", a.dropped, a.second)
		a.want("public", a.public(), a.first)
		a.refused(a.KeepPhoto(t.Context(), second, a.session.ID, a.second, "想留"), errs.Conflict, "不在公开之列")
		a.now = start.AddDate(6, 0, 2)
		due(a.first)
	})
}

// Photos nobody made public go with the lists of names; public ones stay.
func TestRetentionDeletesUnseenPhotos(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := newAlbum(t, d)
		a.add(a.first)
		a.add(a.second)
		a.show(a.second)
		purged := func(dry bool) int {
			t.Helper()
			list, err := a.Retention(t.Context(), dry)
			a.ok(err)
			i := slices.IndexFunc(list, func(p events.Purged) bool { return p.Purpose == "没有公开的现场照片和签到表" })
			return list[i].Rows
		}
		a.now = a.session.Ends.AddDate(0, 0, 365)
		if n := purged(true); n != 0 {
			t.Errorf("on the last day: %d", n)
		}
		a.now = a.now.Add(time.Minute)
		for i, want := range []int{1, 1, 0} {
			if n := purged(i == 0); n != want {
				t.Errorf("run %d: %d, want %d", i, n, want)
			}
		}
		a.want("dropped", a.dropped, a.first)
		a.want("public", a.public(), a.second)
	})
}

// Who has left is nobody any more, and what they did still counts.
func TestRetentionForgetsWhoHasLeft(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		stays, leaves := k.lawyer("张在岗"), k.lawyer("李离任")
		form := leaves.Form()
		form.ActiveTo, form.Licence = "2026-12-31", "13704000000000001"
		var err error
		leaves, err = k.SavePerson(t.Context(), coordinator, leaves.ID, leaves.Version, form)
		k.ok(err)
		k.exec(d, `INSERT INTO availability (id, practitioner, kind, starts_at, ends_at, created_at, created_by) VALUES ('v1', '`+leaves.ID+`', 'leave', 1, 2, 1, 'u1')`)
		lawyers := k.figure("lawyer")
		const who = "离任服务人员的姓名、电话和证号"
		purged := func(dry bool) int {
			t.Helper()
			list, err := k.Retention(t.Context(), dry)
			k.ok(err)
			i := slices.IndexFunc(list, func(p events.Purged) bool { return p.Purpose == who })
			return list[i].Rows
		}
		ended := time.Date(2026, 12, 31, 12, 0, 0, 0, events.Zone)
		k.now = ended.AddDate(0, 0, 1095)
		if n := purged(true); n != 0 {
			t.Errorf("on the last day: %d", n)
		}
		k.now = ended.AddDate(0, 0, 1096)
		for i, want := range []int{1, 1, 0} {
			if n := purged(i == 0); n != want {
				t.Errorf("run %d: %d, want %d", i, n, want)
			}
		}
		p, err := k.PersonByID(t.Context(), coordinator, leaves.ID)
		if err != nil || p.Name != "已离任人员" || p.Phone != "" || p.Email != "" || p.Licence != "" || p.HasLink || p.HasFeed {
			t.Errorf("left: %+v, %v", p, err)
		}
		if p, err = k.PersonByID(t.Context(), coordinator, stays.ID); err != nil || p.Name != "张在岗" || p.Phone == "" {
			t.Errorf("stays: %+v, %v", p, err)
		}
		var leave int
		k.ok(db.Get(t.Context(), d.Reader(), &leave, `SELECT count(*) FROM availability`))
		if leave != 0 {
			t.Errorf("%d leaves are remembered", leave)
		}
		if now := k.figure("lawyer"); now != lawyers {
			t.Errorf("the lawyers of the year were %+v, are %+v", lawyers, now)
		}
	})
}
