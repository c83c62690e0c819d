package markdown

import (
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// hanEmphasis makes *, ** and ~~ work in Chinese.
//
// CommonMark lets a delimiter open or close only where spaces or punctuation
// say so. Chinese has no spaces, and its words touch full-width punctuation,
// so `**《劳动合同法》**第三十九条` keeps its asterisks: 》 stands before the
// closing ** and a letter after it. Here full-width punctuation counts as a
// letter, and a Chinese neighbour counts as a space when the other side is
// punctuation. Nothing changes where neither neighbour is Chinese, which is
// why the CommonMark examples keep passing.
type hanEmphasis struct{}

func (hanEmphasis) Extend(m goldmark.Markdown) {
	// Ahead of goldmark's own parsers, which stand at 500.
	m.Parser().AddOptions(parser.WithInlineParsers(
		util.Prioritized(&delimiterParser{chars: []byte{'*', '_'}, longest: 1 << 30, onMatch: func(n int) ast.Node { return ast.NewEmphasis(n) }}, 450),
		util.Prioritized(&delimiterParser{chars: []byte{'~'}, longest: 2, onMatch: func(int) ast.Node { return extast.NewStrikethrough() }}, 450),
	))
	m.Renderer().AddOptions(renderer.WithNodeRenderers(
		util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
	))
}

// maxDelimiters is how many runs of * _ or ~ one block may keep waiting for
// their partner; more stay plain text. goldmark looks back over all of them
// for each closer, so without a bound `*a **b ` repeated takes minutes.
const maxDelimiters = 1000

// pendingKey holds the *pending count of the block being read.
var pendingKey = parser.NewContextKey()

type pending struct {
	block ast.Node
	n     int
}

// delimiterParser is goldmark's delimiter parser with the Chinese rules. It
// is its own DelimiterProcessor.
type delimiterParser struct {
	chars   []byte
	longest int // a longer run is plain text, as ~~~ is
	onMatch func(consumes int) ast.Node
}

func (p *delimiterParser) Trigger() []byte { return p.chars }

func (p *delimiterParser) IsDelimiter(b byte) bool {
	return b == p.chars[0] || b == p.chars[len(p.chars)-1]
}

func (p *delimiterParser) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

func (p *delimiterParser) OnMatch(consumes int) ast.Node { return p.onMatch(consumes) }

func (p *delimiterParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	d := parser.ScanDelimiter(line, before, 1, p)
	if d == nil || d.OriginalLength > p.longest || (d.Char == '~' && before == '~') || tooMany(parent, pc) {
		return nil
	}
	after := rune(' ')
	if d.OriginalLength < len(line) {
		after = util.ToRune(line, d.OriginalLength)
	}
	widen(d, before, after)
	d.Segment = segment.WithStop(segment.Start + d.OriginalLength)
	block.Advance(d.OriginalLength)
	pc.PushDelimiter(d)
	return d
}

func tooMany(block ast.Node, pc parser.Context) bool {
	p, ok := pc.Get(pendingKey).(*pending)
	if !ok || p.block != block {
		p = &pending{block: block}
		pc.Set(pendingKey, p)
	}
	p.n++
	return p.n > maxDelimiters
}

// Nobody's bold text begins with a comma or ends with an opening bracket. To
// know that keeps 张**、李**、王** as it is: names are masked so in notices.
const (
	ends   = "，。、；：！？）》〉」』】〕”’％"
	begins = "（《〈「『【〔“‘"
)

// widen decides again whether d may open or close, when a neighbour is Chinese.
func widen(d *parser.Delimiter, before, after rune) {
	if !isChinese(before) && !isChinese(after) {
		return
	}
	beforeSpace, afterSpace := util.IsSpaceRune(before), util.IsSpaceRune(after)
	beforePunct := util.IsPunctRune(before) && !isChinese(before)
	afterPunct := util.IsPunctRune(after) && !isChinese(after)
	left := !afterSpace && (!afterPunct || beforeSpace || beforePunct || isChinese(before)) && !strings.ContainsRune(ends, after)
	right := !beforeSpace && (!beforePunct || afterSpace || afterPunct || isChinese(after)) && !strings.ContainsRune(begins, before)
	if d.Char == '_' { // _ never opens inside a word, so file_name_ stays as it is
		d.CanOpen = d.CanOpen || left && (!right || util.IsPunctRune(before))
		d.CanClose = d.CanClose || right && (!left || util.IsPunctRune(after))
		return
	}
	d.CanOpen, d.CanClose = d.CanOpen || left, d.CanClose || right
}

// chinese are the scripts and full-width signs written without spaces.
var chinese = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo, {
	R16: []unicode.Range16{
		{Lo: 0x2E80, Hi: 0x2FDF, Stride: 1}, // radicals
		{Lo: 0x3001, Hi: 0x33FF, Stride: 1}, // 、。〈《「【〔, enclosed and squared; not the space U+3000
		{Lo: 0xFE10, Hi: 0xFE1F, Stride: 1}, // vertical forms
		{Lo: 0xFE30, Hi: 0xFE4F, Stride: 1}, // compatibility forms
		{Lo: 0xFF01, Hi: 0xFF60, Stride: 1}, // full-width forms
		{Lo: 0xFFE0, Hi: 0xFFE6, Stride: 1}, // ￥ and its kin
	},
}, {
	// Signs Chinese shares with the West: “” ‘’ — … ·
	R16: []unicode.Range16{
		{Lo: 0x00B7, Hi: 0x00B7, Stride: 1},
		{Lo: 0x2014, Hi: 0x2015, Stride: 1},
		{Lo: 0x2018, Hi: 0x201D, Stride: 1},
		{Lo: 0x2026, Hi: 0x2026, Stride: 1},
	},
	LatinOffset: 1,
}}

func isChinese(r rune) bool { return r >= 0xB7 && unicode.IsOneOf(chinese, r) }
