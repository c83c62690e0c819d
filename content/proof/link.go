package proof

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// links looks at the addresses of links and at pictures.
func (c *check) links() {
	for _, l := range c.prose.Links {
		c.link(l.Dest, l.From, l.To, l.WholeFrom, l.WholeEnd)
	}
	for _, img := range c.prose.Images {
		if strings.HasPrefix(img.Dest, "/") {
			c.link(img.Dest, img.From, img.To, img.WholeFrom, img.WholeEnd)
		}
		c.alt(img.Text, img.Dest, img.WholeFrom, img.WholeEnd)
	}
}

// link checks one address inside the site. Its place is the address or, where
// that does not stand in the source as such, the label.
func (c *check) link(dest string, from, to, labelFrom, labelTo int) {
	exact := from < to && c.field.Text[from:to] == dest
	if !exact {
		from, to = labelFrom, labelTo
	}
	if id, ok := strings.CutPrefix(dest, "#"); ok {
		if id != "" && !strings.HasPrefix(id, "fn") && !slices.Contains(c.prose.IDs, id) {
			c.at(from, to, Finding{Rule: RuleDead, Severity: Warn, Message: "这一页里没有“" + id + "”这个小标题，链接点了不会动。"})
		}
		return
	}
	if c.in.Link == nil || !strings.HasPrefix(dest, "/") || strings.HasPrefix(dest, "//") {
		return
	}
	switch l := c.in.Link(dest); l.State {
	case Moved:
		f := Finding{Rule: RuleMoved, Severity: Warn, Message: "“" + dest + "”已经改到“" + l.To + "”。"}
		if exact && !strings.ContainsAny(l.To, " ()<>\"\\") {
			f.Fix, f.Safe = fix(l.To), true
		}
		c.at(from, to, f)
	case Dead:
		why := l.Why
		if why == "" {
			why = "没有这个页面"
		}
		c.at(from, to, Finding{Rule: RuleDead, Severity: Warn, Message: "链接“" + short(dest, 60) + "”打不开：" + why + "。请改正或去掉链接。"})
	}
}

// emptyAlt are descriptions that say nothing: names that cameras and chats give.
var emptyAlt = regexp.MustCompile(`(?i)^(img|image|dsc|pic|photo|picture|screenshot|mmexport|wx_camera|微信图片|微信截图|QQ图片|QQ截图|截图|图片|照片|插图|配图|图|未命名|未标题)[-_ 0-9（）().]*$`)

var pictureName = regexp.MustCompile(`(?i)\.(jpe?g|png|gif|webp|heic|bmp|tiff?)$`)

// alt checks what a picture is said to show.
func (c *check) alt(alt, dest string, from, to int) {
	alt = strings.TrimSpace(alt)
	base := path.Base(dest)
	stem := strings.TrimSuffix(base, path.Ext(base))
	switch {
	case alt == "" && dest != "":
		c.at(from, to, Finding{Rule: RuleNoAlt, Severity: Block, Excerpt: short(base, maxExcerpt), Message: "图片没有文字说明。请在方括号里写一句图里是什么，看不见图的人靠它。"})
	case alt == "":
	case emptyAlt.MatchString(alt), pictureName.MatchString(alt), dest != "" && (alt == base || alt == stem):
		c.at(from, to, Finding{Rule: RuleBadAlt, Severity: Warn, Message: "“" + short(alt, 30) + "”像是文件名，没有说图里是什么。请写一句话，例如“律师在工地食堂讲工伤认定”。"})
	}
}
