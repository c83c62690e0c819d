package docx

import (
	"fmt"
	"strings"

	"github.com/songfa/songfa/internal/errs"
)

// Reason is why a file cannot be taken as it is.
type Reason string

// The reasons. Each has its own sentence and way out, see ways.
const (
	OldWord     Reason = "doc"       // .doc of Word 97–2003
	WPS         Reason = "wps"       // .wps of Kingsoft
	Password    Reason = "password"  // needs a password to open
	Truncated   Reason = "truncated" // the end of the zip is missing
	Damaged     Reason = "damaged"   // a part is missing or broken
	Bomb        Reason = "bomb"      // unpacks beyond reason, or brings entities
	Large       Reason = "large"     // over 50 MB
	TooMuchText Reason = "long"      // more text than one page may have
	NoText      Reason = "empty"     // nothing in it: a scan
	Tracked     Reason = "tracked"   // changes to be accepted, comments to be answered
	Secret      Reason = "secret"    // bears a mark of secrecy
	RTF         Reason = "rtf"
	HTML        Reason = "html"
	PDF         Reason = "pdf"
	ODT         Reason = "odt"
	OFD         Reason = "ofd"
	FlatXML     Reason = "xml" // Word's XML in one file
	OtherOffice Reason = "other-office"
	NotWord     Reason = "not-word"
)

// Refusal is a file that was not taken. Its chain names no word of the text.
type Refusal struct {
	Reason Reason
	Err    *errs.Error
}

func (r *Refusal) Error() string { return "read docx: " + string(r.Reason) + ": " + r.Err.Error() }

// Unwrap gives the refusal its kind and sentence.
func (r *Refusal) Unwrap() error { return r.Err }

// Steps are what to do in Word and in WPS, in order.
func (r *Refusal) Steps() (word, wps []string) {
	w := ways[r.Reason]
	return w.word, w.wps
}

func refuse(why Reason, format string, args ...any) error {
	return refuseAs(why, ways[why].sentence, format, args...)
}

func refuseAs(why Reason, sentence, format string, args ...any) error {
	kind := errs.Invalid
	if why == Large || why == TooMuchText || why == Bomb {
		kind = errs.TooLarge
	}
	return &Refusal{why, &errs.Error{Kind: kind, Message: sentence, Field: "file", Err: fmt.Errorf(format, args...)}}
}

func refuseLarge(size int64) error {
	return refuseAs(Large, fmt.Sprintf("这个文件有 %d MB，超过了 50 MB。多半是照片太大，请先压缩图片再导入。", (size+1<<20-1)>>20), "file of %d bytes", size)
}

// refuseTracked tells how many changes and comments there are, and by whom.
func refuseTracked(changes, comments tally) error {
	var parts []string
	if changes.total > 0 {
		parts = append(parts, fmt.Sprintf("%d 处修订没有处理（%s）", changes.total, changes.people()))
	}
	if comments.total > 0 {
		parts = append(parts, fmt.Sprintf("%d 条批注（%s）", comments.total, comments.people()))
	}
	return refuseAs(Tracked, "这份文件里还有 "+strings.Join(parts, "、")+"。请先在原文件里处理完，另存以后再导入，以免没有定稿的文字上网。",
		"document has %d changes and %d comments", changes.total, comments.total)
}

// tally counts by author, in the order of appearance.
type tally struct {
	total int
	names []string
	by    map[string]int
}

func (t *tally) add(author string) {
	if author = strings.TrimSpace(author); author == "" {
		author = "未署名"
	}
	if t.by == nil {
		t.by = map[string]int{}
	}
	if t.by[author] == 0 {
		t.names = append(t.names, author)
	}
	t.total++
	t.by[author]++
}

func (t *tally) people() string {
	const most = 5
	var list []string
	for i, n := range t.names {
		if i == most {
			list = append(list, fmt.Sprintf("另外 %d 人", len(t.names)-most))
			break
		}
		list = append(list, fmt.Sprintf("%s %d 处", n, t.by[n]))
	}
	return strings.Join(list, "、")
}

// way is the sentence and the way out of a reason.
type way struct {
	sentence  string
	word, wps []string
}

var (
	saveWord = []string{"用 Word 打开这份文件。", "点“文件”→“另存为”。", "“保存类型”选“Word 文档（*.docx）”，保存。", "回到这一页，选新存的文件。"}
	saveWPS  = []string{"用 WPS 文字打开这份文件。", "点左上角“文件”→“另存为”。", "“文件类型”选“Microsoft Word 文件（*.docx）”，保存。", "回到这一页，选新存的文件。"}
	again    = []string{"在电脑上双击这份文件，看能不能打开。", "能打开：点“文件”→“另存为”，存成一份新的 .docx 再导入。", "打不开：请发文件的人重新发一次，或从备份里找。"}
)

var ways = map[Reason]way{
	OldWord:     {"这是旧版 Word 的 .doc 文件，请另存为 .docx 再导入。", saveWord, saveWPS},
	WPS:         {"这是 WPS 的 .wps 文件，请在 WPS 里另存为 .docx 再导入。", []string{"Word 打不开 .wps，请用 WPS 文字打开。"}, saveWPS},
	Password:    {"这份文件加了密码，系统打不开。请先去掉密码再导入。", []string{"用 Word 打开文件，输入密码。", "点“文件”→“信息”→“保护文档”→“用密码进行加密”。", "把密码删空，点“确定”，再保存。"}, []string{"用 WPS 打开文件，输入密码。", "点“文件”→“文档加密”→“密码加密”。", "把“打开权限”里的密码删空，点“应用”，再保存。"}},
	Truncated:   {"这份文件不完整，多半是没有传完或没有拷完。请重新拷贝一次再导入。", again, again},
	Damaged:     {"这份文件已损坏，里面的内容读不出来。请用 Word 或 WPS 打开后另存一份再导入。", again, again},
	Bomb:        {"这份文件解开以后大得不正常，或带有不该有的内容，出于安全没有打开。请把正文复制到一份新文件里再导入。", newFile("Word"), newFile("WPS")},
	Large:       {"这个文件超过了 50 MB。多半是照片太大，请先压缩图片再导入。", []string{"用 Word 打开文件，点任意一张图片。", "点“图片格式”→“压缩图片”。", "去掉“仅应用于此图片”的勾，分辨率选“Web（150 ppi）”，确定。", "保存以后再导入。"}, []string{"用 WPS 打开文件，点任意一张图片。", "点“图片工具”→“压缩图片”。", "选“文档中的所有图片”和“网页/屏幕”，确定。", "保存以后再导入。"}},
	TooMuchText: {"正文太长，一页放不下。请拆成几份文件，分别导入；或者把全文作为附件上传。", nil, nil},
	NoText:      {"这份文件里没有文字。如果是扫描件，请找有文字的原稿，或先识别成文字。", nil, nil},
	Tracked: {"这份文件里还有修订或批注没有处理。", []string{"用 Word 打开文件，点“审阅”。", "点“接受”下面的小箭头→“接受所有修订并停止修订”。", "点“删除”下面的小箭头→“删除文档中的所有批注”。", "保存以后再导入。"},
		[]string{"用 WPS 打开文件，点“审阅”。", "点“接受”下面的小箭头→“接受对文档所做的所有修订”，再点一下“修订”把它关掉。", "点“删除批注”下面的小箭头→“删除文档中的所有批注”。", "保存以后再导入。"}},
	Secret:      {"这份文件标着密级，不能导入与互联网相连的系统。请联系保密员；系统没有保存它。", nil, nil},
	RTF:         {"这是 RTF 文件，只是名字改成了 .docx。请另存为真正的 .docx 再导入。", saveWord, saveWPS},
	HTML:        {"这是网页文件，只是名字改成了 .docx。请用 Word 或 WPS 打开，另存为真正的 .docx；或者打开网页，把正文复制到编辑页。", saveWord, saveWPS},
	PDF:         {"这是 PDF 文件，不是 Word 文件。请找原来的 Word 文件导入；只有 PDF 时，可以作为附件上传。", []string{"用 Word 打开这份 PDF，同意转换。", "核对文字，点“文件”→“另存为”，选“Word 文档（*.docx）”。", "回到这一页，选新存的文件。"}, []string{"用 WPS 打开这份 PDF，点“PDF 转 Word”。", "核对文字，存成 .docx。", "回到这一页，选新存的文件。"}},
	ODT:         {"这是 OpenDocument（.odt）文件，请另存为 .docx 再导入。", saveWord, saveWPS},
	OFD:         {"这是 OFD 版式文件，不是 Word 文件。请找原来的 Word 文件导入；只有 OFD 时，可以作为附件上传。", nil, nil},
	FlatXML:     {"这是 Word 的 XML 文件，请另存为 .docx 再导入。", saveWord, saveWPS},
	OtherOffice: {"这是表格或演示文稿，不是 Word 文件。要放进正文，请把内容复制到 Word 里；要给读者下载，请作为附件上传。", nil, nil},
	NotWord:     {"这不是 Word 文件。请选 .docx 文件；别的文件可以作为附件上传。", saveWord, saveWPS},
}

func newFile(program string) []string {
	return []string{"用 " + program + " 打开这份文件，全选、复制。", "新建一份空白文件，用“只保留文本”粘贴。", "保存成 .docx，再导入新文件。"}
}
