package markdown

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// table prepares a table for eyes, ears and phones: it may scroll in its box;
// its first column names the rows; each further cell knows its column's name
// (data-t), so that a narrow screen can stack the cells as labelled lines.
func table(t *html.Node) {
	var head []*html.Node
	stack := true
	eachRow(t, func(row *html.Node, inHead bool) {
		cells := cellsOf(row)
		for _, c := range cells {
			align(c)
			stack = stack && get(c, "colspan") == "" && get(c, "rowspan") == ""
		}
		if inHead && head == nil {
			head = cells
		}
	})
	if stack && len(head) > 0 {
		labelCells(t, head)
		set(t, "class", "stack")
	}
	if t.Parent == nil || get(t.Parent, "class") == "scroll" {
		return
	}
	box := element(atom.Div, "class", "scroll", "role", "group", "aria-label", "表格", "tabindex", "0")
	t.Parent.InsertBefore(box, t)
	t.Parent.RemoveChild(t)
	box.AppendChild(t)
}

func labelCells(t *html.Node, head []*html.Node) {
	names := make([]string, len(head))
	for i, h := range head {
		if names[i] = textOf(h); names[i] == "" {
			rename(h, atom.Td) // an empty header confuses screen readers
			continue
		}
		set(h, "scope", "col")
	}
	eachRow(t, func(row *html.Node, inHead bool) {
		if inHead {
			return
		}
		for i, c := range cellsOf(row) {
			switch {
			case i == 0 && len(head) > 1 && textOf(c) != "":
				rename(c, atom.Th)
				set(c, "scope", "row")
			case i < len(names) && names[i] != "":
				set(c, "data-t", names[i])
			}
		}
	})
}

// align turns the obsolete attribute into a class.
func align(cell *html.Node) {
	switch get(cell, "align") {
	case "right":
		set(cell, "class", "num")
	case "center":
		set(cell, "class", "center")
	}
	unset(cell, "align")
}

func eachRow(t *html.Node, visit func(row *html.Node, inHead bool)) {
	for part := t.FirstChild; part != nil; part = part.NextSibling {
		for row := part.FirstChild; row != nil; row = row.NextSibling {
			if row.DataAtom == atom.Tr {
				visit(row, part.DataAtom == atom.Thead)
			}
		}
	}
}

func cellsOf(row *html.Node) []*html.Node {
	var cells []*html.Node
	for c := row.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			cells = append(cells, c)
		}
	}
	return cells
}
