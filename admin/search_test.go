package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/search"
)

// foundNothing has texts looked for in vain.
func (o *office) foundNothing(texts ...string) {
	o.t.Helper()
	for _, text := range texts {
		o.desk.FoundNothing(text)
	}
	must(o.t, o.desk.Flush(o.t.Context()))
}

// From a search that found nothing to a synonym, and off the list.
func TestZeroListIsWorkedOff(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "/sfj/pufa")
		o.foundNothing("押金条不退", "押金条不退", "宿舍漏雨", "天气怎么样", "张三 13800000000")
		b := o.signIn("editor")
		_, page := b.get("/admin/search/")
		first, second := strings.Index(page, "押金条不退"), strings.Index(page, "宿舍漏雨")
		if first < 0 || second < first || strings.Contains(page, "138") {
			t.Fatalf("the list: %s", page)
		}
		add := "/admin/search/synonyms?add=" + url.QueryEscape("押金条不退")
		if !strings.Contains(strings.ToLower(page), strings.ToLower(`href="/sfj/pufa`+add)) {
			t.Fatalf("no way to %s: %s", add, page)
		}
		_, page = b.get(add)
		if !strings.Contains(page, "押金条不退 &gt; </textarea>") {
			t.Fatalf("the line is not begun: %s", page)
		}
		resp, page := b.post("/admin/search/synonyms", "version", "1", "zero", "押金条不退", "text", "押金条不退 > ")
		if resp.StatusCode != http.StatusBadRequest || !strings.Contains(page, "右边没有词") || !strings.Contains(page, `name="zero" value="押金条不退"`) {
			t.Fatalf("half a line: %d %s", resp.StatusCode, page)
		}
		if resp, page = b.post("/admin/search/synonyms", "version", "1", "zero", "押金条不退", "text", "押金条不退 > 退还押金"); resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("a whole line: %d %s", resp.StatusCode, page)
		}
		if resp, page = b.post("/admin/search/promoted/new", "zero", "宿舍漏雨", "queries", "宿舍漏雨", "targets", "/stations/"); resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("a promoted answer: %d %s", resp.StatusCode, page)
		}
		if resp, page = b.post("/admin/search/", "text", "天气怎么样", "as", "ignored"); resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("ignored: %d %s", resp.StatusCode, page)
		}
		if _, page = b.get("/admin/search/"); !strings.Contains(page, "没有待处理的") {
			t.Errorf("left: %s", page)
		}
		_, page = b.get("/admin/search/?closed=1")
		for _, want := range []string{"已加同义词", "已加推荐", "不用管", "放回待处理"} {
			if !strings.Contains(page, want) {
				t.Errorf("what was dealt with lacks %s", want)
			}
		}
		if resp, _ := b.post("/admin/search/", "text", "天气怎么样", "as", "", "closed", "1"); resp.StatusCode != http.StatusSeeOther {
			t.Errorf("put back: %d", resp.StatusCode)
		}
		if _, page = b.get("/admin/search/"); !strings.Contains(page, "天气怎么样") {
			t.Errorf("put back, and not there: %s", page)
		}
		o.pass(24 * 3600e9)
		o.foundNothing("押金条不退")
		b = o.signIn("editor")
		if _, page = b.get("/admin/search/"); !strings.Contains(page, "已加同义词，还是没有结果") {
			t.Errorf("a synonym that does not help stays hidden: %s", page)
		}
	})
}

// A promoted page that is gone is shown as broken.
func TestBrokenPromotedAnswersAreMarked(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	editor := o.person("editor").Actor()
	_, err := o.desk.SavePromoted(t.Context(), editor, search.Promoted{Queries: []string{"工资条"}}, []string{"/topics/wages/"})
	must(t, err)
	e, err := o.content.Create(t.Context(), o.person("boss").Actor(), "guide", "gongzitiao", guide("工资条怎么看"))
	must(t, err)
	e, err = o.content.Publish(t.Context(), o.person("boss").Actor(), e.ID, e.Version)
	must(t, err)
	_, err = o.desk.SavePromoted(t.Context(), editor, search.Promoted{Queries: []string{"工资单"}}, []string{"/guides/gongzitiao"})
	must(t, err)
	b := o.signIn("editor") // nobody follows the journal here: to the index, the guide is not there
	_, page := b.get("/admin/search/promoted/")
	if strings.Count(page, ">失效<") != 1 || !strings.Contains(page, "/guides/gongzitiao") || !strings.Contains(page, `href="/topics/wages/"`) {
		t.Errorf("the list: %s", page)
	}
}
