package admin_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/search"
)

// follow keeps the index up with what is written until the test ends.
func (o *office) follow() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { o.index.Follow(ctx); close(done) }()
	o.t.Cleanup(func() { cancel(); <-done })
}

// soon is how late the list may be.
const soon = 2 * time.Second

// indexed waits until search knows of the last write; that must be soon.
func (o *office) indexed() {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), 20*time.Second)
	defer cancel()
	began := time.Now()
	must(o.t, o.index.Wait(ctx, o.ledger.Position()))
	if took := time.Since(began); took > soon {
		o.t.Errorf("indexed after %v", took)
	}
}

// lists looks for a text as this person and returns the titles that come, in
// their order.
func (b *browser) lists(pairs ...string) (titles []string) {
	b.o.t.Helper()
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	resp, page := b.get("/admin/documents/?" + q.Encode())
	if resp.StatusCode != http.StatusOK {
		b.o.t.Fatalf("the list for %v: %d", pairs, resp.StatusCode)
	}
	for _, row := range strings.Split(page, `<tr><th scope="row">`)[1:] {
		_, row, _ = strings.Cut(row, `">`)
		title, _, _ := strings.Cut(row, "</a>")
		titles = append(titles, title)
	}
	return titles
}

// wantLists says what comes, joined by spaces.
func (b *browser) wantLists(when, want string, pairs ...string) {
	b.o.t.Helper()
	if got := strings.Join(b.lists(pairs...), " "); got != want {
		b.o.t.Errorf("%s: %v lists %q, want %q", when, pairs, got, want)
	}
}

// The list follows every step of a text, soon; it always has the newest one.
func TestStaffFindsTheNewestText(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "/sfj/pufa")
		o.follow()
		author, other, boss := o.signIn("editor"), o.signIn("other"), o.person("boss").Actor()
		text := guide("糕点店欠薪")
		text.Body = "师傅做的是蝴蝶酥。"
		e, err := o.content.Create(t.Context(), o.person("editor").Actor(), content.Guide, "gaodian", text)
		must(t, err)
		o.indexed()
		for _, typed := range []string{"蝴蝶酥", "蝴蝶酥師傅", "糕点", "gaodiandian", "劳动合同法第30条"} {
			author.wantLists("draft", "糕点店欠薪", "q", typed)
		}
		other.wantLists("draft", "糕点店欠薪", "q", "蝴蝶酥")
		text.Body = "师傅做的是绿豆糕。"
		e, err = o.content.Save(t.Context(), o.person("editor").Actor(), e.ID, e.Version, text)
		must(t, err)
		o.indexed()
		other.wantLists("saved", "", "q", "蝴蝶酥")
		other.wantLists("saved", "糕点店欠薪", "q", "绿豆糕")
		e, err = o.content.Publish(t.Context(), boss, e.ID, e.Version)
		must(t, err)
		o.indexed()
		other.wantLists("published", "糕点店欠薪", "q", "绿豆糕", "state", "published")
		if r, err := o.index.Search(t.Context(), search.Query{Text: "绿豆糕"}); err != nil || r.Total != 1 {
			t.Errorf("readers find %d, %v", r.Total, err)
		}

		e, err = o.content.Revise(t.Context(), boss, e.ID, e.Version)
		must(t, err)
		text.Title, text.Body = "糕点店欠薪新规", "师傅做的是豌豆黄。"
		e, err = o.content.Save(t.Context(), boss, e.ID, e.Version, text)
		must(t, err)
		o.indexed()
		other.wantLists("revised", "糕点店欠薪新规", "q", "豌豆黄")
		other.wantLists("revised", "", "q", "绿豆糕") // the list has the newest text
		must(t, o.content.DeleteDraft(t.Context(), boss, e.ID, e.Version))
		o.indexed()
		other.wantLists("revision dropped", "", "q", "豌豆黄")
		other.wantLists("revision dropped", "糕点店欠薪", "q", "绿豆糕")
		must(t, o.index.Rebuild(t.Context(), nil))
		other.wantLists("rebuilt", "糕点店欠薪", "q", "绿豆糕")
		if line := o.logged("糕"); line != "" {
			t.Errorf("the log holds a text: %s", line)
		}
	})
}

// The best come first, on all pages, whatever was changed last.
func TestStaffFindsTheBestFirst(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	o.follow()
	boss := o.person("boss").Actor()
	write := func(title, body string) {
		text := guide(title)
		text.Body = body
		_, err := o.content.Create(t.Context(), boss, content.Guide, "", text)
		must(t, err)
		o.pass(time.Minute)
	}
	write("蝴蝶酥师傅讨薪", "蝴蝶酥师傅的工资，蝴蝶酥店要给。")
	for range 24 {
		write("别的事", "他顺便提到蝴蝶酥，然后说了很多与此无关的话，关于天气、道路和集市。")
	}
	o.indexed()
	b := o.signIn("editor")
	first, second := b.lists("q", "蝴蝶酥"), b.lists("q", "蝴蝶酥", "page", "2")
	if len(first) != 20 || len(second) != 5 || first[0] != "蝴蝶酥师傅讨薪" {
		t.Errorf("the list: %q and %q", first, second)
	}
}
