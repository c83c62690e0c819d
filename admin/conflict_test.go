package admin_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// typed is a form of a guide with a body.
func typed(version, title, body string) []string {
	return []string{"version", version, "title", title, "answer", "先留证据，再去投诉。", "body", body, "topics", "wages",
		"sources", "《劳动合同法》第三十条", "checked", "2026-11-01", "origin", "示例区司法局", "kind", "guide", "go", "save"}
}

// two is an edition that two people have open, with the body of both.
func two(t *testing.T, body string) (o *office, mine, theirs *browser, e content.Edition) {
	t.Helper()
	o = newOffice(t, dbtest.SQLite(t), "")
	mine, theirs = o.signIn("editor"), o.signIn("other")
	text := guide("两个人改")
	text.Body = body
	e, err := o.content.Create(t.Context(), o.person("editor").Actor(), content.Guide, "", text)
	must(t, err)
	return o, mine, theirs, e
}

// saves posts and wants to be led on.
func (b *browser) saves(path string, pairs ...string) {
	b.o.t.Helper()
	if resp, page := b.post(path, pairs...); resp.StatusCode != http.StatusSeeOther {
		b.o.t.Fatalf("%s: %d\n%s", path, resp.StatusCode, page)
	}
}

// wants fails unless the page has each text.
func wants(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, want := range texts {
		if !strings.Contains(page, want) {
			t.Errorf("page lacks %s", want)
		}
	}
}

// TestStaleFormIsMerged: what two people changed in different places is shown
// joined, and saved only when the person says so.
func TestStaleFormIsMerged(t *testing.T) {
	o, mine, theirs, e := two(t, "第一行\n\n第二行\n\n第三行")
	path := "/admin/editions/" + e.ID
	theirs.saves(path, typed("1", "两个人改", "第一行\n\n第二行\n\n第三行，他加的")...)
	resp, page := mine.post(path, typed("1", "两个人改（我）", "我改的第一行\n\n第二行\n\n第三行")...)
	if resp.StatusCode != http.StatusConflict {
		t.Fatalf("stale: %d", resp.StatusCode)
	}
	wants(t, page, "某other", "什么也没有丢", "您加上：</span>我改的", "对方加上：</span>，他加的", "（我）", "保存合并后的内容")
	if got := o.edition(e.ID); got.Version != 2 || strings.Contains(got.Body, "我改的") {
		t.Fatalf("saved without being asked: %d %q", got.Version, got.Body)
	}
	mine.saves(path, append(hiddenFields(page), "go", "merge")...)
	if got := o.edition(e.ID); got.Title != "两个人改（我）" || got.Body != "我改的第一行\n\n第二行\n\n第三行，他加的" || len(got.Sources) != 1 || got.Topics[0] != "wages" {
		t.Errorf("merged %q %q", got.Title, got.Body)
	}
}

// TestOverlapIsDecided: where both changed one place a person decides, place by
// place; without a decision nothing is saved and nothing lost.
func TestOverlapIsDecided(t *testing.T) {
	o, mine, theirs, e := two(t, "十五日内办结。\n\n末尾。")
	path := "/admin/editions/" + e.ID
	theirs.saves(path, typed("1", "两个人改", "三十日内办结。\n\n末尾。他加一段。")...)
	_, page := mine.post(path, typed("1", "两个人改", "十日内办结。\n\n末尾。我加一段。")...)
	wants(t, page, "有 <b>2</b> 处两个人都改了", "用您的", "用对方的", "两份都要，对方的在前", "十五日内办结。")
	carried := hiddenFields(page)
	resp, page := mine.post(path, append(carried, "pick-body-0", "mine", "go", "merge")...)
	if resp.StatusCode != http.StatusBadRequest {
		t.Fatalf("undecided: %d", resp.StatusCode)
	}
	wants(t, page, `href="#f-pick-body-1"`, "请选第 2 处用哪一份。", `value="mine" required checked`)
	if got := o.edition(e.ID); got.Version != 2 {
		t.Fatalf("saved undecided: %d", got.Version)
	}
	mine.saves(path, append(hiddenFields(page), "pick-body-0", "mine", "pick-body-1", "both", "go", "merge")...)
	if got := o.edition(e.ID).Body; got != "十日内办结。\n\n末尾。他加一段。我加一段。" {
		t.Errorf("decided %q", got)
	}
}

// TestMergeGoesStaleItself: a third save while the person decides leads to
// another merge, of the merged text.
func TestMergeGoesStaleItself(t *testing.T) {
	o, mine, theirs, e := two(t, "一。\n\n二。\n\n三。")
	path := "/admin/editions/" + e.ID
	theirs.saves(path, typed("1", "两个人改", "一，他。\n\n二。\n\n三。")...)
	_, page := mine.post(path, typed("1", "两个人改", "一。\n\n二，我。\n\n三。")...)
	theirs.saves(path, typed("2", "两个人改", "一，他。\n\n二。\n\n三，又是他。")...)
	resp, page := mine.post(path, append(hiddenFields(page), "go", "merge")...)
	if resp.StatusCode != http.StatusConflict {
		t.Fatalf("stale again: %d", resp.StatusCode)
	}
	mine.saves(path, append(hiddenFields(page), "go", "merge")...)
	if got := o.edition(e.ID).Body; got != "一，他。\n\n二，我。\n\n三，又是他。" {
		t.Errorf("in the end %q", got)
	}
}

// TestMergedTextGoesBackToTheEditor, with the version it was merged with.
func TestMergedTextGoesBackToTheEditor(t *testing.T) {
	o, mine, theirs, e := two(t, "一。\n\n二。")
	path := "/admin/editions/" + e.ID
	theirs.saves(path, typed("1", "两个人改", "一，他。\n\n二。")...)
	_, page := mine.post(path, typed("1", "两个人改", "一。\n\n二，我。")...)
	resp, page := mine.post(path, append(hiddenFields(page), "go", "merged")...)
	if resp.StatusCode != http.StatusOK {
		t.Fatal(resp.StatusCode)
	}
	wants(t, page, "一，他。\n\n二，我。", `name="version" value="2"`, "有改动还没有保存")
	mine.saves(path, typed("2", "两个人改", "一，他。\n\n二，我，改过。")...)
	if got := o.edition(e.ID).Body; got != "一，他。\n\n二，我，改过。" {
		t.Errorf("in the end %q", got)
	}
}

// TestBaseNobodyKnows: without the text the person began with, every difference
// is theirs to decide.
func TestBaseNobodyKnows(t *testing.T) {
	o, mine, _, e := two(t, "一。\n\n二。")
	resp, page := mine.post("/admin/editions/"+e.ID, typed("0", "两个人改", "一。\n\n二，我。")...)
	if resp.StatusCode != http.StatusConflict {
		t.Fatal(resp.StatusCode)
	}
	wants(t, page, "找不到您动笔时的那一稿", "用您的")
	mine.saves("/admin/editions/"+e.ID, append(hiddenFields(page), "pick-body-0", "mine", "go", "merge")...)
	if got := o.edition(e.ID).Body; got != "一。\n\n二，我。" {
		t.Errorf("in the end %q", got)
	}
}

func TestStaleAfterPublishingBecomesAnEdition(t *testing.T) {
	o, mine, _, e := two(t, "一。\n\n二。")
	e, err := o.content.Publish(t.Context(), auth.System(), e.ID, e.Version)
	must(t, err)
	resp, page := mine.post("/admin/editions/"+e.ID, typed("1", "两个人改", "一。\n\n二，我后来又写的。")...)
	if resp.StatusCode != http.StatusConflict {
		t.Fatalf("%d %s", resp.StatusCode, page)
	}
	wants(t, page, "以合并后的内容建一份修改稿", "我后来又写的", "已发布")
	mine.saves("/admin/editions/"+e.ID, append(hiddenFields(page), "go", "merge")...)
	d, err := o.content.Document(t.Context(), e.DocumentID)
	must(t, err)
	if head := o.edition(d.HeadID); head.Number != 2 || head.Body != "一。\n\n二，我后来又写的。" || d.LiveID != e.ID {
		t.Errorf("head %d %q, live %s", head.Number, head.Body, d.LiveID)
	}
}

// TestDraftDeletedMeanwhile: what was typed on it becomes a new draft.
func TestDraftDeletedMeanwhile(t *testing.T) {
	o, mine, _, e := two(t, "一。")
	must(t, o.content.DeleteDraft(t.Context(), auth.System(), e.ID, e.Version))
	resp, page := mine.post("/admin/editions/"+e.ID, typed("1", "还想要的", "写了很久。")...)
	if resp.StatusCode != http.StatusNotFound {
		t.Fatal(resp.StatusCode)
	}
	wants(t, page, "这份草稿已被别人删除", `action="/admin/documents/new"`, "写了很久。")
	resp, _ = mine.post("/admin/documents/new", append(hiddenFields(page), "title", "还想要的", "body", "写了很久。")...)
	_, id, _ := strings.Cut(resp.Header.Get("Location"), "/admin/editions/")
	id, _, _ = strings.Cut(id, "?")
	if got := o.edition(id); got.Body != "写了很久。" || got.Title != "还想要的" {
		t.Errorf("new draft %q %q", got.Title, got.Body)
	}
}

// TestHistoryComparesAndRestores walks the history of a published guide.
func TestHistoryComparesAndRestores(t *testing.T) {
	o, mine, _, e := two(t, "自2008年起每年250天。")
	path := "/admin/editions/" + e.ID
	mine.saves(path, typed("1", "两个人改", "自2025年起每年250天。")...)
	now := o.edition(e.ID)
	published, err := o.content.Publish(t.Context(), auth.System(), e.ID, now.Version)
	must(t, err)
	history := "/admin/documents/" + e.DocumentID + "/history"
	_, page := mine.get(history)
	wants(t, page, "某editor", "新建", "保存", "加 4 字 删 4 字", "线上", "比较选中的两稿")
	_, page = mine.get("/admin/documents/" + e.DocumentID + "/compare?old=" + e.ID + ".1&new=" + e.ID + ".2")
	wants(t, page, "删去：</span>2008</del>", "加上：</span>2025</ins>", "恢复成旧的这一稿")
	mine.saves("/admin/documents/"+e.DocumentID+"/reinstate", append(hiddenFields(page), "go", "")...)
	d, err := o.content.Document(t.Context(), e.DocumentID)
	must(t, err)
	head := o.edition(d.HeadID)
	if head.Body != "自2008年起每年250天。" || head.State != content.Draft || d.LiveID != published.ID {
		t.Errorf("restored %q %s", head.Body, head.State)
	}
	_, page = mine.get("/admin/documents/" + e.DocumentID + "/compare")
	wants(t, page, "删去：</span>2025</del>", "已发布")
	_, page = mine.get(history)
	wants(t, page, "找回旧稿", "最新的和线上的比较")
	for _, bad := range []string{"old=nonsense", "old=" + e.ID + ".0", "old=.1"} {
		if resp, _ := mine.get("/admin/documents/" + e.DocumentID + "/compare?" + bad); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", bad, resp.StatusCode)
		}
	}
	other := o.draft("另一篇")
	if resp, _ := mine.get("/admin/documents/" + e.DocumentID + "/compare?old=" + other.ID); resp.StatusCode != http.StatusNotFound {
		t.Errorf("a text of another document: %d", resp.StatusCode)
	}
}
