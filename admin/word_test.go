package admin_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/media"
)

// wordFile is a small .docx: paragraphs, and a picture behind them when one is
// given.
func wordFile(t testing.TB, pic []byte, paragraphs ...string) []byte {
	t.Helper()
	const names = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:v="urn:schemas-microsoft-com:vml"`
	body := strings.Join(paragraphs, "")
	parts := map[string]string{"[Content_Types].xml": "<Types/>"}
	if pic != nil {
		parts["word/media/image1.png"] = string(pic)
		parts["word/_rels/document.xml.rels"] = `<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/image1.png"/></Relationships>`
		body += `<w:p><w:r><w:pict><v:shape><v:imagedata r:id="rId1"/></v:shape></w:pict></w:r></w:p>`
	}
	parts["word/document.xml"] = `<w:document ` + names + `><w:body>` + body + `</w:body></w:document>`
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range parts {
		w, err := z.Create(name)
		must(t, err)
		_, err = w.Write([]byte(text))
		must(t, err)
	}
	must(t, z.Close())
	return out.Bytes()
}

func middle(text string) string {
	return `<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>` + text + `</w:t></w:r></w:p>`
}

func para(text string) string { return `<w:p><w:r><w:t>` + text + `</w:t></w:r></w:p>` }

func notice(t testing.TB, pic []byte) []byte {
	return wordFile(t, pic, middle("关于开展送法进工地活动的通知"), para("各司法所："), para("一、活动时间"), para("12月3日上午。"), para("示例区司法局"), para("2026年11月18日"))
}

func TestWordBecomesADraft(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "/sfj/pufa")
		editor := o.signIn("editor")
		_, page := editor.get("/admin/word?kind=notice")
		for _, want := range []string{`enctype="multipart/form-data"`, `value="notice" selected`, "有修订、批注的文件不收"} {
			if !strings.Contains(page, want) {
				t.Errorf("form lacks %q", want)
			}
		}
		resp, body := editor.upload("/admin/word", []file{{"file", "送法进工地.docx", notice(t, picture(t, 90))}}, "kind", "notice")
		if resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("import: %d\n%s", resp.StatusCode, body)
		}
		to := strings.TrimPrefix(resp.Header.Get("Location"), "/sfj/pufa")
		id := strings.TrimPrefix(strings.TrimSuffix(to, "?done=word"), "/admin/word/")
		e, err := o.content.Edition(t.Context(), id)
		must(t, err)
		if e.State != content.Draft || e.Title != "关于开展送法进工地活动的通知" || e.Written != "2026-11-18" || e.Origin != "示例区司法局" || !strings.Contains(e.Body, "## 一、活动时间") || !strings.Contains(e.Body, "![](/media/") {
			t.Errorf("draft: %+v", e.Text)
		}
		objects, err := o.media.List(t.Context(), media.Filter{Pictures: true})
		must(t, err)
		if len(objects) != 1 {
			t.Fatalf("%d pictures in the library", len(objects))
		}
		_, page = editor.get(to)
		for _, want := range []string{"导入报告", "已导入成草稿", "成文日期：2026-11-18", "张图片没有文字说明", `name="alt_` + objects[0].Key} {
			if !strings.Contains(page, want) {
				t.Errorf("report lacks %q:\n%s", want, page)
			}
		}

		resp, _ = editor.post("/admin/word/"+id, "go", "alt", "version", "1", "alt_"+objects[0].Key, `咨询台[前]的"工友"`)
		if resp.StatusCode != http.StatusSeeOther {
			t.Errorf("describe: %d", resp.StatusCode)
		}
		e, err = o.content.Edition(t.Context(), id)
		must(t, err)
		if !strings.Contains(e.Body, `![咨询台\[前\]的"工友"](/media/`) {
			t.Errorf("body:\n%s", e.Body)
		}

		_, page = editor.get("/admin/editions/" + id)
		if !strings.Contains(page, "看导入报告") || !strings.Contains(page, "送法进工地.docx") {
			t.Error("the draft does not show the report")
		}
		editor.post("/admin/word/"+id, "go", "dismiss")
		if _, page = editor.get("/admin/editions/" + id); strings.Contains(page, "看导入报告") || !strings.Contains(page, "用 Word 文件替换正文") {
			t.Error("the report was not put away")
		}
		if resp, _ := editor.get("/admin/word/" + id); resp.StatusCode != http.StatusNotFound {
			t.Errorf("report put away: %d", resp.StatusCode)
		}
		for _, word := range []string{"活动时间", "12月3日", "工友"} {
			if line := o.logged(word); line != "" {
				t.Errorf("the log holds the text: %s", line)
			}
		}
	})
}

func TestWordReplacesADraftOnlyAfterALook(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	editor := o.signIn("editor")
	text := guide("原来的标题")
	text.Attachments = []content.Attachment{{File: "/media/ab/biao.docx", Name: "申请表"}}
	e, err := o.content.Create(t.Context(), o.person("editor").Actor(), content.Guide, "", text)
	must(t, err)
	resp, page := editor.upload("/admin/word", []file{{"file", "新稿.docx", notice(t, nil)}}, "edition", e.ID)
	if resp.StatusCode != http.StatusOK || !strings.Contains(page, "草稿还<b>没有改</b>") || !strings.Contains(page, "活动时间") {
		t.Fatalf("compare: %d\n%s", resp.StatusCode, page)
	}
	before, err := o.content.Edition(t.Context(), e.ID)
	must(t, err)
	if before.Body != text.Body || before.Version != e.Version {
		t.Error("the draft changed before anybody looked")
	}
	resp, page = editor.post("/admin/editions/"+e.ID, append(hiddenFields(page), "go", "word")...)
	if resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("take: %d\n%s", resp.StatusCode, page)
	}
	after, err := o.content.Edition(t.Context(), e.ID)
	must(t, err)
	if !strings.Contains(after.Body, "## 一、活动时间") || after.Title != "原来的标题" || after.Written != "2026-11-18" || len(after.Attachments) != 1 || !slices.Equal(after.Sources, text.Sources) {
		t.Errorf("after: %+v", after.Text)
	}
	if _, page = editor.get("/admin/word/" + e.ID); !strings.Contains(page, "新稿.docx") || !strings.Contains(page, "主送：各司法所") {
		t.Errorf("report: %s", page)
	}
}

func TestRefusedWordShowsTheWayOut(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	editor := o.signIn("editor")
	tracked := wordFile(t, nil, `<w:p><w:r><w:t>正文机密词</w:t></w:r><w:ins w:id="1" w:author="张三"><w:r><w:t>加</w:t></w:r></w:ins></w:p>`)
	for _, c := range []struct {
		name string
		body []byte
		want []string
	}{
		{"修订.docx", tracked, []string{"1 处修订没有处理（张三 1 处）", "接受所有修订并停止修订", "在 WPS 里"}},
		{"旧.doc", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600)), []string{"旧版 Word", "另存为"}},
		{"扫描.pdf", []byte("%PDF-1.7"), []string{"PDF"}},
		{"断了.docx", notice(t, nil)[:300], []string{"不完整", "重新拷贝"}},
	} {
		resp, page := editor.upload("/admin/word", []file{{"file", c.name, c.body}}, "kind", "news")
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", c.name, resp.StatusCode)
		}
		for _, want := range append(c.want, c.name, `value="news" selected`) {
			if !strings.Contains(page, want) {
				t.Errorf("%s: page lacks %q", c.name, want)
			}
		}
	}
	if resp, page := editor.upload("/admin/word", nil, "kind", "news"); resp.StatusCode != http.StatusBadRequest || !strings.Contains(page, "请先选择") {
		t.Errorf("without a file: %d", resp.StatusCode)
	}
	for _, word := range []string{"机密词", "张三"} {
		if line := o.logged(word); line != "" {
			t.Errorf("the log holds %s", line)
		}
	}
	list, err := o.content.List(t.Context(), content.Filter{})
	must(t, err)
	if list.Total != 0 {
		t.Errorf("%d documents were made", list.Total)
	}
}

func TestWordNeedsAWriter(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	if resp, _ := o.signIn("coordinator").get("/admin/word"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("coordinator: %d", resp.StatusCode)
	}
	e, err := o.content.Create(t.Context(), auth.System(), content.Notice, "", content.Text{Title: "通知", Body: "文"})
	must(t, err)
	if resp, _ := o.signIn("editor").get("/admin/word?edition=" + e.ID); resp.StatusCode != http.StatusOK {
		t.Errorf("editor: %d", resp.StatusCode)
	}
}

func TestPasteAnswersMarkdown(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "/sfj/pufa")
	editor := o.signIn("editor")
	pic := base64.StdEncoding.EncodeToString(picture(t, 44))
	resp, body := editor.upload("/admin/paste", nil, "html", `<p class=MsoNormal align=center><b>一、怎么办</b></p><p>先打<b>12348</b>。<img src="data:image/png;base64,`+pic+`"></p><p><img data-src="https://mmbiz.qpic.cn/x.png"></p><img src="`+o.URL+`/media/x"><script>x</script>`)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}
	var answer struct {
		Markdown string
		Notes    []string
	}
	must(t, json.Unmarshal([]byte(body), &answer))
	if !strings.HasPrefix(answer.Markdown, "## 一、怎么办\n\n先打**12348**。![](/media/") || strings.Contains(answer.Markdown, "mmbiz") {
		t.Errorf("Markdown:\n%s", answer.Markdown)
	}
	if !slices.ContainsFunc(answer.Notes, func(n string) bool { return strings.Contains(n, "第 2 张图片在别的网站上") }) {
		t.Errorf("notes: %q", answer.Notes)
	}
	resp, body = editor.post("/admin/paste", "html", "<p>&nbsp;</p>")
	if resp.StatusCode != http.StatusBadRequest || !strings.Contains(body, `"problem":"`) {
		t.Errorf("nothing: %d %s", resp.StatusCode, body)
	}
	editor.token = "wrong"
	if resp, _ = editor.post("/admin/paste", "html", "<p>字</p>"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("wrong token: %d", resp.StatusCode)
	}
}
