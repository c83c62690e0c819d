package web

import (
	"errors"
	"log/slog"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/internal/errs"
)

// Problem is what a page about an error may show.
type Problem struct {
	Status    int
	Kind      errs.Kind
	Message   string // Chinese, says what to do next
	RequestID string
}

// ProblemFunc writes the page of a problem. When it fails itself, plain text is sent.
type ProblemFunc func(c *fiber.Ctx, p Problem) error

type problemPage struct {
	prefix string
	fn     ProblemFunc
}

// Problems lets fn make the error pages below a root-relative prefix; "/" for all.
func (s *Server) Problems(prefix string, fn ProblemFunc) {
	s.problems = append(s.problems, problemPage{s.base + prefix, fn})
	slices.SortStableFunc(s.problems, func(a, b problemPage) int { return len(b.prefix) - len(a.prefix) })
}

var statuses = map[errs.Kind]int{
	errs.Internal: 500, errs.Invalid: 400, errs.NotFound: 404, errs.Gone: 410, errs.Forbidden: 403,
	errs.SignIn: 401, errs.Conflict: 409, errs.TooLarge: 413, errs.TooMany: 429, errs.Unavailable: 503,
}

// Status is the HTTP status of an error.
func Status(err error) int {
	var fe *fiber.Error
	if errors.As(err, &fe) {
		return fe.Code
	}
	return statuses[errs.KindOf(err)]
}

// refusals are what to do about errors that only the server itself makes; "":
// the sentence of the kind.
var refusals = map[int]string{
	fiber.StatusRequestTimeout:              "网络太慢，没有收全，请换个信号好的地方再试一次。",
	fiber.StatusRequestHeaderFieldsTooLarge: "网址或浏览器随带的信息太长，请缩短要找的话，或者清除本站的 Cookie 后再试。",
}

// kindOf also understands the errors Fiber makes by itself.
func kindOf(err error) errs.Kind {
	var fe *fiber.Error
	if !errors.As(err, &fe) {
		return errs.KindOf(err)
	}
	for kind, status := range statuses {
		if status == fe.Code {
			return kind
		}
	}
	if fe.Code >= 500 {
		return errs.Internal
	}
	return errs.Invalid
}

// answerError is the one place where an error becomes an answer and, if it is
// ours to mend, a log line.
func (s *Server) answerError(c *fiber.Ctx, err error) error {
	if RequestID(c) == "" { // refused by the server before edge saw it: too large, too slow
		s.mark(c)
	}
	p := Problem{Status: Status(err), Kind: kindOf(err), Message: errs.MessageOf(err), RequestID: RequestID(c)}
	if p.Kind != errs.KindOf(err) { // Fiber's own error: its English is not for the person
		p.Message = errs.MessageOf(errs.New(p.Kind, refusals[p.Status], "%w", err))
	}
	s.log(c, p, err)
	c.Response().ResetBody()
	c.Status(p.Status)
	c.Set(fiber.HeaderCacheControl, "no-store")
	if p.Status == fiber.StatusServiceUnavailable || p.Status == fiber.StatusTooManyRequests {
		c.Set(fiber.HeaderRetryAfter, "30")
	}
	if fn := s.problemFor(c.Path()); fn != nil {
		perr := fn(c, p)
		if perr == nil {
			c.Status(p.Status)
			return nil
		}
		s.cfg.Log.Error("error page", "err", perr, "request", p.RequestID)
	}
	c.Response().ResetBody()
	c.Status(p.Status)
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return c.SendString(p.Message + "\n编号 " + p.RequestID + "\n")
}

func (s *Server) problemFor(path string) ProblemFunc {
	for _, p := range s.problems {
		if strings.HasPrefix(path, p.prefix) {
			return p.fn
		}
	}
	return nil
}

// log writes the route, not the path: an address can hold somebody's code.
func (s *Server) log(c *fiber.Ctx, p Problem, err error) {
	level := slog.LevelDebug
	if p.Status >= 500 {
		level = slog.LevelError
	}
	s.cfg.Log.Log(c.UserContext(), level, "request failed", "status", p.Status, "request", p.RequestID, "err", err)
}
