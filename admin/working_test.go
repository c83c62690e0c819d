package admin_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db/dbtest"
)

var formField = regexp.MustCompile(`name="form" value="([0-9A-Z]+)"`)

// opens shows the editor's page and returns the key of its form.
func (b *browser) opens(path string) (page, key string) {
	b.o.t.Helper()
	resp, page := b.get(path)
	m := formField.FindStringSubmatch(page)
	if resp.StatusCode != http.StatusOK || m == nil {
		b.o.t.Fatalf("%s: %d, no form\n%s", path, resp.StatusCode, page)
	}
	return page, m[1]
}

// told is what the script hears.
type told struct {
	At, Here, Newer string
	Worth           bool
}

func (b *browser) keeps(path, key string, pairs ...string) (got told) {
	b.o.t.Helper()
	resp, page := b.post(path, append(pairs, "form", key)...)
	if resp.StatusCode != http.StatusOK {
		b.o.t.Fatalf("keep: %d %s", resp.StatusCode, page)
	}
	must(b.o.t, json.Unmarshal([]byte(page), &got))
	return got
}

// TestUnsavedTextIsOffered: what was kept is offered on opening, with its
// difference; it can be gone on with, or thrown away, and is seen by nobody else.
func TestUnsavedTextIsOffered(t *testing.T) {
	_, mine, theirs, e := two(t, "一。")
	path := "/admin/editions/" + e.ID
	_, key := mine.opens(path)
	got := mine.keeps(path+"/keep", key, append(typed("1", "两个人改", "一。还没写完"), "seq", "1")...)
	if got.At != "10:00" || !got.Worth || got.Newer != "" {
		t.Errorf("told %+v", got)
	}
	if page, _ := theirs.opens(path); strings.Contains(page, "没保存完") || strings.Contains(page, "还没写完") {
		t.Error("somebody else sees it")
	}
	if resp, _ := theirs.get("/admin/copies/" + key); resp.StatusCode != http.StatusNotFound {
		t.Errorf("somebody else opens it: %d", resp.StatusCode)
	}
	page, other := mine.opens(path)
	wants(t, page, "有一份 2026-11-20 10:00 没保存完的稿子", "接着写", "不要了")
	if strings.Contains(page, "还没写完") || other == key {
		t.Error("the copy is in the form without being asked for")
	}
	_, page = mine.get("/admin/copies/" + key)
	wants(t, page, "加上：</span>还没写完</ins>", "接着写")
	_, page = mine.get("/admin/copies/")
	wants(t, page, "两个人改", key)

	page, again := mine.opens(path + "?copy=" + key)
	wants(t, page, "一。还没写完", "有改动还没有保存", `name="version" value="1"`)
	wants(t, page, `name="from" value="`+key+`"`, `name="from_seq" value="1"`)
	if again == key {
		t.Error("two windows would write over each other")
	}
	mine.keeps(path+"/keep", again, append(typed("1", "两个人改", "一。接着写"), "seq", "7", "from", key, "from_seq", "1")...)
	if _, page = mine.get("/admin/copies/"); strings.Contains(page, key) || !strings.Contains(page, again) {
		t.Error("what was gone on with is still there, or its follower is not")
	}
	if page, _ = mine.opens(path + "?copy=" + key); !strings.Contains(page, again) {
		t.Error("a second look at the address does not offer the follower")
	}
	mine.saves(path, append(typed("1", "两个人改", "一。写完了"), "form", again, "seq", "9", "from", key, "from_seq", "1")...)
	if page, _ := mine.opens(path); strings.Contains(page, "没保存完") {
		t.Error("saved, and still offered")
	}
	if got := mine.keeps(path+"/keep", again, append(typed("1", "两个人改", "一。写到一半"), "seq", "8")...); got.Worth {
		t.Error("what comes late is worth offering")
	}
	if got := mine.keeps(path+"/keep", again, append(typed("1", "两个人改", "一。回来又写"), "seq", "10")...); !got.Worth {
		t.Error("what was typed after going back is lost")
	}
	mine.saves("/admin/copies/" + again)

	mine.keeps(path+"/keep", other, append(typed("2", "两个人改", "一。不要的"), "seq", "1")...)
	mine.saves("/admin/copies/"+other, "back", "edition")
	if page, _ := mine.opens(path); strings.Contains(page, "没保存完") {
		t.Error("thrown away, and still offered")
	}
}

// TestNewDocumentIsKept before it exists.
func TestNewDocumentIsKept(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "/sfj/pufa")
	b := o.signIn("editor")
	_, key := b.opens("/admin/documents/new?kind=guide")
	b.keeps("/admin/documents/keep", key, "kind", "guide", "slug", "xin-de", "title", "新写的", "body", "写到一半", "seq", "5")
	page, _ := b.opens("/admin/documents/new?kind=guide")
	wants(t, page, "没保存完的稿子", "新写的")
	if page, _ = b.opens("/admin/documents/new?kind=notice"); strings.Contains(page, "没保存完") {
		t.Error("a guide is offered for a notice")
	}
	page, _ = b.opens("/admin/documents/new?kind=guide&copy=" + key)
	wants(t, page, "写到一半", `value="xin-de"`)
	b.saves("/admin/documents/new", "kind", "guide", "slug", "xin-de", "title", "新写的", "body", "写完了", "form", key, "go", "save")
	if page, _ = b.opens("/admin/documents/new?kind=guide"); strings.Contains(page, "没保存完") {
		t.Error("created, and still offered")
	}
}

// TestWhoIsHere: on the page without script, in the answers with it.
func TestWhoIsHere(t *testing.T) {
	o, mine, theirs, e := two(t, "一。")
	path := "/admin/editions/" + e.ID
	page, key := mine.opens(path)
	if strings.Contains(page, "正在编辑") {
		t.Error("somebody is here already")
	}
	page, other := theirs.opens(path)
	wants(t, page, "某editor 正在编辑这一版（10:00 起）")
	if got := mine.keeps(path+"/keep", key, "version", "1", "beat", "1"); got.Here != "某other 正在编辑这一版（10:00 起）" || got.At != "" {
		t.Errorf("told %+v", got)
	}
	theirs.saves(path, append(typed("1", "两个人改", "一。他的"), "form", other)...)
	if got := mine.keeps(path+"/keep", key, "version", "1", "beat", "1"); got.Newer != "某other 10:00 保存了新的一稿。您保存时会先给您看合并的结果。" {
		t.Errorf("told %+v", got)
	}
	theirs.keeps(path+"/keep", other, "leave", "1")
	if got := mine.keeps(path+"/keep", key, "version", "1", "beat", "1"); got.Here != "" {
		t.Errorf("told %+v", got)
	}

	// A reviewer reads a submitted one: whoever opens it hears so.
	submitted := o.draft("交上去的")
	_, err := o.content.Submit(t.Context(), o.person("editor").Actor(), submitted.ID, submitted.Version)
	must(t, err)
	o.signIn("reviewer").opens("/admin/editions/" + submitted.ID)
	_, page = mine.get("/admin/editions/" + submitted.ID)
	wants(t, page, "某reviewer 正在审这一版")
}

// TestKeepNeedsASession: without one nothing is stored and the script hears 401.
func TestKeepNeedsASession(t *testing.T) {
	o, mine, _, e := two(t, "一。")
	path := "/admin/editions/" + e.ID
	_, key := mine.opens(path)
	o.pass(31 * time.Minute)
	resp, _ := mine.post(path+"/keep", append(typed("1", "两个人改", "一。没登录"), "form", key, "seq", "1")...)
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a session: %d", resp.StatusCode)
	}
	resp, _ = o.signIn("editor").post(path+"/keep", "form", "x", "title", "")
	if resp.StatusCode != http.StatusBadRequest {
		t.Errorf("a key that is none: %d", resp.StatusCode)
	}
}

// TestCopyOfWhatIsNoDraftAnyMore: published or deleted meanwhile, it can still be saved.
func TestCopyOfWhatIsNoDraftAnyMore(t *testing.T) {
	o, mine, _, e := two(t, "一。")
	path := "/admin/editions/" + e.ID
	_, key := mine.opens(path)
	mine.keeps(path+"/keep", key, append(typed("1", "两个人改", "一。又写的"), "seq", "1")...)
	_, err := o.content.Publish(t.Context(), auth.System(), e.ID, e.Version)
	must(t, err)
	resp, _ := mine.get(path + "?copy=" + key)
	if resp.StatusCode != http.StatusSeeOther || !strings.HasSuffix(resp.Header.Get("Location"), "/admin/copies/"+key) {
		t.Fatalf("%d %s", resp.StatusCode, resp.Header.Get("Location"))
	}
	_, page := mine.get("/admin/copies/" + key)
	wants(t, page, "以这份稿子建一份修改稿")
	mine.saves(path, append(hiddenFields(page), "go", "merge")...)
	d, err := o.content.Document(t.Context(), e.DocumentID)
	must(t, err)
	if head := o.edition(d.HeadID); head.Body != "一。又写的" || head.State != content.Draft {
		t.Errorf("head %q %s", head.Body, head.State)
	}

	gone := o.draft("要删的")
	_, key = mine.opens("/admin/editions/" + gone.ID)
	must(t, o.content.DeleteDraft(t.Context(), auth.System(), gone.ID, gone.Version))
	if got := mine.keeps("/admin/editions/"+gone.ID+"/keep", key, append(typed("1", "舍不得", "还要的"), "seq", "1")...); !strings.Contains(got.Newer, "已被删除") {
		t.Errorf("told %+v", got)
	}
	_, page = mine.get("/admin/copies/" + key)
	wants(t, page, "存成一篇新的草稿", "还要的")
	mine.saves("/admin/documents/new", append(hiddenFields(page), "go", "save")...)
	if _, page = mine.get("/admin/copies/"); !strings.Contains(page, "您写的都已经保存了") {
		t.Errorf("still unsaved: %s", page)
	}
}
