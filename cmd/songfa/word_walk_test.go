package main

import (
	"archive/zip"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// wordFile writes a small .docx into a folder of the test.
func wordFile(t *testing.T, name, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for part, text := range map[string]string{"[Content_Types].xml": "<Types/>",
		"word/document.xml": `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body + `</w:body></w:document>`} {
		w, err := z.Create(part)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestBrowserWord brings a Word file in: refused with the way out first, then
// with its report, then over the draft.
func TestBrowserWord(t *testing.T) {
	b := startBrowser(t)
	site := startLive(t, "/sfj/pufa", false)
	line := func(s string) string { return `<w:p><w:r><w:t>` + s + `</w:t></w:r></w:p>` }
	head := `<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>关于开展送法进工地活动的通知</w:t></w:r></w:p>`
	for _, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			v := b.view(t, width)
			v.signIn(site)
			pick := func(path string) {
				v.run(chromedp.SetUploadFiles("#f-file", []string{path}))
				v.click("main form .btn")
			}
			v.open(site.url + "/admin/word?kind=notice")
			v.audit()
			pick(wordFile(t, "修订.docx", head+`<w:p><w:ins w:id="1" w:author="张三"><w:r><w:t>加</w:t></w:r></w:ins></w:p>`))
			v.sees("1 处修订没有处理", "在 WPS 里")
			v.audit()
			v.shot("admin-word-refused")
			pick(wordFile(t, "通知.docx", head+line("各司法所：")+line("一、时间")+line("12月3日。")+line("示例区司法局")+line("2026年11月18日")))
			v.sees("导入报告", "成文日期：2026-11-18")
			v.audit()
			v.shot("admin-word-report")
			v.click(`main .acts a.btn`)
			v.sees("看导入报告")
			v.audit()
			v.click(`a[href*="/admin/word/"]`)
			v.click(`button[value="dismiss"]`)
			v.sees("导入报告已收起")
			v.click(`a[href*="/admin/word?edition="]`)
			pick(wordFile(t, "新稿.docx", head+line("一、时间")+line("12月4日。")))
			v.sees("草稿还没有改")
			v.audit()
			v.shot("admin-word-compare")
			v.click(`button[value="word"]`)
			v.sees("新稿.docx")
			checkHTML(t, map[string]string{"word report": v.markup()})
		})
	}
}
