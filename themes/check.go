package themes

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/songfa/songfa/internal/errs"
)

// Problem is something wrong with a theme.
type Problem struct {
	File    string // guide.html, or guide.html:12 where the line is known; "" for the whole theme
	Sample  string // the sample page that showed it: full, empty, hostile; "" for none
	Message string // Chinese, says what to mend
}

// String is the line that theme check prints.
func (p Problem) String() string {
	line := p.Message
	if p.File != "" {
		line = p.File + ": " + line
	}
	if p.Sample != "" {
		line += "（样例 " + p.Sample + "）"
	}
	return line
}

// checkBase is a base path that no template can hit by chance.
const checkBase = "/theme-check/base"

// Check loads a theme as Open does and renders every template with all samples.
// It reports what keeps it from being used, and what would break the promises
// of the site: links that leave the base path, styles and scripts in the page,
// markup let through, headings and names that are missing. Each is named once.
func Check(ctx context.Context, cfg Config) []Problem {
	cfg.Base = checkBase
	s, err := load(cfg)
	problems := loadProblems(err)
	if s == nil {
		return problems
	}
	seen := map[string]bool{}
	for _, sample := range Samples() {
		if ctx.Err() != nil {
			return append(problems, Problem{Message: "检查中断：" + ctx.Err().Error()})
		}
		name := sample.Page.template()
		if s.pages[name] == nil {
			continue // it did not parse; said above
		}
		found := func(file, message string) {
			if key := file + message; !seen[key] {
				seen[key] = true
				problems = append(problems, Problem{file, sample.Name, message})
			}
		}
		page, err := s.render(sample.Page)
		if err != nil {
			where, why := position(err)
			found(or(where, name+".html"), why)
			continue
		}
		for _, message := range inspect(page, checkBase) {
			found(name+".html", message)
		}
	}
	return problems
}

// loadProblems takes the joined errors of load apart.
func loadProblems(err error) []Problem {
	if err == nil {
		return nil
	}
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		var list []Problem
		for _, e := range joined.Unwrap() {
			list = append(list, loadProblems(e)...)
		}
		return list
	}
	if where, why := position(err); where != "" {
		return []Problem{{File: where, Message: why}}
	}
	return []Problem{{Message: errs.MessageOf(err)}}
}

// inspection walks a page and notes what a page must not have or must.
type inspection struct {
	base      string
	bad       []string
	ids       map[string]bool
	jumps     []string // fragments that links lead to
	h1        int
	level     int // of the last heading
	main      bool
	title     bool
	describes bool
	canonical bool
}

// inspect reads a finished page.
func inspect(page []byte, base string) []string {
	in := &inspection{base: base, ids: map[string]bool{}}
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken: // the end; the tokenizer takes any HTML
			in.finish()
			return in.bad
		case html.StartTagToken, html.SelfClosingTagToken:
			in.element(z.Token(), z)
		}
	}
}

func (in *inspection) say(format string, args ...any) {
	in.bad = append(in.bad, fmt.Sprintf(format, args...))
}

func (in *inspection) element(t html.Token, z *html.Tokenizer) {
	at := map[string]string{}
	for _, a := range t.Attr {
		at[a.Key] = a.Val
	}
	in.attributes(t.Data, at)
	switch t.Data {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		in.heading(int(t.Data[1] - '0'))
	case "main":
		in.main = true
	case "title":
		in.title = in.title || z.Next() == html.TextToken && strings.TrimSpace(string(z.Text())) != ""
	case "meta":
		in.describes = in.describes || at["name"] == "description" && at["content"] != ""
	case "link":
		in.link(at)
	case "style":
		in.say("页面里不能有 <style>，请写进 static/ 下的样式文件")
	case "script":
		in.script(at, z)
	case "img":
		if _, ok := at["alt"]; !ok {
			in.say("<img> 缺少 alt")
		}
	case "html":
		if at["lang"] == "" {
			in.say("<html> 缺少 lang")
		}
	case "iframe", "object", "embed":
		in.say("页面里不能有 <%s>", t.Data)
	}
}

// attributes holds for any element.
func (in *inspection) attributes(tag string, at map[string]string) {
	for key := range at {
		switch {
		case key == "style":
			in.say("<%s> 不能有 style 属性，请用样式文件", tag)
		case strings.HasPrefix(key, "on"):
			in.say("<%s> 不能有脚本属性 %s，或者有内容没有转义", tag, key)
		}
	}
	if id := at["id"]; id != "" {
		if in.ids[id] {
			in.say("id “%s” 用了两次", id)
		}
		in.ids[id] = true
	}
	if tag == "link" && at["rel"] != "stylesheet" && at["rel"] != "icon" { // canonical and the like are whole addresses
		return
	}
	in.address(tag, at["href"], tag == "a")
	in.address(tag, at["action"], false)
	in.address(tag, at["src"], false)
	for candidate := range strings.SplitSeq(at["srcset"], ",") {
		in.address(tag, strings.TrimSpace(candidate), false)
	}
}

// address must stay below the base path; links may also lead to other sites.
func (in *inspection) address(tag, addr string, outside bool) {
	switch {
	case addr == "":
	case strings.HasPrefix(addr, "#"):
		id, err := url.PathUnescape(addr[1:])
		if err != nil {
			in.say("页内链接 %s 写得不对", addr)
		}
		in.jumps = append(in.jumps, id)
	case strings.HasPrefix(addr, in.base+"/"), strings.HasPrefix(addr, "?"):
	case outside && (strings.HasPrefix(addr, "https://") || strings.HasPrefix(addr, "tel:") || strings.HasPrefix(addr, "mailto:")):
	default:
		in.say("<%s> 的地址 %s 没有经过 url（或 asset、body），换了部署路径会打不开", tag, addr)
	}
}

func (in *inspection) link(at map[string]string) {
	switch at["rel"] {
	case "canonical":
		in.canonical = at["href"] != ""
	case "alternate":
		in.address("link", at["href"], false)
	}
}

// script may be data, or a file of the theme that waits for the page.
func (in *inspection) script(at map[string]string, z *html.Tokenizer) {
	_, defers := at["defer"]
	if defers && strings.HasPrefix(at["src"], in.base+AssetPath) && z.Next() == html.EndTagToken {
		return
	}
	if at["type"] != "application/ld+json" || at["src"] != "" {
		in.say("页面里不能有脚本（static/ 下的脚本文件用 asset，带 defer），或者有内容没有转义")
		return
	}
	if z.Next() != html.TextToken || !json.Valid(z.Text()) {
		in.say("JSON-LD 不是有效的 JSON")
	}
}

func (in *inspection) heading(level int) {
	if level == 1 {
		in.h1++
	}
	if level > in.level+1 && in.level > 0 {
		in.say("标题从 h%d 跳到了 h%d", in.level, level)
	}
	in.level = level
}

func (in *inspection) finish() {
	if in.h1 != 1 {
		in.say("要有且只有一个 h1，现在有 %d 个", in.h1)
	}
	for _, need := range []struct {
		ok   bool
		what string
	}{{in.main, "<main>"}, {in.title, "<title>"}, {in.describes, `<meta name="description">`}, {in.canonical, `<link rel="canonical">`}} {
		if !need.ok {
			in.say("缺少 %s", need.what)
		}
	}
	slices.Sort(in.jumps)
	for _, id := range slices.Compact(in.jumps) {
		if !in.ids[id] {
			in.say("页内链接 #%s 没有去处", id)
		}
	}
}
