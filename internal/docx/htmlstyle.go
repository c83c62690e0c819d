package docx

import (
	"math"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// inherit lays what an element says over what is around it.
func (c *clip) inherit(n *html.Node, l clipLook) clipLook {
	switch n.DataAtom {
	case atom.B, atom.Strong, atom.Th:
		l.bold = true
	case atom.I, atom.Em, atom.Cite, atom.Var:
		l.italic = true
	case atom.S, atom.Strike, atom.Del:
		l.strike = true
	case atom.Sup:
		l.raised = 1
	case atom.Sub:
		l.raised = -1
	case atom.U:
		l.under = true
	case atom.Pre:
		l.pre = true
	case atom.Center:
		l.align = "center"
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		l.outline = int(n.Data[1] - '0')
	case atom.A:
		l.href = c.target(attr(n, "href"))
	case atom.P, atom.Div, atom.Section:
		if parts[n.DataAtom] {
			l.mso = nil
		}
	}
	if a := strings.ToLower(attr(n, "align")); a != "" && parts[n.DataAtom] {
		l.align = a
	}
	class := attr(n, "class")
	l.title = l.title || strings.Contains(class, "MsoTitle") || strings.Contains(class, "rich_media_title")
	if n.DataAtom == atom.Font && isRed(strings.TrimPrefix(attr(n, "color"), "#")) {
		l.red = true
	}
	if attr(n, "hidden") != "" || strings.Contains(class, "MsoCommentReference") {
		l.hidden = true
	}
	for _, d := range strings.Split(attr(n, "style"), ";") {
		name, value, ok := strings.Cut(d, ":")
		if ok {
			c.property(&l, strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value))
		}
	}
	return l
}

// property reads one property of a style attribute.
func (c *clip) property(l *clipLook, name, value string) {
	lower := strings.ToLower(value)
	switch name {
	case "font-weight":
		n, err := strconv.Atoi(lower)
		l.bold = lower == "bold" || lower == "bolder" || err == nil && n >= 600
	case "font-style":
		l.italic = lower == "italic" || lower == "oblique"
	case "text-decoration", "text-decoration-line":
		l.strike = l.strike || strings.Contains(lower, "line-through")
		l.under = strings.Contains(lower, "underline") && l.href == ""
	case "vertical-align":
		if lower == "super" {
			l.raised = 1
		} else if lower == "sub" {
			l.raised = -1
		}
	case "text-align":
		l.align = lower
	case "font-size":
		if n := halfPoints(lower); n > 0 {
			l.size = n
		}
	case "color":
		l.red = isRedCSS(lower)
	case "mso-fareast-font-family":
		l.font = strings.Trim(value, `"' `)
	case "font-family":
		first, _, _ := strings.Cut(value, ",")
		if f := strings.Trim(first, `"' `); f != "" && f[0] >= 0x80 {
			l.font = f
		}
	case "display":
		l.hidden = l.hidden || lower == "none"
	case "mso-hide":
		l.hidden = l.hidden || lower == "all" || lower == "screen"
	case "margin-left", "padding-left", "text-indent":
		l.inset = l.inset || halfPoints(lower) >= 280
	case "white-space":
		l.pre = l.pre || lower == "pre" || lower == "pre-line"
	case "mso-list":
		if l.mso == nil && lower != "ignore" && lower != "none" {
			l.mso = listLevel(lower)
		}
	case "mso-outline-level":
		if n, err := strconv.Atoi(lower); err == nil && n >= 1 && n <= 9 && l.outline == 0 {
			l.outline = n
		}
	}
}

// listLevel reads "l0 level2 lfo1": Word's own name of a place in a list.
func listLevel(s string) *number {
	n := &number{}
	for _, word := range strings.Fields(s) {
		if v, ok := strings.CutPrefix(word, "level"); ok {
			level, _ := strconv.Atoi(v)
			n.level = min(max(level-1, 0), 8)
		} else if strings.HasPrefix(word, "l") && !strings.HasPrefix(word, "lfo") {
			n.list = word
		}
	}
	return n
}

// halfPoints reads a length: 16pt, 21.3px; 0 for one that depends on others.
func halfPoints(s string) int {
	for unit, times := range map[string]float64{"pt": 2, "px": 1.5, "cm": 56.7, "mm": 5.67, "in": 144} {
		if v, ok := strings.CutSuffix(s, unit); ok {
			if f, err := strconv.ParseFloat(strings.TrimSpace(v), 64); err == nil && f > 0 && f < 10_000 {
				return int(math.Round(f * times))
			}
		}
	}
	return 0
}

func isRedCSS(s string) bool {
	if s == "red" {
		return true
	}
	if v, ok := strings.CutPrefix(s, "#"); ok {
		return isRed(v)
	}
	v, ok := strings.CutPrefix(s, "rgb(")
	if !ok {
		return false
	}
	var rgb [3]int
	for i, p := range strings.SplitN(strings.TrimSuffix(v, ")"), ",", 3) {
		rgb[i], _ = strconv.Atoi(strings.TrimSpace(p))
	}
	return rgb[0] >= 0xB0 && rgb[1] <= 0x40 && rgb[2] <= 0x40
}

// target is the address a link may lead to; a place on the page is none.
func (c *clip) target(to string) string {
	to = strings.TrimSpace(to)
	switch {
	case linkable(to):
		return to
	case to != "" && to[0] != '#':
		c.count("link")
	}
	return ""
}

// isNumberText reports that what stands before a paragraph is a number, and not
// the character of a symbol font that draws a bullet.
func isNumberText(s string) bool {
	if markerOf(s+" ").kind != noMarker {
		return true
	}
	return len([]rune(s)) > 1
}

func plainText(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for k := n.FirstChild; k != nil; k = k.NextSibling {
			walk(k)
		}
	}
	walk(n)
	return b.String()
}
