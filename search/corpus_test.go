package search

import (
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"testing"

	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/internal/errs"
)

var corpusArticles = []Article{
	{ID: "a1", Law: "渔船停泊示例条例", Article: "第一条", Text: "渔船应当在码头停泊。", Head: "第一章 总则"},
	{ID: "a2", Law: "渔船停泊示例条例", Article: "第二条之一", Text: "渔船缴纳停泊费。\n不缴纳的，不得出港。", Head: "第二章 费用"},
	{ID: "a3", Law: "试用期示例办法", Article: "第一条", Text: "试用期包含在劳动合同期限内。", Head: ""},
	{ID: "a4", Law: "试用期示例办法", Article: "第1段", Text: "本办法由示例部门解释。", Head: ""},
}

func given(list ...Article) iter.Seq2[Article, error] {
	return func(yield func(Article, error) bool) {
		for _, a := range list {
			if !yield(a, nil) {
				return
			}
		}
	}
}

func corpusHits(t *testing.T, c *Corpus, query string) Result {
	t.Helper()
	r, err := c.Search(t.Context(), Query{Text: query})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func checkCorpus(t *testing.T, c *Corpus) {
	t.Helper()
	if r := corpusHits(t, c, "停泊费怎么缴纳"); len(r.Hits) == 0 || r.Hits[0].ID != "a2" || r.Hits[0].Kind != "article" || text(r.Hits[0].Title) != "《渔船停泊示例条例》第二条之一" {
		t.Errorf("停泊费 finds %+v", r.Hits)
	}
	r := corpusHits(t, c, "试用期示例办法第1条")
	if r.Exact == nil || r.Exact.ID != "a3" || !r.Opens {
		t.Errorf("a citation opens %+v", r.Exact)
	}
	if r := corpusHits(t, c, "试用期示例办法第九条"); r.Exact != nil {
		t.Errorf("an article that is not there is %+v", r.Exact)
	}
}

func TestCorpusAnswersLikeAnIndex(t *testing.T) {
	cfg := CorpusConfig{Dir: t.TempDir()}
	c, err := BuildCorpus(t.Context(), cfg, given(corpusArticles...))
	if err != nil {
		t.Fatal(err)
	}
	checkCorpus(t, c)
	if _, err := OpenCorpus(t.Context(), cfg); !errs.Is(err, errs.Unavailable) {
		t.Errorf("a corpus that is open opens again: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if c, err = OpenCorpus(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	checkCorpus(t, c)
	if c.Loaded().Took <= 0 {
		t.Error("loading takes no time")
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestCorpusRefusesWhatItCannotHold(t *testing.T) {
	if _, err := OpenCorpus(t.Context(), CorpusConfig{Dir: t.TempDir()}); !errors.Is(err, errNone) {
		t.Errorf("an empty folder opens: %v", err)
	}
	double := append(slices.Clone(corpusArticles), Article{ID: "a5", Law: "试用期示例办法", Article: "第1条", Text: "又一条。"})
	if _, err := BuildCorpus(t.Context(), CorpusConfig{Dir: t.TempDir()}, given(double...)); err == nil {
		t.Error("two articles of one number are taken")
	}
	if _, err := BuildCorpus(t.Context(), CorpusConfig{Dir: t.TempDir(), Without: []string{"brakes"}}, given(corpusArticles...)); err == nil {
		t.Error("a part that is none is left out")
	}
	broken := errors.New("broken")
	bad := func(yield func(Article, error) bool) { yield(Article{}, broken) }
	if _, err := BuildCorpus(t.Context(), CorpusConfig{Dir: t.TempDir()}, bad); !errors.Is(err, broken) {
		t.Errorf("an error of the source becomes %v", err)
	}
}

func TestCorpusWithoutAPart(t *testing.T) {
	for part, query := range map[string]string{"heads": "总则", "synonyms": "炒鱿鱼"} {
		found := func(without ...string) int {
			c, err := BuildCorpus(t.Context(), CorpusConfig{Dir: t.TempDir(), Without: without}, given(append(slices.Clone(corpusArticles),
				Article{ID: "a6", Law: "试用期示例办法", Article: "第二条", Text: "用人单位解除劳动合同应当说明理由。"})...))
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			return len(corpusHits(t, c, query).Hits)
		}
		if with, without := found(), found(part); with == 0 || without >= with {
			t.Errorf("%s: %d hits, without it %d", part, with, without)
		}
	}
}

// What a corpus measures is worth nothing when its entries are not those of the
// database.
func TestCorpusEntriesAreThoseOfTheDatabase(t *testing.T) {
	numbers := law.NewRegistry()
	for _, a := range corpusArticles[:3] {
		number, sub := a.number(numbers)
		want := articleEntry(numbers, law.Law{Slug: "slug", Title: "中华人民共和国" + a.Law, Short: a.Law}, law.Article{Number: number, Sub: sub, Path: []string{a.Head}, Paragraphs: []string{a.Text}})
		got := a.entry(numbers)
		if number == 0 || got.hit.Title != "《"+a.Law+"》"+a.Article || got.hit.ID != a.ID || got.law != a.Law {
			t.Errorf("%s becomes %+v", a.ID, got)
		}
		got.id, got.hit.ID, got.hit.Path, got.law = want.id, want.hit.ID, want.hit.Path, want.law
		g, _ := json.Marshal(got.hit)
		w, _ := json.Marshal(want.hit)
		if string(g) != string(w) || got.headings != want.headings || got.names != want.names || got.gloss != want.gloss || got.called != want.called {
			t.Errorf("%s is %+v\nin the database %+v", a.ID, got, want)
		}
	}
}
