package admin

import (
	"encoding/xml"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/events/figures"
)

// barColours are those of the types, apart in grey print too; they have no dark
// variant because the picture brings its own white ground.
var barColours = []string{"#1b4f8f", "#c47a1c", "#4c9a6b", "#8d4a88", "#7a6a3a", "#3a7f8f"}

// maxBars is how many rows a chart shows; the table below it has them all.
const maxBars = 24

// chart answers with the picture of a view: a bar for each row, in pieces by type.
func (a *Admin) chart(r *request) error {
	v, err := a.viewOf(r)
	if err != nil {
		return err
	}
	t, err := a.table(r, v)
	if err != nil {
		return err
	}
	r.Set(fiber.HeaderContentType, "image/svg+xml")
	return r.SendString(v.svg(t))
}

// bar is one row of the chart.
type bar struct {
	label  string
	pieces []int64
	total  int64
}

func (v view) bars(t figures.Table) (bars []bar, names []string, most int64) {
	var types []string
	if t.Cols == figures.ByType {
		for _, typ := range events.Types() {
			if t.Col("session", string(typ)).Qty() > 0 {
				types, names = append(types, string(typ)), append(names, typ.Label())
			}
		}
	} else {
		types, names = []string{""}, []string{"场次"}
	}
	for _, row := range v.order(t.RowKeys) {
		b := bar{label: v.label(t.Rows, row)}
		for _, typ := range types {
			n := max(0, t.At("session", row, typ).Qty())
			b.pieces, b.total = append(b.pieces, n), b.total+n
		}
		if b.total > 0 && len(bars) < maxBars {
			bars, most = append(bars, b), max(most, b.total)
		}
	}
	return bars, names, most
}

// svg draws the bars; every number of it is in the table of the page.
func (v view) svg(t figures.Table) string {
	const left, wide, step = 150, 500, 40
	bars, names, most := v.bars(t)
	height := 60 + step*max(1, len(bars))
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 %d" width="720" height="%d" role="img"><title>%s</title><path fill="#fff" d="M0 0h720v%dH0z"/>`+
		`<g font-family="PingFang SC,HarmonyOS Sans SC,MiSans,Microsoft YaHei,Noto Sans CJK SC,sans-serif" font-size="15" fill="#1b2321">`,
		height, height, text("各"+v.axisLabel()+"场次，按类型分"), height)
	x := 20
	for i, name := range names {
		fmt.Fprintf(&b, `<rect x="%d" y="8" width="16" height="16" fill="%s"/><text x="%d" y="22">%s</text>`, x, barColours[i%len(barColours)], x+22, text(name))
		x += 40 + 15*utf8.RuneCountInString(name)
	}
	if len(bars) == 0 {
		fmt.Fprintf(&b, `<text x="20" y="62">这段时间还没有核实的场次</text>`)
	}
	for i, one := range bars {
		y := 40 + i*step
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text>`, left-10, y+20, text(short(one.label)))
		at := left
		for k, n := range one.pieces {
			w := int(n * wide / max(1, most))
			if n > 0 {
				fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="28" fill="%s"/>`, at, y, max(2, w-2), barColours[k%len(barColours)])
			}
			at += w
		}
		fmt.Fprintf(&b, `<text x="%d" y="%d" font-weight="700">%s</text>`, at+8, y+20, figures.Approx(one.total, v.Step))
	}
	b.WriteString(`</g></svg>`)
	return b.String()
}

// short cuts a label to what fits beside a bar.
func short(label string) string {
	if r := []rune(label); len(r) > 9 {
		return string(r[:8]) + "…"
	}
	return label
}

// text escapes for XML.
func text(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder never fails
	return b.String()
}
