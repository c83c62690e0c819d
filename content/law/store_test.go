package law_test

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// today is the day on which the tests take place, at noon in China.
var today = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

func newStore(d *db.DB) (*law.Store, *ledger.Ledger) {
	now := func() time.Time { return today }
	l := ledger.New(d, now)
	return law.New(law.Config{DB: d, Ledger: l, Now: now}), l
}

// file makes a law file of articles 第一条 to 第n条.
func file(title, info string, n int, words string) *fstest.MapFile {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n<!-- INFO END -->\n\n## 第一章 总则\n\n", title, info)
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "%s %s\n\n（一）其一；\n\n", law.FormatArticle(i, 0), words)
	}
	return &fstest.MapFile{Data: []byte(b.String())}
}

func importAll(t *testing.T, s *law.Store, fsys fstest.MapFS) law.Report {
	t.Helper()
	r, err := s.Import(t.Context(), auth.System(), fsys)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// counts writes a report as files/laws/versions/replaced/unchanged/bad.
func counts(r law.Report) string {
	return fmt.Sprint(r.Files, r.Laws, r.Versions, r.Replaced, r.Unchanged, len(r.Bad))
}

func TestImportKeepsVersionsAndIsIdempotent(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, l := newStore(d)
		fsys := fstest.MapFS{
			"社会法/劳动合同法(2007-06-29).md": file("中华人民共和国劳动合同法", "2007年6月29日 通过", 98, "旧。本法自2008年1月1日起施行。"),
			"社会法/劳动合同法(2012-12-28).md": file("中华人民共和国劳动合同法", "2012年12月28日 修正", 99, "新。"),
			"README.md": {Data: []byte("not a law")},
		}
		for i, want := range []string{"2 1 2 0 0 0", "2 0 0 0 2 0"} {
			if got := counts(importAll(t, s, fsys)); got != want {
				t.Fatalf("import %d: %s, want %s", i, got, want)
			}
		}
		if l.Position() != 2 {
			t.Errorf("journal at %d after two versions", l.Position())
		}
		fsys["社会法/劳动合同法(2012-12-28).md"] = file("中华人民共和国劳动合同法", "2012年12月28日 修正", 98, "更正。")
		r := importAll(t, s, fsys)
		if got := counts(r); got != "2 0 0 1 1 0" || fmt.Sprint(r.Changed) != "[ldht]" {
			t.Errorf("changed text: %s %v", got, r.Changed)
		}
		if want := "社会法/劳动合同法(2012-12-28).md: 提醒：《劳动合同法》2012-12-28 版本原有 99 条，换成这个文件后只有 98 条。"; len(r.Notes) != 1 || !strings.HasPrefix(r.Notes[0], want) {
			t.Errorf("articles went without a word: %q", r.Notes)
		}
		rows, err := l.Since(t.Context(), 0, 10)
		if err != nil || len(rows) != 3 || rows[2].Change != (ledger.Change{Kind: "law", ID: "ldht"}) {
			t.Errorf("journal: %v %v", rows, err)
		}
		audit, err := l.Audit(t.Context(), ledger.AuditFilter{Object: "law:ldht"})
		if err != nil || len(audit) != 3 || audit[0].Summary != "替换《劳动合同法》2012-12-28 版本" {
			t.Errorf("audit: %+v %v", audit, err)
		}

		got, err := s.Law(t.Context(), "ldht")
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Versions) != 2 || got.InForce().Date != "2012-12-28" || got.InForce().InForce != "2013-07-01" || got.InForce().Articles != 98 {
			t.Errorf("law: %+v", got)
		}
		old, err := s.Version(t.Context(), "ldht", "2007-06-29")
		if err != nil || len(old.Articles) != 98 || old.Head.InForce != "2008-01-01" {
			t.Errorf("old version: %d articles, %+v, %v", len(old.Articles), old.Head, err)
		}
		if _, err := s.Version(t.Context(), "ldht", "2020-01-01"); !errs.Is(err, errs.NotFound) {
			t.Errorf("unknown version: %v", err)
		}
	})
}

func TestArticleWithNeighbours(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, _ := newStore(d)
		importAll(t, s, fstest.MapFS{"法律援助法(2021-08-20).md": {Data: []byte(`# 中华人民共和国法律援助法

2021年8月20日 通过

<!-- INFO END -->

序言。

## 第一章 总则

第一条 甲。

乙：

（一）丙。

第一条之一 丁。

## 第二章 附则

第三条 戊。本法自2022年1月1日起施行。
`)}})
		p, err := s.Article(t.Context(), "flyz", 1, 1, "")
		if err != nil {
			t.Fatal(err)
		}
		if p.Article.Label != "第一条之一" || p.Article.ID() != "1-1" || p.Article.Text() != "丁。" || p.Article.Path[0] != "第一章 总则" {
			t.Errorf("article: %+v", p.Article)
		}
		if p.Prev == nil || p.Prev.Label != "第一条" || p.Next == nil || p.Next.Label != "第三条" {
			t.Errorf("neighbours: %v %v", p.Prev, p.Next)
		}
		first, err := s.Article(t.Context(), "flyz", 1, 0, "2021-08-20")
		if err != nil || first.Prev != nil || first.Article.Text() != "甲。\n乙：\n（一）丙。" {
			t.Errorf("first: %+v %v", first, err)
		}
		_, err = s.Article(t.Context(), "flyz", 2, 0, "")
		if !errs.Is(err, errs.NotFound) || !strings.Contains(errs.MessageOf(err), "没有第二条") {
			t.Errorf("missing article: %v, %s", err, errs.MessageOf(err))
		}
		if _, err := s.Article(t.Context(), "nobody", 1, 0, ""); !errs.Is(err, errs.NotFound) {
			t.Errorf("missing law: %v", err)
		}
		var labels []string
		err = s.EachArticle(t.Context(), "flyz", func(a law.Article) error {
			labels = append(labels, a.Label)
			return nil
		})
		if got := fmt.Sprintf("%q %v", labels, err); got != `["" "第一条" "第一条之一" "第三条"] <nil>` {
			t.Errorf("each: %s", got)
		}
		r := s.Registry()
		if r.Resolve("法律援助法") != "flyz" || !r.Has("flyz", 1, 1) || r.Has("flyz", 2, 0) || r.Has("flyz", 0, 0) {
			t.Error("the registry does not know what was imported")
		}
	})
}

func TestBooksOfOneLaw(t *testing.T) {
	book := func(name, info, text string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("# 中华人民共和国民法典\n\n# " + name + "\n\n2020年5月28日 通过\n" + info + "\n<!-- INFO END -->\n\n## 第一章 一般规定\n\n" + text)}
	}
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, _ := newStore(d)
		fsys := fstest.MapFS{
			"合同编.md":   book("合同编", "\n2021年1月1日 施行\n", "第四条 合同。"),
			"总则.md":    book("总则", "\n2021年1月1日 施行\n", "第一条 一。\n\n第二条 二。"),
			"婚姻家庭编.md": book("婚姻家庭编", "", "第十条 婚姻。"),
		}
		if got := counts(importAll(t, s, fsys)); got != "3 1 1 0 0 0" {
			t.Fatalf("first import: %s", got)
		}
		labels := func() string {
			v, err := s.Version(t.Context(), "mfd", "")
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for i, a := range v.Articles {
				if a.Position != i || a.Path[0] != a.Book {
					t.Errorf("article %d: %+v", i, a)
				}
				out = append(out, a.Book+a.ID()+a.Text())
			}
			return v.Head.InForce + " " + strings.Join(out, " ")
		}
		if got := labels(); got != "2021-01-01 总则1一。 总则2二。 合同编4合同。 婚姻家庭编10婚姻。" {
			t.Errorf("merged: %s", got)
		}
		if got := counts(importAll(t, s, fstest.MapFS{"总则.md": fsys["总则.md"]})); got != "1 0 0 0 1 0" {
			t.Errorf("one book again: %s", got)
		}
		if got := counts(importAll(t, s, fstest.MapFS{"合同编.md": book("合同编", "\n2021年1月1日 施行\n", "第四条 合同改。")})); got != "1 0 0 1 0 0" {
			t.Errorf("one book changed: %s", got)
		}
		if got := labels(); got != "2021-01-01 总则1一。 总则2二。 合同编4合同改。 婚姻家庭编10婚姻。" {
			t.Errorf("after a changed book: %s", got)
		}
		r := importAll(t, s, fstest.MapFS{"a.md": book("总则", "", "第一条 一。"), "b.md": book("物权编", "", "第一条 又一。")})
		if len(r.Bad) != 1 || r.Bad[0].Name != "b.md" || !strings.Contains(r.Bad[0].Reason, "第一条") {
			t.Errorf("a number in two books: %v", r.Bad)
		}
	})
}

func TestBadFilesAreNamedAndTheOthersGoOn(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, _ := newStore(d)
		r := importAll(t, s, fstest.MapFS{
			"a(2020-01-01).md":      {Data: []byte("# 甲法\n\n<!-- INFO END -->\n\n第一条 一。\n\n第一条 又一。\n")},
			"b(2020-01-01).md":      file("乙法", "", 3, "好。"),
			"c.md":                  file("丙法", "没有日期", 3, "好。"),
			"d(2020-01-01).md":      {Data: []byte("# 丁法\n\n<!-- INFO END -->\n")},
			"z/f(2020-01-01).md":    file("己法", "", 3, "同一版本而文字不同。"),
			"f(2020-01-01).md":      file("己法", "", 3, "哪个对？"),
			".git/x(2020-01-01).md": {Data: []byte("nothing")},
			"e.txt":                 {Data: []byte("nothing")},
			"l(2020-01-01).md":      {Data: []byte("b(2020-01-01).md"), Mode: fs.ModeSymlink},
			"p(2020-01-01).md":      {Mode: fs.ModeNamedPipe},
		})
		if got := counts(r); got != "8 1 1 0 0 7" {
			t.Errorf("report: %s", got)
		}
		for i, want := range []string{
			"l(2020-01-01).md: 是链接或别的特殊文件，没有导入；请换成文件本身",
			"p(2020-01-01).md: 是链接或别的特殊文件，没有导入；请换成文件本身",
			"a(2020-01-01).md:7: 第一条重复，上一次在第 5 行",
			"c.md:1: 找不到版本日期：文件名应如“劳动法(2018-12-29).md”，或在沿革中写明通过日期",
			"d(2020-01-01).md:4: “<!-- INFO END -->”之后没有正文",
			"f(2020-01-01).md: 与“z/f(2020-01-01).md”是同一版本，文字却不同；都没有导入，请只留下正确的一个",
			"z/f(2020-01-01).md: 与“f(2020-01-01).md”是同一版本，文字却不同；都没有导入，请只留下正确的一个",
		} {
			if got := r.Bad[i].Error(); got != want {
				t.Errorf("bad %d = %s, want %s", i, got, want)
			}
		}
		laws, err := s.Laws(t.Context())
		if err != nil || len(laws) != 1 || laws[0].Short != "乙法" {
			t.Errorf("laws: %v %v", laws, err)
		}
		r, err = s.Import(t.Context(), auth.System(), fstest.MapFS{"e(2020-01-01).md": file("戊法", "", 1, "好。")}, "nowhere.md", "e(2020-01-01).md")
		if err != nil || counts(r) != "2 1 1 0 0 1" || r.Bad[0].Error() != "nowhere.md: 找不到这个文件或文件夹，请检查路径" {
			t.Errorf("missing root: %s %v %v", counts(r), r.Bad, err)
		}
		if _, err := s.Import(t.Context(), auth.Actor{ID: "u1", Roles: []auth.Role{auth.Editor}}, fstest.MapFS{}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an editor may import: %v", err)
		}
	})
}

func TestGapsInTheNumbersAreTold(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{"第一条 一。\n\n第二条 二。\n\n第二条之一 二甲。\n\n第二条之二 二乙。\n\n第三条 三。\n", ""},
		{"第一条 一。\n\n第九条 九。\n", "第一条之后就是第九条"},
		{"第二条 二。\n\n第三条 三。\n", "从第二条开始"},
		{"第一条 一。\n\n第一条之二 一乙。\n", "第一条之后就是第一条之二"},
		{"第一条 一。\n\n第三条 三。\n\n第五条 五。\n\n第七条 七。\n", "第一条之后就是第三条，第三条之后就是第五条，等 3 处"},
		{"第一条 一。\n\n附件\n\n第三条 附件里的不算。\n", ""},
		{"# 合同编\n\n|第四条 各编的条号接着来。\n\n第五条 五。\n", ""},
	} {
		head, body, isBook := strings.Cut(c.body, "|")
		if !isBook {
			head, body = "", c.body
		}
		s, _ := newStore(dbtest.SQLite(t))
		r := importAll(t, s, fstest.MapFS{"庚法.md": {Data: []byte("# 庚法\n\n" + head + "2020年1月1日 通过\n\n<!-- INFO END -->\n\n" + body)}})
		want := "[]"
		if c.want != "" {
			want = "[庚法.md: 提醒：条号不连续，" + c.want + "。文件不完整的话，请用完整的再导入一次。]"
		}
		if got := fmt.Sprint(r.Notes); got != want || len(r.Bad) > 0 {
			t.Errorf("%q: %s %v, want %s", c.body, got, r.Bad, want)
		}
	}
}

func TestStatusOfLaws(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, _ := newStore(d)
		importAll(t, s, fstest.MapFS{
			"法律援助条例(2003-07-21).md": file("法律援助条例", "", 3, "旧。"),
			"法律援助法(2021-08-20).md":  file("中华人民共和国法律援助法", "", 3, "新。"),
			"仲裁法(2017-09-01).md":    file("中华人民共和国仲裁法", "", 3, "修正。"),
			"将来法(2026-10-01).md":    file("将来法", "2027年1月1日 施行", 3, "未到。"),
			"将来法(2020-10-01).md":    file("将来法", "2021年1月1日 施行", 3, "现行。"),
			"将来法例(2020-10-01).md":   file("将来发例", "2021年1月1日 施行", 3, "现行。"),
		})
		laws, err := s.Laws(t.Context())
		if err != nil || len(laws) != 5 {
			t.Fatalf("%d laws, %v", len(laws), err)
		}
		last := laws[len(laws)-1]
		if last.Slug != "flyztl" || !last.Repealed() || last.RepealedOn != "2022-01-01" || last.RepealedBy != "法律援助法" || last.RepealedBySlug != "flyz" {
			t.Errorf("the repealed law comes last: %+v", last)
		}
		for _, c := range []struct{ slug, inForce, newer string }{
			{"flyz", "2021-08-20", ""}, {"zcf", "2017-09-01", "2026-03-01"}, {"jlf", "2020-10-01", ""}, {"jlfl", "2020-10-01", ""},
		} {
			l, err := s.Law(t.Context(), c.slug)
			if err != nil || l.InForce().Date != c.inForce || l.NewerInForce != c.newer || l.Repealed() {
				t.Errorf("%s: %+v %v", c.slug, l, err)
			}
		}
		one, err := s.Law(t.Context(), "flyztl")
		if err != nil || one.RepealedBySlug != "flyz" {
			t.Errorf("alone: %+v %v", one, err)
		}
	})
}

func TestSlugsCollideIntoNumbers(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, _ := newStore(d)
		importAll(t, s, fstest.MapFS{
			"1(2020-01-01).md": file("海商法", "", 1, "一。"),
			"2(2020-01-01).md": file("华山法", "", 1, "二。"),
			"3(2020-01-01).md": file("老东西法", "", 1, "ldxf"),
			"4(2020-01-01).md": file("劳动法", "", 1, "四。"),
			"5(2020-01-01).md": file("老大法", "", 1, "ldf is kept for 劳动法"),
			"6(2020-01-01).md": file("Ωλ", "", 1, "no pinyin"),
		})
		for name, want := range map[string]string{"海商法": "hsf", "华山法": "hsf-2", "老东西法": "ldxf", "劳动法": "ldf", "老大法": "ldf-2", "Ωλ": "law"} {
			if got := s.Registry().Resolve(name); got != want {
				t.Errorf("%s = %s, want %s", name, got, want)
			}
		}
	})
}

// A second node learns of laws by the journal, and its registry by Reload.
func TestReloadOnAnotherNode(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		one, _ := newStore(d)
		two, _ := newStore(d)
		importAll(t, one, fstest.MapFS{"劳动法(2018-12-29).md": file("中华人民共和国劳动法", "", 107, "一。")})
		if two.Registry().Resolve("劳动法") != "" {
			t.Fatal("known before Reload")
		}
		if err := two.Reload(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
		if c := two.Registry().Citations("劳动法第四十四条"); len(c) != 1 || c[0].Path() != "/laws/ldf/44" {
			t.Errorf("citations: %+v", c)
		}
	})
}

func TestImportCorpus(t *testing.T) {
	fsys := corpus(t)
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, _ := newStore(d)
		r, err := s.Import(t.Context(), auth.System(), fsys)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range r.Bad {
			t.Error(b)
		}
		t.Logf("%+v", r)
		again, err := s.Import(t.Context(), auth.System(), fsys)
		if err != nil || again.Versions+again.Replaced+again.Laws != 0 {
			t.Errorf("again: %+v %v", again, err)
		}
		mfd, err := s.Law(t.Context(), "mfd")
		if err != nil || mfd.InForce().Articles != 1260 || len(mfd.Versions) != 1 || mfd.InForce().InForce != "2021-01-01" {
			t.Errorf("民法典: %+v %v", mfd, err)
		}
		for slug, versions := range map[string]int{"fnqy": 2, "wcnr": 2, "mssf": 2, "csf": 2, "ldht": 1} {
			l, err := s.Law(t.Context(), slug)
			if err != nil || len(l.Versions) != versions || l.Current != 0 {
				t.Errorf("%s: %d versions, %v", slug, len(l.Versions), err)
			}
		}
		laws, err := s.Laws(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range laws {
			if strings.TrimFunc(l.Slug, func(r rune) bool { return r < 0x80 }) != "" || len(l.Slug) > 15 {
				t.Errorf("slug %q of %s", l.Slug, l.Title)
			}
		}
	})
}
