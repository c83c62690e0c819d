package law_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/content/law"
)

// numbered makes articles 第一条 … of texts.
func numbered(texts ...string) []law.Article {
	out := make([]law.Article, len(texts))
	for i, text := range texts {
		out[i] = law.Article{Number: i + 1, Label: law.FormatArticle(i+1, 0), Paragraphs: strings.Split(text, "\n"), Position: i}
	}
	return out
}

// texts are those of articles, to be changed and numbered again.
func texts(articles []law.Article) (out []string) {
	for _, a := range articles {
		if a.Number > 0 {
			out = append(out, a.Text())
		}
	}
	return out
}

// story writes changes that are not Same as kind old→new.
func story(changes []law.Change) (out []string) {
	id := func(a *law.Article) string {
		if a == nil {
			return ""
		}
		return a.ID()
	}
	for _, c := range changes {
		if c.Kind != law.Same {
			out = append(out, fmt.Sprintf("%s %s→%s", c.Kind, id(c.Old), id(c.New)))
		}
	}
	return out
}

func tally(changes []law.Change) map[law.ChangeKind]int {
	n := map[law.ChangeKind]int{}
	for _, c := range changes {
		n[c.Kind]++
	}
	return n
}

func TestCompareTellsWhatBecameOfArticles(t *testing.T) {
	const (
		pay   = "用人单位应当按照劳动合同约定和国家规定，向劳动者及时足额支付劳动报酬。"
		pay2  = "用人单位应当按照劳动合同约定和国家规定，向劳动者按月足额支付劳动报酬和加班费。"
		work  = "建立劳动关系，应当订立书面劳动合同。"
		union = "工会应当帮助、指导劳动者与用人单位依法订立和履行劳动合同。"
		day   = "本法自公布之日起施行。"
		tell  = "劳动者提前三十日以书面形式通知用人单位，可以解除劳动合同。"
	)
	for name, c := range map[string]struct{ older, newer, want []string }{
		"same":         {[]string{pay, work}, []string{pay, work}, nil},
		"blanks":       {[]string{pay, work}, []string{pay, "建立劳动关系， 应当订立\n书面劳动合同。"}, nil},
		"words":        {[]string{work, pay, day}, []string{work, pay2, day}, []string{"changed 2→2"}},
		"inserted":     {[]string{work, pay, day}, []string{work, union, pay, day}, []string{"added →2", "moved 2→3", "moved 3→4"}},
		"repealed":     {[]string{work, union, pay}, []string{work, pay}, []string{"repealed 2→", "moved 3→2"}},
		"both at once": {[]string{work, pay, day}, []string{work, union, pay2, day}, []string{"added →2", "changed 2→3", "moved 3→4"}},
		"changed place": {[]string{work, union, pay, tell, day}, []string{pay, work, union, tell, day},
			[]string{"moved 3→1", "moved 1→2", "moved 2→3"}},
		"another rule in its place": {[]string{work, union, day}, []string{work, tell, day}, []string{"repealed 2→", "added →2"}},
		"the same words twice":      {[]string{day, work, day}, []string{day, work}, []string{"repealed 3→"}},
		"new law":                   {nil, []string{work}, []string{"added →1"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := story(law.Compare(numbered(c.older...), numbered(c.newer...)))
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// anyArticles draws short texts, some of them the same or alike.
func anyArticles(t *rapid.T, name string) []law.Article {
	text := rapid.StringOfN(rapid.SampledFrom([]rune("甲乙丙丁 戊己")), 0, 12, -1)
	return numbered(rapid.SliceOfN(text, 0, 12).Draw(t, name)...)
}

func TestCompareLosesNoArticle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		older, newer := anyArticles(t, "older"), anyArticles(t, "newer")
		var olds, news []int
		pairs := map[[2]int]law.ChangeKind{}
		for _, c := range law.Compare(older, newer) {
			if c.Old != nil {
				olds = append(olds, c.Old.Position)
			}
			if c.New != nil {
				news = append(news, c.New.Position)
			}
			if c.Old != nil && c.New != nil {
				pairs[[2]int{c.New.Position, c.Old.Position}] = c.Kind
			}
			if (c.Kind == law.Added) != (c.Old == nil) || (c.Kind == law.Repealed) != (c.New == nil) || (c.Kind == law.Moved && !c.Renumbered()) {
				t.Fatalf("%v does not fit %+v", c.Kind, c)
			}
		}
		if !slices.IsSorted(news) {
			t.Fatalf("not in the order of the newer version: %v", news)
		}
		slices.Sort(olds)
		for k, list := range [][]int{olds, news} {
			want := len([][]law.Article{older, newer}[k])
			if len(list) != want || len(slices.Compact(slices.Clone(list))) != want {
				t.Fatalf("%v tells of %d articles", list, want)
			}
		}
		for _, c := range law.Compare(newer, older) {
			if c.Old == nil || c.New == nil {
				continue
			}
			at := [2]int{c.Old.Position, c.New.Position}
			if pairs[at] != c.Kind {
				t.Fatalf("the other way round %v is %q, was %q", at, c.Kind, pairs[at])
			}
			delete(pairs, at)
		}
		if len(pairs) > 0 {
			t.Fatalf("not the other way round: %v", pairs)
		}
	})
}

func TestCompareWithItselfIsSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyArticles(t, "articles")
		if got := law.Compare(a, a); len(story(got)) > 0 || len(got) != len(a) {
			t.Fatalf("%d articles: %q", len(a), story(got))
		}
	})
}

func TestInsertedArticlesOnlyRenumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("甲乙丙丁戊己庚辛")), 3, 20, -1)
		all := rapid.SliceOfNDistinct(text, 1, 15, rapid.ID[string]).Draw(t, "texts")
		fresh := rapid.SliceOfN(rapid.Bool(), len(all), len(all)).Draw(t, "fresh")
		var old []string
		added, first := 0, len(all)
		for i, isNew := range fresh {
			if isNew {
				added++
				first = min(first, i)
			} else {
				old = append(old, all[i])
			}
		}
		for _, c := range law.Compare(numbered(old...), numbered(all...)) {
			switch {
			case c.Kind == law.Added:
				added--
			case c.Kind == law.Same && c.New.Position < first, c.Kind == law.Moved && c.New.Position > first:
			default:
				t.Fatalf("%s %d, first new one at %d", c.Kind, c.New.Position, first)
			}
		}
		if added != 0 {
			t.Fatalf("%d new articles were not told", added)
		}
	})
}

// real reads a law of the corpus by its place there.
func real(t testing.TB, name string) []law.Article {
	t.Helper()
	src, err := fs.ReadFile(corpus(t), name)
	if err != nil {
		t.Fatal(err)
	}
	v, err := law.ParseFile(name, src)
	if err != nil {
		t.Fatal(err)
	}
	return v.Articles
}

// onlyWords writes the changes, those that only moved an article left out.
func onlyWords(changes []law.Change) string {
	list := slices.DeleteFunc(story(changes), func(s string) bool { return strings.HasPrefix(s, string(law.Moved)) })
	return strings.Join(list, ", ")
}

// What the decisions of 2024 and 2023 say: 未成年人保护法 was amended in 第九条;
// 民事诉讼法 got fifteen articles more, none was repealed.
func TestCompareRealVersions(t *testing.T) {
	for _, c := range []struct{ older, newer, want string }{
		{"社会法/未成年人保护法(2020-10-17).md", "社会法/未成年人保护法(2024-04-26).md", "changed 9→9"},
		{"诉讼与非诉讼程序法/民事诉讼法(2021-12-24).md", "诉讼与非诉讼程序法/民事诉讼法(2023-09-01).md",
			"changed 40→40, changed 47→47, changed 115→115, changed 130→130, changed 140→140, changed 184→184, " +
				"added →194, added →195, added →196, added →197, changed 211→215, changed 212→216, changed 215→219, changed 218→222, " +
				"changed 261→265, changed 272→276, added →277, added →278, changed 273→279, added →280, added →281, added →282, " +
				"changed 274→283, added →284, changed 287→297, changed 288→298, changed 289→299, added →300, added →301, added →302, " +
				"added →303, changed 290→304, added →305"},
	} {
		if got := onlyWords(law.Compare(real(t, c.older), real(t, c.newer))); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.newer, got, c.want)
		}
	}
}

// 妇女权益保障法 was written anew in 2022, in another order, from 61 to 86 articles.
func TestCompareALawWrittenAnew(t *testing.T) {
	got := law.Compare(real(t, "社会法/妇女权益保障法(2018-10-26).md"), real(t, "社会法/妇女权益保障法(2022-10-30).md"))
	n := tally(got)
	if kept := n[law.Same] + n[law.Moved] + n[law.Changed]; kept+n[law.Repealed] != 61 || kept+n[law.Added] != 86 || kept < 50 {
		t.Errorf("%v", n)
	}
	for _, want := range []string{"changed 1→1", "changed 23→44", "changed 61→86"} {
		if !slices.Contains(story(got), want) {
			t.Errorf("no %q in %q", want, story(got))
		}
	}
}

// Two articles more and words changed, as 网络安全法 was amended in 2025: what
// lies behind only got other numbers.
func TestTwoArticlesInsertedIntoARealLaw(t *testing.T) {
	old := texts(real(t, "社会法/劳动合同法(2012-12-28).md"))
	fresh := slices.Insert(slices.Clone(old), 20, "国家支持新就业形态劳动者平等协商，平台企业公布算法规则前听取其意见。", "平台企业不得以算法变相延长工作时间。")
	fresh[21+10+1] = strings.Replace(fresh[21+10+1], "用人单位", "用人单位及其主要负责人", 1)
	got := law.Compare(numbered(old...), numbered(fresh...))
	n := tally(got)
	if n[law.Same] != 20 || n[law.Added] != 2 || n[law.Repealed] != 0 || n[law.Changed] > 1 || len(got) != len(old)+2 {
		t.Errorf("%v", n)
	}
	if words := onlyWords(got); words != "added →21, added →22, changed 31→33" {
		t.Errorf("%s", words)
	}
}

func TestComparingTheCivilCodeIsQuick(t *testing.T) {
	var all []string
	for name, src := range lawFiles(t, corpus(t)) {
		if strings.HasPrefix(name, "民法典/") {
			v, err := law.ParseFile(name, src)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, texts(v.Articles)...)
		}
	}
	if len(all) < 1200 {
		t.Fatalf("only %d articles", len(all))
	}
	changed := make([]string, len(all))
	for i, s := range all {
		changed[i] = s + "（修改）" // no article has the same words: the worst case
	}
	began := time.Now()
	got := tally(law.Compare(numbered(all...), numbered(changed...)))
	took := time.Since(began)
	if got[law.Changed] < len(all)*98/100 {
		t.Errorf("%v", got)
	}
	if took > 10*time.Second {
		t.Errorf("took %s", took)
	}
	t.Log(got, took)
}
