package site

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// passCookie holds the requests this browser has shown the code of, the one in
// hand first. It is signed, so that nobody can name another's request, and
// holds ids only: what they stand for stays with us.
const passCookie = "organizer"

const (
	passLife = 30 * 24 * time.Hour // as long as a draft is kept
	maxPass  = 6                   // requests of one browser; the oldest is forgotten
)

// pass reads the cookie: ids of requests, newest first; none when it is forged,
// damaged or too old.
func (s *Site) pass(c *fiber.Ctx) []string {
	if ids, ok := c.Locals(given{}).([]string); ok { // by this very answer
		return ids
	}
	return s.readPass(c.Cookies(passCookie))
}

// given marks a request whose answer gives the browser another pass.
type given struct{}

func (s *Site) readPass(value string) []string {
	text, sum, ok := strings.Cut(value, ".")
	if !ok || !hmac.Equal([]byte(sum), []byte(s.signPass(text))) {
		return nil
	}
	parts := strings.Split(text, "~")
	until, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || s.now().Unix() >= until {
		return nil
	}
	return parts[1:]
}

func (s *Site) signPass(text string) string {
	mac := hmac.New(sha256.New, s.cfg.Secret)
	mac.Write([]byte("organizer:" + text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
}

// givePass puts a request in front of those this browser may see.
func (s *Site) givePass(c *fiber.Ctx, id string) {
	ids := slices.DeleteFunc(s.pass(c), func(other string) bool { return other == id })
	ids = append([]string{id}, ids...)
	ids = ids[:min(len(ids), maxPass)]
	s.setPassIDs(c, ids)
}

// setPassIDs signs which requests this browser may see; none forgets them all.
func (s *Site) setPassIDs(c *fiber.Ctx, ids []string) {
	c.Locals(given{}, ids)
	if len(ids) == 0 {
		s.dropPass(c)
		return
	}
	text := strconv.FormatInt(s.now().Add(passLife).Unix(), 10) + "~" + strings.Join(ids, "~")
	s.setPass(c, text+"."+s.signPass(text), int(passLife/time.Second))
}

// dropPass makes the browser forget all of them.
func (s *Site) dropPass(c *fiber.Ctx) {
	c.Locals(given{}, []string(nil))
	s.setPass(c, "", -1)
}

func (s *Site) setPass(c *fiber.Ctx, value string, seconds int) {
	cookie := &fiber.Cookie{Name: passCookie, Value: value, Path: s.srv.Path("/organize/"), HTTPOnly: true,
		SameSite: fiber.CookieSameSiteLaxMode, Secure: s.srv.Secure(), MaxAge: seconds}
	if seconds < 0 {
		cookie.MaxAge, cookie.Expires = 0, time.Unix(1, 0)
	}
	c.Cookie(cookie)
}
