package admin

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/search"
)

// readForm reads the fields of a POST. No field ever holds a NUL, broken UTF-8
// or a carriage return: no database, file or page could carry them.
func (r *request) readForm() error {
	r.form = url.Values{}
	if r.Method() != fiber.MethodPost {
		return nil
	}
	add := func(name, value string) { r.form.Add(clean(name), clean(value)) }
	if !strings.HasPrefix(r.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
		for name, value := range r.Request().PostArgs().All() {
			add(string(name), string(value))
		}
		return nil
	}
	multi, err := r.MultipartForm()
	if err != nil {
		return errs.New(errs.Invalid, "提交的内容不完整，可能是网络中断了。请返回上一页再提交一次。", "read multipart form: %w", err)
	}
	for name, values := range multi.Value {
		for _, value := range values {
			add(name, value)
		}
	}
	return nil
}

var cleaner = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "")

func clean(s string) string { return cleaner.Replace(strings.ToValidUTF8(s, "")) }

// query and param are parts of the address, as clean as the fields of a form.
func (r *request) query(name string) string { return clean(r.Query(name)) }

func (r *request) param(name string) string { return clean(r.Params(name)) }

func (r *request) version() int64 {
	n, _ := strconv.ParseInt(r.form.Get("version"), 10, 64) // 0 is never current
	return n
}

// lines splits a field with one entry a line.
func lines(s string) []string {
	return strings.FieldsFunc(s, func(c rune) bool { return c == '\n' })
}

// words splits a field with entries in one line.
func words(s string) []string {
	return strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune("、,，;；\n", c) })
}

// moment reads what a datetime-local field sends, in the bureau's time. A
// nonsense is the zero time, which no use case takes.
func moment(s string) time.Time {
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, strings.TrimSpace(s), events.Zone); err == nil {
			return t
		}
	}
	return time.Time{}
}

// overnight is how far past midnight an end may lie that is typed as a time of
// day alone; an end further back is a slip.
const overnight = 6 * time.Hour

// span reads a day with two times of day. An end before the start is one after
// midnight (22:00 to 00:30) when that makes a short night of it; otherwise it is
// left as it is, and the use case refuses it.
func span(day, from, to string) (starts, ends time.Time) {
	starts, ends = moment(day+"T"+from), moment(day+"T"+to)
	if next := ends.AddDate(0, 0, 1); !starts.IsZero() && !ends.IsZero() && ends.Before(starts) && next.Sub(starts) <= overnight {
		ends = next
	}
	return starts, ends
}

// problem is one thing to mend, at a field or "" for the whole form.
type problem struct{ Field, Message string }

// problems are shown together on top of a form and each at its field.
type problems []problem

// At is the message of a field, or "".
func (ps problems) At(field string) string {
	for _, p := range ps {
		if p.Field == field {
			return p.Message
		}
	}
	return ""
}

func (ps problems) Error() string { return fmt.Sprintf("%d fields are invalid", len(ps)) }

// Unwrap gives the list its Kind and sentence.
func (ps problems) Unwrap() error { return errs.Bad(ps[0].Field, ps[0].Message) }

// problemsOf lists what a use case found wrong; message is what the person
// reads when the error is of another sort.
func problemsOf(err error, message string) problems {
	var ours problems
	if errors.As(err, &ours) {
		return ours
	}
	var form *events.FormError
	if errors.As(err, &form) && errors.As(problemsAs(form.Problems), &ours) {
		return ours
	}
	var bad search.LineProblems
	if errors.As(err, &bad) {
		for _, p := range bad[:min(len(bad), maxLineProblems)] {
			ours = append(ours, problem{"text", p.String()})
		}
		return ours
	}
	var list content.Problems
	if !errors.As(err, &list) {
		return problems{{errs.FieldOf(err), message}}
	}
	for _, p := range list {
		ours = append(ours, problem(p))
	}
	return ours
}

// problemsAs is what a form of events found wrong, all at once; a use case tells
// only the first.
func problemsAs(list []events.Problem) error {
	var ps problems
	for _, one := range list {
		ps = append(ps, problem{one.Field, one.Message})
	}
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// maxLineProblems keeps the list readable when a whole text is of another form.
const maxLineProblems = 20

// fieldDiff is one field that two people filled in differently.
type fieldDiff struct {
	Label, Mine, Theirs string
	Lines               []diffLine // of a long one
}

// diffs collects the fields that differ.
type diffs []fieldDiff

// comparison is what the partial of diffs shows: whose is whose, in a word.
type comparison struct {
	Old, New string
	List     diffs
}

func (ds *diffs) add(label, theirs, mine string) {
	theirs, mine = strings.TrimSpace(theirs), strings.TrimSpace(mine)
	if theirs == mine {
		return
	}
	f := fieldDiff{Label: label, Theirs: theirs, Mine: mine}
	if strings.Contains(theirs+mine, "\n") {
		f.Lines = diffLines(theirs, mine)
	}
	*ds = append(*ds, f)
}

// field is what the partials of fields.html show.
type field struct {
	Name, Label, Value, Hint, Error string
	Rows                            int // of a text area
	Type                            string
	Required                        bool
	Auto                            string // autocomplete
}
