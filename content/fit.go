package content

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/markdown"
)

const (
	maxTitle = 100 // characters
	maxLine  = 500 // characters of any other one-line field
	maxList  = 100 // entries of a list
)

// fit lists everything that stands between a text and its readers. A draft may
// have any of it.
func fit(kind Kind, t Text, r rendering, topics []Topic, columns []Column, today string) Problems {
	var ps Problems
	if t.Title == "" {
		ps.add("title", "请填写标题。")
	}
	if strings.TrimSpace(t.Body) == "" {
		ps.add("body", "请填写正文。")
	}
	fitAnswer(&ps, kind, t)
	fitDates(&ps, kind, t, today)
	fitPlace(&ps, kind, t, topics, columns)
	fitPictures(&ps, t, r.images)
	for _, dest := range r.links {
		if isRelative(dest) {
			ps.add("body", "链接“"+dest+"”没有对应的内容，请改成 /guides/… 这样的地址。")
		}
	}
	for _, a := range t.Attachments {
		if a.Name == "" || !isMedia(a.File) {
			ps.add("attachments", "附件“"+a.Name+a.File+"”不完整：请重新上传，并写上名称。")
		}
	}
	return ps
}

func fitAnswer(ps *Problems, kind Kind, t Text) {
	n := utf8.RuneCountInString(t.Answer)
	if kind == Guide && n == 0 {
		ps.add("answer", "请填写一句话答案：读者只看这一句，也要知道怎么办。")
	}
	if n > MaxAnswer {
		ps.add("answer", "一句话答案最多 60 个字，请缩短。")
	}
	if kind == Guide && len(t.Sources) == 0 {
		ps.add("sources", "请至少写一条法律依据，例如《劳动合同法》第三十条。")
	}
}

func fitDates(ps *Problems, kind Kind, t Text, today string) {
	switch {
	case kind == Guide && t.Checked == "":
		ps.add("checked", "请填写核对日期：哪一天对照现行法律核对过。")
	case t.Checked != "" && !isDay(t.Checked):
		ps.add("checked", "核对日期请写成 2026-11-01 的样子。")
	case t.Checked > today:
		ps.add("checked", "核对日期不能晚于今天。")
	}
	switch {
	case t.Written != "" && !isDay(t.Written):
		ps.add("written", "成文日期请写成 2026-11-01 的样子。")
	case t.Written > today:
		ps.add("written", "成文日期不能晚于今天。")
	}
}

func fitPlace(ps *Problems, kind Kind, t Text, topics []Topic, columns []Column) {
	for _, slug := range t.Topics {
		if !slices.ContainsFunc(topics, func(known Topic) bool { return known.Slug == slug }) {
			ps.add("topics", "没有“"+slug+"”这个主题，请从列表中选择。")
		}
	}
	if t.Column == "" {
		return
	}
	i := slices.IndexFunc(columns, func(c Column) bool { return c.Slug == t.Column })
	switch {
	case i < 0:
		ps.add("column", "没有“"+t.Column+"”这个栏目，请从列表中选择。")
	case !columns[i].Takes(kind):
		ps.add("column", "栏目“"+columns[i].Name+"”不收"+kind.Label()+"，请换一个。")
	}
}

func fitPictures(ps *Problems, t Text, images []markdown.Image) {
	switch {
	case t.Cover != "" && !isMedia(t.Cover):
		ps.add("cover", "题图没有上传，请从素材库选择。")
	case t.Cover != "" && t.CoverAlt == "":
		ps.add("cover_alt", "请给题图写一句文字说明，看不见图的人靠它。")
	}
	for _, img := range images {
		switch {
		case !isMedia(img.Dest):
			ps.add("body", "图片“"+img.Dest+"”不在素材库里，请上传后再插入。")
		case strings.TrimSpace(img.Alt) == "":
			ps.add("body", "图片“"+img.Dest+"”没有文字说明，请写在 ![ ] 的方括号里。")
		}
	}
}

// limits refuses what cannot be a text at all, draft or not.
func limits(t Text) error {
	var ps Problems
	if utf8.RuneCountInString(t.Title) > maxTitle {
		ps.add("title", "标题最多 100 个字，请缩短。")
	}
	lines := []struct{ field, value string }{{"answer", t.Answer}, {"summary", t.Summary}, {"author", t.Author},
		{"origin", t.Origin}, {"cover", t.Cover}, {"cover_alt", t.CoverAlt}, {"checked", t.Checked},
		{"written", t.Written}, {"column", t.Column}}
	for _, l := range lines {
		if utf8.RuneCountInString(l.value) > maxLine {
			ps.add(l.field, "这一项最多 500 个字，请缩短。")
		}
	}
	lists := []struct {
		field string
		n     int
	}{{"topics", len(t.Topics)}, {"audience", len(t.Audience)}, {"sources", len(t.Sources)}, {"attachments", len(t.Attachments)}}
	for _, l := range lists {
		if l.n > maxList {
			ps.add(l.field, "这一项最多 100 条，请减少。")
		}
	}
	return ps.err()
}

// tidy gives a text the one form it is stored in: no stray spaces, lines that
// are one line, unix line ends. It is what import, forms and export agree on.
func tidy(t Text) Text {
	for _, p := range []*string{&t.Title, &t.Answer, &t.Summary, &t.Column, &t.Checked, &t.Written, &t.Author, &t.Origin, &t.Cover, &t.CoverAlt} {
		*p = oneLine(*p)
	}
	t.Body = tidyBody(t.Body)
	t.Topics, t.Audience, t.Sources = tidyList(t.Topics), tidyList(t.Audience), tidyList(t.Sources)
	var files []Attachment
	for _, a := range t.Attachments {
		a = Attachment{File: oneLine(a.File), Name: oneLine(a.Name)}
		if a != (Attachment{}) {
			files = append(files, a)
		}
	}
	t.Attachments = files
	return t
}

// tidyList drops empty entries and repetitions.
func tidyList(list []string) []string {
	var out []string
	for _, v := range list {
		if v = oneLine(v); v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// oneLine turns every run of white space and control characters into a space.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), isBlank), " ")
}

// isBlank is a space, a line end in anyone's alphabet, a control character, or
// one of the invisible marks that copying from elsewhere brings along.
func isBlank(r rune) bool {
	switch {
	case r <= ' ', r >= 0x7f && r <= 0xa0, r == '\u2028', r == '\u2029', r == '\uFEFF', r == '\uFFFE', r == '\uFFFF':
		return true
	}
	return false
}

func tidyBody(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "", "\uFEFF", "").Replace(s)
	lines := strings.Split(s, "\n")
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	return strings.TrimRight(strings.Join(lines, "\n"), " \t\n\v\f\u0085\u00a0\u3000\u2028\u2029")
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// mediaPath is where stored files are served, below the base path.
const mediaPath = "/media/"

func isMedia(address string) bool {
	return strings.HasPrefix(address, mediaPath) && !strings.Contains(address, "..")
}

// zone is where the bureau's days begin.
var zone = time.FixedZone("CST", 8*60*60)

func (s *Store) today() string { return s.cfg.Now().In(zone).Format(time.DateOnly) }
