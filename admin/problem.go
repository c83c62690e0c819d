package admin

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/internal/web"
)

type problemPage struct {
	shell
	web.Problem
	Back string
}

// problem is the page of an error: the form again where there was one, with
// everything that was typed, else the sentence and the way back.
func (a *Admin) problem(c *fiber.Ctx, p web.Problem) error {
	r, ok := c.Locals(requestKey{}).(*request)
	if !ok { // refused before any handler, such as a body that is too large
		r = &request{Ctx: c}
	}
	ctx, cancel := web.Context(c) // the handler's own has ended with it
	defer cancel()
	r.ctx = ctx
	// The form's own page may need what is broken; the fields alone need nothing.
	if r.again != nil {
		err := r.again(p)
		if err == nil {
			return nil
		}
		a.cfg.Log.Error("show a form again", "err", err, "request", p.RequestID)
	}
	if r.account.ID != "" && r.Method() == fiber.MethodPost {
		if k := a.keep(r); len(k.Fields) > 0 {
			return a.renderKept(r, k, p.Message)
		}
	}
	page := problemPage{shell: a.shell(r, "", problemTitle(p.Status)), Problem: p, Back: a.back(c)}
	return a.render(r, "problem", page)
}

// back is the page of ours that led here, or the dashboard.
func (a *Admin) back(c *fiber.Ctx) string {
	from, ok := strings.CutPrefix(c.Get(fiber.HeaderReferer), a.srv.URL(""))
	if from, _, _ = strings.Cut(from, "#"); ok && local(from) {
		return from
	}
	return "/admin/"
}

func problemTitle(status int) string {
	switch status {
	case fiber.StatusNotFound:
		return "没有找到"
	case fiber.StatusForbidden:
		return "不能这样做"
	case fiber.StatusConflict:
		return "情况有变"
	case fiber.StatusRequestEntityTooLarge:
		return "内容太大"
	case fiber.StatusTooManyRequests:
		return "请稍等"
	case fiber.StatusServiceUnavailable:
		return "系统正忙"
	}
	if status >= fiber.StatusInternalServerError {
		return "系统出了问题"
	}
	return "请检查一下"
}
