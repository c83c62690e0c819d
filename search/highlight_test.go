package search

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/db/dbtest"

	"github.com/songfa/songfa/content/law"
)

var placeForm = regexp.MustCompile(`第[〇一二三四五六七八九十百千零\d]+条(之[一二三四五六七八九十]+)?`)

// A mark covers a place in a law whole or not at all.
func TestMarksLeaveArticlesWhole(t *testing.T) {
	x := &Index{analyzer: newAnalyzer(), registry: law.NewRegistry()}
	x.synonyms.Store(newSynonyms(x.analyzer.folder, synonymsText))
	const body = "见《劳动合同法》第三十八条、第四十条和第十条之一；工伤保险条例第14条第一款，三十天内，十条裤子，第三十名。"
	for _, query := range []string{"十条", "三十", "三十八", "第三十", "八条", "第四", "第三十八条", "条例", "三十天", "14", "第一款", "条第", "四十条和", "十"} {
		asked, err := x.understand(query)
		if err != nil {
			t.Fatal(err)
		}
		h := highlighter{analyzer: x.analyzer, asked: asked}
		at := 0
		for _, sp := range h.whole(body) {
			from, to := at, at+len(sp.Text)
			at = to
			if !sp.Mark {
				continue
			}
			for _, p := range placeForm.FindAllStringIndex(body, -1) {
				if p[0] < from && from < p[1] || p[0] < to && to < p[1] {
					t.Errorf("%s marks %q in %s", query, sp.Text, body[p[0]:p[1]])
				}
			}
		}
		if at != len(body) {
			t.Errorf("%s: %d bytes of %d", query, at, len(body))
		}
		if query == "第三十八条" && !strings.Contains(text(h.whole(body)), "第三十八条") {
			t.Error("lost")
		}
	}
}

// What hits show of real texts never begins or ends inside of a citation, a
// title in 《》 or a number, and is no longer than a few lines.
func TestShownTextsAreWhole(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	texts, ok := lawTexts()
	if ok {
		w.importLaws(t, texts, "社会法", "行政法规")
	}
	w.seed(t)
	x := w.open(t)
	if err := x.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	queries := strings.Fields("工资 拖欠工资 工伤 二倍工资 仲裁 一年内 第三十八条 劳动合同法38条 《工伤保险条例》第十四条 30日 百分之八十 经济补偿 " +
		"老板不给钱还拖着 工地摔伤没合同 炒鱿鱼赔多少 勞動合同 12348 证据 社保 女职工 举证 支付令 三十天 法律援助 农民工")
	cited := 0
	for _, query := range queries {
		r, err := x.Search(t.Context(), Query{Text: query, Size: 50})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range r.Hits {
			doc, _, err := w.stored(x, h)
			if err != nil {
				t.Fatal(err)
			}
			shown := strings.TrimSuffix(strings.TrimPrefix(text(h.Snippet), "…"), "…")
			if shown == "" {
				continue
			}
			if n := utf8.RuneCountInString(shown); n > 2*snippetLength {
				t.Errorf("%s: %s shows %d characters", query, h.Path, n)
			}
			from := strings.Index(doc, shown)
			if from < 0 {
				continue // the summary
			}
			to := from + len(shown)
			for _, c := range x.registry.Citations(doc) {
				if c.Start < from && from < c.End || c.Start < to && to < c.End {
					t.Errorf("%s: %s cuts %s: %s", query, h.Path, doc[c.Start:c.End], shown)
				}
				if from <= c.Start && c.End <= to {
					cited++
				}
			}
			if strings.Count(shown, "《") != strings.Count(shown, "》") {
				t.Errorf("%s: %s cuts a title: %s", query, h.Path, shown)
			}
		}
	}
	if cited < 50 {
		t.Errorf("only %d citations are shown: the test says little", cited)
	}
}

// stored is the body of a hit in one line, as snippets show it.
func (w *world) stored(x *Index, h Hit) (body string, ok bool, err error) {
	err = x.read(func(v *view) error {
		doc, found, err := v.find(entryOf(h))
		if err != nil || !found {
			return err
		}
		st, err := v.load(doc)
		body, ok = strings.ReplaceAll(st.Body, "\n", " "), true
		return err
	})
	return body, ok, err
}
