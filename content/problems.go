package content

import (
	"strings"

	"github.com/songfa/songfa/internal/errs"
)

// Problem is one thing an editor has to mend.
type Problem struct {
	Field   string // title, answer, sources, body …
	Message string // Chinese, says what to do
}

// Problems are all of them at once, as one Invalid error:
//
//	var ps content.Problems
//	if errors.As(err, &ps) { … }
type Problems []Problem

func (p Problems) Error() string {
	fields := make([]string, len(p))
	for i, one := range p {
		fields[i] = one.Field
	}
	return "invalid fields: " + strings.Join(fields, ", ")
}

// Unwrap gives the list its Kind, its sentence and the first field.
func (p Problems) Unwrap() error {
	messages := make([]string, len(p))
	for i, one := range p {
		messages[i] = one.Message
	}
	return &errs.Error{Kind: errs.Invalid, Message: strings.Join(messages, ""), Field: p.first()}
}

func (p Problems) first() string {
	if len(p) == 0 {
		return ""
	}
	return p[0].Field
}

// At is the message of a field, or "".
func (p Problems) At(field string) string {
	for _, one := range p {
		if one.Field == field {
			return one.Message
		}
	}
	return ""
}

func (p *Problems) add(field, message string) { *p = append(*p, Problem{field, message}) }

// err is nil for an empty list; returning the list itself would be a non-nil
// error without problems.
func (p Problems) err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// Stale says that somebody else saved meanwhile. Current is what is stored now;
// the caller still has what it wanted to store, and shows both.
type Stale struct {
	Current Edition
	Err     error // an errs.Conflict
}

func (s *Stale) Error() string { return s.Err.Error() }

// Unwrap gives Stale its Kind and sentence.
func (s *Stale) Unwrap() error { return s.Err }

func stale(current Edition, version int64) error {
	return &Stale{Current: current, Err: errs.New(errs.Conflict, "这篇内容已被他人改动。两份内容都在，请对照后再保存。",
		"edition %s: version %d is stale, now %d", current.ID, version, current.Version)}
}

// Moved says that the document has another address now.
type Moved struct {
	To  string // root-relative, or https://…
	Err error  // an errs.NotFound
}

func (m *Moved) Error() string { return m.Err.Error() }

// Unwrap gives Moved its Kind.
func (m *Moved) Unwrap() error { return m.Err }
