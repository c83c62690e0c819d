package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/internal/errs"
)

// SameOrigin refuses a request that changes something and comes from a page of
// another site. Browsers say so in Sec-Fetch-Site, older ones in Origin; a
// client that sends neither is no browser and carries nobody's cookies.
func (s *Server) SameOrigin(c *fiber.Ctx) error {
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions:
		return c.Next()
	}
	switch site := c.Get("Sec-Fetch-Site"); site {
	case "same-origin", "none":
		return c.Next()
	case "":
	default:
		return crossOrigin("Sec-Fetch-Site is " + site)
	}
	origin := c.Get(fiber.HeaderOrigin)
	if origin == "" {
		return c.Next()
	}
	u, err := url.Parse(origin)
	if err != nil || (u.Host != s.cfg.BaseURL.Host && u.Host != string(c.Request().Host())) {
		return crossOrigin("Origin is another host")
	}
	return c.Next()
}

func crossOrigin(why string) error {
	return errs.New(errs.Forbidden, "这次提交不是从本站页面发出的，已拦下。请回到本站页面重新提交。", "cross-origin request: %s", why)
}

// FormToken binds a form to a session: an HMAC over the session's name.
func FormToken(secret []byte, session string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("form:" + session))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
}

// CheckFormToken compares the _token field of the form.
func CheckFormToken(c *fiber.Ctx, secret []byte, session string) error {
	if hmac.Equal([]byte(c.FormValue("_token")), []byte(FormToken(secret, session))) {
		return nil
	}
	return errs.New(errs.Forbidden, "页面已过期，请返回上一页刷新后再提交，已填的内容还在。", "form token does not match")
}
