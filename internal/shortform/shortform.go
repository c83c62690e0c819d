// Package shortform makes short texts of a page: for a microblog and for a board of
// lights. Both count what their readers count.
package shortform

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/songfa/songfa/internal/errs"
)

const (
	// WeiboMost is what a post of Weibo holds, in Chinese characters; two letters
	// or digits count as one.
	WeiboMost = 140
	// BoardLine is what a line of a board of lights holds, in Chinese characters.
	BoardLine = 20
	// weiboLink is what Weibo counts for any address: it shows a short one.
	weiboLink = 10
)

// Width counts a text in Chinese characters; ASCII counts half. It is rounded up.
func Width(s string) int {
	half := 0
	for _, r := range s {
		half += halves(r)
	}
	return (half + 1) / 2
}

func halves(r rune) int {
	if r < utf8.RuneSelf {
		return 1
	}
	return 2
}

// Weibo makes a post of a title, what there is to say and the address of the
// page. What does not fit is cut at the end of a sentence where there is one.
func Weibo(title, text, address string) string {
	head := "【" + strings.TrimSpace(title) + "】"
	if w := Width(head); w > WeiboMost-weiboLink-2 {
		head = "【" + cut(strings.TrimSpace(title), WeiboMost-weiboLink-4) + "】"
	}
	body := cut(strings.Join(strings.Fields(text), " "), WeiboMost-weiboLink-1-Width(head))
	return head + body + " " + address
}

// WeiboWidth is what Weibo counts of a post that ends with the address.
func WeiboWidth(post, address string) int {
	if rest, ok := strings.CutSuffix(post, address); ok {
		return Width(rest) + weiboLink
	}
	return Width(post)
}

// cut shortens a text to a width: after the last sentence that fits, if that
// keeps half of it, else with … .
func cut(s string, most int) string {
	if Width(s) <= most {
		return s
	}
	half, end, sentence := 0, 0, 0
	for i, r := range s {
		half += halves(r)
		if half > 2*most-2 { // … needs room
			break
		}
		end = i + utf8.RuneLen(r)
		if strings.ContainsRune("。！？；", r) {
			sentence = end
		}
	}
	if sentence > end/2 {
		return s[:sentence]
	}
	return strings.TrimRight(s[:end], " ，、：") + "…"
}

// noStart may not begin a line (GB/T 15834): what closes belongs to what it closes.
const noStart = "，。、；：！？）》」』”’％…"

// Board cuts texts into lines for a board of lights. A line ends after a mark where
// it can, never before one that may not begin a line, and never within a number.
func Board(texts ...string) []string {
	var lines []string
	for _, text := range texts {
		for part := range strings.SplitSeq(text, "\n") {
			lines = append(lines, boardLines([]rune(strings.Join(strings.Fields(part), " ")))...)
		}
	}
	return lines
}

func boardLines(text []rune) (lines []string) {
	for len(text) > 0 {
		n := fits(text)
		if n < len(text) {
			n = breakAt(text, n)
		}
		lines = append(lines, strings.TrimSpace(string(text[:n])))
		text = []rune(strings.TrimLeft(string(text[n:]), " "))
	}
	return lines
}

// fits is how many characters fit into a line.
func fits(text []rune) int {
	half := 0
	for i, r := range text {
		if half += halves(r); half > 2*BoardLine {
			return i
		}
	}
	return len(text)
}

// breakAt is where a line of at most n characters ends best.
func breakAt(text []rune, n int) int {
	for i := n; i > n*3/5; i-- {
		if strings.ContainsRune("，。；！？、：）", text[i-1]) && !strings.ContainsRune(noStart, text[i]) {
			return i
		}
	}
	for i := n; i > 1; i-- {
		within := isWord(text[i-1]) && isWord(text[i])
		if !within && !strings.ContainsRune(noStart, text[i]) && !strings.ContainsRune("（《「『“‘", text[i-1]) {
			return i
		}
	}
	return n
}

func isWord(r rune) bool { return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// GBK writes lines as old boards read them: GBK, CR LF. A character that GBK has
// not is an Invalid error that names it.
func GBK(lines []string) ([]byte, error) {
	text := strings.Join(lines, "\r\n") + "\r\n"
	out, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(text))
	if err == nil {
		return out, nil
	}
	one := simplifiedchinese.GBK.NewEncoder()
	for _, r := range text {
		if _, err := one.String(string(r)); err != nil {
			return nil, errs.New(errs.Invalid, "“"+string(r)+"”这个字 GBK 编码里没有。请换个字，或者下载 UTF-8 的文件。", "character %U: %w", r, err)
		}
		one = simplifiedchinese.GBK.NewEncoder()
	}
	return nil, errs.New(errs.Invalid, "有字写不成 GBK，请下载 UTF-8 的文件。", "%w", err)
}
