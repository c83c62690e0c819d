package law

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxFile bounds a law file. 民法典 as a whole has 0.4 MB.
const maxFile = 10 << 20

const infoEnd = "<!-- INFO END -->"

// Version is one dated text of a law.
type Version struct {
	Title    string // with 中华人民共和国 where the law has it
	Book     string // 编 when the file holds only one book of a law; else ""
	Date     string // 2006-01-02, the day this text was made: what tells versions apart
	InForce  string // 2006-01-02, the day it came into force; "" when nobody says
	Info     []Info
	Articles []Article
}

// Info is a line of a law's history: passed, amended, announced, in force.
type Info struct {
	Date string `json:"date"` // 2006-01-02; "" in lines without one
	Text string `json:"text"`
}

// FileError is a law file that cannot be imported. Line counts from 1; it is 0
// when the file as a whole is at fault.
type FileError struct {
	Name   string
	Line   int
	Reason string // Chinese, for the person who brought the file
}

func (e *FileError) Error() string {
	if e.Line == 0 {
		return e.Name + ": " + e.Reason
	}
	return fmt.Sprintf("%s:%d: %s", e.Name, e.Line, e.Reason)
}

// ParseFile reads a law file. The name tells the version's date,
// 劳动合同法(2012-12-28).md; without one the newest date of the history counts.
// The error is always a *FileError.
func ParseFile(name string, src []byte) (Version, error) {
	p := parser{name: name}
	if err := p.split(src); err != nil {
		return Version{}, err
	}
	body, err := p.head()
	if err != nil {
		return Version{}, err
	}
	if err := p.dates(); err != nil {
		return Version{}, err
	}
	p.style = styleOf(p.lines[body:])
	for i := body; i < len(p.lines); i++ {
		if err := p.line(i); err != nil {
			return Version{}, err
		}
	}
	p.open(nil, 0)
	if len(p.v.Articles) == 0 {
		return Version{}, p.fail(len(p.lines)-1, "“%s”之后没有正文", infoEnd)
	}
	p.finish()
	return p.v, nil
}

// parser is the state of one ParseFile.
type parser struct {
	name  string
	lines []string // without the white space around them
	v     Version
	style style

	heads    []heading // open headings, outermost first
	path     []string  // their titles
	fresh    bool      // nothing stands beneath the innermost one yet
	annex    bool      // in 附录 or 附件: numbers there are not the law's
	last     [2]int    // number and sub of the last numbered article
	lastLine int
}

type heading struct {
	title string
	level int // number of #
	rank  int // 编 章 节; 0 when the words do not say
}

func (p *parser) fail(line int, format string, args ...any) error {
	return &FileError{Name: p.name, Line: line + 1, Reason: fmt.Sprintf(format, args...)}
}

// split makes lines, trimmed of all white space and of zero-width characters,
// which some files hold in otherwise empty lines.
func (p *parser) split(src []byte) error {
	if len(src) > maxFile {
		return p.fail(0, "文件超过 %d MB", maxFile>>20)
	}
	text := strings.TrimPrefix(string(src), "\ufeff")
	p.lines = strings.Split(text, "\n")
	for i, l := range p.lines {
		if !utf8.ValidString(l) {
			return p.fail(i, "不是 UTF-8 编码，请另存为 UTF-8 后再导入")
		}
		if strings.ContainsRune(l, 0) {
			return p.fail(i, "含有空字符，不是文本文件")
		}
		p.lines[i] = strings.TrimFunc(l, isBlank)
	}
	return nil
}

// head reads title and history, and returns the first line of the body.
func (p *parser) head() (int, error) {
	for i, l := range p.lines {
		title, isTitle := cutHeading(l, 1)
		switch {
		case l == "":
		case isInfoEnd(l):
			if p.v.Title == "" {
				return 0, p.fail(i, "缺少标题：第一行应为“# 法规名称”")
			}
			return i + 1, nil
		case isTitle && title != "" && p.v.Title == "":
			p.v.Title = strings.Join(strings.FieldsFunc(title, isBlank), " ")
		case isTitle && title != "" && p.v.Book == "":
			p.v.Book = squeeze(title)
		case p.v.Title == "":
			return 0, p.fail(i, "缺少标题：第一行应为“# 法规名称”")
		default:
			p.v.Info = append(p.v.Info, parseInfo(l))
		}
	}
	return 0, p.fail(len(p.lines)-1, "缺少“%s”一行，分不清沿革与正文", infoEnd)
}

// dates settles which version this is.
func (p *parser) dates() error {
	p.v.Date = nameDate(p.name)
	for _, in := range p.v.Info {
		switch {
		case in.Date == "":
		case isForceLine(in.Text):
			p.v.InForce = in.Date
		case nameDate(p.name) == "" && in.Date > p.v.Date:
			p.v.Date = in.Date
		}
	}
	if p.v.Date == "" {
		p.v.Date = p.v.InForce
	}
	if p.v.Date == "" {
		return p.fail(0, "找不到版本日期：文件名应如“劳动法(2018-12-29).md”，或在沿革中写明通过日期")
	}
	return nil
}

// line takes one line of the body.
func (p *parser) line(i int) error {
	l := p.lines[i]
	if l == "" || strings.HasPrefix(l, "<!--") && strings.HasSuffix(l, "-->") {
		return nil
	}
	if level := headingLevel(l); level > 0 {
		return p.heading(i, l, level)
	}
	if p.numbered() && isAnnex(l) {
		p.startAnnex(l)
		return nil
	}
	if p.annex {
		p.paragraph(l)
		return nil
	}
	a, ok, bad := p.style.article(l, p.last)
	switch {
	case bad != "":
		return p.fail(i, "“%s”不是能识别的条号", bad)
	case ok:
		return p.article(i, a)
	}
	p.paragraph(l)
	return nil
}

// heading opens a heading and closes those it ends.
func (p *parser) heading(i int, l string, level int) error {
	title := squeeze(l[level:])
	switch {
	case title == "":
		return nil
	case p.numbered() && isAnnex(title):
		p.startAnnex(title)
		return nil
	case p.style == byHeading && !p.annex:
		if a, ok := p.style.item(title, p.last); ok {
			p.open(nil, 0)
			p.fresh = false
			a.Heading, a.Paragraphs = a.Text(), nil
			return p.article(i, a)
		}
	}
	h := heading{title: title, level: level, rank: rankOf(title)}
	keep := 0
	for keep < len(p.heads) && p.heads[keep].above(h) {
		keep++
	}
	p.open(append(p.heads[:keep:keep], h), keep)
	return nil
}

// open replaces the open headings; the first keep of them stay. A heading that
// ends with nothing beneath it becomes a passage without paragraphs, so that
// the law's contents stay whole.
func (p *parser) open(heads []heading, keep int) {
	if p.fresh && keep < len(p.heads) {
		p.passage("")
	}
	p.heads, p.fresh = heads, true
	p.path = make([]string, len(heads))
	for i, h := range heads {
		p.path[i] = h.title
	}
}

// above reports whether h stays open when next begins.
func (h heading) above(next heading) bool {
	if h.rank > 0 && next.rank > 0 {
		return h.rank < next.rank
	}
	return h.level < next.level
}

// startAnnex ends the articles: an annex counts anew, and its numbers have no
// address.
func (p *parser) startAnnex(title string) {
	p.open(nil, 0)
	p.annex = true
	p.passage(title)
}

// article adds a numbered article. Numbers rise; a number that comes again
// would give two articles one address.
func (p *parser) article(i int, a Article) error {
	now := [2]int{a.Number, a.Sub}
	if now == p.last {
		return p.fail(i, "%s重复，上一次在第 %d 行", a.Label, p.lastLine+1)
	}
	if p.numbered() && (now[0] < p.last[0] || now[0] == p.last[0] && now[1] < p.last[1]) {
		return p.fail(i, "%s排在%s之后，条号颠倒或重复", a.Label, FormatArticle(p.last[0], p.last[1]))
	}
	p.last, p.lastLine, p.fresh = now, i, false
	a.Path = p.path
	p.v.Articles = append(p.v.Articles, a)
	return nil
}

// passage begins a run of text that belongs to no article.
func (p *parser) passage(label string) {
	p.v.Articles = append(p.v.Articles, Article{Label: label, Path: p.path})
	p.fresh = false
}

// paragraph adds text to what is open.
func (p *parser) paragraph(l string) {
	if p.fresh || len(p.v.Articles) == 0 {
		p.passage("")
	}
	a := &p.v.Articles[len(p.v.Articles)-1]
	a.Paragraphs = append(a.Paragraphs, strings.TrimLeft(strings.TrimPrefix(l, "- "), " "))
}

func (p *parser) numbered() bool { return p.last != [2]int{} }

// finish fills in what only the whole tells.
func (p *parser) finish() {
	for i := range p.v.Articles {
		p.v.Articles[i].Position = i
		p.v.Articles[i].Book = p.v.Book
	}
	p.v.InForce = inForce(p.v)
}
