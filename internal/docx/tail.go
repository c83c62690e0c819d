package docx

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

var (
	// attachmentPage is the line on top of an attachment: 附件2.
	attachmentPage = regexp.MustCompile(`^附件[  　]*[一二三四五六七八九十\d]{0,3}[：:]?$`)
	// attachmentList begins 附件说明 below the text: 附件：1.名单.
	attachmentList = regexp.MustCompile(`^附件[  　]*[：:][  　]*\S`)
	// bodies are the last words of whoever may sign.
	bodies = regexp.MustCompile(`(?:局|厅|部|委|委员会|办|办公室|院|会|所|中心|政府|队|大队|支队|处|科|组|小组|站|社|公司|学校|学院|大学|街道|镇|乡|村|党委|支部|协会|联盟|法院|检察院|工会|集团|银行)(?:（代章）|（章）|（盖章）)?$`)
	// joined is a signature with its date in one line.
	joined = regexp.MustCompile(`^(.{2,60}?)[\s　]+((?:\d{4}|[二一][〇○零Ｏ0O一二三四五六七八九]{3})[\s　]*年.{2,12}[日号])$`)
)

// nearEnd is how many paragraphs may follow the date: 联系人, 版记.
const nearEnd = 12

// tail finds 落款 and 成文日期: the last line before the attachments that is a
// date, and the names above it. They stay in the text.
func (o *official) tail() {
	o.end = len(o.blocks)
	for i := o.first; i < len(o.blocks); i++ {
		if b := o.blocks[i]; b.table == nil && attachmentPage.MatchString(squeeze(b.text())) {
			o.end = i
			break
		}
	}
	for i := o.end - 1; i >= o.first && i >= o.end-nearEnd; i-- {
		b := o.blocks[i]
		if b.table != nil {
			continue
		}
		text := strings.TrimFunc(b.text(), blank)
		if date := dateOf(text); date != "" && b.marked().kind == noMarker {
			o.doc.Date = date
			o.signers(i)
			return
		}
		if m := joined.FindStringSubmatch(text); m != nil && dateOf(m[2]) != "" && signs(m[1], b) {
			o.doc.Date, o.doc.Signer = dateOf(m[2]), spread(m[1])
			return
		}
		if monthOnly.MatchString(squeeze(text)) {
			o.g.said = append(o.g.said, Note{Level: Check, Message: "成文日期“" + squeeze(text) + "”没有写到日，请自己填写。"})
			o.signers(i)
			return
		}
	}
	o.dateBelowTitle()
}

// dateBelowTitle takes the date of minutes and of what was adopted, which
// stands below the title: （2026年11月20日）.
func (o *official) dateBelowTitle() {
	for i := o.first; i < len(o.blocks) && i < o.first+2; i++ {
		if b := o.blocks[i]; b.table == nil && (b.align == "center" || isCaption(b.text())) {
			if date := dateOf(b.text()); date != "" {
				o.doc.Date = date
				return
			}
		}
	}
}

// maxSigners bounds how many bodies may issue one document together.
const maxSigners = 6

func (o *official) signers(date int) {
	var names []string
	for i := date - 1; i >= o.first && len(names) < maxSigners; i-- {
		b := o.blocks[i]
		if b.table != nil || b.onlyPictures() || !signs(b.text(), b) {
			break
		}
		var here []string
		for _, line := range strings.Split(b.text(), "\n") {
			for _, name := range wide.Split(strings.TrimFunc(line, blank), -1) {
				if name = spread(name); name != "" {
					here = append(here, name)
				}
			}
		}
		names = append(here, names...)
	}
	if len(names) > maxSigners {
		names = names[:maxSigners]
	}
	o.doc.Signer = strings.Join(names, "、")
}

var wide = regexp.MustCompile(`[ 　]{2,}`)

// signs reports a line that may be a signature.
func signs(text string, b *block) bool {
	text = strings.TrimFunc(text, blank)
	s := squeeze(text)
	if n := utf8.RuneCountInString(s); n < 2 || n > 60 || strings.ContainsAny(s, "。，；：:！？") || dateOf(text) != "" || b.marked().kind != noMarker || attachmentList.MatchString(text) {
		return false
	}
	return bodies.MatchString(s) || b.align == "right" || b.align == "end" || b.inset
}

var figureNo = regexp.MustCompile(`^图[  　]*[\d一二三四五六七八九十]{1,4}(?:[-–.．]\d{1,3})?[：:、. 　]`)

// captions hangs 图1 现场 below a picture on the picture.
func (o *official) captions() {
	for i := o.first; i+1 < len(o.blocks); i++ {
		b, next := o.blocks[i], o.blocks[i+1]
		text := strings.TrimFunc(next.text(), blank)
		if next.table != nil || !b.onlyPictures() || len(b.spans) != 1 || !figureNo.MatchString(text) || utf8.RuneCountInString(text) > maxHeading {
			continue
		}
		for _, s := range next.spans {
			if s.kind != words {
				text = ""
			}
		}
		if text != "" {
			b.caption = text
			o.blocks = slices.Delete(o.blocks, i+1, i+2)
		}
	}
}

// attachmentNote makes one paragraph of 附件说明 and the names below it.
func (o *official) attachmentNote() {
	for i := o.first; i < len(o.blocks); i++ {
		b := o.blocks[i]
		if b.table != nil || !attachmentList.MatchString(strings.TrimFunc(b.text(), blank)) {
			continue
		}
		end := i + 1
		for ; end < len(o.blocks) && o.moreAttachments(o.blocks[end]); end++ {
			next := o.blocks[end]
			next.typed()
			b.spans = append(append(b.spans, span{kind: lineBreak}), next.spans...)
		}
		o.blocks = slices.Delete(o.blocks, i+1, end)
		return
	}
}

// attachments makes a heading of the line on top of each attachment together
// with its title.
func (o *official) attachments() {
	var out []*block
	for i := 0; i < len(o.blocks); i++ {
		b := o.blocks[i]
		out = append(out, b)
		if b.table != nil || i < o.first {
			continue
		}
		text := strings.TrimFunc(b.text(), blank)
		if attachmentPage.MatchString(squeeze(text)) {
			label := strings.TrimRight(squeeze(text), "：:")
			b.spans, b.level, b.item = []span{{text: label}}, 2, nil
			if next := i + 1; next < len(o.blocks) && o.headsAttachment(o.blocks[next]) {
				b.spans = append(b.spans, span{text: " "})
				for next < len(o.blocks) && o.headsAttachment(o.blocks[next]) && next < i+4 {
					b.spans = append(b.spans, span{text: spread(o.blocks[next].text())})
					next++
				}
				i = next - 1
			}
		}
	}
	o.blocks = out
}

// headsAttachment reports the title of an attachment: a short line in the middle.
func (o *official) headsAttachment(b *block) bool {
	s := squeeze(b.text())
	return b.table == nil && b.align == "center" && b.marked().kind == noMarker && utf8.RuneCountInString(s) >= 2 && utf8.RuneCountInString(s) <= 60 && !isCaption(s) && !strings.ContainsAny(s, "。；") && dateOf(s) == "" && !attachmentPage.MatchString(s)
}

func (o *official) moreAttachments(b *block) bool {
	return b.table == nil && b.marked().kind == arabic && b.level == 0 && utf8.RuneCountInString(b.text()) <= 60 && !strings.HasSuffix(b.text(), "。")
}

// tell writes what was found, and what is missing.
func (o *official) tell(fragment bool) {
	var found []Note
	add := func(level Level, format string, args ...any) {
		found = append(found, Note{Level: level, Message: fmt.Sprintf(format, args...)})
	}
	d := o.doc
	for _, f := range []struct{ name, value string }{{"标题", d.Title}, {"发文字号", d.DocNo}, {"主送", shorten(d.To, 40)}, {"落款", d.Signer}, {"成文日期", d.Date}} {
		if f.value != "" {
			add(Found, "%s：%s", f.name, f.value)
		}
	}
	var headings, items, tables, shown int
	for _, b := range o.blocks {
		switch {
		case b.level > 0:
			headings++
		case b.item != nil:
			items++
		case b.table != nil:
			tables++
		}
	}
	for _, p := range o.g.pictures {
		if p != nil {
			shown++
		}
	}
	var sums []string
	for _, c := range []struct {
		n    int
		name string
	}{{headings, "%d 个小标题"}, {items, "%d 条列表"}, {tables, "%d 张表格"}, {shown, "%d 张图片"}, {len(o.g.notes), "%d 条注释"}} {
		if c.n > 0 {
			sums = append(sums, fmt.Sprintf(c.name, c.n))
		}
	}
	if len(sums) > 0 {
		add(Found, "正文里有 %s。", strings.Join(sums, "、"))
	}
	if d.Title == "" && !fragment {
		add(Check, "没有认出标题，请自己填写。")
	}
	o.colophon(&found)
	o.internal(&found)
	o.g.said = append(found, o.g.said...)
}

var imprint = regexp.MustCompile(`^抄送[:：]|(?:印发|印制)$`)

// colophon points at 版记, which belongs to paper.
func (o *official) colophon(found *[]Note) {
	for _, b := range o.blocks[max(0, len(o.blocks)-5):] {
		if s := squeeze(b.text()); b.table == nil && imprint.MatchString(s) {
			*found = append(*found, Note{Level: Check, Message: "末尾有版记（抄送、印发），网页上一般不放，请看是否删去。", At: "“" + shorten(s, 18) + "”"})
			return
		}
	}
}

var internalMarks = []string{"内部资料", "内部文件", "注意保存", "不得外传", "不予公开", "依申请公开", "征求意见稿", "送审稿", "讨论稿"}

// internal points at words that say the text may not be for the public yet.
func (o *official) internal(found *[]Note) {
	for _, b := range slices.Concat(o.top(), o.blocks[max(0, len(o.blocks)-headLines):]) {
		for _, mark := range internalMarks {
			if s := squeeze(b.text()); strings.Contains(s, mark) && utf8.RuneCountInString(s) <= 40 {
				n := Note{Level: Check, Message: "文中写着“" + mark + "”，请确认可以对外公开。", At: "“" + shorten(s, 18) + "”"}
				if !slices.Contains(*found, n) {
					*found = append(*found, n)
				}
			}
		}
	}
}
