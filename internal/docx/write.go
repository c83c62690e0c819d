package docx

import (
	"strconv"
	"strings"
)

// writer makes Markdown of blocks.
type writer struct {
	g     *gathered
	noted map[int]bool // notes whose sign was written
	deep  int          // of notes inside notes
}

func write(blocks []*block, g *gathered) string {
	w := &writer{g: g, noted: map[int]bool{}}
	text := w.blocks(blocks)
	if notes := w.notes(); notes != "" {
		text += "\n\n" + notes
	}
	if n := g.counted["note"]; n > 0 {
		g.said = append(g.said, Note{Level: Check, Message: "表格里的注释已改成括号里的文字，请看是否通顺。"})
	}
	w.missingAlt()
	return strings.Trim(text, "\n")
}

// missingAlt asks for what only a person can say.
func (w *writer) missingAlt() {
	for i, p := range w.g.pictures {
		if w.g.used[i+1] && p.Alt == "" {
			w.g.said = append(w.g.said, Note{Level: Check, Message: "第 " + strconv.Itoa(i+1) + " 张图片没有文字说明，请写一句图里是什么。", At: p.At})
		}
	}
}

// blocks writes blocks one after the other, with an empty line between.
func (w *writer) blocks(blocks []*block) string {
	var parts []string
	for i := 0; i < len(blocks); {
		if blocks[i].item != nil {
			end := i
			for end < len(blocks) && blocks[end].item != nil {
				end++
			}
			parts = append(parts, w.list(blocks[i:end]))
			i = end
			continue
		}
		if part := w.block(blocks[i]); part != "" {
			parts = append(parts, part)
		}
		i++
	}
	return strings.Join(parts, "\n\n")
}

func (w *writer) block(b *block) string {
	switch {
	case b.table != nil:
		return w.table(b.table)
	case b.rule:
		return "---"
	case b.level > 0:
		text := strings.TrimSpace(w.inline(b.spans, inHeading))
		if strings.HasSuffix(text, "#") { // a closing row of # would not show
			text = strings.TrimSuffix(text, "#") + `\#`
		}
		return strings.Repeat("#", b.level) + " " + text
	}
	if b.caption != "" {
		text := w.inline(b.spans, inParagraph)
		return strings.TrimSuffix(text, ")") + ` "` + strings.ReplaceAll(escape(b.caption, false, true), `"`, `\"`) + `")`
	}
	b.typed()
	var parts []string
	for _, spans := range paragraphs(b.spans) {
		if text := w.inline(spans, inParagraph); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "\n\n")
}

// paragraphs parts spans at empty lines, and puts each picture that stands
// alone on its line into a paragraph of its own.
func paragraphs(spans []span) [][]span {
	if (&block{spans: spans}).onlyPictures() {
		var out [][]span
		for _, s := range spans {
			if s.kind == picture {
				out = append(out, []span{s})
			}
		}
		return out
	}
	var out [][]span
	var now []span
	breaks := 0
	for _, s := range spans {
		switch {
		case s.kind == lineBreak:
			breaks++
			continue
		case s.kind == words && strings.TrimFunc(s.text, blank) == "" && breaks > 0:
			continue
		}
		if breaks > 1 && len(now) > 0 {
			out, now = append(out, now), nil
		} else if breaks == 1 && len(now) > 0 {
			now = append(now, span{kind: lineBreak})
		}
		breaks = 0
		now = append(now, s)
	}
	if len(now) > 0 {
		out = append(out, now)
	}
	return out
}

// list writes items, each under the ones it belongs to.
func (w *writer) list(items []*block) string {
	var b strings.Builder
	var widths []int // of the marks that are open, by depth
	last := map[int]item{}
	delims := map[int]string{}
	for i, it := range items {
		depth := min(max(it.item.depth, 0), len(widths))
		if it.item.follow {
			if len(widths) == 0 {
				widths = []int{0}
			}
			depth = min(max(it.item.depth, 0), len(widths)-1)
			widths = widths[:depth+1]
			b.WriteString("\n\n" + w.indented(it, sum(widths)))
			continue
		}
		indent := sum(widths[:depth])
		opened := depth == len(widths)
		for d := range last {
			if d > depth {
				delete(last, d)
			}
		}
		mark := "- "
		if it.item.ordered {
			before, ok := last[depth]
			switch {
			case !ok || !before.ordered:
				delims[depth] = "."
			case it.item.number != before.number+1: // another list needs another sign
				delims[depth] = map[string]string{".": ")", ")": "."}[delims[depth]]
			}
			mark = strconv.Itoa(min(it.item.number, 999_999_999)) + delims[depth] + " "
		}
		if i > 0 {
			b.WriteString("\n")
			if opened && it.item.ordered && it.item.number != 1 { // only 1 may begin a list right below text
				b.WriteString("\n")
			}
		}
		last[depth] = *it.item
		widths = append(widths[:depth], len(mark))
		b.WriteString(strings.Repeat(" ", indent) + mark + strings.TrimLeft(w.indented(it, indent+len(mark)), " "))
	}
	return b.String()
}

// indented writes a paragraph with all its lines pushed in.
func (w *writer) indented(b *block, by int) string {
	pad := strings.Repeat(" ", by)
	text := w.block(b)
	if text == "" {
		return ""
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = pad + line
		}
	}
	return strings.Join(lines, "\n")
}

func sum(list []int) int {
	n := 0
	for _, v := range list {
		n += v
	}
	return n
}

// notes writes the notes whose signs stand in the text.
func (w *writer) notes() string {
	var parts []string
	for i := 0; i < len(w.g.notes); i++ {
		if !w.noted[i+1] {
			continue
		}
		blocks := w.g.notes[i]
		for _, b := range blocks {
			b.trim()
		}
		w.deep++
		text := w.blocks(enlist(blocks))
		w.deep--
		text = strings.ReplaceAll(text, "\n", "\n    ")
		text = strings.ReplaceAll(text, "\n    \n", "\n\n")
		parts = append(parts, "[^"+strconv.Itoa(i+1)+"]: "+text)
	}
	return strings.Join(parts, "\n\n")
}
