package law

import (
	"strconv"
	"strings"
)

// Article is one 条 of a version, or, with Number 0, a passage without a
// number: a preamble, the words under a heading, an annex.
type Article struct {
	Number     int      // 38 in 第三十八条之一; 0 for a passage without a number
	Sub        int      // 1 in 第三十八条之一; 0 in most articles
	Label      string   // as statutes print it: 第三十八条之一, 一、 in texts without 条, 附录
	Heading    string   // the few articles with a title of their own
	Book       string   // 编 that came as a file of its own (民法典); else ""
	Path       []string // headings above it, outermost first: 第四章 劳动合同的解除和终止
	Paragraphs []string // 款, and 项 each on its own: see IsItem
	Position   int      // order in the version, from 0
}

// Text is all paragraphs, one a line.
func (a Article) Text() string { return strings.Join(a.Paragraphs, "\n") }

// ID is the article's part of an address: 38, 38-1; "" without a number.
func (a Article) ID() string { return ArticleID(a.Number, a.Sub) }

// FormatArticle writes 第三十八条 or 第三十八条之一.
func FormatArticle(number, sub int) string {
	n := FormatNumeral(number)
	if n == "" {
		return ""
	}
	if s := FormatNumeral(sub); s != "" {
		return "第" + n + "条之" + s
	}
	return "第" + n + "条"
}

// ArticleID writes the last part of an article's address: 38 or 38-1.
func ArticleID(number, sub int) string {
	switch {
	case number < 1:
		return ""
	case sub > 0:
		return strconv.Itoa(number) + "-" + strconv.Itoa(sub)
	}
	return strconv.Itoa(number)
}

// ParseArticleID reads 38 or 38-1 back. It refuses every other spelling (038,
// 38-0), so that an article has one address.
func ParseArticleID(id string) (number, sub int, ok bool) {
	head, tail, dashed := strings.Cut(id, "-")
	number, err := strconv.Atoi(head)
	if err != nil || number < 1 || number > maxNumeral {
		return 0, 0, false
	}
	if dashed {
		if sub, err = strconv.Atoi(tail); err != nil || sub < 1 || sub > maxNumeral {
			return 0, 0, false
		}
	}
	return number, sub, ArticleID(number, sub) == id
}

// lawsPath is where law pages live, below the base path.
const lawsPath = "/laws/"

// LawPath is the root-relative address of a law.
func LawPath(slug string) string { return lawsPath + slug }

// ArticlePath is the root-relative address of an article: /laws/ldht/38,
// /laws/x/38-1.
func ArticlePath(slug string, number, sub int) string {
	return lawsPath + slug + "/" + ArticleID(number, sub)
}

// ParseArticlePath reads ArticlePath back.
func ParseArticlePath(path string) (slug string, number, sub int, ok bool) {
	rest, found := strings.CutPrefix(path, lawsPath)
	slug, id, cut := strings.Cut(rest, "/")
	if !found || !cut || slug == "" {
		return "", 0, 0, false
	}
	number, sub, ok = ParseArticleID(id)
	return slug, number, sub, ok
}

// IsItem reports whether a paragraph is a 项, （一）…, and so belongs to the 款
// above it.
func IsItem(paragraph string) bool {
	rest, ok := strings.CutPrefix(paragraph, "（")
	if !ok {
		if rest, ok = strings.CutPrefix(paragraph, "("); !ok {
			return false
		}
	}
	_, size := ScanNumeral(rest)
	rest = rest[size:]
	return size > 0 && (strings.HasPrefix(rest, "）") || strings.HasPrefix(rest, ")"))
}
