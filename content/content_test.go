package content_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

var (
	author   = auth.Actor{ID: "u-author", Name: "作者", Roles: []auth.Role{auth.Editor}}
	reviewer = auth.Actor{ID: "u-reviewer", Name: "审核", Roles: []auth.Role{auth.Reviewer}}
	visitor  = auth.Actor{ID: "u-coordinator", Name: "组织", Roles: []auth.Role{auth.Coordinator}}
)

// clock is the time of a test; it moves only when told.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// desk is a store with what tests look at.
type desk struct {
	*content.Store
	t      *testing.T
	ctx    context.Context
	clock  *clock
	ledger *ledger.Ledger
}

func newDesk(t *testing.T, d *db.DB, opts ...func(*content.Config)) *desk {
	t.Helper()
	k := newBare(t, d, opts...)
	k.must(k.SetTopics(k.ctx, auth.System(), []content.Topic{{Slug: "wages", Name: "工资", Order: 1}, {Slug: "work-injury", Name: "工伤", Order: 2}}))
	k.must(k.SetColumns(k.ctx, auth.System(), []content.Column{
		{Slug: "guides", Name: "指南", Kinds: []content.Kind{content.Guide}, Order: 1},
		{Slug: "notices", Name: "通知公告", Kinds: []content.Kind{content.Notice}, Order: 2},
		{Slug: "cases", Name: "以案释法", Kinds: []content.Kind{content.Guide, content.News}, Order: 3}}))
	return k
}

// newBare is a store without topics and columns.
func newBare(t *testing.T, d *db.DB, opts ...func(*content.Config)) *desk {
	t.Helper()
	c := &clock{time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)}
	l := ledger.New(d, c.now)
	cfg := content.Config{DB: d, Ledger: l, Now: c.now, Secret: []byte("0123456789abcdef0123456789abcdef")}
	for _, o := range opts {
		o(&cfg)
	}
	return &desk{Store: content.New(cfg), t: t, ctx: t.Context(), clock: c, ledger: l}
}

func (k *desk) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

// get unwraps a result that must not fail.
func get[T any](k *desk) func(T, error) T {
	k.t.Helper()
	return func(v T, err error) T {
		k.t.Helper()
		k.must(err)
		return v
	}
}

// guide is a text that is fit for readers.
func guide(title string) content.Text {
	return content.Text{Title: title, Answer: "先留证据，再去投诉，都不收费。", Body: "## 怎么办\n\n先去**劳动监察**投诉。",
		Topics: []string{"wages"}, Sources: []string{"《劳动合同法》第三十条"}, Checked: "2026-11-01", Origin: "示例区司法局"}
}

func (k *desk) create(slug string, text content.Text) content.Edition {
	k.t.Helper()
	return get[content.Edition](k)(k.Create(k.ctx, author, content.Guide, slug, text))
}

func (k *desk) publish(slug string, text content.Text) content.Edition {
	k.t.Helper()
	e := k.create(slug, text)
	return get[content.Edition](k)(k.Publish(k.ctx, reviewer, e.ID, e.Version))
}

func wantKind(t *testing.T, err error, kind errs.Kind) {
	t.Helper()
	if !errs.Is(err, kind) {
		t.Fatalf("error is %v (%v), want %v", errs.KindOf(err), err, kind)
	}
}

// TestGuideGoesLive walks a guide from the first draft to its readers.
func TestGuideGoesLive(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		e := k.create("", guide("拖欠工资怎么办"))
		doc := get[content.Document](k)(k.Document(k.ctx, e.DocumentID))
		if doc.Slug != "tuo-qian-gong-zi-zen-me-ban" {
			t.Errorf("made slug %q", doc.Slug)
		}
		_, err := k.Published(k.ctx, content.Guide, doc.Slug)
		wantKind(t, err, errs.NotFound)

		e = get[content.Edition](k)(k.Submit(k.ctx, author, e.ID, e.Version))
		k.clock.at = k.clock.at.Add(time.Hour)
		e = get[content.Edition](k)(k.Publish(k.ctx, reviewer, e.ID, e.Version))
		live := get[content.Live](k)(k.Published(k.ctx, content.Guide, doc.Slug))
		if live.Title != "拖欠工资怎么办" || live.State != content.Published || !live.First.Equal(k.clock.at) || live.Column != "guides" {
			t.Errorf("live: %+v", live)
		}
		if len(live.TOC) != 1 || live.HTML == "" || live.Basis[0].Text != "《劳动合同法》第三十条" {
			t.Errorf("rendered: %+v", live.Rendered)
		}

		r := get[content.Edition](k)(k.Revise(k.ctx, author, e.ID, e.Version))
		text := r.Text
		text.Title = "老板拖欠工资怎么办"
		r = get[content.Edition](k)(k.Save(k.ctx, author, r.ID, r.Version, text))
		if got := get[content.Live](k)(k.Published(k.ctx, content.Guide, doc.Slug)); got.Title != "拖欠工资怎么办" {
			t.Errorf("readers see the revision: %q", got.Title)
		}
		k.clock.at = k.clock.at.Add(time.Hour)
		get[content.Edition](k)(k.Publish(k.ctx, reviewer, r.ID, r.Version))
		got := get[content.Live](k)(k.Published(k.ctx, content.Guide, doc.Slug))
		if got.Title != text.Title || got.Number != 2 || !got.First.Equal(live.First) || !got.Edition.Published.Equal(k.clock.at) {
			t.Errorf("second edition: %+v", got)
		}
		all := get[[]content.Edition](k)(k.Editions(k.ctx, doc.ID))
		if len(all) != 2 || all[1].State != content.Superseded || all[1].Title != "拖欠工资怎么办" {
			t.Errorf("editions: %+v", all)
		}
		k.must(k.ledger.Verify(k.ctx))
		rows := get[[]ledger.AuditEntry](k)(k.ledger.Audit(k.ctx, ledger.AuditFilter{Object: "document:" + doc.ID}))
		if len(rows) != 6 || rows[0].Action != "document.publish" {
			t.Errorf("audit: %+v", rows)
		}
	})
}

func TestStaleFormKeepsBothTexts(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		e := k.create("a", guide("原来的"))
		get[content.Edition](k)(k.Save(k.ctx, author, e.ID, e.Version, guide("别人的")))
		_, err := k.Save(k.ctx, author, e.ID, e.Version, guide("我的"))
		wantKind(t, err, errs.Conflict)
		var stale *content.Stale
		if !errors.As(err, &stale) || stale.Current.Title != "别人的" {
			t.Errorf("error %v carries %+v", err, stale)
		}
	})
}
