package site

import (
	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/themes"
)

// problem is the page a reader gets instead of the one asked for.
func (s *Site) problem(c *fiber.Ctx, p web.Problem) error {
	page := &themes.ErrorPage{Shell: s.shell(c, "/", problemTitle(p.Status)), Status: p.Status, Message: p.Message,
		RequestID: s.requestID(p.RequestID), Links: []themes.Link{{Text: "全部指南", Href: "/guides/"}, {Text: "法规", Href: "/laws/"}, {Text: "普法活动", Href: "/events/"},
			{Text: "就近找人问", Href: "/stations/"}}}
	page.NoIndex = true
	return s.render(c, page)
}

func problemTitle(status int) string {
	switch status {
	case fiber.StatusNotFound:
		return "没有找到这个页面"
	case fiber.StatusGone:
		return "这个页面已经撤下"
	case fiber.StatusTooManyRequests:
		return "请求太频繁"
	case fiber.StatusServiceUnavailable:
		return "系统正忙"
	}
	if status >= fiber.StatusInternalServerError {
		return "系统出了问题"
	}
	return "这个地址无法打开"
}

// requestID is what an error page shows to be quoted; a file has none.
func (s *Site) requestID(id string) string {
	if s.cfg.Static {
		return ""
	}
	return id
}
