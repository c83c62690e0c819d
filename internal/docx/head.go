package docx

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// official is the pass that finds the parts of a 公文 (GB/T 9704) in blocks. It
// takes the letter head and the title out; all else stays where it is.
type official struct {
	blocks   []*block
	doc      *Document
	g        *gathered
	bodySize int
	first    int // where the text begins, behind title and letter head
	end      int // where the attachments begin
}

func arrange(blocks []*block, d *Document, g *gathered, fragment bool) []*block {
	kept := blocks[:0]
	for _, b := range blocks {
		b.trim()
		if !b.empty() {
			kept = append(kept, b)
		}
	}
	o := &official{blocks: kept, doc: d, g: g}
	o.bodySize = o.commonSize()
	if !fragment {
		o.head()
		o.addressee()
	}
	if !fragment {
		o.tail()
	}
	o.attachmentNote()
	o.captions()
	o.lists()
	o.headings()
	o.attachments()
	o.tell(fragment)
	return o.blocks
}

// commonSize is the size of most of the text.
func (o *official) commonSize() int {
	sizes := map[int]int{}
	for _, b := range o.blocks {
		sizes[b.size] += utf8.RuneCountInString(b.text())
	}
	best := 0
	for s, n := range sizes {
		if n > sizes[best] || n == sizes[best] && s > best {
			best = s
		}
	}
	return best
}

// docNo is a 发文字号: 示例司发〔2026〕12号, with brackets of any kind.
var docNo = regexp.MustCompile(`^(\p{Han}{1,20}?)[〔\[［【（(﹝]((?:19|20)\d{2})[〕\]］】）)﹞]第?(\d{1,5})号(?:签发人[:：](.{2,30}))?$`)

// headLines is how far down the head of a document may reach.
const headLines = 14

// head finds the letter head, the number and the title, and takes the letter
// head and the title out of the text.
func (o *official) head() {
	at := -1
	for i, b := range o.top() {
		if m := docNo.FindStringSubmatch(squeeze(b.text())); m != nil && b.table == nil {
			o.doc.DocNo = m[1] + "〔" + m[2] + "〕" + m[3] + "号"
			at = i
			break
		}
	}
	if at < 0 {
		o.title(0)
		return
	}
	number := &block{spans: []span{{text: o.doc.DocNo}}}
	if from, to, ok := o.titleIn(0, at); ok && !o.isRedHead(o.blocks[from:at]) {
		o.takeTitle(from, to)
		rest := append([]*block{number}, o.blocks[at+1:]...)
		o.blocks, o.first = append(slices.Clone(o.blocks[:from]), rest...), from+1
		return
	}
	o.letterHead(o.blocks[:at])
	o.blocks = append([]*block{number}, o.blocks[at+1:]...)
	for len(o.blocks) > 1 && (o.blocks[1].rule || signOff.MatchString(squeeze(o.blocks[1].text()))) {
		o.blocks = slices.Delete(o.blocks, 1, 2)
	}
	o.first = 1
	o.title(1)
}

var signOff = regexp.MustCompile(`^签发人[:：]`)

func (o *official) top() []*block { return o.blocks[:min(len(o.blocks), headLines)] }

// isRedHead reports that what stands above the number is a letter head.
func (o *official) isRedHead(above []*block) bool {
	for _, b := range above {
		if b.red || strings.HasSuffix(squeeze(b.text()), "文件") {
			return true
		}
	}
	return false
}

var (
	copyNo = regexp.MustCompile(`^\d{6}$`)
	urgent = regexp.MustCompile(`^(?:特急|加急|平急|特提)$`)
)

// letterHead reads 发文机关标志 and drops it with all that stands around it.
func (o *official) letterHead(above []*block) {
	var names []string
	for _, b := range above {
		s := squeeze(b.text())
		if s == "" || b.table != nil || copyNo.MatchString(s) || urgent.MatchString(s) || signOff.MatchString(s) {
			continue
		}
		parts := strings.FieldsFunc(strings.TrimSuffix(strings.TrimFunc(b.text(), blank), "文件"), blank)
		if len(parts) > 1 && !slices.ContainsFunc(parts, func(p string) bool { return !bodies.MatchString(p) }) {
			s = strings.Join(parts, "、")
		}
		names = append(names, s)
	}
	o.doc.Issuer = strings.TrimSuffix(strings.Join(names, ""), "文件")
	if utf8.RuneCountInString(o.doc.Issuer) > 60 {
		o.doc.Issuer = ""
	}
	if len(names) > 0 {
		o.g.said = append(o.g.said, Note{Level: Dropped, Message: "红头“" + shorten(strings.Join(names, ""), 40) + "”没有放进正文，只用来填写来源。"})
	}
}

// title looks for the title from a block on.
func (o *official) title(from int) {
	start, end, ok := o.titleIn(from, min(len(o.blocks), from+4))
	if !ok {
		return
	}
	o.takeTitle(start, end)
	o.blocks = slices.Delete(o.blocks, start, end)
	o.first = start
}

// titleIn finds the lines of the title between two blocks.
func (o *official) titleIn(from, to int) (start, end int, ok bool) {
	for i := from; i < to; i++ {
		b := o.blocks[i]
		if b.table != nil {
			return 0, 0, false
		}
		if !o.isTitle(i, from) {
			if !b.onlyPictures() && !b.rule && !isCaption(b.text()) {
				return 0, 0, false
			}
			continue
		}
		for end = i + 1; end < to+4 && end < len(o.blocks) && o.goesOn(i, end); end++ {
		}
		return i, end, true
	}
	return 0, 0, false
}

// genres are the last words of titles, GB/T 9704 and the usual ones besides.
var genres = regexp.MustCompile(`(?:通知|函|复函|纪要|方案|报告|意见|办法|规定|公告|通告|通报|决定|决议|命令|请示|批复|议案|公报|细则|总结|要点|计划|规划|制度|须知|指南|说明|倡议书|公开信|名单|简报|章程|条例|规则|预案|手册|问答|解读|清单|活动|启事|声明|致辞|讲话)(?:[（(][^）)]{1,20}[）)])?$`)

const maxTitleRunes = 100

func (o *official) isTitle(i, from int) bool {
	b := o.blocks[i]
	text := squeeze(b.text())
	n := utf8.RuneCountInString(text)
	if n < 2 || n > maxTitleRunes || isCaption(text) || dateOf(text) != "" || docNo.MatchString(text) {
		return false
	}
	if b.title {
		return true
	}
	if b.num != nil || strings.ContainsAny(text[len(text)-1:], ".;:,") || strings.HasSuffix(text, "。") || strings.HasSuffix(text, "：") || strings.HasSuffix(text, "；") || strings.HasSuffix(text, "，") {
		return false
	}
	if k := b.marked().kind; k != noMarker {
		return false
	}
	switch {
	case b.align == "center":
		return b.size > o.bodySize || b.bold() || b.size == 0 || b.outline > 0 || genres.MatchString(text) || b.size >= 36
	case b.outline == 1:
		return o.soleHeading(b)
	}
	return i == from && n <= 60 && genres.MatchString(text) && len(o.blocks) > i+1
}

// soleHeading reports a heading of the first level that has no equal.
func (o *official) soleHeading(b *block) bool {
	for _, other := range o.blocks {
		if other != b && other.outline == 1 {
			return false
		}
	}
	return true
}

// isCaption reports a line in brackets, as stands below a title: 题注.
func isCaption(text string) bool {
	s := squeeze(text)
	return (strings.HasPrefix(s, "（") || strings.HasPrefix(s, "(")) && (strings.HasSuffix(s, "）") || strings.HasSuffix(s, ")"))
}

// goesOn reports that a block is a further line of the title that begins at i.
func (o *official) goesOn(i, next int) bool {
	a, b, before := o.blocks[i], o.blocks[next], o.blocks[next-1]
	text := squeeze(b.text())
	if b.table != nil || text == "" || isCaption(text) || dateOf(text) != "" || docNo.MatchString(text) || b.onlyPictures() {
		return false
	}
	if strings.HasPrefix(text, "—") && (b.align == a.align || b.title) {
		return true // 副标题
	}
	if b.marked().kind != noMarker || strings.HasSuffix(text, "：") || strings.HasSuffix(text, "。") || genres.MatchString(squeeze(before.text())) {
		return false
	}
	return b.align == a.align && b.size == a.size && b.title == a.title && (a.title || a.align == "center") && b.outline == a.outline
}

func (o *official) takeTitle(from, to int) {
	var lines []string
	for _, b := range o.blocks[from:to] {
		for _, line := range strings.Split(b.text(), "\n") {
			if line = spread(line); line != "" {
				lines = append(lines, line)
			}
		}
		for _, s := range b.spans {
			if s.kind == noteRef {
				o.g.say(Check, "标题上的注释没有导入，请放到正文里。")
			}
		}
	}
	title := lines[0]
	for _, line := range lines[1:] {
		if a, _ := utf8.DecodeLastRuneInString(title); a < 0x80 && line[0] < 0x80 {
			title += " "
		}
		title += line
	}
	o.doc.Title = title
	if utf8.RuneCountInString(title) > maxTitleRunes {
		o.doc.Title = string([]rune(title)[:maxTitleRunes])
		o.g.say(Check, "标题超过 100 个字，后面的没有放进去，请改短。")
	}
}

// spread undoes what is spread with blanks, 通　　知, and keeps the spaces
// between words of other scripts.
func spread(line string) string {
	words := strings.FieldsFunc(line, blank)
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			last, _ := utf8.DecodeLastRuneInString(words[i-1])
			next, _ := utf8.DecodeRuneInString(w)
			if last < 0x80 || next < 0x80 {
				b.WriteByte(' ')
			}
		}
		b.WriteString(w)
	}
	return b.String()
}

// bold reports that all of a block's text is.
func (b *block) bold() bool {
	some := false
	for _, s := range b.spans {
		if s.kind == words && strings.TrimFunc(s.text, blank) != "" {
			if !s.look.bold {
				return false
			}
			some = true
		}
	}
	return some
}

// addressee finds 主送机关: the first paragraph below the title, if it ends
// with a colon and is no sentence.
func (o *official) addressee() {
	if o.doc.Title == "" && o.doc.DocNo == "" {
		return
	}
	for i := o.first; i < len(o.blocks) && i < o.first+3; i++ {
		b := o.blocks[i]
		text := strings.TrimFunc(b.text(), blank)
		if b.table == nil && (isCaption(text) || dateOf(text) != "") {
			continue
		}
		name, ok := strings.CutSuffix(strings.TrimSuffix(text, ":"), "：")
		if !ok {
			name, ok = strings.CutSuffix(text, ":")
		}
		if !ok || b.table != nil || b.align == "center" || b.marked().kind != noMarker || strings.ContainsAny(name, "。；！？\n") || utf8.RuneCountInString(name) > 200 || utf8.RuneCountInString(name) < 2 {
			return
		}
		if strings.ContainsAny(name, "：:") || strings.HasSuffix(name, "如下") || strings.HasSuffix(name, "通知") || strings.HasSuffix(name, "公告") {
			return // 现将有关事项通知如下：
		}
		o.doc.To = spread(name)
		return
	}
}

var secrecy = regexp.MustCompile(`^(?:绝密|机密|秘密)(?:[★☆*＊].{0,10}|\d{1,2}[年月].{0,6})?$`)

// secret refuses what bears a mark of secrecy in its head.
func secret(blocks []*block) error {
	seen := 0
	for _, b := range blocks {
		if text := squeeze(b.text()); text != "" {
			if seen++; secrecy.MatchString(text) {
				return refuse(Secret, "document is marked as secret")
			}
		}
		if seen > headLines {
			break
		}
	}
	return nil
}
