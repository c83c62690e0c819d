package themes

import (
	"fmt"
	"html/template"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/markdown"
)

// Zone is the one time zone of all dates and times that pages show. China has
// had no summer time since 1991, so the offset is the whole truth.
var Zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// funcs are what templates can call, besides what html/template brings. doc.go
// describes them for those who write themes; keep the two in step.
func (s *set) funcs() template.FuncMap {
	return template.FuncMap{
		"url":    func(address string) string { return markdown.RebasePath(address, s.base) },
		"body":   func(h template.HTML) template.HTML { return template.HTML(markdown.Rebase(string(h), s.base)) },
		"srcset": func(set string) string { return markdown.RebaseSet(set, s.base) },
		"asset": func(name, accent string) (string, error) {
			address, ok := s.assets.address(name, paletteOf(accent))
			if !ok {
				return "", fmt.Errorf("theme has no file static/%s", name)
			}
			return s.base + address, nil
		},
		"accent":   func(accent string) string { return paletteOf(accent).accent.String() },
		"date":     func(t time.Time) string { return t.In(Zone).Format(time.DateOnly) },
		"datetime": func(t time.Time) string { return t.In(Zone).Format("2006-01-02 15:04") },
		"iso":      func(t time.Time) string { return t.In(Zone).Format(time.RFC3339) },
		"clock":    func(t time.Time) string { return t.In(Zone).Format("15:04") },
		"month":    func(t time.Time) string { return t.In(Zone).Format("2006 年 1 月") },
		"monthday": func(t time.Time) string { return t.In(Zone).Format("1 月 2 日") },
		"monthno":  func(t time.Time) int { return int(t.In(Zone).Month()) },
		"dayno":    func(t time.Time) int { return t.In(Zone).Day() },
		"yearno":   func(t time.Time) int { return t.In(Zone).Year() },
		"weekday":  weekday,
		"timespan": timespan,
		"samedate": func(a, b time.Time) bool {
			return a.In(Zone).Format(time.DateOnly) == b.In(Zone).Format(time.DateOnly)
		},
		"tel":  tel,
		"join": func(sep string, list []string) string { return strings.Join(list, sep) },
		"args": args,
		"add":  func(a, b int) int { return a + b },
		"text": spansText,
	}
}

var weekdays = [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}

func weekday(t time.Time) string { return weekdays[t.In(Zone).Weekday()] }

// timespan is 18:30–20:00, with the day where it ends on another one.
func timespan(from, to time.Time) string {
	from, to = from.In(Zone), to.In(Zone)
	switch {
	case to.IsZero() || to.Equal(from):
		return from.Format("15:04")
	case from.YearDay() != to.YearDay() || from.Year() != to.Year():
		return from.Format("15:04") + " 至 " + to.Format("1 月 2 日 15:04")
	}
	return from.Format("15:04") + "–" + to.Format("15:04")
}

var notDigits = regexp.MustCompile(`[^0-9+]`)

// tel is the address that dials a number as people write it: the first one,
// where there are several, and without an extension.
func tel(phone string) template.URL {
	first := strings.FieldsFunc(phone, func(r rune) bool { return strings.ContainsRune("、,，/;；转x", r) })
	if len(first) == 0 {
		return "tel:"
	}
	return template.URL("tel:" + notDigits.ReplaceAllString(first[0], ""))
}

// args makes a partial's argument of names and values: args "Items" .Guides.
func args(pairs ...any) (map[string]any, error) {
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("args: name %d is no text", i/2+1)
		}
		m[name] = pairs[i+1]
	}
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("args: a value is missing")
	}
	return m, nil
}

// spansText is a line as plain text.
func spansText(line []Span) string {
	var b strings.Builder
	for _, s := range line {
		b.WriteString(s.Text)
	}
	return b.String()
}

// WindowTitle is the window's title.
func (s *Shell) WindowTitle() string {
	if s.Title == "" || s.Title == s.Site.Name {
		return s.Site.Name + " · " + s.Site.Badge()
	}
	return s.Title + " - " + s.Site.Name
}

// Canonical is the whole address of the page.
func (s *Shell) Canonical() string { return s.Site.Whole(s.Path) }

// MetaDescription is what search engines and share cards show below the title.
func (s *Shell) MetaDescription() string {
	return or(s.Description, strings.TrimSpace(s.Title+"。"+s.Site.Name+" "+s.Site.Tagline))
}

// MetaDescription of a document is its answer or its summary.
func (p *GuidePage) MetaDescription() string {
	return or(p.Description, or(p.Answer, or(p.Summary, p.Shell.MetaDescription())))
}

// Current says how a menu entry relates to the page: "page" is this one, "true"
// holds it, "" is elsewhere.
func (s *Shell) Current(href string) string {
	path, _, _ := strings.Cut(s.Path, "?")
	switch {
	case path == href:
		return "page"
	case href != "/" && strings.HasSuffix(href, "/") && strings.HasPrefix(path, href), href != "" && href == s.Column.Href:
		return "true"
	}
	return ""
}

// Badge is the word in the badge.
func (s Site) Badge() string { return or(s.Mark, "送法") }

// Line is the number to call.
func (s Site) Line() string { return or(s.Hotline, "12348") }

// Host is who runs the site.
func (s Site) Host() string { return or(s.Organizer, s.Name) }

// Whole makes a root-relative address a whole one.
func (s Site) Whole(address string) string {
	if strings.HasPrefix(address, "/") {
		return s.URL + address
	}
	return address
}

// Domain is the site's host and base path.
func (s Site) Domain() string {
	_, rest, _ := strings.Cut(s.URL, "://")
	return rest
}

// Menu is the main menu.
func (s Site) Menu() []Link {
	if s.Nav != nil {
		return s.Nav
	}
	return []Link{{"指南", "/guides/"}, {"法规", "/laws/"}, {"活动", "/events/"}, {"通知", "/notices/"}, {"问答", "/qa/"}, {"站点", "/stations/"}}
}

// FootLinks are the links in the foot.
func (s Site) FootLinks() []Link {
	if s.Foot != nil {
		return s.Foot
	}
	return []Link{{"工作动态", "/news/"}, {"请律师来讲", "/organize/"}, {"站点和电话", "/stations/"}, {"订阅更新", "/feeds/all.xml"}}
}

// PoliceURL is where the police show the entry of a 公安备案号.
func (s Site) PoliceURL() string {
	return "https://beian.mps.gov.cn/#/query/webSearch?code=" + notDigits.ReplaceAllString(s.Police, "")
}

func or(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// Shown reports whether there is more than one page.
func (p Pager) Shown() bool { return p.Pages > 1 }

// State is the sentence above a pager.
func (p Pager) State() string {
	return "第 " + strconv.Itoa(p.Page) + " 页，共 " + strconv.Itoa(p.Pages) + " 页"
}

// Law is the name of the law in a source, with its brackets: 《劳动合同法》.
func (s Source) Law() string {
	law, article, ok := strings.Cut(s.Text, "》")
	if !ok {
		return ""
	}
	if strings.HasPrefix(article, "（") { // 《…解释（一）》 keeps its own; 《X法》（2018 修正）第一条
		if note, _, ok := strings.Cut(article, "）"); ok {
			return law + "》" + note + "）"
		}
	}
	return law + "》"
}

// Article is what follows the law's name: 第三十条. Lines never break in it.
func (s Source) Article() string { return strings.TrimPrefix(s.Text, s.Law()) }
