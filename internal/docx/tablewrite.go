package docx

import (
	"slices"
	"strconv"
	"strings"
)

// table writes a table: with pipes when it is a plain grid, else as HTML.
func (w *writer) table(t *table) string {
	title := t.takeTitle()
	if len(t.rows) == 0 {
		return w.blocks(title)
	}
	for i := range t.rows {
		for j := range t.rows[i] {
			tidyCell(&t.rows[i][j])
		}
	}
	text := ""
	if t.grid() {
		text = w.pipes(t)
	} else {
		text = w.tags(t)
	}
	if len(title) > 0 {
		return w.blocks(title) + "\n\n" + text
	}
	return text
}

// takeTitle takes the title of a table out of it: a first row of one cell over
// the whole width.
func (t *table) takeTitle() []*block {
	if len(t.rows) < 2 || len(t.rows[0]) != 1 || t.rows[0][0].rowspan > 1 || t.columns() < 2 || t.rows[0][0].colspan < t.columns() {
		return nil
	}
	blocks := t.rows[0][0].blocks
	for _, b := range blocks {
		if b.table != nil {
			return nil
		}
	}
	t.rows = t.rows[1:]
	t.header = max(t.header-1, 0)
	return blocks
}

func (t *table) columns() int {
	most := 0
	for _, r := range t.rows {
		n := 0
		for _, c := range r {
			n += c.colspan
		}
		most = max(most, n)
	}
	return most
}

// tidyCell drops empty paragraphs, and reads the numbers of what is left.
func tidyCell(c *cell) {
	for _, b := range c.blocks {
		b.trim()
	}
	c.blocks = enlist(slices.DeleteFunc(c.blocks, (*block).empty))
}

// grid reports a table that pipes can show: no cell over several, no blocks in
// cells but short paragraphs.
func (t *table) grid() bool {
	if t.header > 1 || t.columns() < 2 {
		return false
	}
	for _, r := range t.rows {
		for _, c := range r {
			if c.colspan > 1 || c.rowspan > 1 || len(c.blocks) > 3 {
				return false
			}
			for _, b := range c.blocks {
				if b.table != nil || b.item != nil || b.rule {
					return false
				}
			}
		}
	}
	return true
}

func (w *writer) pipes(t *table) string {
	var b strings.Builder
	columns := t.columns()
	for i, r := range t.rows {
		b.WriteString("|")
		for j := range columns {
			text := ""
			if j < len(r) {
				var lines []string
				for _, p := range r[j].blocks {
					p.typed()
					if i == 0 {
						unmark(p)
					}
					if line := w.inline(p.spans, inPipe); line != "" {
						lines = append(lines, line)
					}
				}
				text = strings.Join(lines, "<br>")
			}
			b.WriteString(" " + text + " |")
		}
		b.WriteString("\n")
		if i == 0 {
			b.WriteString("|" + strings.Repeat(" --- |", columns) + "\n")
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

// tags writes a table as HTML: a row on a line and never an empty line, which
// would end the block.
func (w *writer) tags(t *table) string {
	head := t.headRows()
	var b strings.Builder
	b.WriteString("<table>\n")
	for i, r := range t.rows {
		switch {
		case i == 0 && head > 0:
			b.WriteString("<thead>\n")
		case i == 0 || i == head:
			b.WriteString("<tbody>\n")
		}
		b.WriteString("<tr>")
		for _, c := range r {
			w.cell(&b, c, i < head)
		}
		b.WriteString("</tr>\n")
		if i == head-1 {
			b.WriteString("</thead>\n")
		}
	}
	if head < len(t.rows) {
		b.WriteString("</tbody>\n")
	}
	b.WriteString("</table>")
	return b.String()
}

// headRows are the rows that name the columns: those the document marks, else
// the first, and what reaches down from them.
func (t *table) headRows() int {
	head := max(t.header, 1)
	for i := 0; i < head && i < len(t.rows); i++ {
		for _, c := range t.rows[i] {
			head = max(head, i+c.rowspan)
		}
	}
	if head >= len(t.rows) {
		return 0
	}
	return head
}

func (w *writer) cell(b *strings.Builder, c cell, head bool) {
	name := "td"
	if head {
		name = "th"
	}
	b.WriteString("<" + name)
	if c.colspan > 1 {
		b.WriteString(` colspan="` + strconv.Itoa(c.colspan) + `"`)
	}
	if c.rowspan > 1 {
		b.WriteString(` rowspan="` + strconv.Itoa(c.rowspan) + `"`)
	}
	b.WriteString(">" + w.inner(c.blocks, head) + "</" + name + ">")
}

// inner writes the blocks of a cell as HTML on one line.
func (w *writer) inner(blocks []*block, head bool) string {
	var b strings.Builder
	open := ""
	closeList := func() {
		if open != "" {
			b.WriteString("</" + open + ">")
			open = ""
		}
	}
	text := false // what stands before needs a break
	for _, p := range blocks {
		if p.table != nil {
			closeList()
			for i := range p.table.rows {
				for j := range p.table.rows[i] {
					tidyCell(&p.table.rows[i][j])
				}
			}
			b.WriteString(strings.ReplaceAll(w.tags(p.table), "\n", ""))
			text = false
			continue
		}
		if head {
			unmark(p)
		}
		if p.item != nil && !p.item.follow {
			kind := "ul"
			if p.item.ordered {
				kind = "ol"
			}
			if open != kind {
				closeList()
				b.WriteString("<" + kind)
				if p.item.ordered && p.item.number > 1 {
					b.WriteString(` start="` + strconv.Itoa(p.item.number) + `"`)
				}
				b.WriteString(">")
				open = kind
			}
			b.WriteString("<li>" + w.inline(p.spans, inTags) + "</li>")
			text = false
			continue
		}
		closeList()
		p.typed()
		if text {
			b.WriteString("<br>")
		}
		line := w.inline(p.spans, inTags)
		b.WriteString(line)
		text = text || line != ""
	}
	closeList()
	return b.String()
}
