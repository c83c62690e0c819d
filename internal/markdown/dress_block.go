package markdown

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// block shapes what stands in a 步骤 or a 联系.
func block(div *html.Node) {
	switch get(div, "class") {
	case "howto":
		for c := div.FirstChild; c != nil; c = c.NextSibling {
			if c.DataAtom == atom.Ol {
				set(c, "class", "steps")
			}
		}
	case "contact":
		contact(div)
	}
}

// contact makes 电话：12333, a line or an item each, into a list of names and
// values, and telephone numbers into links. What is no such entry stays.
func contact(div *html.Node) {
	for c := div.FirstChild; c != nil; {
		next := c.NextSibling
		switch c.DataAtom {
		case atom.P:
			entries(div, c, splitAtBreaks(c))
		case atom.Ul:
			var rows []*html.Node
			for li := c.FirstChild; li != nil; li = li.NextSibling {
				if li.DataAtom == atom.Li {
					rows = append(rows, loosen(li))
				}
			}
			entries(div, c, rows)
		}
		c = next
	}
}

// loosen is the paragraph of an item that holds nothing else, or the item.
func loosen(li *html.Node) *html.Node {
	if p := firstElement(li); p != nil && p.DataAtom == atom.P {
		for rest := p.NextSibling; rest != nil; rest = rest.NextSibling {
			if rest.Type == html.ElementNode {
				return li
			}
		}
		return p
	}
	return li
}

// splitAtBreaks moves what stands between <br>s into nodes of their own.
func splitAtBreaks(p *html.Node) []*html.Node {
	rows := []*html.Node{element(atom.Span)}
	for p.FirstChild != nil {
		c := p.FirstChild
		p.RemoveChild(c)
		if c.DataAtom == atom.Br {
			rows = append(rows, element(atom.Span))
			continue
		}
		rows[len(rows)-1].AppendChild(c)
	}
	return rows
}

// entries puts one dl in the place of a paragraph or list. Lines without a name
// come out as paragraphs.
func entries(div, old *html.Node, rows []*html.Node) {
	var dl *html.Node
	for _, row := range rows {
		name, ok := cutName(row)
		if ok && dl == nil {
			dl = element(atom.Dl, "class", "kv")
			div.InsertBefore(dl, old)
		}
		if !ok {
			dl = nil
			p := element(atom.P)
			adopt(p, row)
			telephones(p)
			div.InsertBefore(p, old)
			continue
		}
		pair, dt, dd := element(atom.Div), element(atom.Dt), element(atom.Dd)
		dt.AppendChild(&html.Node{Type: html.TextNode, Data: name})
		adopt(dd, row)
		if phoneName.MatchString(name) {
			telephones(dd)
		}
		pair.AppendChild(dt)
		pair.AppendChild(dd)
		dl.AppendChild(pair)
	}
	div.RemoveChild(old)
}

func adopt(to, from *html.Node) {
	for from.FirstChild != nil {
		c := from.FirstChild
		from.RemoveChild(c)
		to.AppendChild(c)
	}
}

// maxName is the most characters before a colon that are a name.
const maxName = 8

// cutName takes 电话： off the front of a row.
func cutName(row *html.Node) (string, bool) {
	first := row.FirstChild
	if first == nil || first.Type != html.TextNode {
		return "", false
	}
	at := strings.IndexAny(first.Data, "：:")
	if at < 0 {
		return "", false
	}
	name := strings.TrimSpace(first.Data[:at])
	if name == "" || len([]rune(name)) > maxName {
		return "", false
	}
	first.Data = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(first.Data[at:], "："), ":"))
	return name, true
}

var (
	phoneName = regexp.MustCompile(`电话|手机|热线|座机|值班|咨询|联系|传真`)
	// phone finds numbers as notices print them: with an area code, of a mobile,
	// 400 numbers, and the short ones of public services.
	phone = regexp.MustCompile(`\b(?:0\d{2,3}[- ]?\d{7,8}|1[3-9]\d{9}|[48]00[- ]?\d{3}[- ]?\d{4}|[2-8]\d{7}|1[02]\d{3}|110|119|120)\b`)
)

// telephones makes each number that is no link yet one that can be tapped.
func telephones(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case c.Type == html.TextNode:
			linkPhones(n, c)
		case c.DataAtom != atom.A:
			telephones(c)
		}
		c = next
	}
}

var digits = strings.NewReplacer("-", "", " ", "")

func linkPhones(parent, text *html.Node) {
	rest := text.Data
	for {
		m := phone.FindStringIndex(rest)
		if m == nil {
			break
		}
		number := rest[m[0]:m[1]]
		parent.InsertBefore(&html.Node{Type: html.TextNode, Data: rest[:m[0]]}, text)
		a := element(atom.A, "href", "tel:"+digits.Replace(number), "class", "nw")
		a.AppendChild(&html.Node{Type: html.TextNode, Data: number})
		parent.InsertBefore(a, text)
		rest = rest[m[1]:]
	}
	text.Data = rest
}
