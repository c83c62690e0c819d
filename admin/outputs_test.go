package admin_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/wechat"
	"github.com/songfa/songfa/media"
)

// TestSendOut walks a guide out of the house: every form of it, the ledger, and
// what a correction has to reach.
func TestSendOut(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "/sfj/pufa")
	b := o.signIn("editor")
	e := o.draft("工资被拖欠怎么办")
	path := "/admin/documents/" + e.DocumentID + "/outputs"
	if resp, page := b.get(path); resp.StatusCode != http.StatusConflict || !strings.Contains(page, "发布以后才能") {
		t.Errorf("a draft goes out: %d", resp.StatusCode)
	}
	live, err := o.content.Publish(t.Context(), o.person("reviewer").Actor(), e.ID, e.Version)
	must(t, err)
	resp, page := b.get(path)
	for _, want := range []string{"复制到公众号", "http://songfa.test/sfj/pufa/guides/", "【工资被拖欠怎么办】", "第 1 版", "下载 GBK", `class="w-body"`, "还没有记过"} {
		if !strings.Contains(page, want) {
			t.Errorf("%d: the page lacks %q", resp.StatusCode, want)
		}
	}
	for _, form := range []string{"a4", "a5", "poster"} {
		if resp, page := b.get(path + "/print?form=" + form); resp.StatusCode != http.StatusOK || !strings.Contains(page, "第 1 版") || !strings.Contains(page, `class="sheet-`+form) || !strings.Contains(page, "<svg") {
			t.Errorf("%s: %d %s", form, resp.StatusCode, page)
		}
	}
	if resp, _ := b.get(path + "/print?form=a0"); resp.StatusCode != http.StatusNotFound {
		t.Errorf("a sheet that is none: %d", resp.StatusCode)
	}
	_, text := b.get(path + "/led.txt?code=gbk")
	plain, err := simplifiedchinese.GBK.NewDecoder().String(text)
	if err != nil || !strings.HasPrefix(plain, "工资被拖欠怎么办\r\n") || !strings.Contains(plain, "第 1 版") {
		t.Errorf("board: %q, %v", plain, err)
	}
	if resp, page := b.post(path, "go", "send", "channel", "a4", "place", "东湖镇工作站", "copies", "许多"); resp.StatusCode != http.StatusBadRequest || !strings.Contains(page, "份数写一个数") || !strings.Contains(page, "东湖镇工作站") {
		t.Errorf("copies in words: %d", resp.StatusCode)
	}
	if resp, page := b.post(path, "go", "send", "channel", "a4", "place", "东湖镇工作站", "copies", "200"); resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %s", resp.StatusCode, page)
	}
	next, err := o.content.Revise(t.Context(), o.person("editor").Actor(), live.ID, live.Version)
	must(t, err)
	_, err = o.content.Publish(t.Context(), o.person("reviewer").Actor(), next.ID, next.Version)
	must(t, err)
	if _, page := b.get("/admin/outputs/"); !strings.Contains(page, "东湖镇工作站") || !strings.Contains(page, "200") {
		t.Errorf("the correction does not know where: %s", page)
	}
	_, page = b.get(path)
	if !strings.Contains(page, "旧的一版") {
		t.Errorf("the ledger does not warn: %s", page)
	}
	id := between(page, `name="sending" value="`, `"`)
	if resp, _ := b.post(path, "go", "recall", "sending", id); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("recall: %d", resp.StatusCode)
	}
	if _, page := b.get("/admin/outputs/"); !strings.Contains(page, "没有。") {
		t.Errorf("after the recall: %s", page)
	}
}

func between(s, from, to string) string {
	_, rest, _ := strings.Cut(s, from)
	found, _, _ := strings.Cut(rest, to)
	return found
}

// TestPushDraft brings a guide with a cover to a server that answers as WeChat's
// does, and shows what WeChat says when it will not.
func TestPushDraft(t *testing.T) {
	var draft struct {
		Articles []wechat.Draft `json:"articles"`
	}
	refuse := ""
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := map[string]string{"/cgi-bin/stable_token": `{"access_token":"t","expires_in":7200}`, "/cgi-bin/material/add_material": `{"media_id":"cover"}`,
			"/cgi-bin/media/uploadimg": `{"url":"https://mmbiz.qpic.cn/1"}`, "/cgi-bin/draft/add": `{"media_id":"d1"}`}[r.URL.Path]
		if r.URL.Path == "/cgi-bin/draft/add" {
			body, err := io.ReadAll(r.Body)
			if err == nil {
				err = json.Unmarshal(body, &draft)
			}
			if err != nil {
				t.Error(err)
			}
			if refuse != "" {
				answer = refuse
			}
		}
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(there.Close)
	o := newOfficeWith(t, dbtest.SQLite(t), "", wechat.NewClient(wechat.ClientConfig{Base: there.URL, AppID: "wx", Secret: "s", Now: time.Now}))
	b := o.signIn("editor")
	text := guide("工资被拖欠怎么办")
	e, err := o.content.Create(t.Context(), o.person("editor").Actor(), content.Guide, "", text)
	must(t, err)
	e, err = o.content.Publish(t.Context(), o.person("reviewer").Actor(), e.ID, e.Version)
	must(t, err)
	path := "/admin/documents/" + e.DocumentID + "/outputs"
	if resp, page := b.post(path, "go", "draft"); resp.StatusCode != http.StatusConflict || !strings.Contains(page, "题图") {
		t.Errorf("without a cover: %d", resp.StatusCode)
	}
	cover, err := o.media.Add(t.Context(), o.person("editor").Actor(), "窗口.png", strings.NewReader(string(picture(t, 1))), media.AddOptions{Alt: "窗口外排队的人"})
	must(t, err)
	e, err = o.content.Revise(t.Context(), o.person("editor").Actor(), e.ID, e.Version)
	must(t, err)
	text.Cover, text.CoverAlt = cover.URL(), "窗口外排队的人"
	text.Body += "\n\n![窗口](" + cover.URL() + ")\n"
	e, err = o.content.Save(t.Context(), o.person("editor").Actor(), e.ID, e.Version, text)
	must(t, err)
	_, err = o.content.Publish(t.Context(), o.person("reviewer").Actor(), e.ID, e.Version)
	must(t, err)
	if resp, page := b.post(path, "go", "draft"); resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %s", resp.StatusCode, page)
	}
	if len(draft.Articles) != 1 || draft.Articles[0].Cover != "cover" || !strings.Contains(draft.Articles[0].HTML, `src="https://mmbiz.qpic.cn/1"`) || strings.Contains(draft.Articles[0].HTML, "songfa.test/media") {
		t.Errorf("%+v", draft)
	}
	if _, page := b.get(path); !strings.Contains(page, "草稿编号 d1") {
		t.Errorf("the ledger does not know: %s", page)
	}
	refuse = `{"errcode":48001,"errmsg":"api unauthorized"}`
	if resp, page := b.post(path, "go", "draft"); resp.StatusCode != http.StatusServiceUnavailable || !strings.Contains(page, "没有草稿接口的权限") {
		t.Errorf("refused: %d %s", resp.StatusCode, page)
	}
}
