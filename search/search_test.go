package search

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// seeded is an index of the starter content without laws: enough for all but
// relevance.
func seeded(t testing.TB) *Index {
	t.Helper()
	w := newWorld(t, dbtest.SQLite(t))
	w.seed(t)
	x := w.open(t)
	if err := x.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return x
}

func TestSearchOnStarterContent(t *testing.T) {
	x := seeded(t)
	for name, test := range map[string]func(*testing.T, *Index){
		"bad input":     badInput,
		"facets":        facetsAndNarrowing,
		"paging":        paging,
		"marks":         highlights,
		"suggestions":   completions,
		"hit":           whatAHitHolds,
		"cancelled":     cancelled,
		"concurrently":  manyAtOnce,
		"nothing found": nothingFound,
	} {
		t.Run(name, func(t *testing.T) { test(t, x) })
	}
}

func badInput(t *testing.T, x *Index) {
	for name, tt := range map[string]struct {
		query Query
		ok    bool
	}{
		"empty":              {Query{}, false},
		"blank":              {Query{Text: " \t\n　"}, false},
		"punctuation":        {Query{Text: "，。！？《》——……"}, false},
		"emoji":              {Query{Text: "😀👷🏻‍♂️"}, false},
		"control characters": {Query{Text: "\x00\x01\x02\x7f"}, false},
		"no UTF-8":           {Query{Text: "\xff\xfe\xfd"}, false},
		"201 characters":     {Query{Text: strings.Repeat("薪", 201)}, false},
		"200 characters":     {Query{Text: strings.Repeat("薪", 200)}, true},
		"200 different ones": {Query{Text: manyHan(200)}, true},
		"10 MB":              {Query{Text: strings.Repeat("工资", 5<<20/3)}, false},
		"query syntax":       {Query{Text: `title:工资 AND (+薪 -"x" ~2 ^3) /a.*b/ [1 TO 2]`}, true},
		"regular expression": {Query{Text: `.*(工资|薪).*{2,}\d+$`}, true},
		"script":             {Query{Text: `<script>alert("工资")</script>`}, true},
		"SQL":                {Query{Text: `' OR 1=1; DROP TABLE documents; --工资`}, true},
		"mixed scripts":      {Query{Text: "工资 salary зарплата 급여 給料 السلام"}, true},
		"negative page":      {Query{Text: "工资", Page: -3}, true},
		"last page":          {Query{Text: "工资", Page: 100}, true},
		"page too far":       {Query{Text: "工资", Page: 101}, false},
		"page overflows":     {Query{Text: "工资", Page: 1 << 62, Size: 100}, false},
		"enormous size":      {Query{Text: "工资", Size: 1 << 40}, true},
		"unknown kind":       {Query{Text: "工资", Kind: "virus"}, false},
		"unknown topic":      {Query{Text: "工资", Topic: "virus"}, true},
	} {
		r, err := x.Search(t.Context(), tt.query)
		switch {
		case tt.ok && err != nil:
			t.Errorf("%s: %v", name, err)
		case !tt.ok && (!errs.Is(err, errs.Invalid) || !strings.HasSuffix(errs.MessageOf(err), "。")):
			t.Errorf("%s: %v, message %q", name, err, errs.MessageOf(err))
		case len(r.Hits) > maxSize:
			t.Errorf("%s: %d hits on a page", name, len(r.Hits))
		}
		if err != nil && tt.query.Text != "" && len(tt.query.Text) > 20 && strings.Contains(err.Error(), tt.query.Text[:20]) {
			t.Errorf("%s: the error holds what was asked: %v", name, err)
		}
	}
}

// manyHan is a text of n different Chinese characters.
func manyHan(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteRune(rune(0x4E00 + i))
	}
	return b.String()
}

func count(list []Facet, value string) int {
	for _, f := range list {
		if f.Value == value {
			return f.Count
		}
	}
	return 0
}

func facetsAndNarrowing(t *testing.T, x *Index) {
	search := func(q Query) Result {
		t.Helper()
		q.Text, q.Size = "工资", 100
		r, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	all := search(Query{})
	sum := 0
	for _, f := range all.Kinds {
		sum += f.Count
		one := search(Query{Kind: f.Value})
		if one.Total != f.Count || len(one.Hits) != f.Count {
			t.Errorf("kind %s: %d found, facet says %d", f.Value, one.Total, f.Count)
		}
		for _, h := range one.Hits {
			if h.Kind != f.Value {
				t.Errorf("kind %s finds %s", f.Value, h.Path)
			}
		}
		if !slices.Equal(one.Kinds, all.Kinds) {
			t.Errorf("kinds changed by narrowing to %s: %v", f.Value, one.Kinds)
		}
	}
	if sum != all.Total || all.Total == 0 {
		t.Errorf("kinds add up to %d of %d", sum, all.Total)
	}
	if !slices.IsSortedFunc(all.Topics, func(a, b Facet) int { return b.Count - a.Count }) || len(all.Topics) < 3 {
		t.Errorf("topics %v", all.Topics)
	}
	for _, f := range all.Topics {
		one := search(Query{Topic: f.Value})
		if one.Total != f.Count {
			t.Errorf("topic %s: %d found, facet says %d", f.Value, one.Total, f.Count)
		}
		if one.OfKind != all.Total {
			t.Errorf("topic %s: %d in all, without it %d", f.Value, one.OfKind, all.Total)
		}
		for _, h := range one.Hits {
			if !slices.Contains(h.Topics, f.Value) {
				t.Errorf("topic %s finds %s with %v", f.Value, h.Path, h.Topics)
			}
		}
		both := search(Query{Topic: f.Value, Kind: "guide"})
		if both.Total != count(one.Kinds, "guide") || both.Total != count(search(Query{Kind: "guide"}).Topics, f.Value) {
			t.Errorf("topic %s and guide: %d found", f.Value, both.Total)
		}
	}
}

func paging(t *testing.T, x *Index) {
	whole, err := x.Search(t.Context(), Query{Text: "工资", Size: 60})
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for page := 1; ; page++ {
		r, err := x.Search(t.Context(), Query{Text: "工资", Size: 7, Page: page})
		if err != nil || r.Total != whole.Total {
			t.Fatalf("page %d: total %d of %d, %v", page, r.Total, whole.Total, err)
		}
		if len(r.Hits) == 0 {
			break
		}
		for _, h := range r.Hits {
			paths = append(paths, h.Path)
		}
	}
	var want []string
	for _, h := range whole.Hits {
		want = append(want, h.Path)
	}
	if !slices.Equal(paths[:min(60, len(paths))], want) || len(paths) != whole.Total {
		t.Errorf("pages give\n%v, at once\n%v", paths, want)
	}
}

func highlights(t *testing.T, x *Index) {
	for _, tt := range []struct{ query, path, title, snippet string }{
		{"支付令", "/guides/ju-bu-zhifu", "支付令", "支付令"},
		{"支 付 令", "/guides/ju-bu-zhifu", "", ""},
		{"試用期", "/guides/shiyongqi", "试用期", "试用期"},
		{"１２３４８", "/guides/rexian-12348", "12348", ""},
		{"n+1", "/guides/jingji-buchang", "N+1", ""},
		{"欠薪", "/guides/gongdi-qianxin", "欠薪", ""},
		{"三十日", "/guides/cizhi", "", ""},
	} {
		r, err := x.Search(t.Context(), Query{Text: tt.query, Size: 50})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(r.Hits, func(h Hit) bool { return h.Path == tt.path })
		if i < 0 {
			continue // whether it is found is for relevance.txt
		}
		h := r.Hits[i]
		if tt.title != "" && !slices.Contains(marks(h.Title), tt.title) {
			t.Errorf("%s: title %q marks %q", tt.query, text(h.Title), marks(h.Title))
		}
		if tt.snippet != "" && !slices.Contains(marks(h.Snippet), tt.snippet) {
			t.Errorf("%s: snippet %q marks %q", tt.query, text(h.Snippet), marks(h.Snippet))
		}
	}
	for _, query := range []string{"工资", "劳动合同", "仲裁", "工伤", "第三十八条", "律师", "一个月", "条"} {
		r, err := x.Search(t.Context(), Query{Text: query, Size: 50})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range r.Hits {
			s := strings.Trim(text(h.Snippet), "…")
			if n := utf8.RuneCountInString(s); n > 2*snippetLength {
				t.Errorf("%s: snippet of %d characters", query, n)
			}
			if strings.Count(s, "《") != strings.Count(s, "》") {
				t.Errorf("%s: %s: a title is cut: %s", query, h.Path, s)
			}
			if strings.ContainsAny(s, "\n") || !utf8.ValidString(s) {
				t.Errorf("%s: %q", query, s)
			}
		}
	}
}

// A snippet is cut out of a text at any place: never inside of a citation.
func TestSnippetNeverCutsACitation(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.importLaws(t, bananaLaw("2001-01-01", "第一条　为了种植香蕉，制定本法。\n\n第三十八条　香蕉应当弯曲。\n"))
	x := w.open(t)
	const citation = "香蕉种植法第三十八条第一款第二项"
	for pad := range 120 {
		body := strings.Repeat("前", pad) + citation + strings.Repeat("后", 30) + "葡萄" + strings.Repeat("末", 200) + citation + strings.Repeat("尾", 100)
		for _, query := range []string{"葡萄", "前前", "末末"} {
			asked, err := x.understand(query)
			if err != nil {
				t.Fatal(err)
			}
			s := text(x.newHighlighter(asked).snippet("", body))
			if rest := strings.ReplaceAll(s, citation, ""); strings.ContainsAny(rest, "香蕉种植法第条款项") {
				t.Fatalf("pad %d, %s: %s", pad, query, s)
			}
		}
	}
}

func completions(t *testing.T, x *Index) {
	for _, tt := range []struct{ typed, want string }{
		{"工资", "/topics/wages/"},
		{"老板不给", "/topics/wages/"},
		{"试用期", "/guides/shiyongqi"},
		{"試用", "/guides/shiyongqi"},
		{"支付令", "/guides/ju-bu-zhifu"},
		{"n、n+1", "/guides/jingji-buchang"},
		{"12348", "/guides/rexian-12348"},
		{"法律援助", "/topics/legal-aid/"},
		{"炒", "炒鱿鱼"},
		{"东湖镇", "/stations/#T01"},
	} {
		list, err := x.Suggest(t.Context(), tt.typed, 8)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(list, func(s Suggestion) bool { return s.Path == tt.want || s.Text == tt.want }) {
			t.Errorf("%s suggests %v, want %s", tt.typed, list, tt.want)
		}
		for i, s := range list {
			if s.Text == "" || slices.Contains(list[:i], s) {
				t.Errorf("%s suggests %v", tt.typed, list)
			}
		}
	}
	for _, typed := range []string{"", " ", "？", "\xff", strings.Repeat("长", 300), strings.Repeat("x", 1<<20)} {
		if list, err := x.Suggest(t.Context(), typed, 8); err != nil || len(list) > 0 {
			t.Errorf("%.20q suggests %v, %v", typed, list, err)
		}
	}
	if list, err := x.Suggest(t.Context(), "工", 3); err != nil || len(list) != 3 {
		t.Errorf("3 of 工: %v, %v", list, err)
	}
}

func whatAHitHolds(t *testing.T, x *Index) {
	r, err := x.Search(t.Context(), Query{Text: "试用期最长多久"})
	if err != nil || len(r.Hits) == 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	h := r.Hits[0]
	if h.Kind != "guide" || h.Path != "/guides/shiyongqi" || len(h.ID) != 26 || h.Column != "guides" ||
		!slices.Contains(h.Topics, "labour-contract") || text(h.Title) != "试用期最长多久，工资能少给多少" ||
		!strings.HasPrefix(text(h.Answer), "试用期看合同长短") || h.Score <= 0 || time.Since(h.At) > time.Hour {
		t.Errorf("%+v", h)
	}
}

func cancelled(t *testing.T, x *Index) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := x.Search(ctx, Query{Text: "工资"}); err == nil {
		t.Error("a cancelled search answers")
	}
}

// Searches share memory that is cleared and used again: one must not see what
// another left.
func manyAtOnce(t *testing.T, x *Index) {
	queries := []string{"工资", "工伤认定", "老板不给钱还拖着", "薪", "东湖镇", "第三十八条"}
	want := map[string]string{}
	for _, q := range queries {
		want[q] = fmt.Sprint(found(t, x, q))
	}
	t.Run("group", func(t *testing.T) {
		for range 8 {
			for _, q := range queries {
				t.Run(q, func(t *testing.T) {
					t.Parallel()
					for range 10 {
						if got := fmt.Sprint(found(t, x, q)); got != want[q] {
							t.Fatalf("got %s\nwant %s", got, want[q])
						}
					}
				})
			}
		}
	})
}

func nothingFound(t *testing.T, x *Index) {
	r, err := x.Search(t.Context(), Query{Text: "魑魅魍魉"})
	if err != nil || r.Total != 0 || len(r.Hits) != 0 || r.Exact != nil || len(r.Kinds) != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

func FuzzSearch(f *testing.F) {
	for _, s := range []string{"讨薪", "劳动合同法第三十八条", "第39条", "<script>", `"工资" AND *`, "薪", "N+1", "\x00工资", "怎么办", strings.Repeat("工资", 100), "民法典", "38"} {
		f.Add(s, "guide", "wages", 1, 10)
	}
	x := seeded(f)
	f.Fuzz(func(t *testing.T, q, kind, topic string, page, size int) {
		began := time.Now()
		r, err := x.Search(t.Context(), Query{Text: q, Kind: kind, Topic: topic, Page: page, Size: size})
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("took %v", took)
		}
		if err != nil {
			if !errs.Is(err, errs.Invalid) {
				t.Fatal(err)
			}
			return
		}
		for _, h := range r.Hits {
			if h.Path == "" || text(h.Title) == "" || h.Score <= 0 {
				t.Errorf("hit %+v", h)
			}
		}
		if len(r.Hits) > r.Total || len(r.Hits) > maxSize {
			t.Errorf("%d hits of %d", len(r.Hits), r.Total)
		}
		if _, err := x.Suggest(t.Context(), q, 8); err != nil {
			t.Fatal(err)
		}
	})
}
