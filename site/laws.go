package site

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/themes"
)

// repealed is the heading of what no longer counts; the others are kinds of law.
const repealed = "已废止"

// lawGroups are the headings of /laws/, in the order of rank.
var lawGroups = []string{"法律", "行政法规", "部门规章", "司法解释", repealed}

func lawGroup(l law.Law) string {
	if l.Repealed() {
		return repealed
	}
	return l.Kind()
}

// laws answers /laws/.
func (s *Site) laws(ctx context.Context, c *fiber.Ctx) error {
	all, err := s.cfg.Laws.Laws(ctx)
	if err != nil {
		return err
	}
	p := &themes.LawsPage{Shell: s.shell(c, "/laws/", "法规")}
	p.Column = lawColumn
	byGroup := make(map[string][]themes.LawItem)
	for _, l := range all {
		head := l.InForce()
		byGroup[lawGroup(l)] = append(byGroup[lawGroup(l)], themes.LawItem{Title: l.Title, Href: law.LawPath(l.Slug),
			InForce: head.InForce, Articles: head.Articles, Status: s.lawStatus(l, head)})
	}
	for _, name := range lawGroups {
		if len(byGroup[name]) > 0 {
			p.Groups = append(p.Groups, themes.LawGroup{Name: name, Laws: byGroup[name]})
		}
	}
	cacheable(c)
	return s.render(c, p)
}

// lawColumn is where the pages of laws belong.
var lawColumn = themes.Column{Name: "法规", Href: "/laws/", Type: "政策法规"}

// lawStatus says whether the version counts today.
func (s *Site) lawStatus(l law.Law, head law.Head) themes.Badge {
	switch {
	case l.Repealed():
		return themes.Badge{Text: repealed, Tone: themes.Warn}
	case head.InForce > day(s.cfg.Now(), 0):
		return themes.Badge{Text: "尚未施行", Tone: themes.Due}
	case head.Date != l.InForce().Date:
		return themes.Badge{Text: "旧版本", Tone: themes.Warn}
	case l.NewerInForce != "":
		return themes.Badge{Text: "已有新版本", Tone: themes.Warn}
	}
	return themes.Badge{Text: "现行有效", Tone: themes.Good}
}

// lawHead is what the pages of a law and of its articles begin with.
func (s *Site) lawHead(l law.Law, head law.Head) themes.LawHead {
	h := themes.LawHead{Title: l.Title, Short: l.Short, Href: law.LawPath(l.Slug), Status: s.lawStatus(l, head), InForce: head.InForce}
	for _, in := range head.Info {
		h.History = append(h.History, strings.TrimSpace(in.Date+" "+in.Text))
	}
	for _, v := range l.Versions {
		h.Versions = append(h.Versions, themes.LawVersion{Date: v.Date, InForce: v.InForce, Href: versionPath(l, v),
			Status: s.lawStatus(l, v), Shown: v.Date == head.Date})
	}
	switch {
	case l.Repealed():
		h.Notice = &themes.Notice{Text: "这部法规自 " + l.RepealedOn + " 起废止，不能再作为依据。"}
		if l.RepealedBySlug != "" {
			h.Notice.Link = themes.Link{Text: "现在适用《" + l.RepealedBy + "》", Href: law.LawPath(l.RepealedBySlug)}
		} else if l.RepealedBy != "" {
			h.Notice.Text += "现在适用《" + l.RepealedBy + "》。"
		}
	case head.Date != l.InForce().Date:
		h.Notice = &themes.Notice{Text: "这里是 " + head.Date + " 的文本，不是现行版本。",
			Link: themes.Link{Text: "看现行版本", Href: law.LawPath(l.Slug)}}
	case l.NewerInForce != "":
		h.Notice = &themes.Notice{Text: "这部法规修改后的文本自 " + l.NewerInForce + " 起施行，本站还没有收录，请到国家法律法规数据库查阅。",
			Link: themes.Link{Text: "国家法律法规数据库", Href: "https://flk.npc.gov.cn/"}}
	}
	return h
}

// versionPath is the address of a version; the one in force has the law's own.
func versionPath(l law.Law, v law.Head) string {
	if v.Date == l.InForce().Date {
		return law.LawPath(l.Slug)
	}
	return address(law.LawPath(l.Slug), "date", v.Date)
}
