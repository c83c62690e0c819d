package docx

import "strconv"

const (
	maxRows  = 5000
	maxCells = 50_000 // of one table, as markdown takes
	maxSpan  = 200    // columns
)

// table reads a table. One cell alone is a frame around text: its content
// stands for it.
func (rd *reader) table(n *node) []*block {
	t := &table{}
	cells := 0
	rd.rows(n, t, &cells)
	t.joinDown()
	if cells > maxCells {
		rd.say(Check, "这张表格太大，只导入了前面的 %d 行，请把原表作为附件上传。", len(t.rows))
	}
	switch {
	case len(t.rows) == 0:
		return nil
	case len(t.rows) == 1 && len(t.rows[0]) == 1:
		return t.rows[0][0].blocks
	}
	return []*block{{table: t}}
}

func (rd *reader) rows(n *node, t *table, cells *int) {
	for _, k := range n.children() {
		switch k.name {
		case "w:tr":
			if len(t.rows) >= maxRows || *cells > maxCells {
				*cells = maxCells + 1
				return
			}
			rd.row(k, t, cells)
		case "w:sdt":
			if c := k.first("w:sdtContent"); c != nil {
				rd.rows(c, t, cells)
			}
		case "w:customXml", "w:ins":
			rd.rows(k, t, cells)
		case "mc:AlternateContent":
			rd.rows(choose(k), t, cells)
		}
	}
}

func (rd *reader) row(n *node, t *table, cells *int) {
	props := n.first("w:trPr")
	if hidden, _ := props.on("w:hidden"); hidden {
		return
	}
	var r row
	col := number0(props, "w:gridBefore")
	rd.cells(n, &r, &col)
	*cells += len(r)
	if head, _ := props.on("w:tblHeader"); head && t.header == len(t.rows) {
		t.header++
	}
	if len(r) > 0 {
		t.rows = append(t.rows, r)
	} else if t.header > len(t.rows) {
		t.header--
	}
}

func (rd *reader) cells(n *node, r *row, col *int) {
	for _, k := range n.children() {
		switch k.name {
		case "w:tc":
			props := k.first("w:tcPr")
			c := cell{colspan: min(max(1, number0(props, "w:gridSpan")), maxSpan), rowspan: 1, col: *col}
			if merge, ok := props.val("w:vMerge"); ok {
				if c.vertical = "continue"; merge == "restart" {
					c.vertical = "restart"
				}
			}
			*col += c.colspan
			blocks := rd.blocks(k)
			if c.vertical != "continue" { // what is merged away holds nothing anybody sees
				c.blocks = blocks
			}
			*r = append(*r, c)
		case "w:sdt":
			if s := k.first("w:sdtContent"); s != nil {
				rd.cells(s, r, col)
			}
		case "w:customXml", "w:ins":
			rd.cells(k, r, col)
		}
	}
}

func number0(n *node, name string) int {
	v, _ := n.val(name)
	i, err := strconv.Atoi(v)
	if err != nil || i < 0 {
		return 0
	}
	return min(i, maxSpan)
}

// joinDown turns cells that go on from above into the rowspan of the one that
// began, and drops them.
func (t *table) joinDown() {
	began := map[int]*cell{} // by column
	for i := range t.rows {
		kept := t.rows[i][:0]
		seen := map[int]bool{}
		for j := range t.rows[i] {
			c := t.rows[i][j]
			if top := began[c.col]; c.vertical == "continue" && top != nil && top.colspan == c.colspan {
				top.rowspan++
				seen[c.col] = true
				continue
			}
			kept = append(kept, c)
		}
		t.rows[i] = kept
		for col := range began {
			if !seen[col] {
				delete(began, col)
			}
		}
		for j := range t.rows[i] {
			if c := &t.rows[i][j]; c.vertical == "restart" {
				began[c.col] = c
			}
		}
	}
}
