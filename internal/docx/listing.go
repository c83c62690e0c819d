package docx

// lists gives places in lists to what is one: bullets, automatic numbers of a
// kind Markdown has, and typed numbers that follow each other. See the package
// comment for the rule.
func (o *official) lists() {
	o.blocks = append(o.blocks[:o.first:o.first], enlist(o.blocks[o.first:])...)
}

// enlist works on any sequence of blocks, also those of a cell or a note.
func enlist(blocks []*block) []*block {
	for i := 0; i < len(blocks); {
		n := automaticRun(blocks[i:])
		if n == 0 {
			n = typedRun(blocks[i:])
		}
		i += max(n, 1)
	}
	return blocks
}

// listed reports a paragraph that may be an item.
func listed(b *block) bool { return b.table == nil && b.num != nil && b.outline == 0 }

// automaticRun makes one list of the paragraphs with automatic numbers at the
// front of blocks, and returns how many it took.
func automaticRun(blocks []*block) int {
	n := 0
	for n < len(blocks) && listed(blocks[n]) && joins(blocks, n) {
		n++
	}
	if n == 0 || n == 1 && !blocks[0].num.bullet {
		return 0
	}
	var stack []int // levels of the numbering that are open
	for _, b := range blocks[:n] {
		level := b.num.level
		for len(stack) > 0 && stack[len(stack)-1] > level {
			stack = stack[:len(stack)-1]
		}
		if len(stack) == 0 || stack[len(stack)-1] < level {
			stack = append(stack, level)
		}
		b.item = &item{depth: len(stack) - 1}
		m := b.marked()
		switch {
		case b.num.bullet:
		case m.kind == arabic:
			b.item.ordered, b.item.number = true, m.n
		default: // a number Markdown does not have goes on as text inside the item above
			b.item.follow = true
			b.item.depth--
			b.typed()
		}
		b.num = nil
	}
	return n
}

// joins reports that the paragraph at i belongs to the list that begins at 0.
func joins(blocks []*block, i int) bool {
	b := blocks[i]
	top := blocks[0].num.level
	ours := b.num.bullet || b.marked().kind == arabic
	if i == 0 {
		return ours
	}
	if ours {
		return b.num.level >= top
	}
	return b.num.level > top
}

// typedRun makes a list of paragraphs that are numbered by hand: 1. 2. 3. It
// takes at least two that follow each other directly.
func typedRun(blocks []*block) int {
	n := 0
	for ; n < len(blocks); n++ {
		b := blocks[n]
		if b.table != nil || b.item != nil || b.num != nil && b.marked().kind != arabic || b.outline > 0 {
			break
		}
		m := b.marked()
		if m.kind != arabic || n > 0 && m.n != blocks[n-1].marked().n+1 {
			break
		}
	}
	if n < 2 {
		return 0
	}
	numbers := make([]int, n)
	for i, b := range blocks[:n] {
		numbers[i] = b.marked().n
	}
	for i, b := range blocks[:n] {
		b.cut(b.marked().size)
		b.trim()
		b.num, b.item = nil, &item{ordered: true, number: numbers[i]}
	}
	return n
}
