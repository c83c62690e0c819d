package content_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/internal/markdown"
)

// ldht is a registry that knows one law with articles 1 to n.
func ldht(n int) *law.Registry {
	e := law.Entry{Slug: "ldht", Title: "中华人民共和国劳动合同法"}
	for i := range n {
		e.Articles = append(e.Articles, [2]int{i + 1, 0})
	}
	return law.NewRegistry(e)
}

func withLaws(r *law.Registry) func(*content.Config) {
	return func(c *content.Config) { c.Laws = r }
}

func slugs[T interface{ Address() string }](items []T) string {
	var out []string
	for _, i := range items {
		out = append(out, strings.TrimPrefix(i.Address(), "/guides/"))
	}
	return strings.Join(out, " ")
}

func citing(title string, body ...string) content.Text {
	t := guide(title)
	t.Sources, t.Body = []string{"《劳动合同法》第一条"}, strings.Join(body, "\n\n")
	return t
}

func TestCitationsRelateDocuments(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, withLaws(ldht(98)))
		a := k.publish("a", citing("甲", "依据《劳动合同法》第三十八条和第四十六条。"))
		k.publish("b", citing("乙", "看《劳动合同法》第四十六条。"))
		k.publish("c", citing("丙", "看《劳动合同法》第三十八条、第四十六条。"))
		k.publish("d", citing("丁", "《劳动合同法》第十条至第十二条。"))
		k.create("draft", citing("草稿", "《劳动合同法》第三十八条。"))
		other := citing("戊", "与谁都不同。")
		other.Sources, other.Topics = []string{"《没有的法》第一条"}, []string{"work-injury"}
		k.publish("e", other)

		live := get[content.Live](k)(k.Published(k.ctx, content.Guide, "a"))
		if !strings.Contains(live.HTML, `href="/laws/ldht/38"`) || live.Basis[0].Href != "/laws/ldht/1" {
			t.Errorf("a: basis %+v, %s", live.Basis, live.HTML)
		}
		if got := slugs(get[[]content.Item](k)(k.Related(k.ctx, a.DocumentID, 2))); got != "c b" {
			t.Errorf("related: %s", got)
		}
		if got := slugs(get[[]content.Item](k)(k.Related(k.ctx, a.DocumentID, 9))); got != "c b d" {
			t.Errorf("all related: %s", got)
		}
		if got := slugs(get[[]content.Item](k)(k.CitedBy(k.ctx, "ldht", 38, 0))); got != "c a" {
			t.Errorf("citing article 38: %s", got)
		}
		if got := slugs(get[[]content.Item](k)(k.CitedBy(k.ctx, "ldht", 11, 0))); got != "d" {
			t.Errorf("citing article 11: %s", got)
		}
		if got := slugs(get[[]content.Item](k)(k.CitedBy(k.ctx, "ldht", 0, 0))); got != "d c b a" {
			t.Errorf("citing the law: %s", got)
		}
		counts := get[map[string]int](k)(k.CitedArticles(k.ctx, "ldht"))
		if counts["46"] != 3 || counts["1"] != 4 || counts["12"] != 1 {
			t.Errorf("counts: %v", counts)
		}
		bad := get[[]content.Unresolved](k)(k.UnresolvedCitations(k.ctx))
		if len(bad) != 1 || bad[0].Label() != "《没有的法》第一条" || bad[0].Slug != "e" || !bad[0].Source {
			t.Errorf("unresolved: %+v", bad)
		}

		e := get[content.Live](k)(k.Published(k.ctx, content.Guide, "c"))
		get[content.Edition](k)(k.Withdraw(k.ctx, reviewer, e.Edition.ID, e.Version, "过时"))
		if got := slugs(get[[]content.Item](k)(k.Related(k.ctx, a.DocumentID, 2))); got != "b d" {
			t.Errorf("related after a withdrawal: %s", got)
		}
	})
}

// TestRerenderFollowsTheLaws: a text that was published before its law was
// loaded gets its links, and keeps its version.
func TestRerenderFollowsTheLaws(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, withLaws(law.NewRegistry()))
		a := k.publish("a", citing("甲", "依据《劳动合同法》第三十八条。"))
		k.publish("b", content.Text{Title: "乙", Answer: "答", Body: "不引用。", Sources: []string{"经验"}, Checked: "2026-11-01"})
		if live := get[content.Live](k)(k.Published(k.ctx, content.Guide, "a")); strings.Contains(live.HTML, "/laws/") {
			t.Fatalf("a dead link: %s", live.HTML)
		}
		loaded := newBare(t, d, withLaws(ldht(98)))
		before := get[int64](k)(k.ledger.Refresh(k.ctx))
		if n := get[int](k)(loaded.Rerender(k.ctx, []string{"ldht"})); n != 1 {
			t.Errorf("%d documents changed", n)
		}
		live := get[content.Live](k)(k.Published(k.ctx, content.Guide, "a"))
		if !strings.Contains(live.HTML, `href="/laws/ldht/38"`) || live.Version != a.Version {
			t.Errorf("version %d, was %d: %s", live.Version, a.Version, live.HTML)
		}
		rows := get[[]ledger.Row](k)(k.ledger.Since(k.ctx, before, 10))
		if len(rows) != 1 || rows[0].ID != a.DocumentID || rows[0].Kind != "document" {
			t.Errorf("journal: %+v", rows)
		}
		if got := slugs(get[[]content.Item](k)(k.CitedBy(k.ctx, "ldht", 38, 0))); got != "a" {
			t.Errorf("cited by: %q", got)
		}
		if n := get[int](k)(loaded.RerenderAll(k.ctx)); n != 0 {
			t.Errorf("again: %d documents changed", n)
		}
	})
}

func TestLists(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		for _, slug := range []string{"a", "b", "c", "d", "e"} {
			text := guide(slug + " 工资 100%")
			if slug == "b" {
				text.Topics, text.Column = []string{"work-injury", "wages"}, "cases"
			}
			k.clock.at = k.clock.at.Add(time.Minute)
			k.publish(slug, text)
		}
		k.clock.at = k.clock.at.Add(time.Minute)
		n := get[content.Edition](k)(k.Create(k.ctx, author, content.Notice, "n", content.Text{Title: "通知_草稿", Topics: []string{"wages"}}))
		for _, c := range []struct {
			f     content.Filter
			want  string
			total int
		}{
			{content.Filter{}, "e d c b a", 5},
			{content.Filter{Size: 2}, "e d", 5},
			{content.Filter{Size: 2, Page: 3}, "a", 5},
			{content.Filter{Size: 2, Page: 4}, "", 5},
			{content.Filter{Kind: content.Notice}, "", 0},
			{content.Filter{Kind: content.Guide, Topic: "work-injury"}, "b", 1},
			{content.Filter{Topic: "wages", Column: "guides", Size: 2, Page: 2}, "c a", 4},
			{content.Filter{Column: "cases"}, "b", 1},
			{content.Filter{Page: -1, Size: -1}, "e d c b a", 5},
		} {
			l := get[content.Listing[content.Item]](k)(k.List(k.ctx, c.f))
			if got := slugs(l.Items); got != c.want || l.Total != c.total {
				t.Errorf("list %+v: %q of %d, want %q of %d", c.f, got, l.Total, c.want, c.total)
			}
		}
		for _, c := range []struct {
			f    content.DeskFilter
			want string
		}{
			{content.DeskFilter{}, "/notices/n e d c b a"},
			{content.DeskFilter{State: content.Draft}, "/notices/n"},
			{content.DeskFilter{State: content.Published, Size: 2}, "e d"},
			{content.DeskFilter{Kind: content.Guide, Column: "cases"}, "b"},
			{content.DeskFilter{Topic: "wages", Title: "通知_"}, "/notices/n"},
			{content.DeskFilter{Title: "C 工资"}, "c"},
			{content.DeskFilter{Title: "100%", Size: 1}, "e"},
			{content.DeskFilter{Title: "1%0"}, ""},
		} {
			l := get[content.Listing[content.DeskItem]](k)(k.Desk(k.ctx, c.f))
			if got := slugs(l.Items); got != c.want {
				t.Errorf("desk %+v: %q, want %q", c.f, got, c.want)
			}
		}
		l := get[content.Listing[content.DeskItem]](k)(k.Desk(k.ctx, content.DeskFilter{Size: 1}))
		if i := l.Items[0]; i.HeadID != n.ID || i.State != content.Draft || i.Live != "" || i.Last.Name != author.Name || l.Pages() != 6 {
			t.Errorf("desk item %+v of %d pages", i, l.Pages())
		}
		if counts := get[map[string]int](k)(k.TopicCounts(k.ctx)); counts["wages"] != 5 || counts["work-injury"] != 1 {
			t.Errorf("topics: %v", counts)
		}
		latest := get[[]content.Item](k)(k.Latest(k.ctx, content.Guide, 2))
		if slugs(latest) != "e d" {
			t.Errorf("latest: %s", slugs(latest))
		}
		back := get[[]content.Item](k)(k.ByIDs(k.ctx, []string{latest[1].ID, "none", latest[0].ID}))
		if slugs(back) != "d e" {
			t.Errorf("by ids: %s", slugs(back))
		}
	})
}

// TestIndexReadsAll: the index gets each published document once, whole.
func TestIndexReadsAll(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	var ids []string
	for _, slug := range []string{"a", "b", "c"} {
		ids = append(ids, k.publish(slug, guide(slug)).DocumentID)
	}
	k.in(content.Withdrawn, "w")
	k.create("draft", guide("草稿"))
	var seen []string
	for after := ""; ; {
		some := get[[]content.Live](k)(k.EachPublished(k.ctx, after, 2))
		if len(some) == 0 {
			break
		}
		for _, l := range some {
			after = l.Document.ID
			seen = append(seen, after)
			if l.Plain == "" || l.Body == "" {
				t.Errorf("%s is not whole", l.Slug)
			}
		}
	}
	slices.Sort(ids)
	if !slices.Equal(seen, ids) {
		t.Errorf("read %v, want %v", seen, ids)
	}
	lives := get[[]content.Live](k)(k.LiveByIDs(k.ctx, append(ids, "gone")))
	if len(lives) != 3 {
		t.Errorf("%d by id", len(lives))
	}
}

func TestPreviewByToken(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	e := k.create("a", guide("草稿"))
	token := k.PreviewToken(e.ID, k.clock.at.Add(time.Hour))
	live := get[content.Live](k)(k.ByPreviewToken(k.ctx, token))
	if live.Title != "草稿" || live.State != content.Draft || live.HTML == "" {
		t.Errorf("preview: %+v", live)
	}
	for i := range token {
		forged := []byte(token)
		forged[i] ^= 1
		if _, err := k.ByPreviewToken(k.ctx, string(forged)); err == nil && string(forged) != token {
			t.Fatalf("a token with byte %d changed opens", i)
		}
	}
	_, err := k.ByPreviewToken(k.ctx, "")
	wantKind(t, err, errs.NotFound)
	k.clock.at = k.clock.at.Add(2 * time.Hour)
	_, err = k.ByPreviewToken(k.ctx, token)
	wantKind(t, err, errs.Gone)

	r := get[content.Rendered](k)(k.Render(k.ctx, content.Text{Title: "甲", Body: "## 乙\n\n丙"}))
	if len(r.TOC) != 1 || !strings.Contains(r.HTML, "丙") || r.Excerpt == "" {
		t.Errorf("render: %+v", r)
	}
}

func TestTopicsInUseStay(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.publish("a", guide("甲"))
		text := guide("乙")
		text.Column = "cases"
		k.publish("b", text)
		wantKind(t, k.SetTopics(k.ctx, auth.System(), nil), errs.Conflict)
		k.must(k.SetTopics(k.ctx, auth.System(), []content.Topic{{Slug: "wages", Name: "工资报酬"}}))
		wantKind(t, k.SetColumns(k.ctx, auth.System(), nil), errs.Conflict)
		k.must(k.SetColumns(k.ctx, auth.System(), []content.Column{{Slug: "cases", Name: "以案释法"}}))
		if l := get[content.Listing[content.Item]](k)(k.List(k.ctx, content.Filter{Column: "cases"})); l.Total != 2 {
			t.Errorf("%d documents moved to the column that takes them", l.Total)
		}
		wantKind(t, k.SetTopics(k.ctx, reviewer, nil), errs.Forbidden)
		wantKind(t, k.SetTopics(k.ctx, auth.System(), []content.Topic{{Slug: "A", Name: "x"}}), errs.Invalid)
	})
}

func TestPicturesGetTheirSizes(t *testing.T) {
	picture := "/media/" + key('a') + "/a.png"
	k := newDesk(t, dbtest.SQLite(t), func(c *content.Config) {
		c.Media = func(_ context.Context, address string) (markdown.Resource, bool) {
			return markdown.Resource{URL: address, SrcSet: "/media/x/w640.webp 640w", Width: 800, Height: 600}, address == picture
		}
	})
	r := get[content.Rendered](k)(k.Render(k.ctx, content.Text{Title: "甲", Body: "![图](" + picture + ") ![图](/media/" + key('b') + "/b.png)"}))
	if strings.Count(r.HTML, "srcset=") != 1 || !strings.Contains(r.HTML, `width="800"`) {
		t.Errorf("html: %s", r.HTML)
	}
}

// TestLawBlocksQuoteTheVersionInForce: a 法条 block shows the words that are
// loaded, says which version they are from, and changes with the law.
func TestLawBlocksQuoteTheVersionInForce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		words := "应当按照约定按月支付工资。"
		k := newDesk(t, d, withLaws(ldht(98)), func(c *content.Config) {
			c.Articles = func(_ context.Context, refs []law.Ref) (map[law.Ref]law.Page, error) {
				found := map[law.Ref]law.Page{}
				for _, r := range refs {
					found[r] = law.Page{Law: law.Law{Short: "劳动合同法"}, Head: law.Head{Date: "2012-12-28", InForce: "2013-07-01"},
						Article: law.Article{Label: law.FormatArticle(r.Number, 0), Paragraphs: []string{words, "（一）甲"}}}
				}
				return found, nil
			}
		})
		k.publish("a", citing("甲", ":::法条 《劳动合同法》第三十条至第三十一条\n:::"))
		live := get[content.Live](k)(k.Published(k.ctx, content.Guide, "a"))
		for _, want := range []string{"第三十条　应当按照约定", "第三十一条　应当按照约定", "（一）甲", "《劳动合同法》2012-12-28 版，2013-07-01 起施行", `href="/laws/ldht/30"`} {
			if !strings.Contains(live.HTML, want) {
				t.Errorf("no %q in %s", want, live.HTML)
			}
		}
		if got := slugs(get[[]content.Item](k)(k.CitedBy(k.ctx, "ldht", 31, 0))); got != "a" {
			t.Errorf("cited by %q", got)
		}
		words = "应当足额支付工资。"
		if n := get[int](k)(k.Rerender(k.ctx, []string{"ldht"})); n != 1 {
			t.Errorf("%d documents changed with the law", n)
		}
	})
}
