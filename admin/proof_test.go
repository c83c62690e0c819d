package admin_test

import (
	"html"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/proof"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// button finds the value of a button that begins with a verb, by what it says.
func button(t *testing.T, page, verb, says string) string {
	t.Helper()
	m := regexp.MustCompile(`name="go" value="(` + verb + `:[^"]*)"[^>]*>[^<]*` + regexp.QuoteMeta(says)).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no button %s %q in\n%s", verb, says, page)
	}
	return m[1]
}

// holds fails unless a page has all words.
func holds(t *testing.T, page string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(page, w) {
			t.Errorf("no %q in\n%s", w, page)
		}
	}
}

// From a text with mistakes to one that may go: fixes keep what was typed, a
// blocker stops, a reason lets it stand, and the reviewer reads it.
func TestProofWalk(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "/sfj/pufa")
	reviewer := auth.Actor{ID: "r", Name: "审核", Roles: []auth.Role{auth.Reviewer}}
	for _, row := range []proof.Row{{List: proof.Words, Word: "按装", Value: "安装"}, {List: proof.Words, Word: "仲载", Value: "仲裁", Severity: proof.Block}} {
		_, err := o.words.Save(t.Context(), reviewer, row)
		must(t, err)
	}
	b := o.signIn("editor")
	typed := []string{"kind", "notice", "title", "讲座通知,请参加", "body", "工地按装好了，周三（12月4日）讲仲载。", "summary", "摘要在"}
	_, page := b.post("/admin/documents/new", append(typed, "go", "proof")...)
	holds(t, page, "必须处理 1 处", "请核对 2 处", "建议 1 处", "<mark>按装</mark>", "2026年12月4日是周五", "摘要在</textarea>", "有改动还没有保存")

	_, page = b.post("/admin/documents/new", append(typed, "go", button(t, page, "fix", "改成“安装”"))...)
	holds(t, page, "已改 1 处", "工地安装好了", "摘要在</textarea>", `value="讲座通知,请参加"`)
	typed[5] = strings.Replace(typed[5], "按装", "安装", 1)
	_, page = b.post("/admin/documents/new", append(typed, "go", "fixsafe")...)
	holds(t, page, `value="讲座通知，请参加"`, "周三（12月4日）") // a day is not the machine's to choose
	typed[3] = "讲座通知，请参加"

	resp, page := b.post("/admin/documents/new", append(typed, "go", "submit")...)
	if resp.StatusCode != http.StatusBadRequest {
		t.Fatalf("submit: %d", resp.StatusCode)
	}
	holds(t, page, "“仲载”应写作“仲裁”", "为什么不改", "摘要在</textarea>")

	e := o.head("讲座通知，请参加")
	address := "/admin/editions/" + e.ID
	_, page = b.get(address)
	ref := button(t, page, "excuse", "保存说明")
	key := strings.Split(ref, ":")[1]
	typed = append(typed, "version", strconv.FormatInt(e.Version, 10))
	resp, page = b.post(address, append(typed, "go", ref)...)
	if resp.StatusCode != http.StatusBadRequest {
		t.Fatalf("without a reason: %d", resp.StatusCode)
	}
	holds(t, page, "请写明为什么不改")
	for _, m := range regexp.MustCompile(`value="(excuse:[0-9a-f]+:\d+)"`).FindAllStringSubmatch(page, -1) {
		if strings.Contains(page[strings.Index(page, m[1])-900:strings.Index(page, m[1])], "<mark>仲载") {
			ref = m[1]
			key = strings.Split(ref, ":")[1]
		}
	}
	resp, page = b.post(address, append(typed, "go", ref, "excuse_"+key, "说的就是写错的例子")...)
	if resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("excuse: %d %s", resp.StatusCode, page)
	}
	if resp, page = b.post(address, append(typed, "go", "submit")...); resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("submit with a reason: %d %s", resp.StatusCode, page)
	}
	_, page = o.signIn("reviewer").get(address)
	holds(t, page, "说的就是写错的例子", "某editor", "<mark>周三</mark>")
}

// head finds the newest edition by its title.
func (o *office) head(title string) content.Edition {
	o.t.Helper()
	found, err := o.content.EachHead(o.t.Context(), "", 50)
	must(o.t, err)
	for _, l := range found {
		if l.Title == title {
			return l.Edition
		}
	}
	o.t.Fatalf("no document %q", title)
	return content.Edition{}
}

// The script gets the panel alone, with places in a browser's units.
func TestProofPanelForTheScript(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	b := o.signIn("editor")
	_, page := b.post("/admin/proof/check", "kind", "notice", "title", "题", "body", "😀来了,走")
	holds(t, page, `data-field="body" data-start="4" data-end="5"`)
	if strings.Contains(page, "<html") {
		t.Errorf("a whole page: %s", page)
	}
	_, page = b.post("/admin/proof/check", "kind", "notice", "title", "题", "body", "证件 370400199001011239")
	if page = html.UnescapeString(page); strings.Contains(page, "19900101") {
		t.Errorf("an identity number is shown: %s", page)
	}
}

// Lists: reviewers change them in a form or as a file, editors read them.
func TestProofLists(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	b := o.signIn("reviewer")
	resp, page := b.post("/admin/proof/new", "list", "word", "word", "错", "value", "对")
	if resp.StatusCode != http.StatusBadRequest {
		t.Errorf("a word of one character: %d", resp.StatusCode)
	}
	holds(t, page, "至少要两个字", `value="错"`)
	if resp, _ = b.post("/admin/proof/new", "list", "word", "word", "错子", "value", "错字", "except", "错子孙"); resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("save: %d", resp.StatusCode)
	}
	_, page = b.get("/admin/proof/?list=word&done=proof_row")
	holds(t, page, "错子", "例外：错子孙", "词表已保存")
	resp, page = b.get("/admin/proof/lists.csv?list=word")
	holds(t, page, "\uFEFFlist,word", "word,错子,错字")
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/csv") {
		t.Error(resp.Header)
	}
	if resp, page = b.upload("/admin/proof/import", []file{{"file", "a.csv", []byte("list,word,value\nleader,区司法局局长,王实例\n")}}); resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("import: %d %s", resp.StatusCode, page)
	}
	if resp, page = b.upload("/admin/proof/import", []file{{"file", "a.csv", []byte("乱")}}); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("a bad file: %d", resp.StatusCode)
	}
	holds(t, page, "第一行应是列名")
	_, page = b.get("/admin/proof/?list=leader")
	holds(t, page, "王实例")
	e := o.signIn("editor")
	_, page = e.get("/admin/proof/?list=leader")
	if holds(t, page, "王实例"); strings.Contains(page, "加一条") {
		t.Error("an editor may add")
	}
	if resp, _ = e.post("/admin/proof/new", "list", "word", "word", "别的", "value", "对"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("an editor adds: %d", resp.StatusCode)
	}
}

// 全站校对 lists what a new word finds in texts that are out.
func TestProofSweep(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	ctx := t.Context()
	e, err := o.content.Create(ctx, auth.System(), content.Guide, "", guide("从前的指南"))
	must(t, err)
	_, err = o.content.Publish(ctx, auth.System(), e.ID, e.Version)
	must(t, err)
	reviewer := auth.Actor{ID: "r", Name: "审核", Roles: []auth.Role{auth.Reviewer}}
	_, err = o.words.Save(ctx, reviewer, proof.Row{List: proof.Sensitive, Word: "劳动监察"})
	must(t, err)
	b := o.signIn("reviewer")
	if resp, _ := b.post("/admin/proof/runs/"); resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("ask: %d", resp.StatusCode)
	}
	if resp, _ := b.post("/admin/proof/runs/"); resp.StatusCode != http.StatusConflict {
		t.Errorf("ask twice: %d", resp.StatusCode)
	}
	_, page := b.get("/admin/proof/runs/")
	holds(t, page, "正在进行")
	must(t, o.content.RunSweep(ctx))
	must(t, o.content.RunSweep(ctx))
	_, page = b.get("/admin/proof/runs/")
	holds(t, page, "从前的指南", "<mark>劳动监察</mark>", "已查 1 篇", "完成")
}
