package markdown

import (
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
)

// elements are those stored HTML may hold: text, lists, tables, pictures and
// quiet containers. No form, no frame, no media player, nothing that loads
// or runs on its own.
const elements = "h1 h2 h3 h4 h5 h6 p br hr div section blockquote pre ul ol li dl dt dd figure figcaption img " +
	"table caption thead tbody tfoot tr th td details summary " +
	"a abbr b strong i em u s del ins mark small sub sup code kbd samp var q cite dfn time span ruby rt rp wbr"

// allowed is the same list for the first gate, see rawHTMLRenderer.
var allowed = atoms(elements)

var (
	// classNames are the classes of the site's style sheet that content may wear.
	classNames = regexp.MustCompile(`^(?:answer|label|note (?:due|proof|tip|warn)|cite|nw|num|center|stack|scroll|steps|kv|lawquote|howto|contact|attach|small(?: muted)?|muted|box|tasks|footnotes|footnote-ref|footnote-backref|language-[\w+#.-]+)$`)
	// anchors are ids that no style, script or form of a page can mean:
	// either they hold a letter beyond ASCII, or they bear one of our prefixes.
	anchors = regexp.MustCompile(`^(?:s-[\pL\pN-]+|fn:\d+|fnref\d*:\d+|[\pL\pN-]*[^\x00-\x7f][\pL\pN-]*)$`)
	roles   = regexp.MustCompile(`^(?:doc-(?:noteref|backlink|endnotes)|group|img|note)$`)
	number  = regexp.MustCompile(`^\d{1,5}$`)
	date    = regexp.MustCompile(`^[\d:T+Z. -]{1,35}$`)
	word    = regexp.MustCompile(`^[a-z]{1,12}$`)
	zero    = regexp.MustCompile(`^0$`)
	srcset  = regexp.MustCompile(`^/[^\s,"'<>]* \d+w(?:, /[^\s,"'<>]* \d+w)*$`)
	lang    = regexp.MustCompile(`^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$`)
)

// newPolicy is the second gate: every byte of a document passes it, also what
// we wrote ourselves.
func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(strings.Fields(elements)...)

	p.AllowAttrs("class").Matching(classNames).Globally()
	p.AllowAttrs("id").Matching(anchors).Globally()
	p.AllowAttrs("role").Matching(roles).Globally()
	p.AllowAttrs("lang").Matching(lang).Globally()
	p.AllowAttrs("title", "aria-label").Globally()
	p.AllowAttrs("aria-hidden").Matching(regexp.MustCompile(`^true$`)).Globally()

	p.AllowAttrs("tabindex").Matching(zero).OnElements("div", "pre") // scrolling boxes
	p.AllowAttrs("start", "value").Matching(number).OnElements("ol", "li")
	p.AllowAttrs("reversed").OnElements("ol")
	p.AllowAttrs("open").OnElements("details")
	p.AllowAttrs("datetime").Matching(date).OnElements("time", "del", "ins")

	p.AllowAttrs("colspan", "rowspan").Matching(number).OnElements("th", "td")
	p.AllowAttrs("scope", "align").Matching(word).OnElements("th", "td")
	p.AllowAttrs("data-t").OnElements("td")

	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowAttrs("width", "height").Matching(number).OnElements("img")
	p.AllowAttrs("srcset").Matching(srcset).OnElements("img")
	p.AllowAttrs("sizes").OnElements("img")
	p.AllowAttrs("loading", "decoding").Matching(word).OnElements("img")

	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("http", "https", "mailto", "tel", "sms")
	p.RequireNoFollowOnLinks(false)
	return p
}
