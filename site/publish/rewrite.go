package publish

import (
	"bytes"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// linkIn lists the attributes that hold an address, by element.
var linkIn = map[atom.Atom][]string{
	atom.A: {"href"}, atom.Area: {"href"}, atom.Link: {"href"}, atom.Img: {"src", "srcset"}, atom.Source: {"src", "srcset"},
	atom.Script: {"src"}, atom.Video: {"src", "poster"}, atom.Audio: {"src"}, atom.Form: {"action"}, atom.Iframe: {"src"},
}

// rewriter changes the addresses of one page.
type rewriter struct {
	// link gives the address as it stands in the file; false takes it away.
	link func(address string) (string, bool)
	// whole gives the public address of a whole address of this site.
	whole func(address string) string
}

// html copies a page and changes only tags that hold an address.
func (w rewriter) html(body []byte) ([]byte, error) {
	var out bytes.Buffer
	out.Grow(len(body) + len(body)/8)
	z := html.NewTokenizer(bytes.NewReader(body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out.Bytes(), endOf(z)
		case html.StartTagToken, html.SelfClosingTagToken:
			raw := bytes.Clone(z.Raw())
			t := z.Token()
			if w.tag(&t) {
				out.WriteString(t.String())
			} else {
				out.Write(raw)
			}
		default:
			out.Write(z.Raw())
		}
	}
}

// tag changes a tag and reports whether it did.
func (w rewriter) tag(t *html.Token) (changed bool) {
	if t.DataAtom == atom.Meta {
		return w.meta(t)
	}
	for _, name := range linkIn[t.DataAtom] {
		for i := 0; i < len(t.Attr); i++ {
			a := &t.Attr[i]
			if a.Key != name {
				continue
			}
			old := a.Val
			switch {
			case isCanonical(t):
				a.Val = w.whole(a.Val)
			case name == "srcset":
				a.Val = w.set(a.Val)
			default:
				to, ok := w.link(a.Val)
				if !ok {
					t.Attr = append(t.Attr[:i], t.Attr[i+1:]...)
					changed = true
					i--
					continue
				}
				a.Val = to
			}
			changed = changed || a.Val != old
		}
	}
	return changed
}

func isCanonical(t *html.Token) bool {
	for _, a := range t.Attr {
		if a.Key == "rel" && a.Val == "canonical" {
			return true
		}
	}
	return false
}

// meta changes the addresses that share cards read.
func (w rewriter) meta(t *html.Token) (changed bool) {
	for i := range t.Attr {
		if a := &t.Attr[i]; a.Key == "content" && strings.Contains(a.Val, "://") {
			if to := w.whole(a.Val); to != a.Val {
				a.Val, changed = to, true
			}
		}
	}
	return changed
}

// set changes each address of a srcset.
func (w rewriter) set(srcset string) string {
	var parts []string
	for part := range strings.SplitSeq(srcset, ",") {
		address, width, _ := strings.Cut(strings.TrimSpace(part), " ")
		if to, ok := w.link(address); ok {
			parts = append(parts, strings.TrimSpace(to+" "+width))
		}
	}
	return strings.Join(parts, ", ")
}

// cssURL is an address in a style sheet.
var cssURL = regexp.MustCompile(`url\(\s*['"]?([^'")\s]+)['"]?\s*\)`)

// css changes the addresses of a style sheet.
func (w rewriter) css(body []byte) []byte {
	return cssURL.ReplaceAllFunc(body, func(m []byte) []byte {
		address := string(cssURL.FindSubmatch(m)[1])
		if to, ok := w.link(address); ok {
			return []byte("url(" + to + ")")
		}
		return m
	})
}

// feed changes whole addresses of this site in XML and calendars.
func (w rewriter) feed(body []byte, base string) []byte {
	address := regexp.MustCompile(regexp.QuoteMeta(base) + `(/[^\s"'<>&\\]*)?`)
	return address.ReplaceAllFunc(body, func(m []byte) []byte { return []byte(w.whole(string(m))) })
}
