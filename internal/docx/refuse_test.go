package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/songfa/songfa/internal/docx"
	"github.com/songfa/songfa/internal/errs"
)

// compound is an OLE file with entries of these names, as old Word and
// encrypted files are.
func compound(names ...string) []byte {
	b := make([]byte, 512*4)
	copy(b, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	binary.LittleEndian.PutUint16(b[30:], 9) // sectors of 512 bytes
	binary.LittleEndian.PutUint32(b[48:], 1) // the directory is in the second
	for i, name := range names {
		entry := b[512*2+128*i:]
		units := utf16.Encode([]rune(name + "\x00"))
		for j, u := range units {
			binary.LittleEndian.PutUint16(entry[2*j:], u)
		}
		binary.LittleEndian.PutUint16(entry[64:], uint16(2*len(units)))
	}
	return b
}

// bomb is a .docx whose text unpacks to far more than it is.
func bomb(t *testing.T) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	types, err := z.Create("[Content_Types].xml")
	must(t, err)
	_, err = types.Write([]byte("<Types/>"))
	must(t, err)
	w, err := z.Create("word/document.xml")
	must(t, err)
	blanks := bytes.Repeat([]byte(" "), 1<<20)
	for range 64 {
		_, err = w.Write(blanks)
		must(t, err)
	}
	must(t, z.Close())
	return out.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const author = `w:author="张三" w:date="2026-11-20T08:00:00Z"`

func TestEachRefusalHasItsOwnAnswer(t *testing.T) {
	whole := doc(title("关于开展活动的通知"), text("正文。")).bytes(t)
	raw := func(document string) []byte {
		f := doc()
		f.parts["word/document.xml"] = []byte(document)
		return f.bytes(t)
	}
	comments := doc(p("正文"))
	comments.comments = `<w:comment w:id="0" w:author="李四">` + p("这里不对") + `</w:comment>`
	notes := doc(p("正文"))
	notes.body = append(notes.body, p("注", notes.note(p(`<w:del w:id="1" `+author+`>`+r("删")+`</w:del>`))))
	entity := raw(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document ` + wordNames + `><w:body>` + p("&a;") + `</w:body></w:document>`)
	encrypted := bytes.Clone(whole)
	if at := bytes.Index(encrypted, []byte("PK\x01\x02")); at > 0 {
		encrypted[at+8] |= 1
	}
	for _, c := range []struct {
		name   string
		bytes  []byte
		file   string
		reason docx.Reason
		say    string // is in the sentence
	}{
		{"doc", compound("Root Entry", "WordDocument"), "通知.doc", docx.OldWord, "旧版 Word"},
		{"doc named docx", compound("Root Entry", "1Table", "WordDocument"), "通知.docx", docx.OldWord, "旧版 Word"},
		{"wps", compound("Root Entry", "WordDocument"), "通知.wps", docx.WPS, ".wps"},
		{"password", compound("Root Entry", "EncryptionInfo", "EncryptedPackage"), "通知.docx", docx.Password, "密码"},
		{"password in the zip", encrypted, "通知.docx", docx.Password, "密码"},
		{"xls", compound("Root Entry", "Workbook"), "表.docx", docx.OtherOffice, "表格"},
		{"truncated", whole[:len(whole)*2/3], "通知.docx", docx.Truncated, "不完整"},
		{"first bytes only", []byte("PK\x03\x04"), "通知.docx", docx.Truncated, "不完整"},
		{"damaged text", raw("<w:document><w:body>"), "通知.docx", docx.Damaged, "损坏"},
		{"bomb", bomb(t), "通知.docx", docx.Bomb, "大得不正常"},
		{"entity", entity, "通知.docx", docx.Bomb, "不该有的内容"},
		{"deep", raw(`<w:document ` + wordNames + `><w:body>` + strings.Repeat("<w:sdt><w:sdtContent>", 400) + strings.Repeat("</w:sdtContent></w:sdt>", 400) + `</w:body></w:document>`), "通知.docx", docx.Bomb, "不正常"},
		{"rtf", []byte(`{\rtf1\ansi 通知}`), "通知.docx", docx.RTF, "RTF"},
		{"html", []byte("<!DOCTYPE html><html><body>通知</body></html>"), "通知.docx", docx.HTML, "网页"},
		{"html of Word", []byte("\ufeff<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><body>通知"), "通知.doc", docx.HTML, "网页"},
		{"mhtml", []byte("MIME-Version: 1.0\r\nContent-Type: multipart/related"), "通知.docx", docx.HTML, "网页"},
		{"pdf", []byte("%PDF-1.7\n"), "通知.docx", docx.PDF, "PDF"},
		{"xml of Word", []byte(`<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>`), "通知.docx", docx.FlatXML, "XML"},
		{"odt", zipOf(t, map[string][]byte{"mimetype": []byte("application/vnd.oasis.opendocument.text"), "content.xml": []byte("<x/>")}), "通知.docx", docx.ODT, ".odt"},
		{"ofd", zipOf(t, map[string][]byte{"OFD.xml": []byte("<x/>")}), "通知.docx", docx.OFD, "OFD"},
		{"xlsx", zipOf(t, map[string][]byte{"[Content_Types].xml": []byte("<x/>"), "xl/workbook.xml": []byte("<x/>")}), "表.docx", docx.OtherOffice, "表格"},
		{"zip", zipOf(t, map[string][]byte{"a.txt": []byte("a")}), "通知.docx", docx.NotWord, "不是 Word"},
		{"picture", dot(1), "通知.docx", docx.NotWord, "不是 Word"},
		{"nothing", nil, "通知.docx", docx.NoText, "没有文字"},
		{"no text", doc(p("  ")).bytes(t), "扫描.docx", docx.NoText, "没有文字"},
		{"changes", doc(p("正文", `<w:ins w:id="1" `+author+`>`+r("加的")+`</w:ins>`, `<w:del w:id="2" `+author+`><w:r><w:delText>删的</w:delText></w:r></w:del>`), styled(`<w:pPrChange w:id="3" w:author="李四"><w:pPr/></w:pPrChange>`, "改了格式")).bytes(t), "通知.docx", docx.Tracked, "3 处修订没有处理（张三 2 处、李四 1 处）"},
		{"changes in a note", notes.bytes(t), "通知.docx", docx.Tracked, "1 处修订没有处理（张三 1 处）"},
		{"comments", comments.bytes(t), "通知.docx", docx.Tracked, "1 条批注（李四 1 处）"},
		{"secret", doc(styled("", r("机密★10年")), title("关于某事的通知"), text("正文。")).bytes(t), "通知.docx", docx.Secret, "密级"},
		{"too much text", doc(p(strings.Repeat("长", 200_000))).bytes(t), "通知.docx", docx.TooMuchText, "太长"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := docx.Read(bytes.NewReader(c.bytes), int64(len(c.bytes)), docx.Options{Name: c.file})
			var refused *docx.Refusal
			if !errors.As(err, &refused) {
				t.Fatalf("error = %v, want a refusal", err)
			}
			if refused.Reason != c.reason {
				t.Errorf("reason = %s, want %s", refused.Reason, c.reason)
			}
			if m := errs.MessageOf(err); !strings.Contains(m, c.say) {
				t.Errorf("sentence %q does not say %q", m, c.say)
			}
			for _, word := range []string{"张三", "李四", "正文", "加的", "通知"} {
				if strings.Contains(err.Error(), word) {
					t.Errorf("the log would hold %q: %v", word, err)
				}
			}
		})
	}
}

// zeros is a file of a size, without the bytes.
type zeros struct{}

func (zeros) ReadAt(p []byte, _ int64) (int, error) { return len(p), nil }

func TestLargeFileIsRefusedUnread(t *testing.T) {
	_, err := docx.Read(zeros{}, 62<<20, docx.Options{Name: "照片.docx"})
	if m := errs.MessageOf(err); errs.KindOf(err) != errs.TooLarge || !strings.Contains(m, "62 MB") || !strings.Contains(m, "压缩图片") {
		t.Errorf("got %v: %s", errs.KindOf(err), m)
	}
}
